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
    return Facts(resolved, closed, told.grade)


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
    return np.where(stated(grade, held_minutes) & (clock.target != NONE) & (missed != NEVER), later, missed)


def stated(grade: Longs | Bytes, held_minutes: Longs) -> Bools:
    """Whether a stated total says something of a ticket whose holds are not all known (F5)."""
    told: Bools = (grade != Grade.INTERVALS) & (held_minutes != NONE)
    return told


@dataclass(frozen=True, slots=True)
class Counted:
    """What clocks said, and what sources state of holds, by ticket: seconds, but for the minutes of a stated total.

    `doubted_used`, `doubted_held` and `doubted_stop` are what of the time used, held and stopped passed while nobody
    knows whether the ticket was on hold.
    """

    grade: Longs | Bytes
    opened: Longs
    stopped: Longs
    used: Longs
    held: Longs
    doubted_used: Longs
    doubted_held: Longs
    doubted_stop: Longs
    held_minutes: Longs

    @property
    def open_hours(self) -> Longs:
        return self.used + self.held

    def lasted(self, instant: int) -> Longs:
        """The seconds from the opening to the stop, or to an instant where that is earlier."""
        return np.maximum(np.minimum(self.stopped, instant) - self.opened, 0)


def bounds_of_holds(counted: Counted) -> tuple[Longs, Longs]:
    """The least and the most open seconds that can have been on hold, so far, so that both grow with time.

    Where the holds are told for some of the time: what the clock says, give or take what passed in doubt. Else none, or
    all of the open hours, of which no more than a stated total.
    """
    told = np.isin(counted.grade, (Grade.INTERVALS, Grade.OBSERVED))
    most = counted.held + counted.doubted_used + counted.doubted_stop
    total = np.where(counted.held_minutes == NONE, NEVER, counted.held_minutes * 60)
    untold = np.minimum(counted.open_hours, total)
    return np.where(told, counted.held - counted.doubted_held, 0), np.where(told, most, untold)


def bounds(counted: Counted, instant: int) -> tuple[Longs, Longs]:
    """The least and the most seconds that can have been used.

    Where the holds are told for some of the time: what the clock says, give or take what passed in doubt. With a stated
    total: it lies in opening hours as far as it can, or outside them as far as it can. With both: what both leave, or
    what was seen where they contradict each other. Else any of the open hours may have been on hold, or none.
    """
    told = np.isin(counted.grade, (Grade.INTERVALS, Grade.OBSERVED))
    open_hours = counted.open_hours
    least = np.where(told, counted.used - counted.doubted_used, 0)
    most = np.where(told, counted.used + counted.doubted_held + counted.doubted_stop, open_hours)
    total = counted.held_minutes * 60
    shut = counted.lasted(instant) - open_hours
    at_least, at_most = np.maximum(open_hours - total, 0), open_hours - np.clip(total - shut, 0, open_hours)
    both = stated(counted.grade, counted.held_minutes)
    both &= (np.maximum(least, at_least) <= np.minimum(most, at_most)) | ~told
    return np.where(both, np.maximum(least, at_least), least), np.where(both, np.minimum(most, at_most), most)
