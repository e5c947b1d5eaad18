"""A telling of tickets as a world: their facts and histories, with the rules and the period by which they are counted.

Two tellings of the same tickets stand side by side, row n of both being of one ticket.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Final

import numpy as np

from commonhold.demand.engine.clock import Compiled, Histories, Op
from commonhold.demand.engine.clock.histories import at_opening
from commonhold.demand.engine.columns import NONE, Bools, Longs, State, Tickets
from commonhold.performance.engine.counting import Shape
from commonhold.performance.engine.extract import Extract
from commonhold.performance.engine.groups import Names, Scope, members
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.periods import Period
from commonhold.performance.engine.reading import read, taken
from commonhold.performance.engine.reconciling.bridge import Records


class Fact(StrEnum):
    """What a telling says of a ticket, as far as it is taken over at once."""

    DATES = "dates"
    KIND = "kind"
    PARTNER = "partner"
    PRIORITY = "priority"
    NAMES = "names"
    STATES = "states"
    HISTORY = "history"
    PUT_RIGHT = "put right"
    VERDICT = "verdict"


COLUMNS: Final[Mapping[Fact, tuple[str, ...]]] = {
    Fact.DATES: ("opened", "resolved", "closed", "own_resolved", "own_closed"),
    Fact.KIND: ("kind",),
    Fact.PARTNER: ("partner",),
    Fact.PRIORITY: ("priority",),
    Fact.NAMES: ("team", "service", "category"),
    Fact.STATES: ("grade", "held_minutes"),
    Fact.HISTORY: ("last_event", "source_reopens", "has_history"),
    Fact.PUT_RIGHT: ("excluded", "corrected", "answering"),
    Fact.VERDICT: ("verdict",),
}

STEPS: Final[Mapping[Op, Fact]] = {
    Op.STATE: Fact.STATES,
    Op.HOLD_REASON: Fact.STATES,
    Op.DOUBT: Fact.STATES,
    Op.PRIORITY: Fact.PRIORITY,
    Op.KIND: Fact.KIND,
    Op.TEAM: Fact.NAMES,
    Op.TARGET: Fact.STATES,
    Op.CALENDAR: Fact.STATES,
}

MOMENTS: Final = ("opened", "resolved", "closed")


@dataclass(frozen=True, slots=True)
class World:
    """The tickets of one side with their histories; `there` says which of them this side knows.

    A ticket that a side does not know stands with the other side's facts, so that row n is of the same ticket on both.
    `parties` is who answers for each team, by their numbers, as this side has it (C11); `corrected` says of which
    tickets a fact stands corrected on its record (F6).
    """

    tickets: Tickets
    histories: Histories
    there: Bools
    rules: Compiled
    period: Period
    measure: str
    parties: Mapping[int, int]
    corrected: Mapping[Fact, Bools]

    def is_corrected(self, fact: Fact) -> Bools:
        """The tickets of which this fact stands corrected."""
        found: Bools = self.there & self.corrected.get(fact, False)
        return found


@dataclass(frozen=True, slots=True)
class Side:
    """The tickets of one side under numbers that both sides share, history n of ticket n, who answers for teams, and
    the numbers of the tickets of which a fact stands corrected.
    """

    tickets: Tickets
    histories: Histories
    parties: Mapping[int, int]
    corrected: Mapping[Fact, Collection[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """What is the same on both sides: the figure's scope, and the names that codes stand for."""

    scope: Scope
    names: Names


def records(world: World, about: About) -> Records:
    """What each ticket of a world brings to the figure."""
    return brought(extract_of(world), world.measure, len(world.there), about)


def extract_of(world: World) -> Extract:
    """The extract of a world, which is the same for every measure; the number of a ticket in it is its row here."""
    rows = np.flatnonzero(world.there)
    tickets = replace(world.tickets, id=np.arange(len(world.there), dtype=np.int64)).take(rows)
    return read(world.period, tickets, taken(world.histories, rows), world.rules, world.parties)


def brought(extract: Extract, measure: str, count: int, about: About) -> Records:
    """What each of so many tickets brings to the figure of a measure."""
    found = members(extract, measure, about.scope, about.names)
    counted, met = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    amount = np.zeros(count, np.int64)
    counted[found.tickets], met[found.tickets] = True, found.counted
    if found.amounts is not None:
        amount[found.tickets] = found.amounts
    return Records.of(counted, met, amount)


def shape(world: World) -> Shape:
    """The shape of a world's measure, which is the same whatever tickets there are."""
    none = np.zeros(0, np.int64)
    nobody = read(world.period, world.tickets.take(none), taken(world.histories, none), world.rules, world.parties)
    return definition(world.measure).rule(nobody)


def answered_for(tickets: Tickets, parties: Mapping[int, int]) -> Tickets:
    """The tickets with the party of each: the one that answers for all of it, else that of its team (C11)."""
    party_of = np.zeros(max((0, *parties, *np.unique(tickets.team).tolist())) + 1, np.int32)
    for team, party in parties.items():
        party_of[team] = party
    return replace(tickets, party=np.where(tickets.answering != 0, tickets.answering, party_of[tickets.team]))


def joined(ours: Side, theirs: Side, rules: Compiled, period: Period, measure: str) -> tuple[World, World]:
    """Two sides as worlds of the same tickets, in the order of their numbers, by the same rules so far."""
    numbers = np.union1d(ours.tickets.id, theirs.tickets.id)
    tickets = end_to_end(ours.tickets, theirs.tickets)
    histories = Histories(
        np.concatenate([ours.histories.steps, theirs.histories.steps]),
        np.concatenate([ours.histories.offsets, ours.histories.offsets[-1] + theirs.histories.offsets[1:]]),
        max(ours.histories.calendars, theirs.histories.calendars),
    )
    mine, other = _rows(ours, numbers), _rows(theirs, numbers)
    beyond = np.where(other == NONE, NONE, other + len(ours.tickets))
    made = []
    for side, rows, there in (
        (ours, np.where(mine == NONE, beyond, mine), mine),
        (theirs, np.where(other == NONE, mine, beyond), other),
    ):
        found = answered_for(tickets.take(rows), side.parties)
        corrected = {fact: np.isin(numbers, np.array(sorted(which))) for fact, which in side.corrected.items()}
        made.append(
            World(found, taken(histories, rows), there != NONE, rules, period, measure, side.parties, corrected)
        )
    return made[0], made[1]


def end_to_end(ours: Tickets, theirs: Tickets) -> Tickets:
    """The tickets of one side and then those of the other."""
    names = (one.name for one in fields(Tickets))
    return Tickets(**{name: np.concatenate([getattr(ours, name), getattr(theirs, name)]) for name in names})


def _rows(side: Side, numbers: Longs) -> Longs:
    """The row of each ticket of these numbers on a side, NONE where it has none."""
    order = np.argsort(side.tickets.id, kind="stable")
    ids = side.tickets.id[order]
    place = np.searchsorted(ids, numbers)
    there = place < len(ids)
    there[there] = ids[place[there]] == numbers[there]
    found = np.full(len(numbers), NONE, np.int64)
    found[there] = order[place[there]]
    return found


def cancelled(world: World) -> Bools:
    """The tickets whose last state is cancelled."""
    return np.asarray(last_state(world) == State.CANCELLED, np.bool_)


def last_state(world: World) -> Longs:
    """The last state of each ticket, NONE where its history has none."""
    steps, of = world.histories.steps, ticket_of(world.histories)
    rows = np.flatnonzero(steps["op"] == Op.STATE)
    states = np.full(len(world.there), NONE, np.int64)
    # Steps stand in order of instant, so that of two values for one place the later one stays.
    states[of[rows]] = steps["arg"][rows]
    return states


def teams(world: World, row: int) -> list[int]:
    """The teams that had a ticket, in order, each once."""
    steps = world.histories.steps[world.histories.offsets[row] : world.histories.offsets[row + 1]]
    _, _, first = at_opening(int(steps["arg"][0]))
    had = [first, *steps["arg"][steps["op"] == Op.TEAM].tolist()]
    return list(dict.fromkeys(had))


def holds(world: World) -> Bools:
    """The tickets of which something is said, or in doubt, about holds."""
    steps, of = world.histories.steps, ticket_of(world.histories)
    spoken = ((steps["op"] == Op.STATE) & (steps["arg"] == State.ON_HOLD)) | (steps["op"] == Op.DOUBT)
    found = world.tickets.held_minutes > 0
    found[of[spoken]] = True
    return np.asarray(found, np.bool_)


def ticket_of(histories: Histories) -> Longs:
    """Which ticket each step is of."""
    return np.repeat(np.arange(len(histories)), np.diff(histories.offsets)).astype(np.int64)
