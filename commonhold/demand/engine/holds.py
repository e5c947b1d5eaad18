"""Companion files of holds: what is wrong with their rows, and what they say of a ticket's states (F5).

Such a file tells every hold of the tickets that it lists, through its last instant. Within them a ticket that is not
stopped is on hold, and outside them it is not, whatever snapshots say; what it did after that instant they say.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from commonhold.demand.engine.columns import Bools, Longs, State
from commonhold.demand.engine.rows import Problem, shown


@dataclass(frozen=True, slots=True)
class Hold:
    """A row of the file: from when to when (None: still) a ticket was on hold, in seconds."""

    line: int
    reference: str
    begins: int
    ends: int | None


def problems(holds: Iterable[Hold], opened: Callable[[str], int | None], zone: ZoneInfo) -> Iterator[Problem]:
    """What is wrong with rows beside each other and beside their tickets.

    `opened` gives the opening of a ticket, None of one that is not there; messages name instants in the zone.
    """

    def said(instant: int) -> str:
        return f"{datetime.fromtimestamp(instant, zone):%-d %B %Y at %H:%M}"

    of_ticket: dict[str, list[Hold]] = {}
    for hold in holds:
        of_ticket.setdefault(hold.reference, []).append(hold)
    for reference, listed in of_ticket.items():
        began = opened(reference)
        if began is None:
            words = "has no ticket at this desk: import its tickets first, or look at the desk that the mapping names."
            yield from (
                Problem(hold.line, "reference", shown(reference), f"'{shown(reference)}' {words}") for hold in listed
            )
            continue
        last: Hold | None = None
        for hold in sorted(listed, key=lambda one: (one.begins, one.line)):
            if hold.begins < began:
                words = f"The hold begins on {said(hold.begins)}, before its ticket was opened on {said(began)}."
            elif last is not None and (last.ends is None or hold.begins < last.ends):
                until = "is not said to end" if last.ends is None else f"ends on {said(last.ends)}"
                words = (
                    f"The hold begins on {said(hold.begins)}, within the hold of line {last.line}, which {until}. "
                    "A ticket is on hold once at a time: put one of them right, or leave it out."
                )
            else:
                last = hold
                continue
            yield Problem(hold.line, "reference", shown(reference), words)


def overlaid(*, first: Bools, base: Longs, change: Longs, told: Bools, at: Longs, until: Longs) -> tuple[Longs, Bools]:
    """The state from each row on, of tickets that a file of holds covers; and for which rows it speaks.

    Rows stand by ticket and instant. `base` is the state without the file, `change` what a row adds to the holds that a
    ticket is in, `told` whether a row says a state, `until` the last instant of which the file tells.
    """
    inside = _within(np.cumsum(change), first) > 0
    spoken = _within(np.cumsum(told & (at > until)), first) == 0
    state = np.where(base >= State.RESOLVED, base, np.where(inside, State.ON_HOLD, _at_work(base)))
    return np.where(spoken, state, base), spoken


def _at_work(base: Longs) -> Longs:
    return np.where(base == State.ON_HOLD, State.IN_PROGRESS, base)


def _within(sums: Longs, first: Bools) -> Longs:
    """Sums over all rows as sums within each ticket, whose first row adds nothing of the one before."""
    begins = np.flatnonzero(first)
    before = np.where(begins > 0, sums[begins - 1], 0)
    within: Longs = sums - before[np.cumsum(first) - 1]
    return within
