"""Bodies, meetings, and the items on an agenda."""

from datetime import date, time

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from commonhold.governance.models import Body, Item, Meeting
from commonhold.governance.permissions import clerks
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.refusals import Refused, require


@transaction.atomic
def form_body(*, by: By, name: str, kind: str) -> Body:
    """Enter a body that meets; any partner's governance officer may."""
    require(clerks(by), "enter a body")
    if Body.objects.filter(slug=slugify(name)).exists():
        raise Refused(f"There is already a body called {name}.")
    body = Body.objects.create(name=name, slug=slugify(name), kind=kind)
    record(by=by, kind="body.formed", subject=body)
    return body


@transaction.atomic
def call_meeting(*, by: By, body: Body, day: date, starts: time, place: str) -> Meeting:
    """Call a meeting of a body for a day."""
    require(clerks(by), "call a meeting")
    if body.meetings.filter(day=day).exists():
        raise Refused(f"{body} already meets on {day.day} {day:%B %Y}.")
    meeting = Meeting.objects.create(body=body, day=day, starts=starts, place=place)
    record(by=by, kind="meeting.called", subject=meeting, because=body.entry)
    return meeting


@transaction.atomic
def add_item(*, by: By, meeting: Meeting, title: str, purpose: str) -> Item:
    """Put an item of business on the agenda, after those already there."""
    require(clerks(by), "change this agenda")
    last = meeting.items.aggregate(last=Max("number"))["last"] or 0
    item = Item.objects.create(meeting=meeting, number=last + 1, title=title, purpose=purpose)
    record(by=by, kind="item.added", subject=item, because=meeting.entry)
    return item
