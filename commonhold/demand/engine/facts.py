"""The facts of tickets at their last event: the source's own words where it has them, else what the history says."""

from dataclasses import dataclass

import numpy as np

from commonhold.demand.engine.clock import Reckoned
from commonhold.demand.engine.columns import NONE, Grade, Longs
from commonhold.demand.engine.timelines import Timelines


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
