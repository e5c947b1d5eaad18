"""A file's rows, gathered in small commits under the number of a batch that nobody sees yet."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from commonhold.databases.loading import load
from commonhold.demand.acts.naming import Names, learn, number_tickets
from commonhold.demand.engine.chunk import FIELDS, Chunk
from commonhold.demand.engine.codes import KIND, PRIORITY, REASON, STATE
from commonhold.demand.engine.mapping import Mapping as DeskMapping
from commonhold.demand.engine.mapping import refuse_unread
from commonhold.demand.models import Event
from commonhold.demand.queries.first_told import FirstTold
from commonhold.demand.queries.reckoned import READ
from commonhold.ledger.workings import working

TABLE: Final = Event._meta.db_table
COLUMNS: Final = (
    "ticket_id", "batch", "line", "content", "at", "state", "hold_reason", "priority", "kind", "team_id",
    "partner_id", "service_id", "category_id", "opened_at", "resolved_at", "closed_at", "updated_at", "verdict",
    "reopenings", "held_minutes",
)  # fmt: skip


@working
def add_events(
    *, chunk: Chunk, fresh: list[int], names: Names, mapping: DeskMapping, aside: FirstTold, again: bool = False
) -> int:
    """Add the events of the lines of a chunk at these places, and what they name; returns how many there are.

    Of lines that are told `again` what they say is stored, and when it was so is added. The events of a history about
    tickets that are new go `aside` as well.
    """
    refuse_unread(mapping.kind)
    told = chunk if len(fresh) == len(chunk) else _part(chunk, fresh)
    learn(
        names=names,
        teams={team: party for team, party in zip(told.team, told.responsible, strict=True) if team},
        services={service for service in told.service if service},
        categories={category for category in told.category if category},
        partners={partner for partner in told.partner if partner},
        named_teams=mapping.teams,
    )
    number_tickets(names=names, references=told.reference)
    if mapping.kind == "events" and not again:
        columns = _events(told, names)
        aside.add(dict(zip(READ, columns, strict=True)), after=names.known_before)
        return load(TABLE, COLUMNS, zip(*columns, strict=True))
    rows = _seen_again if again else ROWS[mapping.kind]
    return load(TABLE, COLUMNS, rows(told, names))


def _part(chunk: Chunk, places: list[int]) -> Chunk:
    return Chunk(**{name: [*map(getattr(chunk, name).__getitem__, places)] for name in FIELDS})


def _events(chunk: Chunk, names: Names) -> tuple[list[Any], ...]:
    columns = _common(chunk, names)
    return *columns[:4], chunk.event_at, _numbers(STATE, chunk.state), *columns[4:]


def _snapshots(chunk: Chunk, names: Names) -> Iterator[tuple[Any, ...]]:
    lines = zip(zip(*_common(chunk, names), strict=True), chunk.steps(), strict=True)
    return chain.from_iterable(
        ((*common[:4], at, STATE[state], *common[4:]) for at, state in steps) for common, steps in lines
    )


def _seen_again(chunk: Chunk, names: Names) -> Iterator[tuple[Any, ...]]:
    """Of lines that say again what is stored only the state: that it was so at the moment of this file, too."""
    lines = zip(zip(*_common(chunk, names), strict=True), chunk.steps(), strict=True)
    return ((*common[:4], steps[-1][0], STATE[steps[-1][1]], *common[4:]) for common, steps in lines)


def _holds(chunk: Chunk, names: Names) -> Iterator[tuple[Any, ...]]:
    lines = zip(zip(*_common(chunk, names), strict=True), chunk.held_from, chunk.held_to, strict=True)
    for common, begins, ends in lines:
        yield (*common[:4], begins, STATE["on_hold"], *common[4:])
        if ends is not None:
            yield (*common[:4], ends, None, *common[4:])


ROWS: Final = {"tickets": _snapshots, "holds": _holds}


def _common(chunk: Chunk, names: Names) -> tuple[list[Any], ...]:
    """What all rows of a line share: every column but the instant and the state."""
    return (
        [*map(names.tickets.__getitem__, chunk.reference)],
        [names.batch] * len(chunk),
        chunk.line,
        chunk.digest,
        _numbers(REASON, chunk.hold_reason),
        _numbers(PRIORITY, chunk.priority),
        _numbers(KIND, chunk.kind),
        _numbers(names.teams, chunk.team),
        _numbers(names.partners, chunk.partner),
        _numbers(names.services, chunk.service),
        _numbers(names.categories, chunk.category),
        chunk.opened_at,
        chunk.resolved_at,
        chunk.closed_at,
        chunk.updated_at,
        chunk.source_verdict,
        chunk.reopen_count,
        chunk.held_minutes,
    )


def _numbers(numbers: Mapping[Any, int], words: Sequence[str | None]) -> list[int | None]:
    known: dict[Any, int | None] = {None: None, **numbers}
    return [*map(known.__getitem__, words)]
