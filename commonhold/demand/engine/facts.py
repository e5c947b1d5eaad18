"""The facts of tickets at their last event: the source's own words where it has them, else what the history says."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from commonhold.demand.engine.clock import Compiled, Histories, Op, Reckoned, reckon
from commonhold.demand.engine.clock.compiled import LATEST
from commonhold.demand.engine.columns import NEVER, NONE, Bools, Bytes, Grade, Longs, State
from commonhold.demand.engine.timelines import Timelines

UNSTOPPED: Final = (State.OPEN, State.IN_PROGRESS, State.REOPENED, State.ON_HOLD)
"""States in which a clock may run: a hold pauses it only for a reason that the agreement accepts (C4)."""

LONG_CLOSURE: Final = 60 * 86_400
"""Hardly a calendar is closed for longer at a stretch; a target is missed when it opens again."""


@dataclass(frozen=True, slots=True)
class Facts:
    """By ticket: resolution and closing, the source's or the history's (NEVER: none); what is proven of holds (F5)."""

    resolved: Longs
    closed: Longs
    grade: Longs


def facts(told: Timelines, clock: Reckoned) -> Facts:
    """The facts that a history and its clock decide; a mapped column's blank is never filled."""
    last = told.last
    resolved = np.where(last.own_resolved == 1, last.resolved, clock.resolved_at)
    closed = np.where(last.own_closed == 1, last.closed, clock.closed_at)
    without = np.where(last.held_minutes != NONE, Grade.TOTAL, Grade.NONE)
    return Facts(resolved, closed, np.where(last.has_history == 1, Grade.INTERVALS, without))


def was_held(told: Timelines) -> Bools:
    """Whether each ticket was ever on hold, in or out of hours, as far as its source says."""
    steps, offsets = told.histories.steps, told.histories.offsets
    holds = (steps["op"] == Op.STATE) & (steps["arg"] == State.ON_HOLD)
    held: Bools = np.logical_or.reduceat(holds, offsets[:-1]) | (told.last.held_minutes > 0)
    return held


def missed(histories: Histories, clock: Reckoned, rules: Compiled) -> Longs:
    """From which instant on each target counts as missed (C8), NEVER where it does not: of a clock that runs, when that
    will be if nothing more happens. So nothing need be read again to say it at a later instant.
    """
    instants = clock.breached_at.copy()
    running = np.isin(clock.state, UNSTOPPED) & (instants == NEVER) & (clock.due != NEVER)
    places, closure = np.flatnonzero(running), LONG_CLOSURE
    opens_again = np.array([rules.opens_again(calendar) for calendar in range(len(rules.names))], np.bool_)
    while len(places):
        waiting = Histories.joined([histories.timeline(place) for place in places.tolist()])
        until = np.minimum(clock.due[places] + closure, LATEST)
        later = reckon(waiting, rules, until).breached_at
        # A clock read in the second at which the target is reached has not exceeded it.
        instants[places] = np.where(later == NEVER, NEVER, later + 1)
        places = places[(later == NEVER) & (until < LATEST) & opens_again[clock.calendar[places]]]
        closure *= 4
    return instants


def as_proven(missed: Longs, clock: Reckoned, *, grade: Longs | Bytes, opened: Longs, held_minutes: Longs) -> Longs:
    """From which instant on each target counts as missed once a total of holds is taken off as `bounds` does (F5).

    The most that can have been used grows with time, and exceeds the target as soon as both the open hours and what
    passed beyond the total do.
    """
    until = opened + clock.target + held_minutes * 60
    later = np.where(clock.stopped_at <= until, NEVER, np.maximum(missed, until + 1))
    return np.where((grade == Grade.TOTAL) & (clock.target != NONE) & (missed != NEVER), later, missed)


@dataclass(frozen=True, slots=True)
class Counted:
    """What clocks said, and what sources state of holds, by ticket: seconds, but for the minutes of a stated total."""

    grade: Longs | Bytes
    opened: Longs
    stopped: Longs
    used: Longs
    held: Longs
    held_minutes: Longs


def bounds(counted: Counted, instant: int) -> tuple[Longs, Longs]:
    """The least and the most seconds that can have been used.

    With every hold known: what the clock says. With a total: the total lies in opening hours as far as it can, or
    outside them as far as it can. Else any of the open hours may have been on hold, or none.
    """
    open_hours = counted.used + counted.held
    least, most = np.zeros_like(open_hours), open_hours
    total = counted.held_minutes * 60
    shut = np.maximum(np.minimum(counted.stopped, instant) - counted.opened, 0) - open_hours
    with_total = (counted.grade == Grade.TOTAL) & (counted.held_minutes != NONE)
    least = np.where(with_total, np.maximum(open_hours - total, 0), least)
    most = np.where(with_total, open_hours - np.clip(total - shut, 0, open_hours), most)
    known = counted.grade == Grade.INTERVALS
    return np.where(known, counted.used, least), np.where(known, counted.used, most)
