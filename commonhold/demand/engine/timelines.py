"""From the stored events of many tickets to the timelines that the clock reads, and the facts at each last event.

Events come in the order of ticket, instant, batch and line (C10). A ticket of which some file told the history is read
from its history alone; else its last snapshot tells all that is known.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from commonhold.demand.engine.clock import STEP, Histories, Op
from commonhold.demand.engine.columns import NEVER, NONE, Bools, Columns, Longs, State


@dataclass(frozen=True, slots=True)
class Events(Columns):
    """Events as columns of whole numbers, NONE (or NEVER for an instant) where there is none.

    `has_history`, `own_resolved` and `own_closed` are those of the event's batch; an event without an instant stands
    at the moment at which its file was made.
    """

    ticket: Longs
    batch: Longs
    line: Longs
    at: Longs
    state: Longs
    hold_reason: Longs
    priority: Longs
    kind: Longs
    team: Longs
    partner: Longs
    service: Longs
    category: Longs
    opened: Longs
    resolved: Longs
    closed: Longs
    verdict: Longs
    reopenings: Longs
    held_minutes: Longs
    has_history: Longs
    own_resolved: Longs
    own_closed: Longs


CHANGING: Final = (
    ("state", Op.STATE),
    ("priority", Op.PRIORITY),
    ("kind", Op.KIND),
    ("team", Op.TEAM),
    ("hold_reason", Op.HOLD_REASON),
)


@dataclass(frozen=True, slots=True)
class Timelines:
    """The histories of tickets, one for each, and the events from which their facts are taken."""

    tickets: Longs
    histories: Histories
    last: Events
    opened: Longs


def timelines(events: Events) -> Timelines:
    """One timeline for each ticket among the events; a step is written only where something changes."""
    events = _told(events)
    begins = np.flatnonzero(np.diff(events.ticket, prepend=NONE) != 0)
    ends = np.append(begins[1:], len(events)) - 1
    last = events.take(ends)
    earliest = events.at[begins]
    opened = np.where(
        last.opened != NEVER, last.opened, np.where(events.opened[begins] != NEVER, events.opened[begins], earliest)
    )
    steps, counts = _steps(events, begins, opened)
    offsets = np.concatenate(([0], np.cumsum(counts)))
    return Timelines(events.ticket[begins], Histories.of(steps, offsets), last, opened)


def _told(events: Events) -> Events:
    """The events that tell: all of a history, else those of the last line of the last snapshot."""
    begins = np.flatnonzero(np.diff(events.ticket, prepend=NONE) != 0)
    counts = np.diff(np.append(begins, len(events)))
    histories = np.repeat(np.maximum.reduceat(events.has_history, begins), counts) if len(begins) else np.empty(0)
    if (events.has_history == 1).all():
        return events
    place = (events.batch << 32) | events.line
    newest = np.repeat(np.maximum.reduceat(place, begins), counts)
    return events.take(np.where(histories == 1, events.has_history == 1, place == newest))


def _steps(events: Events, begins: Longs, opened: Longs) -> tuple[np.ndarray, Longs]:
    """The steps of all tickets one after another, each ticket's opening first, and how many each has."""
    count = len(events)
    first = np.zeros(count, np.bool_)
    first[begins] = True
    # What the first event says of priority, kind and team was so from the opening on; its state is a step of its own.
    rows = [(begins, np.full(len(begins), -1), opened, np.full(len(begins), Op.OPENED), _packed(events.take(begins)))]
    state = _carried(events.state, first)
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
    within = _carried(np.where(on_hold, said, NONE), first | ~on_hold)
    places = np.where(on_hold | first, np.arange(len(said)), 0)
    reasons: Longs = within[np.maximum.accumulate(places)]
    return reasons


def _carried(values: Longs, first: Bools) -> Longs:
    """Each value, or the last one before it of the same ticket where it has none."""
    places = np.where((values != NONE) | first, np.arange(len(values)), 0)
    carried: Longs = values[np.maximum.accumulate(places)]
    return carried
