"""From stored histories to the extract of a period: the clock read before it, at its end and at the as-of instant.

Only tickets that can matter are read. What a source cannot prove about holds becomes the bounds of figures here (F5).
"""

from collections.abc import Mapping

import numpy as np

from commonhold.demand.engine.clock import Compiled, Histories, Reckoned, by_team, otherwise, reckon
from commonhold.demand.engine.columns import NEVER, NONE, Credits, Grade, Longs, Reading, Readings, Tickets
from commonhold.demand.engine.facts import Counted, bounds, bounds_of_holds, stated
from commonhold.performance.engine.bounds import Instead
from commonhold.performance.engine.extract import Extract, extract
from commonhold.performance.engine.periods import Period, through


def read(
    period: Period, tickets: Tickets, histories: Histories, rules: Compiled, parties: Mapping[int, int]
) -> Extract:
    """The extract of a period; history n is of ticket n, and `parties` gives the responsible party of each team."""
    if len(tickets) != len(histories):
        raise ValueError(f"{len(tickets)} tickets with {len(histories)} histories")
    touched = np.flatnonzero(tickets.touching(period.start, period.until))
    tickets, histories = tickets.take(touched), taken(histories, touched)
    readings, as_of = _readings(period, tickets, histories, rules)
    held_by = credits_of(tickets, histories, as_of, readings.as_of.used, readings.as_of.most, parties)
    other = otherwise(histories)
    instead = None
    if len(other):
        instead = Instead(other.tickets, _readings(period, tickets.take(other.tickets), other.histories, rules)[0])
    return extract(period, tickets, readings, held_by, instead)


def _readings(period: Period, tickets: Tickets, histories: Histories, rules: Compiled) -> tuple[Readings, Reckoned]:
    """The clocks read before the period, at its end and at the as-of instant; and what they said at the last."""
    before = reckon(histories, rules, period.before, through(period.before))
    at_end = as_of = reckon(histories, rules, period.until, through(period.until))
    if period.as_of != period.until:
        as_of = reckon(histories, rules, period.as_of, through(period.as_of))
    end = last = reading(tickets, at_end, period.until, through(period.until))
    if as_of is not at_end:
        last = reading(tickets, as_of, period.as_of, through(period.as_of))
    first = reading(tickets, before, period.before, through(period.before))
    return Readings(before=first, at_end=end, as_of=last), as_of


def reading(tickets: Tickets, reckoned: Reckoned, instant: int, until: int) -> Reading:
    """What the clocks said at an instant, time counted through it, with the bounds that each ticket's grade leaves."""
    clocked = reckoned.calendar != NONE
    told = Counted(
        grade=tickets.grade,
        opened=tickets.opened,
        stopped=reckoned.stopped_at,
        used=reckoned.used,
        held=reckoned.held,
        doubted_used=reckoned.doubted_used,
        doubted_held=reckoned.doubted_held,
        doubted_stop=reckoned.doubted_stop,
        held_minutes=tickets.held_minutes,
    )
    least, most = bounds(told, until)
    least_held, most_held = bounds_of_holds(told)
    # What a stated total proves was held was not used.
    has_total = stated(tickets.grade, tickets.held_minutes)
    used = np.where(has_total, np.clip(reckoned.used, least, most), reckoned.used)
    proven = has_total & (reckoned.target != NONE) & (most <= reckoned.target)
    # One snapshot shows the state at its own moment alone.
    untold = np.isin(tickets.grade, (Grade.NONE, Grade.TOTAL)) & (tickets.last_event != instant)
    return Reading(
        state=reckoned.state,
        used=np.where(clocked, used, NONE),
        least=np.where(clocked, least, NONE),
        most=np.where(clocked, most, NONE),
        held=reckoned.held,
        least_held=least_held,
        most_held=most_held,
        in_doubt=reckoned.in_doubt | untold,
        breached=reckoned.breached & ~proven,
        could_be_breached=reckoned.could_be_breached & ~proven,
        target=reckoned.target,
        had_target=reckoned.had_target,
        closed=reckoned.closed_at != NEVER,
        reopenings=reckoned.reopenings,
        reassignments=reckoned.reassignments,
    )


def credits_of(
    tickets: Tickets, histories: Histories, reckoned: Reckoned, used: Longs, most: Longs, parties: Mapping[int, int]
) -> Credits:
    """Who held the minutes `used` of each ticket, with the party that answers for the team, or for the ticket (C11).

    What a stated total takes off a ticket's minutes is taken off its last holders; what it adds, its team used. A
    ticket of which only what is in doubt may have been used has a share of nothing, of its team's.
    """
    held = by_team(histories, reckoned)
    so_far = np.cumsum(held.seconds) - held.seconds
    earlier = so_far - so_far[np.searchsorted(held.ticket, held.ticket)]
    seconds = np.clip(np.maximum(used, 0)[held.ticket] - earlier, 0, held.seconds)
    sums = np.zeros(len(tickets), np.int64)
    np.add.at(sums, held.ticket, seconds)
    more = np.flatnonzero((used > sums) | ((used == 0) & (sums == 0) & (most > 0)))
    of, team = np.concatenate((held.ticket, more)), np.concatenate((held.team, tickets.team[more]))
    seconds = np.concatenate((seconds, (used - sums)[more]))
    party_of = np.zeros(max((0, *parties, *np.unique(team).tolist())) + 1, np.int32)
    for number, party in parties.items():
        party_of[number] = party
    answering = tickets.answering[of]
    return Credits(tickets.id[of], team, np.where(answering != 0, answering, party_of[team]), seconds)


def taken(histories: Histories, rows: Longs) -> Histories:
    """The histories of these tickets alone."""
    begins, lengths = histories.offsets[rows], np.diff(histories.offsets)[rows]
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    places = np.arange(offsets[-1]) + np.repeat(begins - offsets[:-1], lengths)
    return Histories(histories.steps[places], offsets, histories.calendars)
