"""The two runners, for SQLite and for PostgreSQL, and what they share: how a job is claimed, held, done and marked."""
