"""One ticket: its facts, its clock interval by interval, its history as its desk tells it, and what was put right."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from django.db.models import Exists, F, OuterRef, QuerySet

from commonhold.databases.prepared import prepared
from commonhold.demand.engine.clock import Histories, otherwise
from commonhold.demand.engine.clock.explanation import Explanation, Stretch, explain
from commonhold.demand.engine.clock.histories import Step
from commonhold.demand.engine.columns import NEVER, NONE, Grade
from commonhold.demand.engine.facts import Counted, bounds
from commonhold.demand.engine.mapping import HOLD_REASONS
from commonhold.demand.models import Batch, Correction, Event, Exclusion, Priority, Reckoning, State, Team
from commonhold.demand.queries.knowledge import Now
from commonhold.demand.queries.putting_right import standing_of
from commonhold.demand.queries.rules import ClockRules, clock_rules

REASONS: Final = tuple(word.replace("_", " ") for word in HOLD_REASONS)
MOST: Final = 500
"""Intervals, and lines of the history, that a page shows: the last ones."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of the clock as the page prints it: instants, the team's name, and what counted in minutes.

    `because` says why it counted or did not, where the state alone does not say it, and what no source tells.
    """

    begins: datetime
    ends: datetime
    state: str
    team: str
    priority: str
    calendar: str
    counted: int
    total: int
    because: str


@dataclass(frozen=True, slots=True)
class Line:
    """An event of the history: when, what its desk said then, and which batch brought it."""

    at: datetime | None
    state: str
    reason: str
    priority: str
    team: str
    batch: int
    line: int


@dataclass(frozen=True, slots=True)
class Told:
    """A ticket with everything its page says; `unshown` counts intervals and lines before those that are shown."""

    row: Reckoning
    grade: Grade
    clock: Explanation
    as_of: datetime
    intervals: list[Interval]
    due: datetime | None
    breached_at: datetime | None
    history: list[Line]
    unshown: tuple[int, int]
    corrections: list[tuple[Correction, str]]
    exclusion: Exclusion | None
    remarks: tuple[str, ...]
    rules: str | None
    bounds: tuple[int, int]
    otherwise: list[Explanation]

    @property
    def used(self) -> int:
        """The minutes that figures take: without those that a stated total proves were on hold."""
        return min(max(self.clock.used, self.bounds[0]), self.bounds[1]) // 60

    @property
    def has_bounds(self) -> bool:
        """Whether its source tells of some of the time, and not of all, if the ticket was on hold (F5)."""
        return self.grade not in (Grade.NONE, Grade.TOTAL) and self.bounds[0] < self.bounds[1]

    @property
    def is_in_doubt(self) -> bool:
        """Whether the target can have been missed or met, by when it was on hold and when its priority changed (F5)."""
        if any((other.breached_at is None) != (self.clock.breached_at is None) for other in self.otherwise):
            return True
        target = self.clock.target if self.grade == Grade.TOTAL or self.has_bounds else None
        if target is None:
            return False
        if self.breached_at is not None:
            return self.bounds[0] <= target
        return self.bounds[1] > target or (self.clock.breached_at is None and self.clock.could_be_breached)

    @property
    def target(self) -> int | None:
        return None if self.clock.target is None else self.clock.target // 60


@dataclass(frozen=True, slots=True)
class Read:
    """A ticket's clock as it was read: its steps, when, by which rules, and what it said."""

    steps: tuple[Step, ...]
    as_of: int
    rules: ClockRules
    said: Explanation


def read_clock(row: Reckoning, known: Now, rules: ClockRules | None = None) -> Read:
    """A ticket's clock, read at the last instant that any file tells of, by these rules where they are at hand."""
    as_of = int(max(known.through or row.last_event_at, row.opened_at).timestamp())
    rules = rules or clock_rules(as_of)
    steps = tuple(Histories.joined([bytes(row.timeline)]).one(0))
    return Read(steps, as_of, rules, explain(steps, rules.compiled, as_of))


def minutes_used(row: Reckoning, known: Now, rules: ClockRules) -> tuple[int | None, int | None]:
    """The minutes that figures take and those of the target; None where no calendar or no target is in force."""
    read = read_clock(row, known, rules)
    said = read.said
    if said.target is None:
        return None, None
    return min(said.used, _bounds(row, read.as_of, said)[1]) // 60, said.target // 60


def told(row: Reckoning, known: Now) -> Told:
    """What is known of a ticket."""
    read = read_clock(row, known)
    clock, rules = read.said, read.rules
    events, before = _history(row, known.batch)
    others = _otherwise(row, read)
    ends = [_bounds(row, read.as_of, said) for said in (clock, *others)]
    least, most = min(end[0] for end in ends), max(end[1] for end in ends)
    has_total = row.grade != Grade.INTERVALS and row.held_minutes is not None
    proven = has_total and clock.target is not None and most <= clock.target
    teams = dict(Team.objects.filter(pk__in={stretch.team for stretch in clock.stretches}).values_list("pk", "name"))
    return Told(
        row=row,
        grade=Grade(row.grade),
        clock=clock,
        as_of=datetime.fromtimestamp(read.as_of, UTC),
        intervals=[_interval(stretch, teams) for stretch in clock.stretches[-MOST:]],
        due=_instant(clock.due),
        breached_at=None if proven else _instant(clock.breached_at),
        history=[_line(event) for event in events],
        unshown=(max(0, len(clock.stretches) - MOST), before),
        corrections=standing_of(row),
        exclusion=row.ticket.exclusions.filter(undone_in=None).first() if row.excluded else None,
        remarks=rules.remarks(int(row.opened_at.timestamp()), read.as_of),
        rules=rules.label,
        bounds=(least, most),
        otherwise=others,
    )


def _otherwise(row: Reckoning, read: Read) -> list[Explanation]:
    """What the clock would say, had priority and kind changed earlier than the exports show (F5)."""
    found = otherwise(Histories.joined([bytes(row.timeline)])).histories
    return [explain(found.one(n), read.rules.compiled, read.as_of) for n in range(len(found))]


def _bounds(row: Reckoning, as_of: int, said: Explanation) -> tuple[int, int]:
    """The least and the most seconds that can have been used (F5)."""
    counted = Counted(
        grade=np.array([row.grade]),
        opened=np.array([int(row.opened_at.timestamp())]),
        stopped=np.array([NEVER if said.stopped_at is None else said.stopped_at]),
        used=np.array([said.used]),
        held=np.array([said.held]),
        doubted_used=np.array([said.doubted_used]),
        doubted_held=np.array([said.doubted_held]),
        doubted_stop=np.array([said.doubted_stop]),
        held_minutes=np.array([NONE if row.held_minutes is None else row.held_minutes]),
    )
    least, most = bounds(counted, as_of)
    return int(least[0]), int(most[0])


def _history(row: Reckoning, known: int) -> tuple[list[Any], int]:
    """The last events that count, in order of instant, and how many were before them; undated ones stand at the end."""
    last = _events(row.ticket_id, known)
    before = _telling(row.ticket_id, known).count() - MOST if len(last) > MOST else 0
    return last[:MOST][::-1], before


@prepared
def _events(ticket: int, known: int, /) -> QuerySet[Event]:
    of_holds = Batch.objects.filter(number=OuterRef("batch"), kind=Batch.Kind.HOLDS)
    rows = _telling(ticket, known).select_related("team").annotate(of_holds=Exists(of_holds))
    return rows.order_by(F("at").desc(nulls_first=True), "-batch", "-line", "-pk")[: MOST + 1]


def _telling(ticket: int, known: int) -> QuerySet[Event]:
    return Event.objects.filter(ticket=ticket, batch__in=Batch.objects.telling(known).values("number"))


def _interval(stretch: Stretch, teams: dict[int, str]) -> Interval:
    return Interval(
        begins=datetime.fromtimestamp(stretch.begins, UTC),
        ends=datetime.fromtimestamp(stretch.ends, UTC),
        state=str(State(stretch.state).label),
        team=teams.get(stretch.team, "no team"),
        priority=str(Priority(stretch.priority).label),
        calendar=stretch.calendar or "",
        counted=stretch.counted,
        total=stretch.used,
        because="; ".join(filter(None, (_because(stretch), _in_doubt(stretch)))),
    )


def _because(stretch: Stretch) -> str:
    """Why it counted, or did not, where the state does not say it."""
    said_by_state = stretch.why_not in ("", State(stretch.state).label.lower())
    return stretch.why if said_by_state else stretch.why_not


def _in_doubt(stretch: Stretch) -> str:
    """What no source tells of a stretch in opening hours (F5)."""
    if not stretch.doubted or not (stretch.counted or stretch.held or stretch.doubted_stop):
        return ""
    otherwise = "at work again" if stretch.doubted_stop else "at work" if stretch.held else "on hold"
    return f"as last seen, and it may have been {otherwise}"


def _line(event: Any) -> Line:
    without = "Off hold" if event.of_holds else "not said"
    return Line(
        at=event.at,
        state=str(State(event.state).label) if event.state is not None else without,
        reason=REASONS[event.hold_reason] if event.hold_reason is not None and event.state is not None else "",
        priority="" if event.of_holds else str(Priority(event.priority).label),
        team=event.team.name if event.team else "",
        batch=event.batch,
        line=event.line,
    )


def _instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
