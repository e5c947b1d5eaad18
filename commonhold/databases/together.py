"""Rows of many tables in one query, each as its own query would give it, for pages that join much."""

import copy
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections, models
from django.db.models.query import ModelIterable, get_related_populators

PIECE: Final = 50
WRITTEN: Final = (models.DateField, models.TimeField, models.DecimalField)
"""What JSON knows as text only."""


def together(querysets: Mapping[str, "models.QuerySet[Any, Any]"]) -> dict[str, list[Any]]:
    """The rows of each of these, by its name: models with all that is selected and annotated along, tuples where values
    are listed. None may hold bytes. Databases keep no order among rows of several tables, so whoever needs one sorts.
    """
    kept = Together(querysets)
    return kept.rows(kept.values)


class Together:
    """Queries as they are put together, to be asked with these values or with others in their places."""

    def __init__(self, querysets: Mapping[str, "models.QuerySet[Any, Any]"]) -> None:
        self._asked = querysets
        self._compilers = {name: rows.query.get_compiler(connection=connection) for name, rows in querysets.items()}
        parts, values = [], list[Any]()
        for name, compiler in self._compilers.items():
            try:
                sql, given = compiler.as_sql()
            except EmptyResultSet:
                continue
            # Columns are numbered, for two tables may have one of the same name.
            columns = [f"c{place}" for place in range(len(compiler.select))]
            listed = ", ".join(columns)
            parts.append(f"select * from (with t({listed}) as ({sql}) select %s, {_row(columns)} from t) as part")
            values += [*given, name]
        self._sql = " union all ".join(parts)
        self.values: Sequence[Any] = values

    def rows(self, values: Sequence[Any]) -> dict[str, list[Any]]:
        found: dict[str, list[list[Any]]] = {}
        if self._sql:
            with connection.cursor() as cursor:
                cursor.execute(self._sql, values)
                for name, row in cursor.fetchall():
                    pieces = json.loads(row) if isinstance(row, str) else row
                    found.setdefault(name, []).append(list(chain.from_iterable(pieces)))
        return {
            name: list(_made(rows, _again(self._compilers[name]), found[name])) if name in found else []
            for name, rows in self._asked.items()
        }


def _again(compiler: Any) -> Any:
    """The compiler for the thread that asks, which has a connection of its own."""
    again = copy.copy(compiler)
    again.connection = connections[connection.alias]
    return again


def _row(columns: Sequence[str]) -> str:
    """The columns as one JSON value: lists in a list, for a function takes no more than a hundred values."""
    array = "json_build_array" if connection.vendor == "postgresql" else "json_array"
    pieces = (", ".join(columns[first : first + PIECE]) for first in range(0, len(columns), PIECE))
    return f"{array}({', '.join(f'{array}({piece})' for piece in pieces)})"


def _made(asked: "models.QuerySet[Any, Any]", compiler: Any, rows: Iterable[list[Any]]) -> Iterator[Any]:
    """What Django makes of rows that its own query has brought."""
    fields = [getattr(expression, "target", None) or expression.output_field for expression, _, _ in compiler.select]
    read = [tuple(map(_read, fields, row)) for row in rows]
    if not issubclass(asked._iterable_class, ModelIterable):
        yield from map(tuple, compiler.results_iter([read]))
        return
    about = compiler.klass_info
    first, last = about["select_fields"][0], about["select_fields"][-1] + 1
    names = [field.attname for field in fields[first:last]]
    # The stubs tell of a later Django.
    others = get_related_populators(about, compiler.select, connection.alias)  # type: ignore[call-arg]
    for row in compiler.results_iter([read]):
        made = about["model"].from_db(connection.alias, names, row[first:last])
        for other in others:
            other.populate(row, made)
        for annotation, place in compiler.annotation_col_map.items():
            setattr(made, annotation, row[place])
        yield made


def _read(field: "models.Field[Any, Any]", value: Any) -> Any:
    """A value as the database's own driver would have given it."""
    if value is None or connection.vendor == "sqlite":
        return value
    if isinstance(field, models.JSONField):
        return json.dumps(value)
    return field.to_python(value) if isinstance(field, WRITTEN) else value
