"""Every change to the partnership."""
