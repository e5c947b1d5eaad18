"""Queries that are put together once in a process and asked with other values each time, for what many pages read.

Where rows are found by an index, putting a query together takes far longer than the database takes to answer it.
"""

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, update_wrapper
from typing import Any, Final, Generic, ParamSpec, TypeVar, cast, get_type_hints

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections, models
from django.db.models import Expression, QuerySet

from commonhold.databases.together import Together

P = ParamSpec("P")
Row = TypeVar("Row")
FORMS: Final = 512
"""Queries of one function that are kept, one for each form that its keywords choose."""

HELD_AS: Final[Mapping[type, type["models.Field[Any, Any]"]]] = {
    int: models.BigIntegerField,
    str: models.TextField,
    date: models.DateField,
    datetime: models.DateTimeField,
}


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a value among the parameters of a query."""

    name: str


class Given(Expression):
    """What stands for a value while its query is put together."""

    def __init__(self, name: str, kind: type) -> None:
        super().__init__(output_field=HELD_AS[kind]())
        self.slot = Slot(name)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self.slot]


def prepared(build: Callable[P, "QuerySet[Any, Row]"]) -> Callable[P, list[Row]]:
    """The rows of the query that a function builds. What it takes by place are values, for which it is handed what
    stands for them: they are compared with columns and nothing else, and none is None. What it takes by keyword
    chooses the form of the query; for each form it runs once, and asks neither the database nor a clock.
    """
    kinds = _kinds(build)

    @lru_cache(FORMS)
    def form(vendor: str, **chosen: Any) -> "_Query[Row]":
        return _Query(_built(build, kinds, chosen))

    def ask(*values: Any, **chosen: Any) -> list[Row]:
        return form(connection.vendor, **chosen).rows(_as_held(kinds, values))

    return cast(Callable[P, list[Row]], update_wrapper(ask, build))


def prepared_together(
    build: Callable[P, Mapping[str, "QuerySet[Any, Any]"]],
) -> Callable[P, dict[str, list[Any]]]:
    """The same of several queries, which are asked `together`."""
    kinds = _kinds(build)

    @lru_cache(FORMS)
    def form(vendor: str, **chosen: Any) -> Together:
        return Together(_built(build, kinds, chosen))

    def ask(*values: Any, **chosen: Any) -> dict[str, list[Any]]:
        kept = form(connection.vendor, **chosen)
        return kept.rows(_filled(kept.values, _as_held(kinds, values)))

    return cast(Callable[P, dict[str, list[Any]]], update_wrapper(ask, build))


class _Query(Generic[Row]):
    """A query as its compiler left it, with slots among its parameters."""

    def __init__(self, rows: Any) -> None:
        assert not rows._prefetch_related_lookups, "prefetched rows are queries of their own"
        self._rows, self._compiler = rows, rows.query.get_compiler(connection=connection)
        try:
            self._sql, self._values = self._compiler.as_sql()
        except EmptyResultSet:
            self._sql, self._values = "", ()
        fields = [selected[0] for selected in self._compiler.select or ()]
        self._converters = self._compiler.get_converters(fields)

    def rows(self, held: Mapping[str, Any]) -> list[Row]:
        if not self._sql:
            return []
        compiler, query = copy.copy(self._compiler), copy.copy(self._rows.query)
        sql, values = self._sql, _filled(self._values, held)
        compiler.connection = connections[connection.alias]  # that of the thread which asks
        compiler.as_sql = lambda *_, **__: (sql, values)
        compiler.get_converters = lambda _: self._converters
        query.get_compiler = lambda *_, **__: compiler
        asked: Any = QuerySet(self._rows.model, query)
        asked._fields = self._rows._fields
        return list(self._rows._iterable_class(asked))


def _kinds(build: Callable[..., Any]) -> dict[str, type]:
    """The names of the values that a function takes by place, with their types."""
    hints = get_type_hints(build)
    taken = inspect.signature(build).parameters.values()
    return {one.name: hints[one.name] for one in taken if one.kind is one.POSITIONAL_ONLY}


def _built(build: Callable[..., Any], kinds: Mapping[str, type], chosen: Mapping[str, Any]) -> Any:
    # What it read now would be the same for ever.
    with connection.execute_wrapper(_refuse):
        return build(*(Given(name, kind) for name, kind in kinds.items()), **chosen)


def _refuse(execute: Any, sql: str, *asked: Any) -> Any:
    raise RuntimeError(f"A query is being put together and asks the database: {sql}")


def _as_held(kinds: Mapping[str, type], values: Sequence[Any]) -> dict[str, Any]:
    """The values by their names, as the database takes them. ValueError where they are more or fewer than asked for."""
    held = {}
    for (name, kind), value in zip(kinds.items(), values, strict=True):
        if not isinstance(value, kind):
            raise TypeError(f"{name} is {value!r} and no {kind.__name__}")
        held[name] = _FIELDS[kind].get_db_prep_value(value, connection)
    return held


_FIELDS: Final = {kind: field() for kind, field in HELD_AS.items()}


def _filled(values: Sequence[Any], held: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(held[value.name] if isinstance(value, Slot) else value for value in values)
