"""The clock of millions of tickets: rules C4-C11 over flat arrays, in whole seconds, compiled by numba.

`explanation.py` says the same rules of one ticket in plain Python; a property holds the two together. All compiled
functions live in this one file, because numba's cache notices changes of one file only.
"""

from collections.abc import Callable
from typing import Any, Final, ParamSpec, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from commonhold.demand.engine.clock.compiled import Tables
from commonhold.demand.engine.clock.histories import Op, Steps
from commonhold.demand.engine.clock.hours import MINUTE
from commonhold.demand.engine.columns import NEVER, NONE, Ints, Longs, State

P = ParamSpec("P")
R = TypeVar("R")

BEYOND: Final = -(2**62)
"""A due instant past the hours in the tables: the ticket is read again with hours that reach further."""

OUTSIDE: Final = -1
"""An opening before the tables begin or a reading after they end: they must be made for a longer span."""

# Plain whole numbers, because numba freezes what it finds here into the compiled code.
OPENED, STATE, PRIORITY, KIND, TEAM, HOLD_REASON, TARGET, CALENDAR, DOUBT = (int(op) for op in Op)
NOT_YET, OPEN, ON_HOLD, RESOLVED, CLOSED, CANCELLED = (
    int(state) for state in (State.NOT_YET, State.OPEN, State.ON_HOLD, State.RESOLVED, State.CLOSED, State.CANCELLED)
)


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function at its first call, and keep the machine code unless no folder for it can be written.

    Nothing here makes an array, so numba's counting of references to them is off: it would double the time.
    """
    options: dict[str, Any] = {"nogil": True, "_nrt": False, "forceinline": function.__name__.startswith("_")}
    try:
        made = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # neither beside the module, nor in NUMBA_CACHE_DIR, nor in the user's own cache
        made = numba.njit(**options)(function)
    return cast("Callable[P, R]", made)


@kernel
def read(
    steps: Steps,
    offsets: Longs,
    as_of: Longs,
    through: Longs,
    tables: Tables,
    tickets: Longs,
    results: NDArray[np.void],
    credit: Longs,
    since: Longs,
    targets: Longs,
    calendars: Longs,
) -> int:
    """Read the clocks of `tickets` into `results`, and `credit` by step; returns how many dues are BEYOND.

    Steps until `as_of` count, and the time until `through`, at or after it.
    `since`, `targets` and `calendars` are room to work in, as long as the longest timeline. Nothing is looked up
    outside the tables: at an instant that they do not cover the reading ends with OUTSIDE.
    """
    beyond = 0
    for ticket in tickets:
        begin, end, instant, until = offsets[ticket], offsets[ticket + 1], as_of[ticket], through[ticket]
        for row in range(begin, end):
            credit[row] = 0
        if steps[begin].at > instant:
            _leave_blank(results[ticket])
            continue
        if steps[begin].at < tables.base or until > tables.last:
            return OUTSIDE
        while end > begin + 1 and steps[end - 1].at > instant:
            end -= 1
        count = _rules_in_force(steps, begin, end, tables, since, targets, calendars, results[ticket])
        _run(steps, begin, end, until, tables, since, targets, calendars, count, results[ticket], credit)
        beyond += results[ticket].due == BEYOND
    return beyond


@kernel
def _leave_blank(result: np.void) -> None:
    """The result of a ticket that was not yet opened."""
    result["state"] = NOT_YET
    result["used"], result["held"] = 0, 0
    result["doubted_used"], result["doubted_held"], result["doubted_stop"], result["in_doubt"] = 0, 0, 0, False
    result["due"], result["breached_at"] = NEVER, NEVER
    result["stopped_at"], result["resolved_at"], result["closed_at"] = NEVER, NEVER, NEVER
    result["target"], result["calendar"] = NONE, NONE
    result["priority"], result["kind"], result["team"] = 0, 0, 0
    result["reopenings"], result["reassignments"] = 0, 0
    result["had_target"] = False
    result["could_be_breached"] = False


@kernel
def _rules_in_force(
    steps: Steps,
    begin: int,
    end: int,
    tables: Tables,
    since: Longs,
    targets: Longs,
    calendars: Longs,
    result: np.void,
) -> int:
    """The targets in seconds and calendars in force, each since a step (C6, C7, R3); returns how many there were.

    The target version is the one in force at the opening and at each change of priority or kind; changes of one instant
    are one change. A ticket that loses its target keeps its calendar. Time before the first calendar is counted by
    that calendar, for its target holds from the opening.
    """
    priority, kind = steps[begin].arg & 7, steps[begin].arg >> 3 & 31
    target, calendar = NONE, NONE
    count = 0
    for row in range(begin, end):
        op, arg = steps[row].op, steps[row].arg
        if op in (STATE, TEAM, HOLD_REASON, DOUBT):
            continue
        changed = False
        if op in (OPENED, PRIORITY, KIND):
            was_priority, was_kind = priority, kind
            priority, kind = _settled(steps, row, end, steps[begin].at, priority, kind)
            changed = op == OPENED or priority != was_priority or kind != was_kind
        elif op == TARGET:
            target = arg * MINUTE if arg >= 0 else NONE
        elif op == CALENDAR:
            calendar = arg
        if changed:
            target = NONE
            version = _version_at(tables.versions, max(steps[row].at, steps[begin].at))
            if version >= 0 and priority > 0:
                target = tables.targets[version, kind, priority]
            if target != NONE:
                calendar = tables.calendars[version, kind, priority]
        since[count], targets[count], calendars[count] = row, target, calendar
        count += 1
    unknown = 0
    while unknown < count and calendars[unknown] == NONE:
        unknown += 1
    if 0 < unknown < count:
        for place in range(unknown):
            calendars[place] = calendars[unknown]
    result["priority"] = priority
    result["kind"] = kind
    result["target"] = target
    result["calendar"] = calendar
    return count


@kernel
def _settled(steps: Steps, row: int, end: int, opened: int, priority: int, kind: int) -> tuple[int, int]:
    """The priority and kind that hold when time passes after a step: the last ones of its instant."""
    when = max(steps[row].at, opened)
    while row < end and max(steps[row].at, opened) == when:
        if steps[row].op == PRIORITY:
            priority = steps[row].arg
        elif steps[row].op == KIND:
            kind = steps[row].arg
        row += 1
    return priority, kind


@kernel
def _version_at(versions: Longs, instant: int) -> int:
    """The number of the version of a rule in force, given since when each is; NONE before the first."""
    version = len(versions) - 1
    while version >= 0 and versions[version] > instant:
        version -= 1
    return version


@kernel
def _pauses(tables: Tables, reason: int, instant: int) -> bool:
    """Whether a hold that begins now, or has this reason from now on, pauses the clock (C4, R3)."""
    return bool(tables.pauses[_version_at(tables.hold_versions, instant) + 1, reason + 1])


@kernel
def _run(
    steps: Steps,
    begin: int,
    end: int,
    through: int,
    tables: Tables,
    since: Longs,
    targets: Longs,
    calendars: Longs,
    count: int,
    result: np.void,
    credit: Longs,
) -> None:
    """Let the time pass from step to step and `through` the last (C4, C5); note due (C9), breach (C8), what each used.

    Steps of one instant apply together: only what is in force when time passes, or at the end, can be breached. A hold
    whose reason the agreement does not accept is `paused` by nothing: the clock runs.
    """
    opened = steps[begin].at
    state, team = OPEN, steps[begin].arg >> 8
    passer = team
    reason, paused = NONE, False
    place, target, calendar = 0, targets[0], calendars[0]
    latest = targets[count - 1]
    used, held = 0, 0
    doubted_used, doubted_held, doubted_stop, in_doubt = 0, 0, 0, False
    breached_at, resolved_at, closed_at = NEVER, NEVER, NEVER
    due = opened if latest == 0 else NEVER
    stop = NONE
    reopenings, reassignments = 0, 0
    had_target, could_be_breached = False, False
    passed = NONE
    until = opened
    for row in range(begin, end):
        op, arg = steps[row].op, steps[row].arg
        when = until
        until = through if row + 1 == end else max(steps[row + 1].at, opened)
        if op == STATE:
            if arg != state:
                if arg >= RESOLVED:
                    stop = row if stop == NONE else stop
                    resolved_at = when if arg == RESOLVED else resolved_at
                    closed_at = when if arg == CLOSED else closed_at
                else:
                    if state >= RESOLVED:
                        reopenings += 1
                        resolved_at, closed_at = NEVER, NEVER
                    stop = stop if arg == ON_HOLD else NONE
                state = arg
                paused = state == ON_HOLD and _pauses(tables, reason, when)
        elif op == HOLD_REASON:
            if arg != reason:
                reason = arg
                paused = state == ON_HOLD and _pauses(tables, reason, when)
        elif op == TEAM:
            team = arg
            if team != 0:
                reassignments += passer != 0 and team != passer
                passer = team
        elif op == DOUBT:
            in_doubt = arg != 0
        elif place + 1 < count and since[place + 1] == row:
            place += 1
            passed = passed if calendars[place] == calendar else NONE
            target, calendar = targets[place], calendars[place]
        if when == until and row + 1 < end:
            continue
        had_target = had_target or target != NONE
        if target != NONE and used > target and breached_at == NEVER:
            breached_at = when
        could_be_breached |= target != NONE and used + doubted_held + doubted_stop > target
        if state == ON_HOLD and not paused:
            stop = NONE
        if state >= RESOLVED or calendar == NONE:
            if in_doubt and calendar != NONE:
                doubted_stop += _open_before(tables, calendar, until) - _open_before(tables, calendar, when)
                could_be_breached |= target != NONE and used + doubted_held + doubted_stop > target
            passed = NONE
            continue
        if passed == NONE:
            passed = _open_before(tables, calendar, when)
        further = _open_before(tables, calendar, until)
        gained = further - passed
        if paused:
            held += gained
            doubted_held += gained if in_doubt else 0
        else:
            if target != NONE and used + gained > target and breached_at == NEVER:
                breached_at = _second(tables, calendar, passed + target - used)
            if latest != NONE and used + gained >= latest and due == NEVER:
                due = _reached(tables, calendar, passed + latest - used)
            credit[row] = gained
            used += gained
            doubted_used += gained if in_doubt else 0
        could_be_breached |= target != NONE and used + doubted_held + doubted_stop > target
        passed = further
    if due == NEVER and latest != NONE and not paused and calendar != NONE:
        if state >= RESOLVED:
            due = _projected(steps, begin, stop, tables, since, calendars, count, latest - used)
        else:
            due = _reached(tables, calendar, passed + latest - used)
    result["state"] = state
    result["team"] = team
    result["used"] = used
    result["held"] = held
    result["doubted_used"] = doubted_used
    result["doubted_held"] = doubted_held
    result["doubted_stop"] = doubted_stop
    result["in_doubt"] = in_doubt
    result["due"] = due
    result["breached_at"] = breached_at
    result["stopped_at"] = max(steps[stop].at, opened) if state >= RESOLVED else NEVER
    result["resolved_at"] = resolved_at
    result["closed_at"] = closed_at
    result["reopenings"] = reopenings
    result["reassignments"] = reassignments
    result["had_target"] = had_target
    result["could_be_breached"] = could_be_breached


@kernel
def _projected(
    steps: Steps, begin: int, stop: int, tables: Tables, since: Longs, calendars: Longs, count: int, left: int
) -> int:
    """The instant at which a clock that ran on from the step that stopped it would be due (C9).

    It runs by the calendars in force at each moment (C7), the latest one going on for ever.
    """
    when = max(steps[stop].at, steps[begin].at)
    place = 0
    while place + 1 < count and since[place + 1] <= stop:
        place += 1
    passed = _open_before(tables, calendars[place], when)
    while place + 1 < count:
        until = max(steps[since[place + 1]].at, steps[begin].at)
        gained = _open_before(tables, calendars[place], until) - passed
        if gained >= left:
            break
        left -= gained
        place += 1
        passed = _open_before(tables, calendars[place], until)
    return _reached(tables, calendars[place], passed + left)


@kernel
def _open_before(tables: Tables, calendar: int, instant: int) -> int:
    """The seconds open from the beginning of the tables until an instant."""
    window = tables.window_at[calendar, (instant - tables.base) >> tables.instants]
    window += tables.ends[window] <= instant
    while tables.ends[window] <= instant:
        window += 1
    return int(tables.before[window] + max(0, instant - tables.starts[window]))


@kernel
def _reached(tables: Tables, calendar: int, seconds: int) -> int:
    """The first instant until which so many seconds, at least one, were open: at closing time, not the next morning."""
    last = _second(tables, calendar, seconds - 1)
    return last if last == BEYOND else last + 1


@kernel
def _second(tables: Tables, calendar: int, number: int) -> int:
    """The instant at which the open second of this number, from 0, begins."""
    if number >= tables.before[tables.first[calendar + 1] - 1]:
        return BEYOND
    window = tables.window_of[calendar, number >> tables.seconds]
    window += tables.before[window + 1] <= number
    while tables.before[window + 1] <= number:
        window += 1
    return int(tables.starts[window] + number - tables.before[window])


@kernel
def sum_by_team(steps: Steps, offsets: Longs, credit: Longs, tickets: Longs, teams: Ints, seconds: Longs) -> int:
    """Gather the credit of each ticket's steps by the team that held it; returns how many sums were written."""
    count = 0
    for ticket in range(len(offsets) - 1):
        mine = count
        team = steps[offsets[ticket]].arg >> 8
        for row in range(offsets[ticket], offsets[ticket + 1]):
            if steps[row].op == TEAM:
                team = steps[row].arg
            if credit[row] == 0:
                continue
            place = mine
            while place < count and teams[place] != team:
                place += 1
            if place == count:
                tickets[count], teams[count], seconds[count] = ticket, team, 0
                count += 1
            seconds[place] += credit[row]
    return count
