"""Measures, published periods, parity between partners, the pack, partnership health."""
