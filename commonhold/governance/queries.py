"""Agendas, what came of items, and the updates that are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from commonhold.governance.engine import due_on
from commonhold.governance.models import Action, Body, Item, Meeting, Resolution
from commonhold.ledger.engine.by import By
from commonhold.partnership.queries import LONDON, day_of


def has_begun(meeting: Meeting, at: datetime) -> bool:
    """Whether the meeting has opened by this instant."""
    return datetime.combine(meeting.day, meeting.starts, LONDON) <= at


def bodies() -> QuerySet[Body]:
    return Body.objects.prefetch_related("meetings")


def meetings(upcoming_from: date | None = None) -> QuerySet[Meeting]:
    """Meetings with their bodies, latest first; from a day on, soonest first."""
    rows = Meeting.objects.select_related("body")
    return rows.filter(day__gte=upcoming_from).order_by("day", "starts") if upcoming_from else rows


def agenda(meeting: Meeting) -> QuerySet[Item]:
    """The items of a meeting with their papers, what was resolved on them, and the actions that were asked for."""
    return meeting.items.select_related("meeting__body").prefetch_related(
        "papers", "resolutions__actions__owner", "resolutions__actions__updates"
    )


def action(pk: int) -> QuerySet[Action]:
    return (
        Action.objects.filter(pk=pk)
        .select_related("resolution__item__meeting__body", "owner")
        .prefetch_related("updates__paper")
    )


@dataclass(frozen=True, slots=True)
class Owed:
    """An action that waits for its update: when it is due, and whether that has passed."""

    action: Action
    due: date | None
    overdue: bool


def updates_due(at: datetime, owner: By | None = None) -> list[Owed]:
    """The actions that are not closed, soonest due first; those that one post owes where it is given."""
    rows = Action.objects.select_related("resolution__item__meeting__body", "owner").prefetch_related("updates")
    if owner is not None:
        rows = rows.filter(owner__slug=owner.post)
    later: dict[int, list[date]] = {}
    for body, day in Meeting.objects.values_list("body", "day"):
        later.setdefault(body, []).append(day)
    today = day_of(at)
    found = [
        Owed(row, due, due is not None and due < today)
        for row in rows
        if not row.is_closed
        for due in [_due(row.resolution, later)]
    ]
    return sorted(found, key=lambda owed: (owed.due or date.max, owed.action.pk))


def _due(resolution: Resolution, later: dict[int, list[date]]) -> date | None:
    meeting = resolution.item.meeting
    return due_on(resolution.due, resolution.due_day, meeting.day, later.get(meeting.body_id, []))
