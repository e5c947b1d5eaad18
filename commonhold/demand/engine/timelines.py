"""From the stored events of many tickets to the timelines that the clock reads, and the facts at each last event.

Events come in the order of ticket, instant, batch and line (C10).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from commonhold.demand.engine.clock import STEP, Histories, Op
from commonhold.demand.engine.columns import NEVER, NONE, Bools, Grade, Longs, State
from commonhold.demand.engine.events import Events
from commonhold.demand.engine.telling import Rows, carried, rows_told

CHANGING: Final = (
    ("state", Op.STATE),
    ("priority", Op.PRIORITY),
    ("kind", Op.KIND),
    ("team", Op.TEAM),
    ("hold_reason", Op.HOLD_REASON),
)


@dataclass(frozen=True, slots=True)
class Timelines:
    """The histories of tickets, one for each, the events from which their facts are taken, and their grades (F5)."""

    tickets: Longs
    histories: Histories
    last: Events
    opened: Longs
    grade: Longs


def timelines(events: Events) -> Timelines:
    """One timeline for each ticket among the events; a step is written only where something changes."""
    rows = _rows(events)
    events, last = rows.events, rows.last
    begins = np.flatnonzero(np.diff(events.ticket, prepend=NONE) != 0)
    earliest = events.at[begins]
    opened = np.where(
        last.opened != NEVER, last.opened, np.where(events.opened[begins] != NEVER, events.opened[begins], earliest)
    )
    steps, counts = _steps(events, rows.doubt, begins, opened)
    offsets = np.concatenate(([0], np.cumsum(counts)))
    return Timelines(events.ticket[begins], Histories.of(steps, offsets), last, opened, rows.grade)


def _rows(events: Events) -> Rows:
    """Of histories alone every event counts, as it stands."""
    if not len(events) or not (events.has_history == 1).all():
        return rows_told(events)
    ends = np.flatnonzero(np.diff(events.ticket, append=NONE) != 0)
    return Rows(events, np.full(len(events), NONE), events.take(ends), np.full(len(ends), int(Grade.INTERVALS)))


def _steps(events: Events, doubt: Longs, begins: Longs, opened: Longs) -> tuple[np.ndarray, Longs]:
    """The steps of all tickets one after another, each ticket's opening first, and how many each has."""
    count = len(events)
    first = np.zeros(count, np.bool_)
    first[begins] = True
    # What the first event says of priority, kind and team was so from the opening on; its state is a step of its own.
    rows = [(begins, np.full(len(begins), -1), opened, np.full(len(begins), Op.OPENED), _packed(events.take(begins)))]
    state = carried(events.state, first)
    for number, (name, sets) in enumerate(CHANGING):
        if name == "hold_reason":
            filled = _reasons(events.hold_reason, state == State.ON_HOLD, first)
            changed = np.where(first, filled != NONE, np.diff(filled, prepend=NONE) != 0)
        elif name == "state":
            filled = state
            changed = ((np.diff(filled, prepend=NONE) != 0) | first) & (events.state != NONE)
        else:
            filled = np.maximum(getattr(events, name), 0)
            changed = (np.diff(filled, prepend=NONE) != 0) & ~first
        where = np.flatnonzero(changed)
        rows.append((where, np.full(len(where), number), events.at[where], np.full(len(where), sets), filled[where]))
    where = np.flatnonzero(doubt != NONE)
    rows.append(
        (where, np.full(len(where), len(CHANGING)), events.at[where], np.full(len(where), Op.DOUBT), doubt[where])
    )
    event, place, at, op, arg = (np.concatenate(column) for column in zip(*rows, strict=True))
    order = np.lexsort((place, event))
    steps = np.empty(len(order), STEP)
    steps["at"], steps["op"], steps["arg"] = at[order], op[order], arg[order]
    ticket_of = np.cumsum(first) - 1
    return steps, np.bincount(ticket_of[event], minlength=len(begins))


def _packed(events: Events) -> Longs:
    packed: Longs = np.maximum(events.priority, 0) | np.maximum(events.kind, 0) << 3 | np.maximum(events.team, 0) << 8
    return packed


def _reasons(said: Longs, on_hold: Bools, first: Bools) -> Longs:
    """The reason of the hold that each event is in, NONE where it is given none; after a hold, still that hold's.

    An event within a hold that gives no reason leaves it its own.
    """
    within = carried(np.where(on_hold, said, NONE), first | ~on_hold)
    places = np.where(on_hold | first, np.arange(len(said)), 0)
    reasons: Longs = within[np.maximum.accumulate(places)]
    return reasons
