"""What was resolved, and what was entered in error."""

from datetime import date

from django.db import transaction
from django.db.models import Max

from commonhold.governance.acts.putting_right import _locked, _taken_back
from commonhold.governance.models import Item, Resolution, Retraction
from commonhold.governance.permissions import clerks
from commonhold.governance.queries import has_begun
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.refusals import Refused, require


@transaction.atomic
def resolve(
    *,
    by: By,
    item: Item,
    text: str,
    word: str = Resolution.Word.RESOLVED,
    due: str = Resolution.Due.NONE,
    due_day: date | None = None,
) -> Resolution:
    """Record what the body resolved on an item, and when it is to hear more; any partner's clerk may."""
    require(clerks(by), "record resolutions at this meeting")
    if not has_begun(item.meeting, by.at):
        raise Refused("This meeting has not opened, so it cannot have resolved anything.")
    _locked(item.meeting)
    _locked(item)
    if Retraction.objects.filter(item=item).exists() or Retraction.objects.filter(meeting=item.meeting_id).exists():
        raise Refused(f"{item} is withdrawn, or its meeting was called off.")
    if (due == Resolution.Due.DATE) != (due_day is not None):
        raise Refused("Give the day by which the update is due, and only where it is due by a date.")
    last = item.resolutions.aggregate(last=Max("number"))["last"] or 0
    resolution = Resolution.objects.create(
        item=item, number=last + 1, word=word, text=text.strip(), due=due, due_day=due_day
    )
    papers = [paper.entry for paper in item.papers.filter(retraction=None)]
    record(by=by, kind="resolution.made", subject=resolution, because=[item.entry, *papers])
    return resolution


@transaction.atomic
def strike_resolution(*, by: By, resolution: Resolution, reason: str) -> Retraction:
    """Mark a resolution as entered in error: it stays in sight, struck out, and it and its actions mandate nothing."""
    require(clerks(by), "mark this resolution as entered in error")
    made = _taken_back(by, resolution, reason)
    record(by=by, kind="resolution.entered-in-error", subject=made, because=resolution.entry)
    return made
