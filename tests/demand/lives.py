"""True lives of tickets, and what a desk's exports would show of them."""

from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

import numpy as np

from commonhold.demand.engine.clock import Histories, Op, opened
from commonhold.demand.engine.clock.histories import STEP
from commonhold.demand.engine.columns import NEVER, NONE, Longs, State
from commonhold.demand.engine.events import Events
from commonhold.demand.engine.timelines import Timelines, timelines

HOUR = 3_600
BEGIN = 1_717_999_200
"""10 June 2024, a Monday, 7:00 in London."""


@dataclass(frozen=True)
class Life:
    """Changes of one ticket by instant: to which state, NONE where the desk changed something else; and to which
    priority.
    """

    begin: int
    changes: list[tuple[int, int]]
    priorities: tuple[tuple[int, int], ...] = ()

    @property
    def histories(self) -> Histories:
        steps = [opened(self.begin, priority=3)]
        steps += [(at, Op.STATE, state) for at, state in self.changes if state != NONE]
        steps += [(at, Op.PRIORITY, priority) for at, priority in self.priorities]
        return Histories.of(np.array(steps, STEP), [0, len(steps)])

    def seen_at(self, instant: int) -> tuple[int, int, int, int]:
        """State, last change, resolution and closing, as the desk's row shows them."""
        state, changed, resolved, closed = int(State.OPEN), self.begin, NEVER, NEVER
        for at, become in self.changes:
            if at > instant:
                break
            changed = at
            if become in (NONE, state):
                continue
            if become < State.RESOLVED:
                resolved = closed = NEVER
            elif become == State.RESOLVED:
                resolved = at if state < State.RESOLVED else resolved
            else:
                closed = at
                resolved = at if state < State.RESOLVED else resolved
            state = become
        changed = max([changed, *(at for at, _ in self.priorities if at <= instant)])
        return state, changed, resolved, closed

    def priority_at(self, instant: int) -> int:
        return [3, *(priority for at, priority in self.priorities if at <= instant)][-1]


def life(random: Random) -> Life:
    """Some changes in ten days, on the hour and off it."""
    instants = sorted(
        BEGIN + random.randrange(1, 240) * HOUR + random.choice((0, 17)) for _ in range(random.randrange(9))
    )
    states = (NONE, State.OPEN, State.IN_PROGRESS, State.ON_HOLD, State.ON_HOLD, State.RESOLVED, State.CLOSED)
    return Life(BEGIN, [(at, int(random.choice(states))) for at in instants])


def reprioritised(true: Life, exports: list[int], random: Random) -> Life:
    """The same life with at most one change of priority between two of these exports."""
    gaps = [gap for gap in pairwise(exports) if random.random() < 0.6]
    instants = [true.begin + random.randrange(first * HOUR + 1, last * HOUR + 1) for first, last in gaps]
    return replace(true, priorities=tuple((at, random.choice((1, 2, 3, 4))) for at in instants))


def told_by_snapshots(true: Life, exports: list[int], with_changes: bool) -> Timelines:
    """What snapshots of these hours say together."""
    rows = []
    for batch, hour in enumerate(exports, start=1):
        moment = true.begin + hour * HOUR
        state, changed, resolved, closed = true.seen_at(moment)
        dates = [(true.begin, int(State.OPEN)), (resolved, int(State.RESOLVED)), (closed, int(State.CLOSED))]
        told = sorted(date for date in dates if date[0] != NEVER)
        if told[-1][1] != state:
            told.append((NEVER, state))
        facts = {"resolved": resolved, "closed": closed, "updated": changed if with_changes else NEVER}
        priority = true.priority_at(moment)
        facts["priority"] = priority
        content = hash((state, resolved, closed, priority)) >> 1
        rows += [
            {"batch": batch, "at": at, "state": s, "exported": moment, "content": content} | facts for at, s in told
        ]
    for row in rows:
        row["place"] = row["batch"]
    rows.sort(key=lambda row: (row["at"], row["batch"]))
    nothing = {"ticket": 1, "line": 2, "opened": true.begin, "whole_place": NONE, "whole_until": NONE}
    nothing |= {"hold_reason": NONE, "verdict": NONE, "reopenings": NONE, "held_minutes": NONE}

    def column(name: str) -> Longs:
        return np.array([row.get(name, nothing.get(name, 0)) for row in rows], np.int64)

    return timelines(Events(**{name: column(name) for name in Events.__dataclass_fields__}))
