"""Django's SQLite with a queue before the writer's place."""
