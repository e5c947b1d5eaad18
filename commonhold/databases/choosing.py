"""Rows by a long list of numbers or words in one query: an array on PostgreSQL, a JSON list on SQLite."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

FETCHED = 20_000


def chosen(query: str, column: str, values: Sequence[int] | Sequence[str], *others: Any) -> Iterator[list[Any]]:
    """The rows of `query`, some thousands at a time; `{chosen}` in it stands for "this column is one of the values".

    `others` are the values of the query's other placeholders, which stand behind `{chosen}`.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(query.format(chosen=f"{column} = any(%s)"), [list(values), *others])
        else:
            condition = f"{column} in (select value from json_each(%s))"
            cursor.execute(query.format(chosen=condition), [json.dumps(list(values)), *others])
        while rows := cursor.fetchmany(FETCHED):
            yield rows
