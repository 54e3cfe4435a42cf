"""What the product does, one small class or function for a verb."""
