"""Measures, groups, parity and comparisons of service performance, as plain values."""
