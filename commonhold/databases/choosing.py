"""Rows by a long list of numbers in one query: an array on PostgreSQL, a JSON list on SQLite."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

FETCHED = 20_000


def chosen(query: str, column: str, numbers: Sequence[int], *others: Any) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of `query`, some thousands at a time; `{chosen}` in it stands for "this column is one of the numbers".

    `others` are the values of the query's other placeholders, which stand behind `{chosen}`.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(query.format(chosen=f"{column} = any(%s)"), [list(numbers), *others])
        else:
            listed = f"[{','.join(map(str, numbers))}]"
            cursor.execute(query.format(chosen=f"{column} in (select value from json_each(%s))"), [listed, *others])
        while rows := cursor.fetchmany(FETCHED):
            yield rows
