"""What a ticket's history has that its readers should see: near its target, closed and at work again, back-dated.

None of it is wrong by itself; the rules are those of `exceptional`, shown on the page and written down in the guide.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from commonhold.demand.engine.clock import Compiled, Histories, Op, reckon
from commonhold.demand.engine.columns import NEVER, NONE, Bools, Longs, State
from commonhold.demand.engine.exceptional import BEFORE_ENTRY, BEFORE_OPENING, IN_BULK, Rule

TENTH: Final = 10
"""The last part of a target is a tenth of it."""
MINUTE: Final = 60
RUNNING: Final = (State.OPEN, State.IN_PROGRESS, State.REOPENED)
STOPPED: Final = (State.RESOLVED, State.CLOSED)
TELLING: Final = (Op.STATE, Op.PRIORITY, Op.KIND, Op.TEAM, Op.HOLD_REASON)
"""Steps that a desk's history tells of."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The histories of tickets with what else is needed of each: its opening, and the desk's resolution or NEVER."""

    histories: Histories
    opened: Longs
    own_resolution: Longs


@dataclass(frozen=True, slots=True)
class Found:
    """Exceptions as columns: the ticket's place, the kind, when, who had it (0: no team), and two amounts or NONE.

    `amount` is minutes used, minutes between, or tickets closed together; `of` the minutes of the target.
    """

    ticket: Longs
    kind: Longs
    at: Longs
    team: Longs
    amount: Longs
    of: Longs

    def __len__(self) -> int:
        return len(self.ticket)

    def __iter__(self) -> Iterator[tuple[int, int, int, int, int, int]]:
        columns = (self.ticket, self.kind, self.at, self.team, self.amount, self.of)
        return zip(*(column.tolist() for column in columns), strict=True)


@dataclass(frozen=True, slots=True)
class Stops:
    """Where resolving or closing stopped a clock: the ticket's place, the team that had it, the minute since 1970."""

    ticket: Longs
    team: Longs
    minute: Longs


def exceptions(looked: Looked, rules: Compiled) -> tuple[Found, Stops]:
    """The exceptions in these histories, ticket by ticket; and the stops, among which those in bulk are to be found."""
    steps = _Steps(looked.histories)
    found = [
        *(_near(looked, steps, rules, kind, where) for kind, where in steps.near()),
        _reopened(steps),
        _before_opening(looked, steps),
        _before_entry(looked, steps),
    ]
    columns = [np.concatenate([getattr(part, name) for part in found]) for name in Found.__slots__]
    order = np.lexsort((columns[1], columns[2], columns[0]))
    where = np.flatnonzero(steps.stops & (steps.team > 0))
    stops = Stops(steps.ticket[where], steps.team[where], steps.at[where] // MINUTE)
    return Found(*(column[order] for column in columns)), stops


def bulk(team: Longs, minute: Longs, known: Mapping[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """How many stopped together, by team and minute, where they are many; `known` are those found before."""
    if not len(team):
        return {}
    pairs, counts = np.unique(np.stack((team, minute), axis=1), axis=0, return_counts=True)
    many = {(t, m): n for (t, m), n in zip(pairs.tolist(), counts.tolist(), strict=True) if n >= IN_BULK}
    there = {(t, m): known[t, m] for t, m in pairs.tolist() if (t, m) in known}
    return {pair: max(many.get(pair, 0), there.get(pair, 0)) for pair in many.keys() | there.keys()}


class _Steps:
    """The steps of many tickets with what was so before each of them."""

    def __init__(self, histories: Histories) -> None:
        steps, offsets = histories.steps, histories.offsets
        self.at, self.op, self.arg = (steps[name].astype(np.int64) for name in ("at", "op", "arg"))
        self.first = np.zeros(len(steps), np.bool_)
        self.first[offsets[:-1]] = True
        self.ticket = np.cumsum(self.first) - 1
        self.offsets = offsets
        begun = self.op == Op.OPENED
        self.priority = _carried(np.where(begun, self.arg & 7, self.arg), begun | (self.op == Op.PRIORITY))
        self.kind = _carried(np.where(begun, self.arg >> 3 & 31, self.arg), begun | (self.op == Op.KIND))
        self.team = _carried(np.where(begun, self.arg >> 8, self.arg), begun | (self.op == Op.TEAM))
        states = begun | (self.op == Op.STATE)
        self.state = _carried(np.where(begun, int(State.OPEN), self.arg), states)
        self.since = _carried(self.at, states)
        was = np.arange(len(steps)) - 1
        was[self.first] = offsets[:-1]
        self.was = was
        before = self.state[was]
        changes = (self.op == Op.STATE) & ~self.first
        self.stops = changes & np.isin(self.state, STOPPED) & ~np.isin(before, (*STOPPED, State.CANCELLED))
        self.again = changes & np.isin(before, STOPPED) & np.isin(self.state, (*RUNNING, State.ON_HOLD))
        self.holds = changes & (self.state == State.ON_HOLD) & np.isin(before, RUNNING)

    def near(self) -> Iterator[tuple[Rule, Bools]]:
        """What counts near the target: which steps are of which kind."""
        before, after = self.priority[self.was], self.priority
        lower = (before > 0) & ((after == 0) | (after > before))
        yield Rule.LOWERED, (self.op == Op.PRIORITY) & lower
        yield Rule.RECLASSIFIED, (self.op == Op.KIND) & (self.kind != self.kind[self.was])
        yield Rule.HELD, self.holds


def _carried(values: Longs, sets: Bools) -> Longs:
    """Each value, or the last that was set before it; every ticket's opening sets all."""
    places = np.maximum.accumulate(np.where(sets, np.arange(len(values)), 0))
    carried: Longs = values[places]
    return carried


def _near(looked: Looked, steps: _Steps, rules: Compiled, kind: Rule, where: Bools) -> Found:
    """Those of these steps at which the last tenth of the target had begun and it was not missed (C8)."""
    places = np.flatnonzero(where & (steps.at > looked.opened[steps.ticket]))
    tickets, at = steps.ticket[places], steps.at[places]
    if not len(places):
        return _found(kind, tickets, at, at, at, at)
    # The clock is read as it stood: what happened before, and time until then.
    then = reckon(_taken(looked.histories, tickets), rules, at - 1, at)
    target = then.target
    late = (target != NONE) & ~then.breached & (TENTH * then.used >= (TENTH - 1) * target) & (then.used <= target)
    chosen = np.flatnonzero(late)
    return _found(
        kind, tickets[chosen], at[chosen], steps.team[steps.was[places]][chosen], then.used[chosen] // MINUTE,
        target[chosen] // MINUTE,
    )  # fmt: skip


def _reopened(steps: _Steps) -> Found:
    """Those that were at work again after they were resolved or closed, and after how many minutes."""
    places = np.flatnonzero(steps.again)
    at = steps.at[places]
    between = (at - steps.since[steps.was[places]]) // MINUTE
    return _found(Rule.REOPENED, steps.ticket[places], at, steps.team[places], between)


def _before_opening(looked: Looked, steps: _Steps) -> Found:
    """Tickets with an event before they were opened: the first one, and by how many minutes."""
    behind = np.where(np.isin(steps.op, TELLING), steps.at, NEVER)
    earliest = np.minimum.reduceat(behind, steps.offsets[:-1]) if len(behind) else behind
    early = (looked.opened - earliest) // MINUTE
    tickets = np.flatnonzero((earliest != NEVER) & (early >= BEFORE_OPENING))
    team = steps.team[steps.offsets[:-1][tickets]]
    return _found(Rule.BEFORE_OPENING, tickets, earliest[tickets], team, early[tickets])


def _before_entry(looked: Looked, steps: _Steps) -> Found:
    """Tickets whose desk says that they were resolved well before their history does: when it was entered, and by how
    many minutes.
    """
    places = np.where(steps.stops, np.arange(len(steps.at)), -1)
    last = np.maximum.reduceat(places, steps.offsets[:-1]) if len(places) else places
    entered = np.where(last >= 0, steps.at[last], NONE)
    early = (entered - looked.own_resolution) // MINUTE
    tickets = np.flatnonzero((last >= 0) & (looked.own_resolution != NEVER) & (early >= BEFORE_ENTRY))
    return _found(Rule.BEFORE_ENTRY, tickets, entered[tickets], steps.team[last[tickets]], early[tickets])


def _found(kind: Rule, ticket: Longs, at: Longs, team: Longs, amount: Longs, of: Longs | None = None) -> Found:
    count = len(ticket)
    return Found(ticket, np.full(count, int(kind)), at, team, amount, np.full(count, NONE) if of is None else of)


def _taken(histories: Histories, tickets: Longs) -> Histories:
    """The histories of these tickets, one for each time that a ticket is named."""
    begins, lengths = histories.offsets[tickets], np.diff(histories.offsets)[tickets]
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    places = np.arange(offsets[-1]) + np.repeat(begins - offsets[:-1], lengths)
    return Histories(histories.steps[places], offsets, histories.calendars)
