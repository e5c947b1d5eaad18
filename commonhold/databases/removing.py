"""Rows out of a table by one number, in small transactions, without looking at what refers to them."""

from typing import Final

from django.db import connection, transaction

AT_ONCE: Final = 20_000


def remove(table: str, column: str, number: int) -> int:
    """Remove the rows in which `column` is this number; returns how many there were. Others write in between."""
    row = "ctid" if connection.vendor == "postgresql" else "rowid"
    statement = (
        f'delete from "{table}" where {row} in (select {row} from "{table}" where "{column}" = %s limit {AT_ONCE})'
    )
    removed = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [number])
            count: int = cursor.rowcount
        removed += count
        if count < AT_ONCE:
            return removed
