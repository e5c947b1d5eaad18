"""Reading many clocks at once: histories, rules and instants in; one array per result out, one number per ticket."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from commonhold.demand.engine.clock.compiled import Compiled
from commonhold.demand.engine.clock.histories import Histories
from commonhold.demand.engine.columns import NEVER, Bools, Bytes, Ints, Longs

RESULT: Final = np.dtype(
    [
        ("used", "<i8"),
        ("held", "<i8"),
        ("doubted_used", "<i8"),
        ("doubted_held", "<i8"),
        ("doubted_stop", "<i8"),
        ("due", "<i8"),
        ("breached_at", "<i8"),
        ("stopped_at", "<i8"),
        ("resolved_at", "<i8"),
        ("closed_at", "<i8"),
        ("target", "<i8"),
        ("team", "<i4"),
        ("reopenings", "<i4"),
        ("reassignments", "<i4"),
        ("calendar", "<i4"),
        ("state", "i1"),
        ("priority", "i1"),
        ("kind", "i1"),
        ("had_target", "?"),
        ("in_doubt", "?"),
        ("could_be_breached", "?"),
    ],
    align=True,
)
"""What the clock says of one ticket; the words are those of Reckoned."""


@dataclass(frozen=True, eq=False, slots=True)
class Reckoned:
    """What the clocks said at one instant each: element n of an array is about ticket n, or step n where it says so.

    Durations are seconds, instants seconds since 1970 (UTC), NEVER where there is none.
    """

    state: Bytes
    """State at the reading; NOT_YET for a ticket opened later, of which everything else is empty."""
    used: Longs
    """On the clock: open hours in which the ticket was neither stopped nor on hold for a reason that pauses it (C4)."""
    held: Longs
    """Open hours on hold for a reason that pauses the clock."""
    doubted_used: Longs
    """What of `used` passed while nobody knows whether the ticket was on hold (F5)."""
    doubted_held: Longs
    """What of `held` passed while nobody knows that it was."""
    doubted_stop: Longs
    """Open hours of a stopped ticket in which, for all that is known, it was at work again already."""
    in_doubt: Bools
    """Whether nobody knows, at the reading, if the ticket is on hold."""
    could_be_breached: Bools
    """Whether the target then in force was exceeded at some moment, had all that is in doubt until then been used."""
    due: Longs
    """C9; NEVER without a target or a calendar, on hold and not reached, or where no opening hours are left."""
    breached_at: Longs
    """The second that begins here is the first beyond the target then in force (C8)."""
    stopped_at: Longs
    """The first stop since the clock last ran, of a ticket that is stopped."""
    resolved_at: Longs
    """The last resolution that stands: not reopened since."""
    closed_at: Longs
    """The last closing that stands."""
    target: Longs
    """The latest target; NONE where there is none."""
    had_target: Bools
    """Whether a target was in force while time passed, or at the reading."""
    calendar: Ints
    """The latest calendar, by its place in `Compiled.names`; NONE where there never was one: nothing counted."""
    priority: Bytes
    kind: Bytes
    team: Ints
    reopenings: Ints
    """Times that a stopped ticket was taken up again."""
    reassignments: Ints
    """Times that a ticket went from one team to another, straight or by a time with no team."""
    credit: Longs
    """By step: the seconds on the clock from this step to the next; a ticket's sum is its `used` (C11)."""

    @property
    def breached(self) -> Bools:
        """Whether the minutes used ever exceeded the target in force (C8)."""
        breached: Bools = self.breached_at != NEVER
        return breached


@dataclass(frozen=True, eq=False, slots=True)
class TeamTime:
    """Seconds on the clock by ticket and team, one row for each team that held some; a ticket's rows sum to `used`."""

    ticket: Longs
    team: Ints
    seconds: Longs


def reckon(histories: Histories, rules: Compiled, as_of: int | Longs, through: int | Longs | None = None) -> Reckoned:
    """Read every clock at `as_of`: one instant for all, or one for each. Later steps do not exist for the reading.

    Time counts until then, or `through` a later instant: of a clock read at the last second of a day, the day's end.
    """
    from commonhold.demand.engine.clock import kernel  # numba is not for the processes that serve pages

    if histories.calendars > len(rules.names):
        raise ValueError(f"A history names calendar {histories.calendars - 1}; the rules have {len(rules.names)}.")
    count = len(histories)
    instants = np.array(np.broadcast_to(as_of, (count,)), np.int64)
    until = instants if through is None else np.array(np.broadcast_to(through, (count,)), np.int64)
    results, credit = np.empty(count, RESULT), np.empty(len(histories.steps), np.int64)
    room = np.empty((3, histories.longest), np.int64)
    tickets = np.arange(count)
    opens_again = np.array([rules.opens_again(calendar) for calendar in range(len(rules.names))], np.bool_)
    reading: Compiled | None = rules
    while reading is not None:
        beyond = kernel.read(
            histories.steps, histories.offsets, instants, until, reading.tables, tickets, results, credit, *room
        )
        if beyond == kernel.OUTSIDE:
            reading = reading.covering(int(histories.opened.min()), int(until.max()))
        else:
            tickets = tickets[results["due"][tickets] == kernel.BEYOND] if beyond else tickets[:0]
            results["due"][tickets] = NEVER
            tickets = tickets[opens_again[results["calendar"][tickets]]]
            reading = reading.further() if len(tickets) else None
    return Reckoned(**{name: results[name] for name in RESULT.names or ()}, credit=credit)


def by_team(histories: Histories, reckoned: Reckoned) -> TeamTime:
    """Who held the minutes (C11): each ticket's seconds on the clock by the team that held it, in order of ticket."""
    from commonhold.demand.engine.clock import kernel

    size = len(histories.steps)
    tickets, teams, seconds = np.empty(size, np.int64), np.empty(size, np.int32), np.empty(size, np.int64)
    count = kernel.sum_by_team(histories.steps, histories.offsets, reckoned.credit, tickets, teams, seconds)
    return TeamTime(tickets[:count], teams[:count], seconds[:count])
