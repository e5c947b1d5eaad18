"""Which files were expected of each desk within some days and did not come, and until when its files tell at all."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Max

from commonhold.demand.engine.feeds import Brought, brought
from commonhold.demand.models import Batch, FeedFile, FeedVersion
from commonhold.demand.permissions import reads_incidents
from commonhold.demand.queries.feeds import CAME, FAR, holidays
from commonhold.govuk.formats import day, plural
from commonhold.ledger.engine.by import By
from commonhold.workdays import LONDON

EARLIEST: Final = date(1990, 1, 1)
"""No feed is older."""


@dataclass(frozen=True, slots=True)
class DeskFiles:
    """A desk, what became of the files that its feeds were to bring, and until when those that came tell.

    `first` and `last` are the days that are asked for.
    """

    desk: str
    files: Brought
    told_to: datetime | None
    first: date
    last: date

    @property
    def in_time(self) -> int:
        return self.files.expected - len(self.files.late) - len(self.files.lacking)

    @property
    def tells_of_none(self) -> bool:
        """Whether no file of the desk tells of any of the days."""
        return self.told_to is None or self.told_to.astimezone(LONDON).date() < self.first

    @property
    def stops_short(self) -> bool:
        """Whether its files end before the days do."""
        return self.told_to is None or self.told_to.astimezone(LONDON).date() < self.last

    @property
    def sentence(self) -> str:
        """Council desk: 2 of 30 files expected did not come, 1 came late; empty where there is nothing to say."""
        said = []
        if self.files.lacking:
            said.append(f"{len(self.files.lacking)} of {plural(self.files.expected, 'file')} expected did not come")
        if self.files.late:
            said.append(f"{len(self.files.late)} came late")
        if self.told_to is None:
            said.append("no file ever came")
        elif self.stops_short:
            what = "none of these days" if self.tells_of_none else "not all of these days"
            said.append(f"its files tell of {what}, the last until {day(self.told_to)}")
        return f"{self.desk}: {', '.join(said)}" if said else ""


def of_days(first: date, last: date, *, at: datetime, known: int | None = None) -> list[DeskFiles]:
    """Every desk that has a file or a feed, by name, as known at an instant and, of tickets, by a batch."""
    today = at.astimezone(LONDON).date()
    begins = datetime.combine(max(first, EARLIEST), time.min, LONDON)
    ends = at if last >= today else datetime.combine(last + timedelta(days=1), time.min, LONDON)
    found: dict[str, Brought] = defaultdict(Brought)
    versions = list(
        FeedVersion.objects.filter(at__lte=at).order_by("feed", "number").defer("mapping_text", "partners_text")
    )
    came = _came(begins, at)
    for place, version in enumerate(versions):
        following = versions[place + 1] if place + 1 < len(versions) else None
        replaced = following.at if following and following.feed_id == version.feed_id else None
        until = min(ends, replaced) if replaced else ends
        own = max(begins, version.at + timedelta.resolution)
        if not version.stopped and own <= until:
            since = _since(versions, place)
            found[version.desk] += brought(version.expected, since, until, came[version.feed_id], own, holidays())
    told = _told_to(known)
    return [
        DeskFiles(desk, found.get(desk, Brought()), told.get(desk), first, last) for desk in sorted({*found, *told})
    ]


def seen(first: date, last: date, *, seen_by: By, known: int) -> list[DeskFiles] | None:
    """The same for whoever holds a post; nothing for the public."""
    return of_days(first, last, at=seen_by.at, known=known) if reads_incidents(seen_by) else None


def _since(versions: list[FeedVersion], place: int) -> datetime:
    """Since when a version's files are expected as they are: from the first of those before it that expect alike."""
    since = versions[place]
    for one in reversed(versions[:place]):
        if one.feed_id != since.feed_id or one.stopped or one.expected != since.expected:
            break
        since = one
    return since.at


def _came(begins: datetime, at: datetime) -> dict[int, list[datetime]]:
    """When files came by each feed, from some time before the days on."""
    found: dict[int, list[datetime]] = defaultdict(list)
    rows = FeedFile.objects.filter(state__in=CAME, at__gte=begins - FAR, ended_at__lte=at)
    for feed, came in rows.order_by("pk").values_list("feed_id", "at"):
        found[feed].append(came)
    return found


def _told_to(known: int | None) -> dict[str, datetime]:
    """Until when the newest files of each desk tell."""
    files = Batch.objects.telling(known) if known is not None else Batch.objects.taken()
    rows = files.filter(desk__isnull=False).order_by().values_list("desk__name").annotate(told=Max("observed_at"))
    return {desk: told for desk, told in rows if told is not None}
