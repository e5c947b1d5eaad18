"""Changes of priority and kind that exports show and do not date (F5): the histories that may have been instead.

A change seen in an export counts from when it was seen. It may have come at any moment since the export before, which
is the stretch of which the timeline says that nobody knows. What a clock says lies between the earliest and the latest
moment of each change, as far as one of the two calendars lies within the other.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from commonhold.demand.engine.clock.histories import Histories, Op
from commonhold.demand.engine.columns import NONE, Bools, Longs

TOLD_APART: Final = 3
"""Changes of one ticket that are moved each on its own; those after them are moved together."""


@dataclass(frozen=True, eq=False, slots=True)
class Otherwise:
    """Histories that may have been: history n is one of ticket `tickets[n]`, as a number among those asked about."""

    tickets: Longs
    histories: Histories

    def __len__(self) -> int:
        return len(self.tickets)


def otherwise(histories: Histories) -> Otherwise:
    """Each ticket's histories in which some of its undated changes came as early as they can have come, and the others
    when they were seen: one for every choice of such changes but that of none.
    """
    steps, offsets = histories.steps, histories.offsets
    if not (steps["op"] == Op.DOUBT).any():
        return Otherwise(np.empty(0, np.int64), Histories(steps[:0], np.zeros(1, np.int64), histories.calendars))
    earliest, number = _earliest(histories)
    undated = np.maximum.reduceat(number, offsets[:-1])
    choices = np.where(undated > 0, 2**undated - 1, 0)
    tickets = np.repeat(np.arange(len(histories)), choices)
    choice = np.arange(len(tickets)) - np.repeat(np.cumsum(choices) - choices, choices) + 1
    lengths = np.diff(offsets)[tickets]
    bounds = np.concatenate(([0], np.cumsum(lengths)))
    places = np.arange(bounds[-1]) + np.repeat(offsets[:-1][tickets] - bounds[:-1], lengths)
    chosen = (np.repeat(choice, lengths) >> np.maximum(number[places] - 1, 0)) & 1
    made = steps[places]
    made["at"] = np.where((number[places] > 0) & (chosen == 1), earliest[places], made["at"])
    return Otherwise(tickets, Histories.of(made, bounds))


def _earliest(histories: Histories) -> tuple[Longs, Longs]:
    """By step, when what it sets can have been so at the earliest, and the number of its undated change within its
    ticket, from 1; 0 for all steps that are dated.
    """
    steps, offsets = histories.steps, histories.offsets
    ticket = np.repeat(np.arange(len(histories)), np.diff(offsets))
    places = np.arange(len(steps))
    begins_moment = (np.diff(ticket, prepend=NONE) != 0) | (np.diff(steps["at"], prepend=0) != 0)
    moment = np.maximum.accumulate(np.where(begins_moment, places, 0))
    told = np.maximum.accumulate(np.where(steps["op"] == Op.DOUBT, places, NONE))
    # What was in doubt until this moment, whether or not it still is.
    last = told[np.maximum(moment - 1, 0)]
    in_doubt: Bools = (moment > offsets[ticket]) & (last >= offsets[ticket]) & (steps["arg"][last] == 1)
    undated = in_doubt & np.isin(steps["op"], (Op.PRIORITY, Op.KIND))
    earlier = np.roll(np.maximum.accumulate(np.where(undated, moment, NONE)), 1)
    earlier[0] = NONE
    new = undated & (earlier != moment)
    so_far = np.cumsum(new)
    number = so_far - (so_far - new)[offsets[:-1]][ticket]
    return np.where(undated, steps["at"][last], steps["at"]), np.where(undated, np.minimum(number, TOLD_APART), 0)
