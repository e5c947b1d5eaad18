"""What is known, and through which instant: the two instants that every figure carries (F7)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet, Subquery

from commonhold.databases.prepared import prepared
from commonhold.demand.models import Batch
from commonhold.demand.models.batch import TAKEN_OVER
from commonhold.govuk.tables import Cell
from commonhold.ledger.models import Entry
from commonhold.refusals import Refused


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What was known at an entry: the last batch that counts, and the last instant its files tell of."""

    entry: int
    batch: int
    through: int


def knowledge(known_at: str | int | None = None) -> Knowledge:
    """What is known now, or was at an entry or an instant. Refused where nothing was known yet."""
    entries = Entry.objects.filter(kind__in=TAKEN_OVER)
    if known_at is not None:
        entries = entries.filter(**until(str(known_at)))
    last = entries.order_by("-number").values_list("number", "facts__batch").first()
    if last is None:
        raise Refused(
            "No tickets are known yet. Import a file first: commonhold import-tickets FILE --mapping NAME"
            if known_at is None
            else f"No tickets were known at {known_at} yet."
        )
    entry, batch = last
    through = Batch.objects.known_through(int(batch))
    return Knowledge(entry, int(batch), int(through.timestamp()) if through else 0)


@dataclass(frozen=True, slots=True)
class Now:
    """What pages are read by: the last batch taken over, 0 if none, and the last instant that its files tell of."""

    batch: int
    through: datetime | None


def now() -> Now:
    """What is known now, in one query."""
    return next((Now(*row) for row in _last()), Now(0, None))


@prepared
def _last() -> "QuerySet[Batch, tuple[int, datetime | None]]":
    taken = Batch.objects.taken()
    telling = Batch.objects.counting().filter(observed_at__isnull=False)
    through = Subquery(telling.order_by("-observed_at").values("observed_at")[:1])
    return taken.order_by("-number").values_list("number", through)[:1]


def entry_of(batch: int) -> int | None:
    """The entry at which a batch, or the last before it that is on the record, became known; None where none was."""
    entries = Entry.objects.filter(kind__in=TAKEN_OVER, facts__batch__lte=batch)
    return entries.order_by("-number").values_list("number", flat=True).first()


def about_now(known: Now) -> dict[str, Cell]:
    """What the first sheet of a list of tickets says of when it is read: as of, and known at which entry (F7)."""
    return {"As of": known.through, "Known at entry": entry_of(known.batch)}


def last_told() -> int:
    """The last instant that any file tells of, one that is being gathered included."""
    last = Batch.objects.filter(known_until=None).aggregate(last=Max("observed_at"))["last"]
    return int(last.timestamp()) if last else 0


def until(known_at: str) -> dict[str, object]:
    """What entries are narrowed down by that were there at an entry or an instant. Refused where it is neither."""
    if known_at.isdecimal() and len(known_at) < 19:
        newest = Entry.objects.order_by("-number").values_list("number", flat=True).first() or 0
        if int(known_at) > newest:
            raise Refused(f"The record has no entry {known_at} yet: its newest is entry {newest}.")
        return {"number__lte": int(known_at)}
    try:
        instant = datetime.fromisoformat(known_at)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Refused(f"{known_at} is neither the number of an entry nor an instant such as 2026-07-21T12:00:00+01:00.")
    return {"at__lte": instant}
