"""A file's rows, gathered in small commits under the number of a batch that nobody sees yet."""

from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from commonhold.databases.loading import load
from commonhold.demand.acts.naming import Names, learn, number_tickets
from commonhold.demand.engine.intake import Chunk
from commonhold.demand.engine.mapping import HOLD_REASONS, KINDS, PRIORITIES, STATES
from commonhold.demand.models import Event
from commonhold.demand.queries.told import Told
from commonhold.ledger.workings import working

TABLE: Final = Event._meta.db_table
COLUMNS: Final = (
    "ticket_id", "batch", "line", "content", "at", "state", "hold_reason", "priority", "kind", "team_id",
    "partner_id", "service_id", "category_id", "opened_at", "resolved_at", "closed_at", "verdict", "reopenings",
    "held_minutes",
)  # fmt: skip
CODE: Final = {
    "state": {word: code for code, word in enumerate(STATES)},
    "hold_reason": {word: code for code, word in enumerate(HOLD_REASONS)},
    "priority": {word: code for code, word in enumerate(PRIORITIES, start=1)},
    "kind": {word: code for code, word in enumerate(KINDS)},
}


@working
def add_events(*, chunk: Chunk, names: Names, told: Told, is_history: bool) -> set[int]:
    """Add the events of a chunk that are not stored yet; returns the tickets that they are about."""
    _learn(chunk, names)
    tickets = [names.tickets[reference] for reference in chunk.reference]
    fresh = told.fresh(chunk, tickets, first_new=names.known_before + 1, batch=names.batch)
    if not fresh:
        return set()
    rows = _events(chunk, tickets, names) if is_history else _snapshots(chunk, tickets, names)
    if len(fresh) < len(chunk):
        places = set(fresh)
        rows = (row for place, row in enumerate(rows) if place in places)
    load(TABLE, COLUMNS, chain.from_iterable(rows))
    return {tickets[place] for place in fresh}


def _learn(chunk: Chunk, names: Names) -> None:
    learn(
        names=names,
        teams={team: party for team, party in zip(chunk.team, chunk.responsible, strict=True) if team},
        services={service for service in chunk.service if service},
        categories={category for category in chunk.category if category},
        partners={partner for partner in chunk.partner if partner},
    )
    number_tickets(names=names, references=chunk.reference)


def _events(chunk: Chunk, tickets: list[int], names: Names) -> Iterator[list[tuple[Any, ...]]]:
    for common, at, state in zip(_common(chunk, tickets, names), chunk.event_at, chunk.state, strict=True):
        yield [_row(common, at, None if state is None else CODE["state"][state])]


def _snapshots(chunk: Chunk, tickets: list[int], names: Names) -> Iterator[list[tuple[Any, ...]]]:
    for common, steps in zip(_common(chunk, tickets, names), chunk.steps(), strict=True):
        yield [_row(common, at, CODE["state"][state]) for at, state in steps]


def _row(common: tuple[Any, ...], at: int | None, state: int | None) -> tuple[Any, ...]:
    return (*common[:4], at, state, *common[4:])


def _common(chunk: Chunk, tickets: list[int], names: Names) -> Iterator[tuple[Any, ...]]:
    """What all rows of a line share: every column but the instant and the state."""
    count = len(chunk)
    return zip(
        tickets,
        [names.batch] * count,
        chunk.line,
        chunk.digest,
        _looked_up(CODE["hold_reason"], chunk.hold_reason),
        [CODE["priority"].get(word, 0) if word else 0 for word in chunk.priority],
        map(CODE["kind"].__getitem__, chunk.kind),
        _looked_up(names.teams, chunk.team),
        _looked_up(names.partners, chunk.partner),
        _looked_up(names.services, chunk.service),
        _looked_up(names.categories, chunk.category),
        chunk.opened_at,
        chunk.resolved_at,
        chunk.closed_at,
        chunk.source_verdict,
        chunk.reopen_count,
        chunk.held_minutes,
        strict=True,
    )


def _looked_up(numbers: dict[str, int], words: list[str | None]) -> Iterator[int | None]:
    return (None if word is None else numbers.get(word) for word in words)


def latest(chunk: Chunk) -> int:
    """The last instant that a chunk tells of."""
    columns = (chunk.event_at, chunk.opened_at, chunk.resolved_at, chunk.closed_at)
    return max((at for column in columns for at in column if at is not None), default=0)
