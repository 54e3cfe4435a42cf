"""What files are called, and what is written about them."""
