"""Every change to tickets and what is known of them."""
