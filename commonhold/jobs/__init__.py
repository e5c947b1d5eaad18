"""Work to do later: asked for with the act, leased, retried, scheduled, cancelled; followers of the record."""
