"""All tickets at one state of knowledge as flat arrays: what figures and clocks are computed from."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from django.db import connection

from commonhold.databases.choosing import chosen
from commonhold.demand.engine.columns import NEVER, NONE, Longs, Tickets
from commonhold.demand.models import Reckoning
from commonhold.demand.queries.names import parties
from commonhold.demand.queries.putting_right import answered_at, corrected_at

CHUNK: Final = 50_000

COLUMNS: Final[dict[str, tuple[str, Any, int]]] = {
    # array: column of the table, type, what stands for nothing
    "id": ("id", np.int64, 0),
    "partner": ("partner_id", np.int32, 0),
    "priority": ("priority", np.int8, 0),
    "kind": ("kind", np.int8, 0),
    "team": ("team_id", np.int32, 0),
    "service": ("service_id", np.int32, 0),
    "category": ("category_id", np.int32, 0),
    "opened": ("opened_at", np.int64, NEVER),
    "resolved": ("resolved_at", np.int64, NEVER),
    "closed": ("closed_at", np.int64, NEVER),
    "last_event": ("last_event_at", np.int64, NEVER),
    "own_resolved": ("own_resolved", np.bool_, 0),
    "own_closed": ("own_closed", np.bool_, 0),
    "verdict": ("verdict", np.int8, NONE),
    "grade": ("grade", np.int8, 0),
    "source_reopens": ("source_reopenings", np.int32, NONE),
    "held_minutes": ("held_minutes", np.int64, NONE),
    "excluded": ("excluded", np.bool_, 0),
    "has_history": ("has_history", np.bool_, 0),
}
TABLE: Final = Reckoning._meta.db_table
NAMES: Final = ", ".join(
    f'"{column}"' for column in (*(column for column, _, _ in COLUMNS.values()), "timeline", "ticket_id")
)

ONLY: Final = f'select {NAMES} from "{TABLE}" where {{chosen}} order by id'


def tickets(
    known: int, first: int = 0, last: int = NEVER, only: Sequence[int] | None = None
) -> tuple[Tickets, list[bytes]]:
    """The tickets known with batch `known` as the last, in the order of their numbers, and the timeline of each.

    Those that cannot matter to the instants from `first` to `last` may be left out. `only` names some of them, by the
    numbers of what the clock made of them then; no others are read.
    """
    chunks = _touching(known, first, last) if only is None else chosen(ONLY, "id", only)
    found, timelines, _ = _read(chunks, known)
    return found, timelines


def touching(known: int, first: int, last: int) -> tuple[Tickets, list[bytes]]:
    """The same, each under the number that its ticket has whatever is known of it."""
    found, timelines, numbers = _read(_touching(known, first, last), known)
    return replace(found, id=numbers), timelines


def of_tickets(known: int, numbers: Collection[int]) -> tuple[Tickets, list[bytes]]:
    """What was known of the tickets with these numbers, under them, with batch `known` as the last."""
    query = (
        f'select {NAMES} from "{TABLE}" where {{chosen}} and known_from <= %s '
        "and (known_until is null or known_until > %s)"
    )
    found, timelines, tickets = _read(chosen(query, "ticket_id", sorted(numbers), known, known), known)
    return replace(found, id=tickets), timelines


def _read(chunks: Iterable[list[tuple[Any, ...]]], known: int) -> tuple[Tickets, list[bytes], Longs]:
    """Rows as columns, with the timeline and the number of each ticket."""
    found: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    timelines: list[bytes] = []
    numbers: list[int] = []
    for rows in chunks:
        *values, packed, tickets = zip(*rows, strict=True)
        timelines.extend(map(bytes, packed))
        numbers.extend(tickets)
        for (name, (_, kind, nothing)), column in zip(COLUMNS.items(), values, strict=True):
            found[name].append(_array(column, kind, nothing))
    arrays = {name: np.concatenate(parts) if parts else np.empty(0, COLUMNS[name][1]) for name, parts in found.items()}
    corrected = np.isin(arrays["id"], np.array(corrected_at(known), np.int64))
    answering = _answering(arrays["id"], known)
    party = np.where(answering != 0, answering, _parties(arrays["team"], known))
    made = Tickets(**arrays, party=party, answering=answering, corrected=corrected)
    return made, timelines, np.array(numbers, np.int64)


def _answering(numbers: Longs, known: int) -> Any:
    """The party that answers for all minutes of each ticket, where that stands corrected."""
    answering = np.zeros(len(numbers), np.int32)
    said = answered_at(known)
    if said:
        answering[np.isin(numbers, np.array(list(said), np.int64))] = [
            said[one] for one in numbers.tolist() if one in said
        ]
    return answering


def _touching(known: int, first: int, last: int) -> Iterator[list[tuple[Any, ...]]]:
    query = (
        f'select {NAMES} from "{TABLE}" where known_from <= %s and (known_until is null or known_until > %s) '
        "and opened_at <= %s and not (last_event_at < %s and closed_at is not null and closed_at < %s "
        "and (resolved_at is null or resolved_at < %s)) order by id"
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, [known, known, last, first, first, first])
        while rows := cursor.fetchmany(CHUNK):
            yield rows


def _array(values: Sequence[Any], kind: Any, nothing: int) -> Any:
    return np.array([nothing if value is None else value for value in values], kind)


def _parties(teams: Any, known: int) -> Any:
    """The responsible party of each ticket's team, by the team's number."""
    answering = parties(known)
    party = np.zeros(max(answering, default=0) + 1, np.int32)
    party[list(answering)] = list(answering.values())
    return party[teams]
