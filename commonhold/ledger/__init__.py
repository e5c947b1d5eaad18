"""The record: what happened, in order, because of what, and proof that it is whole."""
