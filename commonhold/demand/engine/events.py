"""Stored events as columns of whole numbers: what timelines are made of."""

from dataclasses import dataclass

from commonhold.demand.engine.columns import Columns, Longs


@dataclass(frozen=True, slots=True)
class Events(Columns):
    """Events as columns of whole numbers, NONE (or NEVER for an instant) where there is none.

    `content` is the digest of what the line says, `updated` when the desk last changed the row of a snapshot.
    `has_history`, `is_holds`, `own_resolved` and `own_closed` are those of the event's batch, and `exported` is the
    moment of which its file tells last. Of a file of holds an event with the state ON_HOLD begins a hold, and one
    without a state ends it. `place` is where its file stands among others: one that was read in another way since
    keeps its place. `whole_place` and `whole_until` are place and moment of the last file that tells every hold of the
    ticket's desk.
    """

    ticket: Longs
    batch: Longs
    line: Longs
    content: Longs
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
    updated: Longs
    verdict: Longs
    reopenings: Longs
    held_minutes: Longs
    has_history: Longs
    is_holds: Longs
    own_resolved: Longs
    own_closed: Longs
    exported: Longs
    place: Longs
    whole_place: Longs
    whole_until: Longs
