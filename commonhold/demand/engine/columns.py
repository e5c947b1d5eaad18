"""Tickets as columns: what measures are computed from, one flat array per fact.

Codes are database ids, 0 where a ticket has none; instants are seconds since 1970, UTC. A fact is that of the ticket's
last event as it is known, whatever instant the clock is read at (F7).
"""

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

NEVER: Final = 2**63 - 1
"""An instant that did not come."""

NONE: Final = -1
"""A count, a target or minutes that nobody stated."""

Longs: TypeAlias = NDArray[np.int64]
Ints: TypeAlias = NDArray[np.int32]
Bytes: TypeAlias = NDArray[np.int8]
Bools: TypeAlias = NDArray[np.bool_]


class State(IntEnum):
    """The states of the service-level clock (C4); NOT_YET before a ticket's first event."""

    NOT_YET = -1
    OPEN = 0
    IN_PROGRESS = 1
    ON_HOLD = 2
    REOPENED = 3
    RESOLVED = 4
    CLOSED = 5
    CANCELLED = 6


class Kind(IntEnum):
    INCIDENT = 0
    REQUEST = 1
    PROBLEM = 2
    CHANGE = 3


class Grade(IntEnum):
    """What a ticket's source can prove about its holds (F5)."""

    NONE = 0
    TOTAL = 1
    OBSERVED = 2
    INTERVALS = 3


class Verdict(IntEnum):
    """The desk's own flag: did the ticket meet its target (F4)?"""

    UNKNOWN = -1
    MISSED = 0
    MET = 1


@dataclass(frozen=True, slots=True)
class Columns:
    """Arrays of one length: row n of each belongs to the same thing."""

    def __post_init__(self) -> None:
        lengths = {name: len(array) for name, array in self._arrays().items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"Columns of different lengths: {lengths}")

    def __len__(self) -> int:
        return next(iter(map(len, self._arrays().values())))

    def take(self, rows: Longs | Bools) -> Self:
        """The same columns, of these rows alone."""
        return type(self)(**{name: array[rows] for name, array in self._arrays().items()})

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {f.name: getattr(self, f.name) for f in fields(self)}


@dataclass(frozen=True, slots=True)
class Tickets(Columns):
    """The tickets of a service at one state of knowledge.

    `resolved` and `closed` are the source's own columns where its mapping has them (`own_resolved`, `own_closed`; a
    blank is never filled), else the history's: the last resolution or closing that stands at the last event, NEVER
    after a reopening. `last_event` is the last instant the source tells of. `source_reopens` and `held_minutes` are
    the source's own totals, NONE where it has none. `answering` is the party that answers for all of the ticket's
    minutes, whoever had it, 0 where each team's does. `corrected` says whether a
    correction of any fact stands, `excluded` whether the ticket is left out of figures.
    """

    id: Longs
    partner: Ints
    priority: Bytes
    kind: Bytes
    team: Ints
    service: Ints
    category: Ints
    party: Ints
    answering: Ints
    opened: Longs
    resolved: Longs
    closed: Longs
    last_event: Longs
    own_resolved: Bools
    own_closed: Bools
    verdict: Bytes
    grade: Bytes
    source_reopens: Ints
    held_minutes: Longs
    excluded: Bools
    corrected: Bools
    has_history: Bools

    def touching(self, first: int, last: int) -> Bools:
        """Those that can matter to the instants from first to last: all others need not be read on the clock."""
        ended = (self.closed < first) & ((self.resolved < first) | (self.resolved == NEVER)) & (self.last_event < first)
        touching: Bools = (self.opened <= last) & ~ended
        return touching


@dataclass(frozen=True, slots=True)
class Reading(Columns):
    """What the clock says of each ticket at one instant, whose own events count.

    `used` and `held` are seconds on the clock and on hold so far, `used` NONE where no calendar is in force;
    `least` and `most` are what `used` could be, given what the source proves about holds (F5), `least_held` and
    `most_held` what `held` could be; `in_doubt` says whether nobody knows, at that instant, if the ticket is on
    hold, and `could_be_breached` whether a target was missed if all that is in doubt was used. `target` is the latest
    target in seconds, NONE where none is in force; `had_target` says whether one ever was. `closed` says whether a
    closing stands, which a later state that stops the clock does not undo. `reopenings` and `reassignments` are counts
    so far.
    """

    state: Bytes
    used: Longs
    least: Longs
    most: Longs
    held: Longs
    least_held: Longs
    most_held: Longs
    in_doubt: Bools
    breached: Bools
    could_be_breached: Bools
    target: Longs
    had_target: Bools
    closed: Bools
    reopenings: Ints
    reassignments: Ints


@dataclass(frozen=True, slots=True)
class Readings:
    """The clock read three times: just before a period, at its end, and at the as-of instant of the figures.

    Where the figures are read at the end of their period, `at_end` and `as_of` are the same reading.
    """

    before: Reading
    at_end: Reading
    as_of: Reading

    def __len__(self) -> int:
        return len(self.as_of)

    def take(self, rows: Longs | Bools) -> "Readings":
        at_end = self.at_end.take(rows)
        as_of = at_end if self.as_of is self.at_end else self.as_of.take(rows)
        return Readings(self.before.take(rows), at_end, as_of)


@dataclass(frozen=True, slots=True)
class Credits(Columns):
    """Who held the minutes: the seconds of each ticket that a team and its responsible party used (C11)."""

    ticket: Longs
    team: Ints
    party: Ints
    seconds: Longs
