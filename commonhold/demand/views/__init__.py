"""Pages of tickets and of what is brought in about them."""
