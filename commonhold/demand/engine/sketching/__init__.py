"""Building a mapping from a desk's file: what its headings, words and dates suggest, for somebody to decide."""
