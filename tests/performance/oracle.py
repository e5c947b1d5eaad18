"""The figures once more, slowly and plainly, from a desk's rows and an agreement's text alone.

Nothing is shared with the engines: minutes are looked up on the wall one by one, tickets are counted one by one, and
values are exact fractions.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RUNNING = ("open", "in_progress", "reopened")
STOPPED = ("resolved", "closed", "cancelled")

Facts: TypeAlias = Mapping[str, Any]
Target: TypeAlias = tuple[int, str]


def midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=LONDON).timestamp())


class Hours:
    """A calendar: for each minute of a day of UTC, whether the wall clock shows an open time."""

    def __init__(self, zone: str, windows: dict[str, Any], holidays: set[date]) -> None:
        self.zone, self.closed = ZoneInfo(zone), holidays if windows.pop("observes_holidays") else set()
        self.windows: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for days, times in windows.items():
            first, _, last = days.partition("-")
            for day in range(WEEK.index(first), WEEK.index(last or first) + 1):
                self.windows[day] += [(_minutes(time[:5]), _minutes(time[6:])) for time in times]
        self.days: dict[int, bytes] = {}

    def seconds(self, begin: int, end: int) -> int:
        """The open seconds from one instant to another (C2)."""
        if begin >= end:
            return 0
        whole = range(-(-begin // 60), end // 60)
        if whole.start > whole.stop:
            return (end - begin) * self._is_open(begin // 60)
        edges = (whole.start * 60 - begin) * self._is_open(begin // 60) + (end - whole.stop * 60) * self._is_open(
            end // 60
        )
        days = range(whole.start // 1440, whole.stop // 1440 + 1)
        parts = (self._day(n)[max(whole.start - n * 1440, 0) : max(whole.stop - n * 1440, 0)] for n in days)
        return edges + 60 * sum(part.count(1) for part in parts)

    def _is_open(self, minute: int) -> int:
        return self._day(minute // 1440)[minute % 1440]

    def _day(self, number: int) -> bytes:
        if number not in self.days:
            self.days[number] = bytes(self._on_the_wall(number * 1440 + minute) for minute in range(1440))
        return self.days[number]

    def _on_the_wall(self, minute: int) -> bool:
        wall = datetime.fromtimestamp(minute * 60, self.zone)
        if self.closed and (wall.date() in self.closed or (wall.month == 12 and wall.day in (25, 26))):
            return False
        return any(opens <= wall.hour * 60 + wall.minute < closes for opens, closes in self.windows[wall.weekday()])


def _minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


@dataclass
class Agreement:
    """Calendars by name, and targets in minutes with their calendar by kind (None: any) and priority.

    `refused` are the reasons for which a hold does not pause the clock, since when, the earliest first.
    """

    hours: dict[str, Hours]
    targets: dict[tuple[str | None, str], Target]
    refused: Sequence[tuple[int, set[str]]] = ()

    @classmethod
    def of(
        cls,
        calendars: str,
        targets: dict[str, Any],
        holidays: set[date],
        hold_reasons: Sequence[tuple[date, dict[str, Any]]] = (),
    ) -> "Agreement":
        told = tomllib.loads(calendars)
        hours = {name: Hours(told["time_zone"], one, holidays) for name, one in told.items() if isinstance(one, dict)}
        found: dict[tuple[str | None, str], Target] = {}
        for word, value in targets.items():
            own = {(None, word): value} if "calendar" in value else {(word, one): two for one, two in value.items()}
            found |= {key: (one["resolve_minutes"], one["calendar"]) for key, one in own.items()}
        refused = [
            (midnight(day), {reason for reason, one in said.items() if not one["accepted"]})
            for day, said in hold_reasons
        ]
        return cls(hours, found, refused)

    def refuses(self, reason: str | None, instant: int) -> bool:
        """Whether a hold that begins, or whose reason changes, at an instant leaves the clock running (C4, R3)."""
        known = [reasons for since, reasons in self.refused if since <= instant]
        return bool(known) and reason in known[-1]

    def target(self, priority: str | None, kind: str) -> Target | None:
        if priority is None:
            return None
        return self.targets.get((kind, priority)) or self.targets.get((None, priority))


@dataclass
class Row:
    """What a desk said of a ticket at an instant; no state where the row's state is to be ignored."""

    at: int
    state: str | None
    facts: Facts


@dataclass
class Told:
    """A ticket as its desk told it: its rows, and which times the desk keeps columns for."""

    rows: list[Row]
    columns: frozenset[str]

    def __post_init__(self) -> None:
        self.rows = sorted(self.rows, key=lambda row: row.at)

    @property
    def last(self) -> Facts:
        return self.rows[-1].facts

    @cached_property
    def opened(self) -> int:
        return int(self.last["opened_at"]) if "opened_at" in self.columns else self.rows[0].at

    @cached_property
    def last_event(self) -> int:
        own = [self.last[word] for word in self.columns]
        return max(self.rows[-1].at, *(instant for instant in own if instant is not None), self.opened)

    def until(self, instant: int) -> Iterator[tuple[int, Row]]:
        """The rows that count at an instant, none before the opening (C10)."""
        yield from ((max(row.at, self.opened), row) for row in self.rows if row.at <= instant)


@dataclass
class Clock:
    """What the clock of a ticket says at an instant; durations are seconds."""

    state: str = "open"
    reason: str | None = None
    refused: bool = False
    target: Target | None = None
    had_target: bool = False
    calendar: str | None = None
    used: int = 0
    held: int = 0
    breached: bool = False
    resolved: int | None = None
    closed: int | None = None
    reopened: list[int] = field(default_factory=list)
    passed_on: list[int] = field(default_factory=list)
    by_team: dict[str | None, int] = field(default_factory=lambda: defaultdict(int))


def read(ticket: Told, agreement: Agreement, instant: int, end: int | None = None) -> Clock:
    """The clock of a ticket from its opening to an instant (C4-C11), or on to an end that comes before another row."""
    clock, now = Clock(), ticket.opened
    first, rows = ticket.rows[0].facts, list(ticket.until(instant))
    settled = {ticket.opened: first} | {at: row.facts for at, row in rows}
    pairs = {at: (facts["priority"], facts["kind"]) for at, facts in settled.items()}
    found = [agreement.target(*pairs[at]) for at in sorted(pairs)]
    clock.calendar = next((target[1] for target in found if target), None)
    passer = team = first["team"]
    pair, clock.target = pairs[now], agreement.target(*pairs[now])

    for at, row in [*rows, (end or instant, None)]:
        seconds = agreement.hours[clock.calendar].seconds(now, at) if clock.calendar else 0
        if clock.state in RUNNING or (clock.state == "on_hold" and clock.refused):
            clock.used += seconds
            clock.by_team[team] += seconds
        elif clock.state == "on_hold":
            clock.held += seconds
        clock.had_target |= clock.target is not None and (at > now or row is None)
        clock.breached |= clock.target is not None and clock.used > clock.target[0] * 60
        now = at
        if row is None:
            break
        if pairs[at] != pair:
            pair = pairs[at]
            clock.target = agreement.target(*pair)
            clock.calendar = clock.target[1] if clock.target else clock.calendar
        clock.breached |= clock.target is not None and clock.used > clock.target[0] * 60
        if row.facts["team"] != team:
            team = row.facts["team"]
            clock.passed_on += [at] if team and passer not in (None, team) else []
            passer = team or passer
        held_for = clock.reason if clock.state == "on_hold" else None
        was_held = clock.state == "on_hold"
        _become(clock, row.state, at)
        if row.state == "on_hold":
            # What is left blank within a hold leaves it its reason.
            clock.reason = row.facts.get("reason") or held_for
            if not was_held or clock.reason != held_for:
                clock.refused = agreement.refuses(clock.reason, at)
    return clock


def _become(clock: Clock, state: str | None, at: int) -> None:
    if state in (None, clock.state):
        return
    if clock.state in STOPPED and state not in STOPPED:
        clock.reopened.append(at)
        clock.resolved = clock.closed = None
    clock.state = state or clock.state
    clock.resolved = at if state == "resolved" else clock.resolved
    clock.closed = at if state == "closed" else clock.closed


def day_s_end(instant: int) -> int:
    """The midnight that an instant is the last second before, else the instant itself."""
    following = datetime.fromtimestamp(instant + 1, LONDON)
    return instant + 1 if following == datetime.combine(following.date(), datetime.min.time(), LONDON) else instant


def minutes(seconds: int) -> int:
    return round(Fraction(seconds, 60))


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield first, min(last, following - timedelta(days=1))
        first = following


def percentile(values: list[Fraction], share: Fraction) -> Fraction | None:
    """On the straight line between the two order statistics around it."""
    if not values:
        return None
    place = share * (len(values) - 1)
    ordered, below = [*sorted(values), max(values)], int(place)
    return ordered[below] + (place - below) * (ordered[below + 1] - ordered[below])


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
