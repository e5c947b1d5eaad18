"""Every change to periods, packs and their readings."""
