"""From stored histories to the extract of a period: the clock read before it, at its end and at the as-of instant.

Only tickets that can matter are read. What a source cannot prove about holds becomes the bounds of figures here (F5).
"""

from collections.abc import Mapping

import numpy as np

from commonhold.demand.engine.clock import Compiled, Histories, Reckoned, by_team, reckon
from commonhold.demand.engine.columns import NEVER, NONE, Credits, Grade, Longs, Reading, Readings, Tickets
from commonhold.demand.engine.facts import Counted, bounds
from commonhold.performance.engine.extract import Extract, extract
from commonhold.performance.engine.periods import Period, through


def read(
    period: Period, tickets: Tickets, histories: Histories, rules: Compiled, parties: Mapping[int, int]
) -> Extract:
    """The extract of a period; history n is of ticket n, and `parties` gives the responsible party of each team."""
    if len(tickets) != len(histories):
        raise ValueError(f"{len(tickets)} tickets with {len(histories)} histories")
    touched = np.flatnonzero(tickets.touching(period.start, period.until))
    tickets, histories = tickets.take(touched), _taken(histories, touched)
    before = reckon(histories, rules, period.before, through(period.before))
    at_end = as_of = reckon(histories, rules, period.until, through(period.until))
    if period.as_of != period.until:
        as_of = reckon(histories, rules, period.as_of, through(period.as_of))
    end = last = reading(tickets, at_end, through(period.until))
    if as_of is not at_end:
        last = reading(tickets, as_of, through(period.as_of))
    readings = Readings(before=reading(tickets, before, through(period.before)), at_end=end, as_of=last)
    return extract(period, tickets, readings, credits_of(tickets, histories, as_of, last.used, parties))


def reading(tickets: Tickets, reckoned: Reckoned, until: int) -> Reading:
    """What the clocks said, time counted until an instant, with the bounds that each ticket's grade leaves."""
    clocked = reckoned.calendar != NONE
    told = Counted(
        grade=tickets.grade,
        opened=tickets.opened,
        stopped=reckoned.stopped_at,
        used=reckoned.used,
        held=reckoned.held,
        held_minutes=tickets.held_minutes,
    )
    least, most = bounds(told, until)
    # Of a ticket without a history a total alone tells of holds: what it proves was held was not used.
    proven = (tickets.grade == Grade.TOTAL) & (reckoned.target != NONE) & (most <= reckoned.target)
    return Reading(
        state=reckoned.state,
        used=np.where(clocked, np.minimum(reckoned.used, most), NONE),
        least=np.where(clocked, least, NONE),
        most=np.where(clocked, most, NONE),
        held=reckoned.held,
        breached=reckoned.breached & ~proven,
        target=reckoned.target,
        had_target=reckoned.had_target,
        closed=reckoned.closed_at != NEVER,
        reopenings=reckoned.reopenings,
        reassignments=reckoned.reassignments,
    )


def credits_of(
    tickets: Tickets, histories: Histories, reckoned: Reckoned, used: Longs, parties: Mapping[int, int]
) -> Credits:
    """Who held the minutes `used` of each ticket, with the party that answers for the team (C11).

    A ticket of which a total takes minutes off has no history, so one team held them all.
    """
    held = by_team(histories, reckoned)
    party_of = np.zeros(max((0, *parties, *np.unique(held.team).tolist())) + 1, np.int32)
    for team, party in parties.items():
        party_of[team] = party
    return Credits(tickets.id[held.ticket], held.team, party_of[held.team], np.minimum(held.seconds, used[held.ticket]))


def _taken(histories: Histories, rows: Longs) -> Histories:
    """The histories of these tickets alone."""
    begins, lengths = histories.offsets[rows], np.diff(histories.offsets)[rows]
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    places = np.arange(offsets[-1]) + np.repeat(begins - offsets[:-1], lengths)
    return Histories(histories.steps[places], offsets, histories.calendars)
