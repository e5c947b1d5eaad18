"""The clock once more, slowly and plainly: walk the time minute by minute (or second by second) and look at the wall.

Nothing is shared with the engine but the values of the rules and the time zones: no tables, no windows in UTC, no sums
but by counting.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from commonhold.demand.engine.clock import Op
from commonhold.demand.engine.clock.histories import Step
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.hold_reasons import REASONS, HoldReasons
from commonhold.partnership.engine.rules.targets import KINDS, PRIORITIES, Targets
from commonhold.workdays import zone

OPEN, IN_PROGRESS, ON_HOLD, REOPENED, RESOLVED, CLOSED, CANCELLED = range(7)
RUNNING = {OPEN, IN_PROGRESS, REOPENED}
STOPPED = {RESOLVED, CLOSED, CANCELLED}


@dataclass
class World:
    """The rules of a partnership, each version with the instant since which it is in force."""

    calendars: list[tuple[int, Calendars]]
    targets: list[tuple[int, Targets]]
    holds: list[tuple[int, HoldReasons]] = field(default_factory=list)
    looked_up: dict[tuple[str, int], bool] = field(default_factory=dict)

    @cached_property
    def names(self) -> list[str]:
        return sorted({name for _, version in self.calendars for name in version.by_name})

    def is_open(self, name: str, instant: int) -> bool:
        """Whether the wall clock shows an open time: hours begin and end on whole minutes."""
        minute = instant // 60
        if (name, minute) not in self.looked_up:
            self.looked_up[name, minute] = self._on_the_wall(name, minute * 60)
        return self.looked_up[name, minute]

    def _on_the_wall(self, name: str, instant: int) -> bool:
        known = [c.by_name[name] for since, c in self.calendars if since <= instant and name in c.by_name]
        if not known:
            return False
        calendar = known[-1]
        wall = datetime.fromtimestamp(instant, zone(calendar.time_zone))
        holiday = wall.date() in calendar.holidays or (wall.month == 12 and wall.day in (25, 26))
        if holiday and calendar.observes_holidays:
            return False
        reading = wall.hour * 60 + wall.minute
        return any(window.opens <= reading < window.closes for window in calendar.windows[wall.weekday()])

    def target(self, instant: int, priority: int, kind: int) -> tuple[int, str] | None:
        """The target in seconds, and its calendar, of the version in force at an instant."""
        versions = [version for since, version in self.targets if since <= instant]
        found = versions[-1].find(PRIORITIES[priority - 1], KINDS[kind]) if versions and priority else None
        return (found.resolve_minutes * 60, found.calendar) if found else None

    def refuses(self, instant: int, reason: int) -> bool:
        """Whether the version in force at an instant names the reason as one for which the clock does not pause."""
        versions = [version for since, version in self.holds if since <= instant]
        said = {one.reason: one.accepted for one in versions[-1].reasons} if versions else {}
        return reason >= 0 and not said.get(REASONS[reason], True)


@dataclass
class Situation:
    """A ticket at an instant, after all its steps up to then."""

    state: int = OPEN
    reason: int = -1
    refused: bool = False
    in_doubt: bool = False
    priority: int = 0
    kind: int = 0
    team: int = 0
    teams: list[int] = field(default_factory=list)
    target: int | None = None
    calendar: str | None = None
    first_calendar: str | None = None
    stopped_at: int | None = None
    resolved_at: int | None = None
    closed_at: int | None = None
    reopenings: int = 0

    @property
    def reassignments(self) -> int:
        return sum(giver != taker for giver, taker in pairwise(team for team in self.teams if team))

    @property
    def runs(self) -> bool:
        return self.state in RUNNING or (self.state == ON_HOLD and self.refused)


def situation(steps: list[Step], world: World, instant: int) -> Situation:
    """Replay every step up to an instant, in order of instant, those of one instant in the order given.

    What changes of priority and kind at one instant is one change, made at the first of its steps.
    """
    (opened, _, arg), *rest = steps
    now = Situation(priority=arg % 8, kind=arg // 8 % 32, team=arg // 256, teams=[arg // 256])
    together: dict[int, list[tuple[int, int]]] = {opened: []}
    for at, op, value in sorted(rest, key=lambda step: step[0]):
        if at <= instant:
            together.setdefault(max(at, opened), []).append((op, value))
    settle(now, together[opened])
    look_up(now, world, opened)
    for at, changes in together.items():
        for op, value in changes:
            before = now.priority, now.kind
            settle(now, changes if op in (Op.PRIORITY, Op.KIND) else [])
            if before != (now.priority, now.kind):
                look_up(now, world, at)
            take(now, world, at, op, value)
        if now.runs:
            now.stopped_at = None
    return now


def settle(now: Situation, changes: list[tuple[int, int]]) -> None:
    """The priority and kind that these changes of one instant leave."""
    for op, value in changes:
        if op == Op.PRIORITY:
            now.priority = value
        elif op == Op.KIND:
            now.kind = value


def look_up(now: Situation, world: World, instant: int) -> None:
    found = world.target(instant, now.priority, now.kind)
    now.target = found[0] if found else None
    set_calendar(now, found[1] if found else now.calendar)


def set_calendar(now: Situation, name: str | None) -> None:
    now.calendar = name
    now.first_calendar = now.first_calendar or name


def take(now: Situation, world: World, instant: int, op: int, value: int) -> None:
    if op == Op.TEAM and value != now.team:
        now.team = value
        now.teams.append(value)
    elif op == Op.TARGET:
        now.target = None if value < 0 else value * 60
    elif op == Op.CALENDAR:
        set_calendar(now, world.names[value])
    elif op == Op.STATE and value != now.state:
        if value in STOPPED:
            now.stopped_at = instant if now.stopped_at is None else now.stopped_at
        elif now.state in STOPPED:
            now.reopenings += 1
            now.resolved_at = now.closed_at = None
        if value in RUNNING:
            now.stopped_at = None
        if value == RESOLVED:
            now.resolved_at = instant
        if value == CLOSED:
            now.closed_at = instant
        now.state = value
        now.refused = world.refuses(instant, now.reason)
    elif op == Op.HOLD_REASON and value != now.reason:
        now.reason = value
        now.refused = world.refuses(instant, value)
    elif op == Op.DOUBT:
        now.in_doubt = value == 1


@dataclass
class Reading:
    """What the clock says."""

    last: Situation
    used: int = 0
    held: int = 0
    doubted_used: int = 0
    doubted_held: int = 0
    doubted_stop: int = 0
    due: int | None = None
    due_beyond: int | None = None
    breached_at: int | None = None
    could_be_breached: bool = False
    by_team: dict[int, int] = field(default_factory=dict)

    def look_at_the_most(self, target: int | None) -> None:
        most = self.used + self.doubted_held + self.doubted_stop
        self.could_be_breached |= target is not None and most > target


def read(steps: list[Step], world: World, as_of: int, *, unit: int = 60, patience: int = 14 * 86_400) -> Reading:
    """Walk from the opening to `as_of` in steps of `unit` seconds; on to the due instant for `patience` seconds."""
    opened = steps[0][0]
    last = situation(steps, world, as_of)
    told = Reading(last)
    reached = [opened]
    moments = sorted({opened, as_of, *(at for at, _, _ in steps if opened < at < as_of)})
    for begin, end in zip(moments, [*moments[1:], None], strict=True):
        now = situation(steps, world, begin)
        calendar = now.calendar or last.first_calendar
        if told.breached_at is None and now.target is not None and told.used > now.target:
            told.breached_at = begin
        told.look_at_the_most(now.target)
        for instant in range(begin, end or begin, unit):
            if calendar is None or not world.is_open(calendar, instant):
                continue
            if now.state == ON_HOLD and not now.refused:
                told.held += unit
                told.doubted_held += unit if now.in_doubt else 0
            elif now.state in STOPPED:
                told.doubted_stop += unit if now.in_doubt else 0
            elif now.runs:
                if told.breached_at is None and now.target is not None and told.used + unit > now.target:
                    told.breached_at = instant
                told.used += unit
                told.doubted_used += unit if now.in_doubt else 0
                told.by_team[now.team] = told.by_team.get(now.team, 0) + unit
                reached.append(instant + unit)
            told.look_at_the_most(now.target)
    find_due(told, reached, steps, world, as_of, unit, patience)
    return told


def find_due(
    told: Reading, reached: list[int], steps: list[Step], world: World, as_of: int, unit: int, patience: int
) -> None:
    """The instant at which the minutes used reach the latest target, or would, had the clock run on."""
    last = told.last
    if last.target is None:
        return
    if last.target <= told.used:
        told.due = reached[last.target // unit]
        return
    if (last.state == ON_HOLD and not last.refused) or last.first_calendar is None:
        return
    instant = as_of if last.runs or last.stopped_at is None else last.stopped_at
    told.due_beyond = instant + patience
    changes = sorted(at for at, op, _ in steps if op != Op.STATE and instant < at <= as_of)
    used, now = told.used, situation(steps, world, min(instant, as_of))
    while instant < told.due_beyond:
        if changes and changes[0] <= instant:
            changes.pop(0)
            now = situation(steps, world, min(instant, as_of))
        if world.is_open(now.calendar or last.first_calendar, instant):
            used += unit
        instant += unit
        if used >= last.target:
            told.due, told.due_beyond = instant, None
            return
