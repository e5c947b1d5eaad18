"""Pages of figures, measures, parity and packs."""
