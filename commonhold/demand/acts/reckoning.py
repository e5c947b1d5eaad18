"""What the clock makes of tickets, kept from the batch in which it became known."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from django.db import transaction

from commonhold.databases.choosing import chosen
from commonhold.databases.loading import load
from commonhold.demand.engine.clock import Compiled, reckon
from commonhold.demand.engine.columns import NEVER, NONE, Longs, State
from commonhold.demand.engine.facts import facts
from commonhold.demand.engine.timelines import Events, Timelines, timelines
from commonhold.demand.models import Batch, Correction, Event, Exclusion, Reckoning
from commonhold.ledger.workings import working

TOGETHER: Final = 10_000
"""Tickets reckoned in one small commit."""

READ: Final = {
    # our column: the table's, and what stands for nothing
    "ticket": ("ticket_id", NONE),
    "batch": ("batch", NONE),
    "line": ("line", NONE),
    "at": ("at", NEVER),
    "state": ("state", NONE),
    "hold_reason": ("hold_reason", NONE),
    "priority": ("priority", 0),
    "kind": ("kind", 0),
    "team": ("team_id", 0),
    "partner": ("partner_id", 0),
    "service": ("service_id", 0),
    "category": ("category_id", 0),
    "opened": ("opened_at", NEVER),
    "resolved": ("resolved_at", NEVER),
    "closed": ("closed_at", NEVER),
    "verdict": ("verdict", NONE),
    "reopenings": ("reopenings", NONE),
    "held_minutes": ("held_minutes", NONE),
}
WRITTEN: Final = (
    "ticket_id", "known_from", "partner_id", "team_id", "service_id", "category_id", "priority", "kind", "state",
    "opened_at", "resolved_at", "closed_at", "own_resolved", "own_closed", "last_event_at", "due_at", "target",
    "used", "held", "breached", "reopenings", "source_reopenings", "reassignments", "verdict", "grade", "has_history",
    "held_minutes", "excluded", "timeline",
)  # fmt: skip


def in_parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """Ticket numbers in the parts that are reckoned together."""
    return (numbers[start : start + TOGETHER] for start in range(0, len(numbers), TOGETHER))


@working
@transaction.atomic
def reckon_tickets(*, batch: Batch, tickets: Sequence[int], rules: Compiled, as_of: int) -> None:
    """Reckon tickets anew from their stored events: what was known of them ends with this batch, and this begins."""
    events = _events(tickets)
    told = timelines(_corrected(events))
    _end_what_was_known(tickets, batch.number)
    load(Reckoning._meta.db_table, WRITTEN, _rows(told, batch.number, rules, as_of, _excluded(tickets)))


def _events(tickets: Sequence[int]) -> Events:
    batches = {batch.number: batch for batch in Batch.objects.all()}
    names = ", ".join(f'"{column}"' for column, _ in READ.values())
    query = (
        f'select {names} from "{Event._meta.db_table}" where {{chosen}} '
        'order by ticket_id, "at" is null, "at", batch, line, id'
    )
    found = [row for rows in chosen(query, "ticket_id", tickets) for row in rows]
    columns = {
        name: np.array([nothing if value is None else value for value in values], np.int64)
        for (name, (_, nothing)), values in zip(READ.items(), zip(*found, strict=True), strict=True)
    }
    highest = max(batches)
    about = np.zeros((4, highest + 1), np.int64)
    for number, batch in batches.items():
        observed = int(batch.observed_at.timestamp()) if batch.observed_at else 0
        about[:, number] = (batch.has_history, batch.own_resolved, batch.own_closed, observed)
    of_batch = about[:, columns["batch"]]
    columns["at"] = np.where(columns["at"] == NEVER, of_batch[3], columns["at"])
    return Events(**columns, has_history=of_batch[0], own_resolved=of_batch[1], own_closed=of_batch[2])


def _corrected(events: Events) -> Events:
    """The events with the facts that stand corrected: a fact put right was so from the opening on (F6)."""
    standing = Correction.objects.filter(undone_in=None, ticket__gte=events.ticket[0], ticket__lte=events.ticket[-1])
    columns: dict[str, Longs] = {}
    for ticket, fact, value in standing.values_list("ticket_id", "fact", "value"):
        column = columns.setdefault(fact, getattr(events, fact).copy())
        column[events.ticket == ticket] = value
    return replace(events, **columns)


def _excluded(tickets: Sequence[int]) -> set[int]:
    standing = Exclusion.objects.filter(undone_in=None, ticket__gte=min(tickets), ticket__lte=max(tickets))
    return set(standing.values_list("ticket_id", flat=True))


def _end_what_was_known(tickets: Sequence[int], batch: int) -> None:
    for part in in_parts(tickets):
        Reckoning.objects.filter(ticket__in=part, known_until=None, known_from__lt=batch).update(known_until=batch)


def _rows(told: Timelines, batch: int, rules: Compiled, as_of: int, excluded: set[int]) -> Iterator[tuple[Any, ...]]:
    clock = reckon(told.histories, rules, np.maximum(as_of, told.opened))
    last = told.last
    counted = clock.calendar != NONE
    count = len(told.tickets)
    found = facts(told, clock)
    columns = (
        told.tickets.tolist(),
        [batch] * count,
        _or_none(last.partner, 0),
        _or_none(last.team, 0),
        _or_none(last.service, 0),
        _or_none(last.category, 0),
        last.priority.tolist(),
        last.kind.tolist(),
        np.where(clock.state == State.NOT_YET, State.OPEN, clock.state).tolist(),
        told.opened.tolist(),
        _or_none(found.resolved, NEVER),
        _or_none(found.closed, NEVER),
        (last.own_resolved == 1).tolist(),
        (last.own_closed == 1).tolist(),
        last.at.tolist(),
        _or_none(clock.due, NEVER),
        _or_none(np.where(clock.target == NONE, NONE, clock.target // 60), NONE),
        np.where(counted, clock.used, 0).tolist(),
        np.where(counted, clock.held, 0).tolist(),
        _truths(clock.breached, clock.target != NONE),
        clock.reopenings.tolist(),
        _or_none(last.reopenings, NONE),
        clock.reassignments.tolist(),
        _truths(last.verdict == 1, last.verdict != NONE),
        found.grade.tolist(),
        (last.has_history == 1).tolist(),
        _or_none(last.held_minutes, NONE),
        [ticket in excluded for ticket in told.tickets.tolist()],
        [told.histories.timeline(place) for place in range(count)],
    )
    return zip(*columns, strict=True)


def _or_none(values: Longs, nothing: int) -> list[int | None]:
    return [None if value == nothing else value for value in values.tolist()]


def _truths(values: Any, known: Any) -> list[bool | None]:
    return [value if knows else None for value, knows in zip(values.tolist(), known.tolist(), strict=True)]
