"""What snapshots prove of a ticket, one after another (F5).

A snapshot shows the state at the moment of its export and, where the desk says when it last changed the row, since
then. Between one export and the next change that is seen nothing is known. As read, a state lasts until that change.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from commonhold.demand.engine.columns import NEVER, NONE, Bools, Columns, Grade, Longs, State
from commonhold.demand.engine.events import Events

OPENING, RESOLUTION, CLOSING, PRESENT = range(4)
"""What a row that follows from a sighting says, in the order in which rows of one instant apply."""


@dataclass(frozen=True, slots=True)
class Sightings:
    """What was seen, by ticket and moment: element n of each column is about the same sighting.

    `ticket` counts tickets from 0 and `row` is an event of the sighting, for its facts. `seen` is the moment, `before`
    that of the sighting before it, or the opening. `changed` is since when the state is known, NEVER where it is not;
    it is `same` where nothing changed since the sighting before.
    """

    ticket: Longs
    row: Longs
    first: Bools
    last: Bools
    seen: Longs
    before: Longs
    changed: Longs
    same: Bools
    state: Longs
    was_running: Bools
    undated: Bools
    told_again: Bools
    opened: Longs
    resolved: Longs
    closed: Longs

    @property
    def running(self) -> Bools:
        return self.state < State.RESOLVED

    def counts(self, tickets: int) -> Longs:
        return np.bincount(self.ticket, minlength=tickets)

    @property
    def stands(self) -> Bools:
        """Where a stop seen before is the one that is seen now: a reopening would have moved its date."""
        dates = (self.resolved, self.closed)
        same = [(date != NEVER) & (date == np.roll(date, 1)) for date in dates]
        stands: Bools = ~self.first & ~self.running & ~self.was_running & (same[0] | same[1])
        return stands

    def ever_open(self, tickets: int) -> Bools:
        """Which tickets were seen before they stopped, or have stopped anew between two exports."""
        at_work = self.running | ~(self.first | self.stands)
        seen: Bools = np.bincount(self.ticket, at_work, minlength=tickets) > 0
        return seen


def sightings(events: Events, rows: Longs, ticket: Longs) -> Sightings:
    """The sightings that these rows of snapshots tell of; `ticket` is by row the number of its ticket.

    Of two lines of one file the last counts; of files the last one, and those before it of earlier moments.
    """
    rows = rows[np.lexsort((rows, events.line[rows], events.place[rows], events.ticket[rows]))]
    number, place = ticket[rows], events.place[rows]
    ends = (np.diff(number, append=NONE) != 0) | (np.diff(place, append=NONE) != 0)
    rows, number = rows[ends], number[ends]
    rows = rows[_rising(number, events.exported[rows])]
    number, seen = ticket[rows], events.exported[rows]
    first, last = np.diff(number, prepend=NONE) != 0, np.diff(number, append=NONE) != 0
    opened = events.opened[rows][last][number_among(number[last], number)]
    before = np.where(first, opened, np.roll(seen, 1))
    state = events.state[rows]
    told_again = ~first & (events.content[rows] == np.roll(events.content[rows], 1))
    updated = np.where(events.updated[rows] <= seen, events.updated[rows], NEVER)
    # A row that says something new cannot have been changed last before it was seen as it was.
    updated = np.where(~first & ~told_again & (updated <= before), NEVER, updated)
    return Sightings(
        ticket=number,
        row=rows,
        first=first,
        last=last,
        seen=seen,
        before=before,
        changed=updated,
        same=updated <= before,
        state=state,
        was_running=~first & (np.roll(state, 1) < State.RESOLVED),
        undated=events.at[rows] == NEVER,
        told_again=told_again,
        opened=opened,
        resolved=events.resolved[rows],
        closed=events.closed[rows],
    )


def number_among(values: Longs, wanted: Longs) -> Longs:
    """The place of each wanted value among these, which are in order."""
    places: Longs = np.searchsorted(values, wanted)
    return places


def _rising(ticket: Longs, seen: Longs) -> Bools:
    """Which sightings of a ticket, in order of file, are of a moment before all later ones: an older export that was
    brought after a newer one takes its place.
    """
    if not len(ticket):
        return np.zeros(0, np.bool_)
    width = int(seen.max() - seen.min()) + 1
    keys = ticket * width + (seen - seen.min())
    earliest = np.minimum.accumulate(keys[::-1])[::-1]
    rising: Bools = keys < np.append(earliest[1:], NEVER)
    return rising


@dataclass(frozen=True, slots=True)
class Made:
    """Rows that follow from sightings: of which event the facts are, at which instant, with which state."""

    row: Longs
    at: Longs
    state: Longs
    order: Longs


def states(seen: Sightings) -> Made:
    """The rows of the states as seen: the opening, resolutions and closings with the dates that the desk gives them,
    and each present state that no date explains from when it is known.
    """
    ended = np.where(seen.state == State.CANCELLED, State.CANCELLED, State.CLOSED)
    parts = [(seen.first, seen.opened, np.full(len(seen.row), State.OPEN), OPENING)]
    dropped, told = np.zeros(len(seen.row), np.bool_), np.zeros(len(seen.row), np.bool_)
    latest = seen.opened
    for dates, state, order in (
        (seen.resolved, np.full(len(seen.row), State.RESOLVED), RESOLUTION),
        (seen.closed, ended, CLOSING),
    ):
        dated = dates != NEVER
        # It was seen at work after this date, so the date is of an earlier stop, or wrong.
        against = dated & seen.was_running & (dates <= seen.before)
        fresh = dated & ~against & (seen.first | (dates != np.roll(dates, 1)))
        parts.append((fresh, dates, state, order))
        dropped, told = dropped | against, told | fresh
        latest = np.where(dated & ~against & (dates <= seen.seen), np.maximum(latest, dates), latest)
    known = np.where(seen.changed != NEVER, np.maximum(seen.changed, seen.before), seen.seen)
    # What is new of a ticket that had stopped before is so since it was changed, and not since the stop.
    explained = ~seen.undated & ~dropped & ~seen.stands & (seen.first | ~seen.running)
    present = seen.undated | dropped | (~seen.first & ~seen.told_again & ~told)
    parts.append((present, np.where(explained, latest, np.maximum(known, latest)), seen.state, PRESENT))
    made = []
    for which, instants, become, number in parts:
        places = np.flatnonzero(which)
        made.append((seen.row[places], instants[places], become[places], places * len(parts) + number))
    return Made(*(np.concatenate(column) for column in zip(*made, strict=True)))


@dataclass(frozen=True, slots=True)
class Doubt(Columns):
    """From when until when (NEVER: ever since) nobody knows whether tickets were on hold."""

    ticket: Longs
    begins: Longs
    ends: Longs


def doubt(seen: Sightings, proven: Longs) -> Doubt:
    """The stretches that no sighting tells of, after the instant through which the ticket's holds are `proven`.

    The second of an export is known. After a stop nothing is in doubt as long as its date stands, for a reopening would
    have moved it.
    """
    stopped = stopped_at(seen)
    until = np.where(seen.changed != NEVER, seen.changed, seen.seen)
    until = np.where(seen.running, until, np.maximum(seen.before, np.minimum(until, stopped)))
    gaps = ~seen.same & ~seen.stands
    after = seen.last & seen.running
    ticket = np.concatenate((seen.ticket[gaps], seen.ticket[after]))
    begins = np.concatenate((np.where(seen.first, seen.opened, seen.before + 1)[gaps], seen.seen[after] + 1))
    ends = np.concatenate((until[gaps], np.full(int(after.sum()), NEVER)))
    begins = np.maximum(begins, proven[ticket] + 1)
    kept = begins < ends
    return Doubt(ticket[kept], begins[kept], ends[kept])


def stopped_at(seen: Sightings) -> Longs:
    """When the ticket had stopped as each sighting has it, NEVER where it had not."""
    dated = np.minimum(seen.resolved, seen.closed)
    against = seen.was_running & (dated <= seen.before)
    known = np.where(seen.changed != NEVER, np.maximum(seen.changed, seen.before), seen.seen)
    return np.where(seen.running, NEVER, np.where((dated == NEVER) | against, known, dated))


def grades(seen: Sightings, held_minutes: Longs, tickets: int) -> Longs:
    """What sightings alone prove of holds: observed takes two, and a ticket at work at one of them or in between."""
    without = np.where(held_minutes != NONE, Grade.TOTAL, Grade.NONE)
    observed = (seen.counts(tickets) > 1) & seen.ever_open(tickets)
    return np.where(observed, Grade.OBSERVED, without)


LONG_AGO: Final = -(2**40)
"""Through which instant holds are proven where no file of holds tells of a ticket: before every opening."""
