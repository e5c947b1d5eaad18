"""A meeting on one page: its agenda, what was put before it, what was resolved and asked, and where it stands on the
record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min, OuterRef, Prefetch, Q, Subquery

from commonhold.governance.models import Action, Correction, Item, Meeting, Paper, Resolution
from commonhold.governance.models.wording import PublicRecord
from commonhold.governance.queries.meetings import has_begun, the_meeting
from commonhold.ledger.models import Entry, Recorded
from commonhold.partnership.models import Post


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A meeting as its page shows it; `entries` are the numbers of the entries by which each thing was entered."""

    meeting: Meeting
    items: list[Item]
    corrections: dict[str, list[Correction]]
    entries: dict[str, int]
    next_day: date | None
    has_begun: bool

    @property
    def may_be_called_off(self) -> bool:
        return not any(r.taken_back is None for item in self.items for r in item.resolutions.all())


def meeting(slug: str, day: date, at: datetime) -> MeetingPage:
    """A meeting of a body on a day, with everything on its agenda. Not found where there is none."""
    row = the_meeting(slug, day)
    items = list(_agenda(row))
    corrections: dict[str, list[Correction]] = {}
    for correction in Correction.objects.filter(Q(meeting=row) | Q(item__meeting=row)).select_related("item"):
        corrections.setdefault((correction.item or row).ref, []).append(correction)
    # Asked for at the next meeting: the one after this, where it is called.
    after = Meeting.objects.filter(body=row.body, day__gt=day, retraction=None).aggregate(first=Min("day"))
    return MeetingPage(
        meeting=row,
        items=items,
        corrections=corrections,
        entries=entries_of([row, *_everything(items)]),
        next_day=after["first"],
        has_begun=has_begun(row, at),
    )


def _agenda(meeting: Meeting) -> Iterable[Item]:
    posts = Post.objects.filter(slug=OuterRef("post")).values("title")[:1]
    papers = Paper.objects.select_related("retraction").annotate(brought_by=Subquery(posts))
    resolutions = Resolution.objects.select_related("retraction").order_by("number")
    actions = Action.objects.judged().select_related("owner", "retraction")
    return meeting.items.select_related("retraction").prefetch_related(
        Prefetch("papers", papers),
        "papers__citations",
        Prefetch("resolutions", resolutions),
        Prefetch("resolutions__actions", actions),
    )


def _everything(items: Iterable[Item]) -> Iterable[PublicRecord]:
    for item in items:
        yield item
        yield from item.papers.all()
        for resolution in item.resolutions.all():
            yield resolution
            yield from resolution.actions.all()


def entries_of(things: Iterable[Recorded]) -> dict[str, int]:
    """The number of the entry by which each thing was entered, by reference, in one query."""
    rows = Entry.objects.filter(subject__in={thing.ref for thing in things})
    return dict(rows.values_list("subject").annotate(first=Min("number")))
