"""The finished rows of an import, loaded into the same tables with nothing else to do: what an import is measured by.

    python -m bench.made.bare dump FILE    what an import left in the installation that the environment names
    python -m bench.made.bare load FILE    the same into empty tables: rows, and seconds of processor time

Rows are loaded in the order in which an import fills the tables: the tickets that some thousands of events are about,
then these events, and at the end what the clock made of all tickets. Reading FILE is not counted, for the rows are
parsed already. Each prints one JSON document.
"""

import json
import marshal
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.made.walk import busy

EVENTS, READINGS = 20_000, 10_000
"""Rows of a transaction."""
Part = tuple[str, list[str], list[tuple[Any, ...]]]
"""A table, its columns, and rows of it as the database's own driver gives them."""


def dump(file: str) -> dict[str, int]:
    count = 0
    with Path(file).open("wb") as out:
        for part in _parts():
            marshal.dump(part, out)
            count += len(part[2])
    return {"rows": count}


def load(file: str) -> dict[str, float]:
    from django.db import connection

    connection.ensure_connection()
    fill = _copy if connection.vendor == "postgresql" else _executemany
    count, seconds = 0, 0.0
    with Path(file).open("rb") as parts:
        while True:
            try:
                table, columns, rows = marshal.load(parts)  # written by dump
            except EOFError:
                return {"rows": count, "seconds": seconds}
            began = busy()
            fill(connection.connection, table, columns, rows)
            seconds += busy() - began
            count += len(rows)


def _parts() -> Iterator[Part]:
    from commonhold.demand.models import Desk, Event, Reckoning, Ticket

    yield from _rows(Desk._meta.db_table, EVENTS)
    told = 0
    for table, columns, rows in _rows(Event._meta.db_table, EVENTS):
        last = max(row[columns.index("ticket_id")] for row in rows)
        yield from _rows(Ticket._meta.db_table, EVENTS, f"id > {told} and id <= {last}")
        yield table, columns, rows
        told = max(told, last)
    yield from _rows(Reckoning._meta.db_table, READINGS)


def _rows(table: str, size: int, which: str = "true") -> Iterator[Part]:
    from django.db import connection

    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(f"select * from {table} where {which} and id > {last} order by id limit {size}")
            columns = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
            if not rows:
                return
            last = rows[-1][columns.index("id")]
            yield table, columns, rows


def _executemany(connection: Any, table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    names, marks = ", ".join(f'"{column}"' for column in columns), ", ".join("?" * len(columns))
    connection.execute("begin immediate")
    connection.cursor().executemany(f"insert into {table} ({names}) values ({marks})", rows)
    connection.execute("commit")


def _copy(connection: Any, table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with (
        connection.transaction(),
        connection.cursor() as cursor,
        cursor.copy(f"copy {table} ({names}) from stdin") as copy,
    ):
        for row in rows:
            copy.write_row(row)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonhold.web.settings")
    import django

    django.setup()
    sys.stdout.write(json.dumps({"dump": dump, "load": load}[sys.argv[1]](sys.argv[2])) + "\n")
