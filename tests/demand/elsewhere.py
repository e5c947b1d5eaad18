"""Another process at the same work, as far as locks are concerned."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from commonhold.databases.alone import alone
from commonhold.demand.acts.importing import IMPORTING


@contextmanager
def importing() -> Iterator[None]:
    """Somebody else is importing."""
    with at(IMPORTING):
        yield


@contextmanager
def at(what: str) -> Iterator[None]:
    """Somebody else is at this, alone: on PostgreSQL by a connection of their own."""
    if connection.vendor != "postgresql":
        with alone(what):
            yield
        return
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", [zlib.crc32(what.encode())])
            yield
    finally:
        other.close()
