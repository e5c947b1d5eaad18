"""The clock of one ticket, said step by step: the rules of `kernel.py` in plain Python, with what counted and why not.

A property holds the two together: whatever the history, they give the same result to the second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from commonhold.demand.engine.clock.compiled import Compiled
from commonhold.demand.engine.clock.histories import COUNTS, Op, Step, at_opening
from commonhold.demand.engine.clock.hours import MINUTE
from commonhold.demand.engine.columns import NONE, State
from commonhold.partnership.engine.rules.hold_reasons import REASONS

RUNNING: Final = (State.OPEN, State.IN_PROGRESS, State.REOPENED)
STOPPED: Final = (State.RESOLVED, State.CLOSED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which nothing changed: who held the ticket, under what rules, and what of it counted.

    Instants are seconds since 1970, durations seconds. `windows` are the opening hours within it, `used` is the
    total on the clock at its end, `why_not` says why none of it counted, `why` why it did though on hold. In one that
    is `doubted` the source does not tell whether the ticket was on hold (F5), and `doubted_stop` is what of a stop may
    have been work.
    """

    begins: int
    ends: int
    state: State
    team: int
    priority: int
    kind: int
    target: int | None
    calendar: str | None
    windows: tuple[tuple[int, int], ...]
    counted: int
    held: int
    used: int
    why_not: str = ""
    why: str = ""
    doubted: bool = False
    doubted_stop: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the clock says of one ticket, and the stretches it follows from; the words are those of `Reckoned`."""

    stretches: tuple[Stretch, ...] = ()
    state: State = State.NOT_YET
    used: int = 0
    held: int = 0
    doubted_used: int = 0
    doubted_held: int = 0
    doubted_stop: int = 0
    in_doubt: bool = False
    could_be_breached: bool = False
    due: int | None = None
    why_no_due: str = ""
    breached_at: int | None = None
    stopped_at: int | None = None
    resolved_at: int | None = None
    closed_at: int | None = None
    target: int | None = None
    calendar: str | None = None
    priority: int = 0
    kind: int = 0
    team: int = 0
    reopenings: int = 0
    reassignments: int = 0

    @property
    def breached(self) -> bool:
        return self.breached_at is not None


@dataclass(frozen=True, slots=True)
class _InForce:
    """The target in seconds and the number of the calendar, from one step to the next."""

    target: int | None = None
    calendar: int | None = None


@dataclass(slots=True)
class _Ticket:
    """A ticket while its steps are taken, each at its instant."""

    priority: int
    kind: int
    team: int
    passer: int
    rules: Compiled
    state: State = State.OPEN
    reason: int = NONE
    paused: bool = False
    in_doubt: bool = False
    stopped_at: int | None = None
    resolved_at: int | None = None
    closed_at: int | None = None
    reopenings: int = 0
    reassignments: int = 0

    def take(self, when: int, op: int, arg: int) -> None:
        match op:
            case Op.STATE:
                self._become(when, State(arg))
            case Op.PRIORITY:
                self.priority = arg
            case Op.KIND:
                self.kind = arg
            case Op.TEAM:
                self.team = arg
                if arg:
                    self.reassignments += self.passer not in (0, arg)
                    self.passer = arg
            case Op.DOUBT:
                self.in_doubt = bool(arg)
            case Op.HOLD_REASON if arg != self.reason:
                self.reason = arg
                self._look_up(when)

    def _become(self, when: int, state: State) -> None:
        """C4, C5: a repeated state changes nothing; the first stop is kept until the clock runs again."""
        if state == self.state:
            return
        if state in STOPPED:
            self.stopped_at = when if self.stopped_at is None else self.stopped_at
            self.resolved_at = when if state == State.RESOLVED else self.resolved_at
            self.closed_at = when if state == State.CLOSED else self.closed_at
        elif self.state in STOPPED:
            self.reopenings += 1
            self.resolved_at = self.closed_at = None
        if state in RUNNING:
            self.stopped_at = None
        self.state = state
        self._look_up(when)

    def _look_up(self, when: int) -> None:
        """C4, R3: the agreement in force when a hold begins or its reason changes says whether it pauses the clock."""
        self.paused = self.state == State.ON_HOLD and self.rules.pauses(when, self.reason)

    @property
    def runs(self) -> bool:
        return self.state in RUNNING or self.holds_in_vain

    @property
    def holds_in_vain(self) -> bool:
        """Whether it is on hold for a reason that the agreement does not accept."""
        return self.state == State.ON_HOLD and not self.paused


def explain(steps: Iterable[Step], rules: Compiled, as_of: int) -> Explanation:
    """Read one ticket's clock at an instant. Its steps are its opening and then the others, in any order."""
    (opened, op, arg), *rest = steps
    if op != Op.OPENED:
        raise ValueError("A history begins with its opening.")
    if opened > as_of:
        return Explanation()
    rules = rules.covering(opened, as_of)
    later = sorted((step for step in rest if step[0] <= as_of), key=lambda step: step[0])
    known = [(opened, op, arg), *((max(opened, at), op, arg) for at, op, arg in later)]
    in_force = _rules_in_force(known, rules)
    ticket = _Ticket(*at_opening(arg), at_opening(arg)[-1], rules)
    stretches: list[Stretch] = []
    used = 0
    for (when, op, arg), now, (until, _, _) in zip(known, in_force, [*known[1:], (as_of, 0, 0)], strict=True):
        ticket.take(when, op, arg)
        if until > when:
            ticket.stopped_at = None if ticket.runs else ticket.stopped_at
            stretch = _stretch(when, until, ticket, now, rules, used)
            used = stretch.used
            stretches.append(stretch)
    latest = in_force[-1]
    due, why_no_due = _due(stretches, ticket, opened, as_of, known, in_force, rules, used)
    return Explanation(
        stretches=tuple(stretches),
        state=ticket.state,
        used=used,
        held=sum(stretch.held for stretch in stretches),
        doubted_used=sum(stretch.counted for stretch in stretches if stretch.doubted),
        doubted_held=sum(stretch.held for stretch in stretches if stretch.doubted),
        doubted_stop=sum(stretch.doubted_stop for stretch in stretches),
        in_doubt=ticket.in_doubt,
        could_be_breached=_could_be_breached(stretches, latest.target),
        due=due,
        why_no_due=why_no_due,
        breached_at=_breached_at(stretches, latest.target, used, as_of),
        stopped_at=ticket.stopped_at if ticket.state in STOPPED else None,
        resolved_at=ticket.resolved_at,
        closed_at=ticket.closed_at,
        target=latest.target,
        calendar=_name(latest, rules),
        priority=ticket.priority,
        kind=ticket.kind,
        team=ticket.team,
        reopenings=ticket.reopenings,
        reassignments=ticket.reassignments,
    )


def _rules_in_force(known: Sequence[Step], rules: Compiled) -> list[_InForce]:
    """The rules after each step: C6, C7 and R3. What the kernel's function of this name says holds here too."""
    priority, kind, _ = at_opening(known[0][2])
    target: int | None = None
    calendar: int | None = None
    in_force = []
    for place, (when, op, arg) in enumerate(known):
        changed = False
        match op:
            case Op.OPENED | Op.PRIORITY | Op.KIND:
                before = priority, kind
                priority, kind = _settled(known[place:], priority, kind)
                changed = op == Op.OPENED or (priority, kind) != before
            case Op.TARGET:
                target = arg * MINUTE if arg >= 0 else None
            case Op.CALENDAR:
                calendar = arg
        if changed:
            found = rules.target_at(when, priority, kind)
            target = found.resolve_minutes * MINUTE if found else None
            calendar = rules.names.index(found.calendar) if found else calendar
        in_force.append(_InForce(target, calendar))
    first = next((now.calendar for now in in_force if now.calendar is not None), None)
    return [now if now.calendar is not None else _InForce(now.target, first) for now in in_force]


def _settled(steps: Sequence[Step], priority: int, kind: int) -> tuple[int, int]:
    """The priority and kind that hold when time passes after the first of these steps."""
    for when, op, arg in steps:
        if when != steps[0][0]:
            break
        if op == Op.PRIORITY:
            priority = arg
        elif op == Op.KIND:
            kind = arg
    return priority, kind


def _stretch(when: int, until: int, ticket: _Ticket, now: _InForce, rules: Compiled, used: int) -> Stretch:
    windows = () if now.calendar is None else tuple(rules.hours[now.calendar].between(when, until))
    seconds = sum(end - begin for begin, end in windows)
    counted = seconds if ticket.runs else 0
    name = _name(now, rules)
    return Stretch(
        begins=when,
        ends=until,
        state=ticket.state,
        team=ticket.team,
        priority=ticket.priority,
        kind=ticket.kind,
        target=now.target,
        calendar=name,
        windows=windows,
        counted=counted,
        held=seconds if ticket.paused else 0,
        used=used + counted,
        why_not="" if counted else _why_not(ticket, name),
        why=_why(ticket) if counted else "",
        doubted=ticket.in_doubt,
        doubted_stop=seconds if ticket.in_doubt and ticket.state in STOPPED else 0,
    )


def _why(ticket: _Ticket) -> str:
    """What the agreement says of a hold that counted."""
    if not ticket.holds_in_vain:
        return ""
    if ticket.reason == COUNTS:
        return "its time counts by a correction on the record"
    return f"{REASONS[ticket.reason].replace('_', ' ')} does not pause the clock by the agreement"


def _why_not(ticket: _Ticket, calendar: str | None) -> str:
    if not ticket.runs:
        return ticket.state.name.lower().replace("_", " ")
    return f"outside the hours of {calendar}" if calendar else "no target has named opening hours yet"


def _name(now: _InForce, rules: Compiled) -> str | None:
    return None if now.calendar is None else rules.names[now.calendar]


def _breached_at(stretches: Sequence[Stretch], latest: int | None, used: int, as_of: int) -> int | None:
    """The beginning of the first second beyond the target then in force (C8)."""
    for stretch in stretches:
        before = stretch.used - stretch.counted
        if stretch.target is not None and before > stretch.target:
            return stretch.begins
        if stretch.target is not None and stretch.used > stretch.target:
            return _second(stretch, stretch.target - before)
    return as_of if latest is not None and used > latest else None


def _could_be_breached(stretches: Sequence[Stretch], latest: int | None) -> bool:
    """Whether the target then in force was exceeded (C8), had all that is in doubt until then been used (F5)."""
    most = 0
    for stretch in stretches:
        most += stretch.counted + stretch.doubted_stop + (stretch.held if stretch.doubted else 0)
        if stretch.target is not None and most > stretch.target:
            return True
    return latest is not None and most > latest


def _second(stretch: Stretch, number: int) -> int:
    """The instant at which the counted second of this number, from 0, of a stretch begins."""
    for begin, end in stretch.windows:
        if number < end - begin:
            return begin + number
        number -= end - begin
    raise ValueError(f"The stretch from {stretch.begins} has no such second.")


def _due(
    stretches: Sequence[Stretch],
    ticket: _Ticket,
    opened: int,
    as_of: int,
    known: Sequence[Step],
    in_force: Sequence[_InForce],
    rules: Compiled,
    used: int,
) -> tuple[int | None, str]:
    """The due instant, or why there is none (C9)."""
    latest = in_force[-1]
    if latest.target is None:
        return None, "No target is in force."
    if latest.target == 0:
        return opened, ""
    for stretch in stretches:
        if stretch.used >= latest.target:
            return _second(stretch, latest.target - (stretch.used - stretch.counted) - 1) + 1, ""
    if ticket.paused:
        return None, "On hold, and the target is not reached."
    if latest.calendar is None:
        return None, "No calendar says which hours count."
    since = ticket.stopped_at if ticket.state in STOPPED and ticket.stopped_at is not None else as_of
    calendars = [(since, now.calendar) for (when, _, _), now in zip(known, in_force, strict=True) if when <= since][-1:]
    calendars += [(when, now.calendar) for (when, _, _), now in zip(known, in_force, strict=True) if when > since]
    due = _projected([(when, number) for when, number in calendars if number is not None], latest.target - used, rules)
    return (
        due,
        "" if due is not None else f"{rules.names[latest.calendar]} has no opening hours left until the year 3000.",
    )


def _projected(calendars: Sequence[tuple[int, int]], left: int, rules: Compiled) -> int | None:
    """The instant at which so many more seconds are open by the calendars in force, each since an instant (C7)."""
    for (since, calendar), (until, _) in pairwise(calendars):
        hours = rules.hours[calendar]
        gained = hours.open_before(until) - hours.open_before(since)
        if gained >= left:
            break
        left -= gained
    else:
        since, calendar = calendars[-1]
    reading: Compiled | None = rules
    while reading is not None:
        hours = reading.hours[calendar]
        last = hours.second(hours.open_before(since) + left - 1)
        if last is not None:
            return last + 1
        reading = reading.further() if rules.opens_again(calendar) else None
    return None
