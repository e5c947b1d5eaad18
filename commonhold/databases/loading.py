"""Many rows into a table at once: COPY on PostgreSQL, executemany on SQLite; ten times quicker than row by row."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction

CHUNK = 4_000
"""Rows of a transaction on SQLite, whose other writers wait for its end; more are hardly quicker."""


def load(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Add `rows`, each a sequence in the order of `columns`; returns how many there were.

    Unless the caller has a transaction, some may be there when others are not: it is for rows that nobody reads yet.
    Values are what the database's own driver takes: text, whole numbers, bytes, None, and instants that are aware.
    While rows are taken, nothing may be asked by the same connection.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with transaction.atomic():
                return _copy(cursor, table, columns, rows)
        return _executemany(cursor, table, columns, rows)


def say_what_is_there(*tables: str) -> None:
    """Let PostgreSQL look at tables that have grown much, so that it plans by what is there now; SQLite plans as well
    without.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f'analyze "{table}"')


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _copy(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    with cursor.copy(f'copy "{table}" ({_names(columns)}) from stdin') as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def _executemany(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    # Straight to the driver's cursor: Django's rewrites every statement's placeholders and keeps a copy of it.
    plain = cursor.cursor
    marks = ", ".join("?" for _ in columns)
    statement = f'insert into "{table}" ({_names(columns)}) values ({marks})'
    count = 0
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        with transaction.atomic():
            super(type(plain), plain).executemany(statement, chunk)
        count += len(chunk)
    return count
