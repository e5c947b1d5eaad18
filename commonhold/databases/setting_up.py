"""Setting up an empty database once, however many processes begin on it at the same moment."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

SETTING_UP = 0x636F6D6D  # "comm": the advisory lock's number, the same for every process on one PostgreSQL database


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold everybody else's setting up until this ends: by an advisory lock on PostgreSQL, by a file beside SQLite."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", [SETTING_UP])
            try:
                yield
            finally:
                cursor.execute("select pg_advisory_unlock(%s)", [SETTING_UP])
        return
    with (folder / "setting-up.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def has_table(name: str) -> bool:
    """Whether the database has this table."""
    with connection.cursor() as cursor:
        return name in connection.introspection.table_names(cursor)
