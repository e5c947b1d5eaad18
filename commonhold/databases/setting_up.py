"""Whether a database has been set up."""

from django.db import connection


def has_table(name: str) -> bool:
    """Whether the database has this table."""
    with connection.cursor() as cursor:
        return name in connection.introspection.table_names(cursor)
