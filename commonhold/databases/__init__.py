"""What SQLite and PostgreSQL do differently, with both answers: the only place that asks which database it is."""
