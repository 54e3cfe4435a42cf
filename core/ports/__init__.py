"""What the core needs of the world, as protocols: adapters fulfil them, tests fake them."""
