"""What bodies asked for: who owes it, when the next update is due, and what came back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import Http404

from commonhold.governance.engine import due_on
from commonhold.governance.models import Action, Correction, Meeting, Paper, Update
from commonhold.governance.models.action import ActionRows
from commonhold.governance.queries.minutes import entries_of
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Appointment, Person, Post
from commonhold.partnership.queries import Owed, Rows, Waiting, day_of

PAGE: Final = 25
OPEN, OVERDUE, CLOSED, ALL = "open", "overdue", "closed", "all"
RELATED: Final = ("resolution__item__meeting__body", "resolution__retraction", "owner", "retraction")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of actions is narrowed to."""

    owner: str = ""
    state: str = OPEN
    body: str = ""


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action with when its next update is due, whether that has passed, and its last update."""

    action: Action
    due: date | None
    overdue: bool
    last: Update | None

    @property
    def state(self) -> str:
        if not self.action.stands:
            return "error"
        if self.action.done:
            return CLOSED
        return OVERDUE if self.overdue else OPEN


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of actions; `older` says from which place to go on."""

    lines: list[ActionLine]
    count: int
    start: int
    older: int | None


def actions(wanted: Wanted, at: datetime, *, start: int = 0) -> Listing:
    """Actions: open ones by the day their update is due, soonest first; others latest first."""
    rows = Action.objects.judged()
    if wanted.owner:
        rows = rows.filter(owner__slug=wanted.owner)
    if wanted.body:
        rows = rows.filter(resolution__item__meeting__body__slug=wanted.body)
    if wanted.state in (OPEN, OVERDUE):
        lines = action_lines(rows.open(), at)
        if wanted.state == OVERDUE:
            lines = [line for line in lines if line.overdue]
        page, count = lines[start : start + PAGE], len(lines)
    else:
        rows = rows.closed() if wanted.state == CLOSED else rows
        count = rows.count()
        page = action_lines(rows.order_by("-pk")[start : start + PAGE], at, in_order=False)
    return Listing(page, count, start, start + PAGE if start + PAGE < count else None)


def every(wanted: Wanted, at: datetime) -> Iterator[ActionLine]:
    """All that the list holds, part by part."""
    start: int | None = 0
    while start is not None:
        listing = actions(wanted, at, start=start)
        yield from listing.lines
        start = listing.older


def owners() -> list[tuple[str, str]]:
    """The posts that owe, or owed, an action."""
    return list(Post.objects.filter(actions__isnull=False).distinct().values_list("slug", "title"))


def _asked(by: By) -> dict[str, QuerySet[Any, Any]]:
    """The open actions of a post, their updates, and the days on which the bodies that asked for them meet."""
    if by.is_public:
        return {}
    rows = Action.objects.judged().open().filter(owner__slug=by.post)
    bodies = rows.order_by().values("resolution__item__meeting__body")
    return {
        "actions": rows.select_related(*RELATED),
        "updates": _updates().filter(action__in=rows.order_by().values("pk")),
        "days": Meeting.objects.filter(body__in=bodies, retraction=None).values_list("body", "day"),
    }


def _said(by: By, rows: Rows) -> Iterator[Owed]:
    """The updates that are due on them, soonest first."""
    updates: dict[int, list[Update]] = defaultdict(list)
    for update in sorted(rows.get("updates", ()), key=lambda update: update.pk):
        updates[update.action_id].append(update)
    days: dict[int, list[date]] = defaultdict(list)
    for body, day in sorted(rows.get("days", ())):
        days[body].append(day)
    found = sorted(rows.get("actions", ()), key=lambda action: action.pk)
    lines = [_line(row, days[row.resolution.meeting.body_id], day_of(by.at), updates[row.pk]) for row in found]
    for line in sorted(lines, key=_by_due):
        why = f"{line.action.resolution.meeting.body} asked for it"
        yield Owed(str(line.action), line.action.get_absolute_url(), why, line.due)


owed: Final = Waiting("actions", _asked, _said)
"""The updates that a post owes, soonest due first."""


@dataclass(frozen=True, slots=True)
class ActionPage:
    """An action with what came back on it, what was put right, and the entries by which each was entered."""

    line: ActionLine
    updates: list[Update]
    corrections: list[Correction]
    entries: dict[str, int]


def action(number: int, at: datetime) -> ActionPage:
    """An action by its number. Not found where there is none."""
    lines = action_lines(Action.objects.judged().filter(pk=number), at)
    if not lines:
        raise Http404("There is no such action.")
    line = lines[0]
    updates = list(line.action.updates.all())
    return ActionPage(
        line=line,
        updates=updates,
        corrections=list(line.action.corrections.all()),
        entries=entries_of([line.action, line.action.resolution, *updates]),
    )


def evidence_for(action: Action) -> QuerySet[Paper]:
    """The papers that can show what was done: those put before the same body since it asked."""
    meeting = action.resolution.meeting
    rows = Paper.objects.filter(item__meeting__body=meeting.body, item__meeting__day__gte=meeting.day, retraction=None)
    return rows.select_related("item__meeting__body").order_by("-item__meeting__day", "-pk")


def holders_of(post: Post, at: datetime) -> list[Person]:
    """Those who hold a post at an instant."""
    held = Appointment.objects.on(day_of(at)).filter(post=post)
    return list(Person.objects.filter(appointments__in=held, is_active=True).distinct())


def action_lines(rows: ActionRows, at: datetime, *, in_order: bool = True) -> list[ActionLine]:
    """Actions as they are listed, by the day their update is due, or in the order of the rows."""
    found = list(rows.select_related(*RELATED).prefetch_related(Prefetch("updates", _updates())))
    days = _days({row.resolution.meeting.body_id for row in found})
    lines = [_line(row, days[row.resolution.meeting.body_id], day_of(at), row.updates.all()) for row in found]
    return sorted(lines, key=_by_due) if in_order else lines


def _updates() -> QuerySet[Update]:
    """Updates, each with the title of the post that gave it."""
    posts = Post.objects.filter(slug=OuterRef("post")).values("title")[:1]
    rows = Update.objects.select_related("retraction", "paper__item__meeting", "paper__retraction")
    return rows.annotate(given_by=Subquery(posts))


def _by_due(line: ActionLine) -> tuple[date, int]:
    return (line.due or date.max, line.action.pk)


def _days(bodies: Iterable[int]) -> Mapping[int, list[date]]:
    """The days on which these bodies meet, by body; meetings that were called off left out."""
    found: dict[int, list[date]] = defaultdict(list)
    for body, day in Meeting.objects.filter(body__in=bodies, retraction=None).values_list("body", "day"):
        found[body].append(day)
    return found


def _line(action: Action, meetings: Sequence[date], today: date, updates: Iterable[Update]) -> ActionLine:
    standing = [update for update in updates if update.taken_back is None]
    papers = [update.paper.item.meeting.day for update in standing if update.paper]
    words = [day_of(update.at) for update in standing if not update.paper]
    asked, due = action.resolution, None
    if action.stands and not action.done:
        due = due_on(asked.due, asked.due_day, asked.meeting.day, meetings, papers, words)
    return ActionLine(action, due, due is not None and due < today, standing[-1] if standing else None)
