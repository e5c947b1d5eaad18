"""One ticket: its facts, its clock interval by interval, its history as its desk tells it, and what was put right."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db.models import Max

from commonhold.demand.engine.clock import Histories
from commonhold.demand.engine.clock.explanation import Explanation, Stretch, explain
from commonhold.demand.engine.columns import Grade
from commonhold.demand.engine.mapping import HOLD_REASONS
from commonhold.demand.models import Batch, Event, Exclusion, Priority, Reckoning, State
from commonhold.demand.queries.putting_right import Corrected, corrections_of
from commonhold.demand.queries.rules import clock_rules

REASONS: Final = tuple(word.replace("_", " ") for word in HOLD_REASONS)


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of the clock as the page prints it: instants, the team's name, and what counted in minutes."""

    begins: datetime
    ends: datetime
    state: str
    team: str
    priority: str
    calendar: str
    counted: int
    total: int
    why_not: str


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
    """A ticket with everything its page says."""

    row: Reckoning
    grade: Grade
    clock: Explanation
    as_of: datetime
    intervals: list[Interval]
    due: datetime | None
    breached_at: datetime | None
    history: list[Line]
    corrections: list[Corrected]
    exclusion: Exclusion | None
    remarks: tuple[str, ...]
    rules: str | None

    @property
    def used(self) -> int:
        return self.clock.used // 60

    @property
    def target(self) -> int | None:
        return None if self.clock.target is None else self.clock.target // 60


def told(row: Reckoning) -> Told:
    """What is known of a ticket, with its clock read at the last instant that any file tells of."""
    through = Batch.objects.taken().aggregate(last=Max("observed_at"))["last"] or row.last_event_at
    rules = clock_rules(int(through.timestamp()))
    steps = Histories.joined([bytes(row.timeline)]).one(0)
    clock = explain(steps, rules.compiled, max(int(through.timestamp()), steps[0][0]))
    events = list(_history(row))
    teams = {event.team_id: event.team.name for event in events if event.team}
    return Told(
        row=row,
        grade=Grade(row.grade),
        clock=clock,
        as_of=through,
        intervals=[_interval(stretch, teams) for stretch in clock.stretches],
        due=_instant(clock.due),
        breached_at=_instant(clock.breached_at),
        history=[_line(event) for event in events],
        corrections=corrections_of(row.ticket),
        exclusion=row.ticket.exclusions.filter(undone_in=None).first(),
        remarks=rules.remarks,
        rules=rules.label,
    )


def _history(row: Reckoning) -> list[Event]:
    known = Batch.objects.known()
    rows = Event.objects.filter(ticket=row.ticket, batch__lte=known).select_related("team")
    return sorted(rows, key=lambda event: (event.at is None, event.at or row.opened_at, event.batch, event.line))


def _interval(stretch: Stretch, teams: dict[int | None, str]) -> Interval:
    return Interval(
        begins=datetime.fromtimestamp(stretch.begins, UTC),
        ends=datetime.fromtimestamp(stretch.ends, UTC),
        state=str(State(stretch.state).label),
        team=teams.get(stretch.team, "no team"),
        priority=str(Priority(stretch.priority).label),
        calendar=stretch.calendar or "",
        counted=stretch.counted,
        total=stretch.used,
        why_not=stretch.why_not,
    )


def _line(event: Event) -> Line:
    return Line(
        at=event.at,
        state=str(State(event.state).label) if event.state is not None else "not said",
        reason=REASONS[event.hold_reason] if event.hold_reason is not None else "",
        priority=str(Priority(event.priority).label),
        team=event.team.name if event.team else "",
        batch=event.batch,
        line=event.line,
    )


def _instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
