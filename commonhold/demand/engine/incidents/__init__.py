"""Grave incidents: the account of one, when each audience was told of it, and what is counted of them."""
