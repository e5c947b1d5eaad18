"""Bodies, meetings, and the items on an agenda: entered, put right, taken back."""

from datetime import date, time

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify

from commonhold.governance.acts.putting_right import _locked, _reworded, _taken_back
from commonhold.governance.models import Body, Correction, Item, Meeting, Paper, Resolution, Retraction
from commonhold.governance.permissions import clerks
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.refusals import Refused, require

TAKEN = frozenset({"new"})
"""Words that stand for something else in the addresses of bodies."""


@transaction.atomic
def form_body(*, by: By, name: str, kind: str) -> Body:
    """Enter a body that meets; any partner's governance officer may."""
    require(clerks(by), "enter a body")
    words = " ".join(name.split())
    slug = slugify(words)[:60].strip("-")
    if not slug or slug in TAKEN:
        raise Refused("Give the body its full name.")
    there = f"There is already a body called {words}."
    if Body.objects.filter(slug=slug).exists() or Body.objects.filter(name__iexact=words).exists():
        raise Refused(there)
    try:
        with transaction.atomic():
            body = Body.objects.create(name=words, slug=slug, kind=kind)
    except IntegrityError:  # somebody entered it in the same moment
        raise Refused(there) from None
    record(by=by, kind="body.formed", subject=body)
    return body


@transaction.atomic
def correct_body(*, by: By, body: Body, name: str, kind: str, edition: int) -> Correction:
    """Put a body's name or kind right; its address stays, because papers name it."""
    require(clerks(by), "put this body right")
    words = " ".join(name.split())
    if Body.objects.filter(name__iexact=words).exclude(pk=body.pk).exists():
        raise Refused(f"There is already a body called {words}.")
    made = _reworded(by, _locked(body), edition, name=words, kind=kind)
    record(by=by, kind="body.corrected", subject=made, because=body.entry, facts={"changed": sorted(made.after)})
    return made


@transaction.atomic
def call_meeting(*, by: By, body: Body, day: date, starts: time, place: str) -> Meeting:
    """Call a meeting of a body for a day."""
    require(clerks(by), "call a meeting")
    _locked(body)
    there = body.meetings.filter(day=day).select_related("retraction").first()
    if there is not None:
        on = f"{day.day} {day:%B %Y}"
        called_off = f"A meeting on {on} was called off. Choose another day, so that the two are not mixed up."
        raise Refused(called_off if there.taken_back else f"{body} already meets on {on}.")
    meeting = Meeting.objects.create(body=body, day=day, starts=starts, place=place.strip())
    record(by=by, kind="meeting.called", subject=meeting, because=body.entry)
    return meeting


@transaction.atomic
def correct_meeting(*, by: By, meeting: Meeting, starts: time, place: str, edition: int) -> Correction:
    """Put a meeting's time or place right; on another day it is another meeting."""
    require(clerks(by), "put this meeting right")
    now = _locked(meeting)
    _refuse_taken_back(meeting)
    made = _reworded(by, now, edition, starts=starts, place=place.strip())
    record(by=by, kind="meeting.corrected", subject=made, because=meeting.entry, facts={"changed": sorted(made.after)})
    return made


@transaction.atomic
def call_off(*, by: By, meeting: Meeting, reason: str) -> Retraction:
    """Call a meeting off with the reason; one at which something was resolved has taken place."""
    require(clerks(by), "call this meeting off")
    _locked(meeting)
    if Resolution.objects.filter(item__meeting=meeting, retraction=None).exists():
        raise Refused("Something was resolved at this meeting, so it has taken place.")
    made = _taken_back(by, meeting, reason)
    record(by=by, kind="meeting.called-off", subject=made, because=meeting.entry)
    return made


@transaction.atomic
def add_item(*, by: By, meeting: Meeting, title: str, purpose: str) -> Item:
    """Put an item of business on the agenda, after those already there."""
    require(clerks(by), "change this agenda")
    _locked(meeting)
    _refuse_taken_back(meeting)
    last = meeting.items.aggregate(last=Max("number"))["last"] or 0
    item = Item.objects.create(meeting=meeting, number=last + 1, title=" ".join(title.split()), purpose=purpose)
    record(by=by, kind="item.added", subject=item, because=meeting.entry)
    return item


@transaction.atomic
def correct_item(*, by: By, item: Item, title: str, purpose: str, edition: int) -> Correction:
    """Put an item's title or purpose right; the first words stay on the record."""
    require(clerks(by), "put this item right")
    now = _locked(item)
    _refuse_taken_back(item)
    made = _reworded(by, now, edition, title=" ".join(title.split()), purpose=purpose)
    record(by=by, kind="item.corrected", subject=made, because=item.entry, facts={"changed": sorted(made.after)})
    return made


@transaction.atomic
def withdraw_item(*, by: By, item: Item, reason: str) -> Retraction:
    """Withdraw an item with the reason; one with a paper or a resolution stays. Its number is not given again."""
    require(clerks(by), "withdraw this item")
    _locked(item)
    if Paper.objects.filter(item=item, retraction=None).exists():
        raise Refused("A paper stands on this item. Withdraw the paper first.")
    if Resolution.objects.filter(item=item, retraction=None).exists():
        raise Refused("Something was resolved on this item, so it cannot be withdrawn.")
    made = _taken_back(by, item, reason)
    record(by=by, kind="item.withdrawn", subject=made, because=item.entry)
    return made


def _refuse_taken_back(row: Meeting | Item) -> None:
    taken_back = Retraction.objects.filter(**{row.noun(): row}).first()
    if taken_back is not None:
        raise Refused(f"{taken_back.word}: {row}. Nothing can be added to it.")
