"""Histories as the clock reads them: steps in order of instant (C10), one timeline after another in one flat array.

A timeline is what the database keeps of a ticket: its bytes joined with those of millions of others are the array.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Any, Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from commonhold.demand.engine.columns import Kind, Longs, State
from commonhold.partnership.engine.rules.hold_reasons import REASONS
from commonhold.partnership.engine.rules.targets import PRIORITIES

STEP: Final = np.dtype([("at", "<i8"), ("op", "<i4"), ("arg", "<i4")])
"""One step: the instant, in seconds since 1970; what it sets (Op); and to what."""

Steps: TypeAlias = NDArray[np.void]
Step: TypeAlias = tuple[int, int, int]

SINCE_EVER: Final = -(2**40)
"""An instant before every opening: a step then is in force from the opening on."""

ANY: Final = 2**31 - 1

COUNTS: Final = len(REASONS)
"""The reason of a hold whose time counts whatever the agreement accepts: as corrected, or as somebody claims."""


class Op(IntEnum):
    """What a step sets. Timelines are stored, so a number is never given another meaning.

    Stored timelines set priority and kind, and the rules in force give target and calendar. TARGET (in minutes, -1
    for none) and CALENDAR (its place in `Compiled.names`) are for histories that name these outright. HOLD_REASON (its
    place in REASONS, -1 for none, or COUNTS) stays until the next one, through holds that end and begin. DOUBT (1 from
    here on, 0 no longer) says where the source does not tell whether the ticket was on hold (F5): it changes no minute.
    """

    OPENED = 0
    STATE = 1
    PRIORITY = 2
    KIND = 3
    TEAM = 4
    HOLD_REASON = 5
    TARGET = 6
    CALENDAR = 7
    DOUBT = 8


LEAST: Final = np.array([0, 0, 0, 0, 0, -1, -1, 0, 0], np.int32)
MOST: Final = np.array([ANY, max(State), len(PRIORITIES), max(Kind), ANY, COUNTS, ANY, ANY, 1], np.int32)
"""What a step of each Op may set."""


def opened(at: int, *, priority: int = 0, kind: int = 0, team: int = 0) -> Step:
    """The first step of every timeline: the opening, in state `open`, with what the ticket had then (0: none)."""
    return at, Op.OPENED, priority | kind << 3 | team << 8


def at_opening(arg: int) -> tuple[int, int, int]:
    """The priority, kind and team that an opening sets."""
    return arg & 7, arg >> 3 & 31, arg >> 8


def timeline(steps: Iterable[Step]) -> bytes:
    """One ticket's steps, the opening first and the others in any order, as the bytes that are kept."""
    rows = list(steps)
    return Histories.of(np.array(rows, dtype=STEP), [0, len(rows)]).steps.tobytes()


@dataclass(frozen=True, eq=False, slots=True)
class Histories:
    """Timelines one after another: ticket n has the steps from `offsets[n]` up to, not including, `offsets[n + 1]`.

    Each timeline begins with its opening; the other steps follow in order of instant, those of one instant in the
    order given. `calendars` is one more than the highest number that a CALENDAR step names.
    """

    steps: Steps
    offsets: Longs
    calendars: int

    def __post_init__(self) -> None:
        # Never to be written, wherever they come from: the kernel is then compiled for one kind of array only.
        steps = self.steps.view()
        steps.flags.writeable = False
        object.__setattr__(self, "steps", steps)

    @classmethod
    def of(cls, steps: Steps, offsets: Any) -> Self:
        """Histories whose steps, of dtype STEP, may come in any order behind the opening; nonsense is refused."""
        bounds = np.asarray(offsets, dtype=np.int64)
        if len(bounds) == 0 or bounds[0] != 0 or bounds[-1] != len(steps) or np.any(np.diff(bounds) < 1):
            raise ValueError("Each history needs at least its opening, and the offsets must cover all steps.")
        calendars = _check(steps, bounds)
        return cls(_in_order(steps, bounds), bounds, calendars)

    @classmethod
    def joined(cls, timelines: Iterable[bytes | memoryview]) -> Self:
        """The histories of kept timelines, in the order given."""
        kept = list(timelines)
        sizes = np.fromiter(map(len, kept), dtype=np.int64, count=len(kept))
        if np.any(sizes % STEP.itemsize):
            raise ValueError(f"A timeline is a whole number of steps of {STEP.itemsize} bytes.")
        offsets = np.concatenate(([0], np.cumsum(sizes // STEP.itemsize)))
        return cls.of(np.frombuffer(b"".join(kept), dtype=STEP), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def opened(self) -> Longs:
        """The opening of each ticket."""
        instants: Longs = self.steps["at"][self.offsets[:-1]]
        return instants

    @property
    def longest(self) -> int:
        """The number of steps of the longest timeline."""
        return int(np.diff(self.offsets).max(initial=0))

    def timeline(self, ticket: int) -> bytes:
        """The bytes that are kept of one ticket."""
        return self._of(ticket).tobytes()

    def timelines(self) -> list[bytes]:
        """The bytes that are kept of each ticket, in order."""
        kept, bounds = self.steps.tobytes(), (self.offsets * STEP.itemsize).tolist()
        return [kept[first:until] for first, until in pairwise(bounds)]

    def one(self, ticket: int) -> list[Step]:
        """The steps of one ticket."""
        return [(int(at), int(op), int(arg)) for at, op, arg in self._of(ticket).tolist()]

    def _of(self, ticket: int) -> Steps:
        return self.steps[self.offsets[ticket] : self.offsets[ticket + 1]]


def _check(steps: Steps, offsets: Longs) -> int:
    """Refuse steps that set what there is not; returns one more than the highest calendar that they name."""
    op, arg = steps["op"], steps["arg"]
    wrong = (op < 0) | (op >= len(Op))
    known = np.where(wrong, 0, op)
    wrong |= (arg < LEAST[known]) | (arg > MOST[known])
    wrong |= op == Op.OPENED
    first = arg[offsets[:-1]]
    wrong[offsets[:-1]] = (op[offsets[:-1]] != Op.OPENED) | (first < 0)
    wrong[offsets[:-1]] |= ((first & 7) > len(PRIORITIES)) | ((first >> 3 & 31) > max(Kind))
    if np.any(wrong):
        row = int(np.argmax(wrong))
        ticket = int(np.searchsorted(offsets, row, side="right")) - 1
        raise ValueError(
            f"Step {row - offsets[ticket]} of history {ticket} (both from 0) makes no sense: {steps[row]}. "
            "A history begins with its one opening; see Op for what a step sets."
        )
    return int(arg[op == Op.CALENDAR].max(initial=-1)) + 1


def _in_order(steps: Steps, offsets: Longs) -> Steps:
    """The steps of each ticket in order of instant behind its opening, stable at one instant (C10)."""
    at = steps["at"]
    earlier = np.flatnonzero(at[1:] < at[:-1]) + 1
    ticket = np.searchsorted(offsets, earlier, side="right") - 1
    # An opening, and the step behind it, begin anew: steps before the opening stand behind it too.
    unsorted = np.unique(ticket[earlier - offsets[ticket] > 1])
    if not len(unsorted):
        return steps
    put_right = steps.copy()
    for n in unsorted:
        rest = slice(offsets[n] + 1, offsets[n + 1])
        put_right[rest] = steps[rest][np.argsort(at[rest], kind="stable")]
    return put_right
