"""Frozen values that cross layers: requests, cards, orders, attempts, images, jobs, deliveries."""
