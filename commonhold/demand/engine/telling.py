"""Which stored events tell of a ticket, and what they say together.

A ticket of which some file told the history is read from its history alone; else its snapshots tell, one after another,
and the last one says the facts. What a file of holds says of a ticket is laid over that, unless its history tells its
holds itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from commonhold.demand.engine import holds, sightings
from commonhold.demand.engine.columns import NEVER, NONE, Bools, Columns, Grade, Longs, State
from commonhold.demand.engine.events import Events
from commonhold.demand.engine.sightings import LONG_AGO, Sightings


@dataclass(frozen=True, slots=True)
class Rows:
    """Events as the clock is to take them, by ticket and instant, and by ticket the facts and the grade (F5).

    `doubt` is 1 where from that event on nobody knows whether the ticket is on hold, 0 where that ends, NONE elsewhere.
    """

    events: Events
    doubt: Longs
    last: Events
    grade: Longs


@dataclass(frozen=True, slots=True)
class _Parts(Columns):
    """What is told, a row each: of which event the facts are, at which instant, and what it says.

    One says a `state`, adds `change` to the holds that the ticket is in, or says `doubt`; the others are NONE, or 0.
    """

    ticket: Longs
    row: Longs
    at: Longs
    rank: Longs
    order: Longs
    state: Longs
    reason: Longs
    change: Longs
    doubt: Longs

    @classmethod
    def of(cls, rank: int, ticket: Longs, row: Longs, at: Longs, **says: Longs) -> Self:
        nothing, nought = np.full(len(row), NONE), np.zeros(len(row), np.int64)
        says = {"order": nought, "state": nothing, "reason": nothing, "change": nought, "doubt": nothing, **says}
        return cls(ticket=ticket, row=row, at=at, rank=np.full(len(row), rank), **says)

    @property
    def told(self) -> Bools:
        """Which rows are what a desk said of its ticket, and not of holds alone."""
        told: Bools = self.rank == 0
        return told


@dataclass(frozen=True, slots=True)
class _Sources:
    """Which events count. By event the `number` of its ticket, from 0; by ticket what tells of it.

    `held` are the events of the file of holds that counts for a ticket. One is `covered` where a file of holds proves
    its holds, `until` an instant (else LONG_AGO).
    """

    number: Longs
    has_history: Bools
    history: Longs
    held: Longs
    seen: Sightings
    covered: Bools
    until: Longs


def rows_told(events: Events) -> Rows:
    """What events of any kind say together."""
    events = events.take(np.isin(events.ticket, events.ticket[events.is_holds != 1]))
    sources = _sources(events)
    grade = _grades(events, sources)
    parts = _in_order(_parts(events, sources, grade))
    first = np.diff(parts.ticket, prepend=NONE) != 0
    # What says nothing but of holds has the facts of the event before it.
    row = parts.row[np.maximum.accumulate(np.where(parts.told, np.arange(len(parts)), 0))]
    state, reason = _with_holds(parts, sources, first)
    made = replace(events.take(row), at=parts.at, state=state, hold_reason=reason)
    return Rows(made, parts.doubt, _last(events, sources, parts), grade)


def _sources(events: Events) -> _Sources:
    begins = np.flatnonzero(np.diff(events.ticket, prepend=NONE) != 0)
    tickets = len(begins)
    number = np.repeat(np.arange(tickets), np.diff(np.append(begins, len(events))))
    of_holds = events.is_holds == 1
    from_history = (events.has_history == 1) & ~of_holds
    has_history = _any(number, from_history, tickets)
    tells_holds = _any(number, from_history & (events.state == State.ON_HOLD), tickets)
    seen = sightings.sightings(events, np.flatnonzero(~of_holds & ~has_history[number]), number)
    listing = np.full(tickets, NONE)
    np.maximum.at(listing, number[of_holds], events.place[of_holds])
    # A later file that tells every hold of the desk takes the place of what an earlier one lists.
    whole = events.whole_place[begins]
    held = of_holds & (events.place == listing[number]) & (listing >= whole)[number] & ~tells_holds[number]
    until = np.where(whole != NONE, events.whole_until[begins], LONG_AGO)
    until[number[held]] = events.exported[held]
    last, ended = seen.last, np.full(tickets, NEVER)
    ended[seen.ticket[last]] = np.minimum(sightings.stopped_at(seen), seen.seen)[last]
    covered = _any(number, held, tickets) | (~has_history & (whole != NONE) & (ended <= until))
    return _Sources(
        number=number,
        has_history=has_history,
        history=np.flatnonzero(from_history),
        held=np.flatnonzero(held),
        seen=seen,
        covered=covered,
        until=np.where(covered, until, LONG_AGO),
    )


def _any(number: Longs, which: Bools, tickets: int) -> Bools:
    """The tickets of which there is one of these events."""
    there: Bools = np.bincount(number[which], minlength=tickets) > 0
    return there


def _grades(events: Events, sources: _Sources) -> Longs:
    seen, tickets = sources.seen, len(sources.covered)
    held_minutes = np.full(tickets, NONE)
    held_minutes[seen.ticket[seen.last]] = events.held_minutes[seen.row[seen.last]]
    proven = sources.has_history | sources.covered
    return np.where(proven, Grade.INTERVALS, sightings.grades(seen, held_minutes, tickets))


def _parts(events: Events, sources: _Sources, grade: Longs) -> list[_Parts]:
    history, seen, held, number = sources.history, sources.seen, sources.held, sources.number
    made = sightings.states(seen)
    begins = events.state[held] == State.ON_HOLD
    doubt = sightings.doubt(seen, sources.until)
    # Where not even two snapshots tell of a ticket, its grade says already that all is in doubt.
    doubt = doubt.take(np.isin(grade[doubt.ticket], (Grade.OBSERVED, Grade.INTERVALS)))
    ending = doubt.take(doubt.ends != NEVER)
    rows_of = np.searchsorted(number, doubt.ticket), np.searchsorted(number, ending.ticket)
    return [
        _Parts.of(
            0, number[history], history, events.at[history], state=events.state[history],
            reason=events.hold_reason[history],
        ),
        _Parts.of(
            0, number[made.row], made.row, made.at, order=made.order, state=made.state,
            reason=events.hold_reason[made.row],
        ),
        _Parts.of(
            1, number[held], held, events.at[held], order=np.where(begins, 0, 1), change=np.where(begins, 1, -1),
            reason=np.where(begins, events.hold_reason[held], NONE),
        ),
        _Parts.of(2, doubt.ticket, rows_of[0], doubt.begins, doubt=np.ones(len(doubt), np.int64)),
        _Parts.of(2, ending.ticket, rows_of[1], ending.ends, doubt=np.zeros(len(ending), np.int64)),
    ]  # fmt: skip


def _in_order(parts: list[_Parts]) -> _Parts:
    """By ticket and instant, none before the first that is told of its ticket."""
    names = (one.name for one in fields(_Parts))
    joined = _Parts(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})
    earliest = np.full(int(joined.ticket.max(initial=NONE)) + 1, NEVER)
    np.minimum.at(earliest, joined.ticket[joined.told], joined.at[joined.told])
    joined = replace(joined, at=np.where(joined.told, joined.at, np.maximum(joined.at, earliest[joined.ticket])))
    return joined.take(np.lexsort((joined.order, joined.rank, joined.at, joined.ticket)))


def _with_holds(parts: _Parts, sources: _Sources, first: Bools) -> tuple[Longs, Longs]:
    """The state that each row says, and the reason of a hold, with what files of holds say."""
    covered = sources.covered[parts.ticket]
    if not covered.any():
        return parts.state, parts.reason
    base, until = carried(parts.state, first), sources.until[parts.ticket]
    state, spoken = holds.overlaid(
        first=first, base=base, change=parts.change, told=parts.told, at=parts.at, until=until
    )
    reason = np.where(covered & spoken & parts.told, NONE, parts.reason)
    return np.where(covered, state, parts.state), reason


def _last(events: Events, sources: _Sources, parts: _Parts) -> Events:
    """The events with the facts of each ticket, at the last instant that is told of it."""
    seen, tickets = sources.seen, len(sources.covered)
    places, latest = np.zeros(tickets, np.int64), np.full(tickets, LONG_AGO)
    places[sources.number[sources.history]] = sources.history
    places[seen.ticket[seen.last]] = seen.row[seen.last]
    np.maximum.at(latest, parts.ticket[parts.told], parts.at[parts.told])
    return replace(events.take(places), at=latest)


def carried(values: Longs, first: Bools) -> Longs:
    """Each value, or the last one before it of the same ticket where it has none."""
    places = np.where((values != NONE) | first, np.arange(len(values)), 0)
    found: Longs = values[np.maximum.accumulate(places)]
    return found


def places(replaced: Mapping[int, int]) -> dict[int, int]:
    """By batch that took the place of others, where its file stands: where the first of them stood.

    `replaced` gives by batch the one that took its place.
    """
    found: dict[int, int] = {}
    for number, by in sorted(replaced.items()):
        found[by] = min(found.get(by, by), found.get(number, number))
    return found
