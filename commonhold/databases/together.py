"""Rows of many tables in one query, each as the model that its own query would give."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)

PIECE: Final = 50
WRITTEN: Final = (models.DateField, models.TimeField, models.DecimalField)
"""What JSON knows as text only."""


def together(querysets: Mapping[str, "models.QuerySet[M]"]) -> dict[str, list[M]]:
    """The rows of each of these, by its name, with all that it selects along; none may hold bytes."""
    compilers = {name: rows.query.get_compiler(connection=connection) for name, rows in querysets.items()}
    parts, values = [], list[Any]()
    for name, compiler in compilers.items():
        try:
            sql, given = compiler.as_sql()
        except EmptyResultSet:
            continue
        # Columns are numbered, for two tables may have one of the same name.
        columns = [f"c{place}" for place in range(len(compiler.select))]
        listed = ", ".join(columns)
        parts.append(f"select * from (with t({listed}) as ({sql}) select %s, {_row(columns)} from t) as part")
        values += [*given, name]
    found: dict[str, list[list[Any]]] = {}
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" union all ".join(parts), values)
            for name, row in cursor.fetchall():
                pieces = json.loads(row) if isinstance(row, str) else row
                found.setdefault(name, []).append(list(chain.from_iterable(pieces)))
    return {name: list(_instances(compilers[name], found[name])) if name in found else [] for name in compilers}


def _row(columns: Sequence[str]) -> str:
    """The columns as one JSON value: lists in a list, for a function takes no more than a hundred values."""
    array = "json_build_array" if connection.vendor == "postgresql" else "json_array"
    pieces = (", ".join(columns[first : first + PIECE]) for first in range(0, len(columns), PIECE))
    return f"{array}({', '.join(f'{array}({piece})' for piece in pieces)})"


def _instances(compiler: Any, rows: Iterable[list[Any]]) -> Iterator[Any]:
    """What Django makes of rows that its own query has brought."""
    about = compiler.klass_info
    fields = [expression.target for expression, _, _ in compiler.select]
    first, last = about["select_fields"][0], about["select_fields"][-1] + 1
    names = [field.attname for field in fields[first:last]]
    # The stubs tell of a later Django.
    others = get_related_populators(about, compiler.select, connection.alias)  # type: ignore[call-arg]
    read = [tuple(map(_read, fields, row)) for row in rows]
    for row in compiler.results_iter([read]):
        made = about["model"].from_db(connection.alias, names, row[first:last])
        for other in others:
            other.populate(row, made)
        yield made


def _read(field: "models.Field[Any, Any]", value: Any) -> Any:
    """A value as the database's own driver would have given it."""
    if value is None or connection.vendor == "sqlite":
        return value
    if isinstance(field, models.JSONField):
        return json.dumps(value)
    return field.to_python(value) if isinstance(field, WRITTEN) else value
