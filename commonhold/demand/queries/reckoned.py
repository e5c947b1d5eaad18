"""What the clock makes of tickets, read from their stored events; nothing is changed."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db.models import Q, QuerySet

from commonhold.databases.choosing import chosen
from commonhold.demand.engine.claims import counting, none_held
from commonhold.demand.engine.clock import Compiled, reckon
from commonhold.demand.engine.columns import NEVER, NONE, Bools, Longs, State
from commonhold.demand.engine.events import Events
from commonhold.demand.engine.facts import as_proven, facts, missed, was_held
from commonhold.demand.engine.telling import places
from commonhold.demand.engine.timelines import Timelines, timelines
from commonhold.demand.models import Batch, Correction, Event, Exclusion, Reckoning, Ticket

READ: Final = {
    # our column: the table's, and what stands for nothing
    "ticket": ("ticket_id", NONE),
    "batch": ("batch", NONE),
    "line": ("line", NONE),
    "content": ("content", NONE),
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
    "updated": ("updated_at", NEVER),
    "verdict": ("verdict", NONE),
    "reopenings": ("reopenings", NONE),
    "held_minutes": ("held_minutes", NONE),
}
NAMES: Final = ", ".join(f'"{name}"' for name, _ in READ.values())
STORED: Final = (
    f'select {NAMES} from "{Event._meta.db_table}" where {{chosen}} '
    f'and batch in (select number from "{Batch._meta.db_table}" where known_until is null) '
    'order by ticket_id, "at" is null, "at", batch, line, id'
)
CLOCK: Final = ("due_at", "missed_at", "target", "used", "held")
"""What rules decide of a reckoning; all else is the desk's word."""

KNOWN: Final = (
    f'select ticket_id, {", ".join(CLOCK)}, known_from from "{Reckoning._meta.db_table}" '
    "where {chosen} and known_until is null"
)
GRADES: Final = f'select grade from "{Reckoning._meta.db_table}" where {{chosen}} and known_until is null'
STATES: Final = (
    f'select ticket_id, state, grade from "{Reckoning._meta.db_table}" where {{chosen}} and known_until is null'
)
DESKS: Final = f'select id, desk_id from "{Ticket._meta.db_table}" where {{chosen}}'
OF_A_DESK: Final = ("desk", "number", "observed_at")
TOGETHER: Final = 10_000
"""Tickets read at once."""

COLUMNS: Final = (
    "ticket_id", *CLOCK, "desk_id", "partner_id", "team_id", "service_id", "category_id", "priority", "kind", "state",
    "opened_at", "resolved_at", "closed_at", "own_resolved", "own_closed", "last_event_at", "was_held", "reopenings",
    "source_reopenings", "reassignments", "verdict", "grade", "has_history", "held_minutes", "excluded", "timeline",
)  # fmt: skip
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class PutRight:
    """What will stand corrected of tickets alike once a batch is taken over: a fact of each is a value by its number,
    and what stood of that fact gives way; or the corrections of the batch `undone` stand no longer, and what had given
    way to them does again.
    """

    fact: str = ""
    value: int = 0
    undone: int | None = None

    def rows(self) -> QuerySet[Correction]:
        if self.undone is None:
            rows = Correction.objects.filter(undone_in=None)
            return rows if self.fact == Correction.Fact.HOLD else rows.exclude(fact=self.fact)
        theirs = Q(made_in=self.undone) | Q(first_in=self.undone)
        return Correction.objects.filter(Q(undone_in=None) & ~theirs | Q(undone_in=self.undone))


AS_IT_STANDS: Final = PutRight()


def reckoned(
    tickets: Sequence[int], rules: Compiled, as_of: Longs, put_right: PutRight = AS_IT_STANDS
) -> Iterator[Row]:
    """A row of COLUMNS for each of these tickets, in order, of which anything is still told.

    `as_of` says for each when its clock is read, and `put_right` what is to be put right of all of them.
    """
    events = _events(tickets)
    if not len(events):
        return iter(())
    told = timelines(_corrected(events, put_right))
    held, told = was_held(told), _counting(told, put_right)
    instants = as_of[np.searchsorted(np.asarray(tickets), told.tickets)]
    return _rows(
        told, rules, np.maximum(instants, told.opened), held, _desks(told.tickets.tolist()), _excluded(tickets)
    )


def reckoned_first(events: Mapping[str, Longs], batch: Batch, rules: Compiled, as_of: int) -> Iterator[Row]:
    """A row of COLUMNS for each ticket that a history is the first to tell of: nothing of it was put right yet.

    `events` are columns by their name in READ, by ticket and instant; one that is not there says nothing.
    """
    count = len(events["ticket"])
    columns = {name: np.full(count, nothing) for name, (_, nothing) in READ.items() if name not in events}
    told = timelines(_of_their_batches({**columns, **events, "batch": np.full(count, batch.number)}))
    desks = [batch.desk_id] * len(told.tickets)
    return _rows(told, rules, np.maximum(as_of, told.opened), was_held(told), desks, set())


def grades_of(tickets: Sequence[int]) -> Iterator[int]:
    """The grades of these tickets (F5), of which one that is being gathered counts already."""
    for first in range(0, len(tickets), TOGETHER):
        for rows in chosen(GRADES, "ticket_id", tickets[first : first + TOGETHER]):
            yield from (grade for (grade,) in rows)


def states_of(tickets: Sequence[int]) -> dict[int, tuple[int, int]]:
    """State and grade of these tickets, as they are known."""
    rows = (row for rows in chosen(STATES, "ticket_id", tickets) for row in rows)
    return {number: (state, grade) for number, state, grade in rows}


def tickets_known() -> Iterator[tuple[float, list[int]]]:
    """The tickets that are known now, in parts that are reckoned together, each with the share that went before."""
    numbers = list(Reckoning.objects.filter(known_until=None).order_by("ticket_id").values_list("ticket_id", flat=True))
    for first in range(0, len(numbers), TOGETHER):
        yield first / len(numbers), numbers[first : first + TOGETHER]


def changed_by(rules: Compiled, tickets: Sequence[int]) -> list[Row]:
    """The rows of those of these tickets of which the clock says something else by these rules.

    Each clock is read at the instant at which it was read before, so nothing but a rule can make it differ.
    """
    known = {row[0]: row[1:] for rows in chosen(KNOWN, "ticket_id", tickets) for row in rows}
    through = _read_at()
    as_of = np.array([through[known[ticket][-1]] for ticket in tickets], np.int64)
    return [row for row in reckoned(tickets, rules, as_of) if row[1 : len(CLOCK) + 1] != known[row[0]][:-1]]


def _read_at() -> dict[int, int]:
    """By batch: the last instant that any file told of when it was the last one known."""
    through: dict[int, int] = {}
    files: list[tuple[int, float]] = []
    rows = Batch.objects.taken().order_by("number")
    for number, observed, until in rows.values_list("number", "observed_at", "known_until"):
        if observed:
            files.append((int(observed.timestamp()), until or math.inf))
        through[number] = max((last for last, until in files if until > number), default=0)
    return through


def _events(tickets: Sequence[int]) -> Events:
    """The events of tickets by ticket and instant (C10), of all batches that count or are being gathered."""
    rows = [row for rows in chosen(STORED, "ticket_id", tickets) for row in rows]
    values = zip(*rows, strict=True) if rows else iter([()] * len(READ))
    columns = {
        name: np.array([nothing if value is None else value for value in column], np.int64)
        for (name, (_, nothing)), column in zip(READ.items(), values, strict=True)
    }
    return _of_their_batches(columns)


def _of_their_batches(columns: dict[str, Longs]) -> Events:
    about = _batches(columns["batch"])[:, columns["batch"]]
    return Events(**columns, **dict(zip(ABOUT, about, strict=True)))


ABOUT: Final = (
    "has_history", "is_holds", "own_resolved", "own_closed", "exported", "place", "whole_place", "whole_until",
)  # fmt: skip


def _batches(numbers: Longs) -> Longs:
    """What matters of these batches, by number, in the order of ABOUT."""
    about = np.zeros((len(ABOUT), int(numbers.max(initial=0)) + 1), np.int64)
    wholes = Batch.objects.filter(kind=Batch.Kind.HOLDS, complete=True, known_until=None).order_by("number")
    replaced = Batch.objects.files().exclude(known_until=None).values_list("number", "known_until")
    place = places({number: by for number, by in replaced if by is not None})
    whole: dict[int, tuple[int, int]] = {}
    for desk, number, observed in wholes.values_list(*OF_A_DESK):
        whole[desk] = max(whole.get(desk, (NONE, NONE)), (place.get(number, number), _seconds(observed)))
    rows = Batch.objects.filter(number__in=np.unique(numbers).tolist())
    fields = ("number", "desk", "kind", "has_history", "own_resolved", "own_closed", "observed_at")
    for number, desk, kind, history, *own, observed in rows.values_list(*fields):
        is_holds = kind == Batch.Kind.HOLDS
        about[:, number] = (
            history,
            is_holds,
            *own,
            _seconds(observed),
            place.get(number, number),
            *whole.get(desk, (NONE, NONE)),
        )
    return about


def _seconds(instant: datetime | None) -> int:
    return int(instant.timestamp()) if instant else 0


def _corrected(events: Events, put_right: PutRight) -> Events:
    """The events with the facts that stand corrected: a fact put right was so from the opening on (F6)."""
    columns: dict[str, Longs] = {}
    for fact, said in _standing(events.ticket, Correction.OF_EVENTS, put_right).items():
        tickets, values = (np.array(column, np.int64) for column in zip(*said, strict=True))
        place = np.minimum(np.searchsorted(tickets, events.ticket), len(tickets) - 1)
        columns[fact] = np.where(tickets[place] == events.ticket, values[place], getattr(events, fact))
    return replace(events, **columns)


def _counting(told: Timelines, put_right: PutRight) -> Timelines:
    """The timelines with the time of those holds counting that stand corrected so."""
    of: dict[int, list[int]] = {}
    for ticket, which in _standing(told.tickets, (Correction.Fact.HOLD,), put_right).get(Correction.Fact.HOLD, ()):
        of.setdefault(which, []).append(ticket)
    for which, tickets in sorted(of.items()):
        places = np.flatnonzero(np.isin(told.tickets, np.array(tickets, np.int64)))
        held = none_held(told.last.held_minutes, which, places)
        told = replace(
            told, histories=counting(told.histories, which, places), last=replace(told.last, held_minutes=held)
        )
    return told


def _standing(tickets: Longs, facts: Collection[str], put_right: PutRight) -> dict[str, list[tuple[int, int]]]:
    """By fact: tickets, in their order, and the value that stands."""
    rows = put_right.rows().filter(fact__in=facts, ticket__gte=int(tickets[0]), ticket__lte=int(tickets[-1]))
    found: dict[str, list[tuple[int, int]]] = {}
    for fact, ticket, value in rows.order_by("ticket").values_list("fact", "ticket_id", "value"):
        found.setdefault(fact, []).append((ticket, value))
    if put_right.fact in facts:
        also = ((ticket, put_right.value) for ticket in np.unique(tickets).tolist())
        found[put_right.fact] = sorted({*found.get(put_right.fact, ()), *also})
    return found


def _excluded(tickets: Sequence[int]) -> set[int]:
    standing = Exclusion.objects.filter(undone_in=None, ticket__gte=min(tickets), ticket__lte=max(tickets))
    return set(standing.values_list("ticket_id", flat=True))


def _desks(tickets: Sequence[int]) -> list[int]:
    """The desk of each ticket."""
    of = dict(row for rows in chosen(DESKS, "id", tickets) for row in rows)
    return [of[ticket] for ticket in tickets]


def _rows(
    told: Timelines, rules: Compiled, as_of: Longs, held: Bools, desks: Sequence[int | None], excluded: set[int]
) -> Iterator[Row]:
    clock = reckon(told.histories, rules, as_of)
    found, last = facts(told, clock), told.last
    counted = clock.calendar != NONE
    late = missed(told.histories, clock, rules)
    late = as_proven(late, clock, grade=found.grade, opened=told.opened, held_minutes=last.held_minutes)
    return zip(
        told.tickets.tolist(),
        _or_none(clock.due, NEVER),
        _or_none(late, NEVER),
        _or_none(np.where(clock.target == NONE, NONE, clock.target // 60), NONE),
        np.where(counted, clock.used, 0).tolist(),
        np.where(counted, clock.held, 0).tolist(),
        desks,
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
        held.tolist(),
        clock.reopenings.tolist(),
        _or_none(last.reopenings, NONE),
        clock.reassignments.tolist(),
        [None if verdict == NONE else verdict == 1 for verdict in last.verdict.tolist()],
        found.grade.tolist(),
        (last.has_history == 1).tolist(),
        _or_none(last.held_minutes, NONE),
        [ticket in excluded for ticket in told.tickets.tolist()],
        told.histories.timelines(),
        strict=True,
    )


def _or_none(values: Longs, nothing: int) -> list[int | None]:
    return [None if value == nothing else value for value in values.tolist()]
