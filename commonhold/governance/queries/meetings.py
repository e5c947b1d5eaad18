"""Bodies and their meetings: the next ones first, those that were held by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import Http404

from commonhold.governance.models import Body, Correction, Item, Meeting, Paper, Resolution
from commonhold.partnership.queries import day_of

PAGE: Final = 25
Row = TypeVar("Row", bound=Model)


def has_begun(meeting: Meeting, at: datetime) -> bool:
    """Whether the meeting has opened by this instant."""
    return meeting.opens_at <= at


def bodies(at: datetime) -> list[Body]:
    """Every body, with the day of its next meeting as `next_day` where one is called."""
    coming = Meeting.objects.filter(body=OuterRef("pk"), day__gte=day_of(at), retraction=None).order_by("day")
    return list(Body.objects.annotate(next_day=Subquery(coming.values("day")[:1])))


def next_meeting(at: datetime) -> Meeting | None:
    """The meeting that comes next, of whichever body."""
    return _coming(at).filter(retraction=None).first()


@dataclass(frozen=True, slots=True)
class Meetings:
    """Meetings to come, soonest first, and a page of those that were held, latest first."""

    coming: list[Meeting]
    past: list[Meeting]
    older: date | None


def meetings(at: datetime, *, body: Body | None = None, before: date | None = None) -> Meetings:
    """The meetings of one body or of all; older ones from a day on. Those called off are among them, marked."""
    coming, past = _coming(at), _all().filter(day__lt=day_of(at)).order_by("-day", "-starts")
    if body is not None:
        coming, past = coming.filter(body=body), past.filter(body=body)
    if before is not None:
        past = past.filter(day__lt=before)
    rows = list(past[: PAGE + 1])
    return Meetings(
        coming=[] if before else list(coming[:PAGE]),
        past=rows[:PAGE],
        older=rows[PAGE - 1].day if len(rows) > PAGE else None,
    )


@dataclass(frozen=True, slots=True)
class BodyPage:
    """A body with its meetings and what was put right of its name."""

    body: Body
    meetings: Meetings
    corrections: list[Correction]
    entry: int | None


def body(slug: str, at: datetime, *, before: date | None = None) -> BodyPage:
    """A body by its slug. Not found where there is none."""
    row = the_body(slug)
    entry = row.entry
    return BodyPage(
        body=row,
        meetings=meetings(at, body=row, before=before),
        corrections=list(row.corrections.all()),
        entry=entry.number if entry else None,
    )


def the_body(slug: str) -> Body:
    return _found(Body.objects.filter(slug=slug), "There is no such body.")


def the_meeting(slug: str, day: date) -> Meeting:
    return _found(_all().filter(body__slug=slug, day=day), "There is no such meeting.")


def the_item(slug: str, day: date, number: int) -> Item:
    rows = Item.objects.select_related("meeting__body", "retraction", "meeting__retraction")
    rows = rows.filter(meeting__body__slug=slug, meeting__day=day, number=number)
    return _found(rows, "There is no such item on this agenda.")


def the_paper(slug: str, day: date, number: int) -> Paper:
    rows = Paper.objects.select_related("item__meeting__body", "retraction")
    return _found(rows.filter(item__meeting__body__slug=slug, item__meeting__day=day, pk=number), "No such paper.")


def the_resolution(slug: str, day: date, item: int, number: int) -> Resolution:
    rows = Resolution.objects.select_related("item__meeting__body", "retraction")
    rows = rows.filter(item__meeting__body__slug=slug, item__meeting__day=day, item__number=item, number=number)
    return _found(rows, "There is no such resolution.")


def _all() -> QuerySet[Meeting]:
    return Meeting.objects.select_related("body", "retraction")


def _coming(at: datetime) -> QuerySet[Meeting]:
    return _all().filter(day__gte=day_of(at)).order_by("day", "starts", "body__name")


def _found(rows: QuerySet[Row], words: str) -> Row:
    row = rows.first()
    if row is None:
        raise Http404(words)
    return row
