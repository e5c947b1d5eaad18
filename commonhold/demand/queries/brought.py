"""Which files were expected of each desk within some days and did not come, and until when its files tell at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import QuerySet

from commonhold.databases.together import together
from commonhold.demand.engine.feeds import KEPT, Brought, Rhythm, brought
from commonhold.demand.models import Batch, DeskAge, FeedFile, FeedVersion
from commonhold.demand.permissions import reads_incidents
from commonhold.demand.queries.ages import Age, ages, in_order
from commonhold.demand.queries.feeds import CAME, FAR, holidays
from commonhold.govuk.formats import day, plural
from commonhold.ledger.engine.by import By
from commonhold.workdays import LONDON

EARLIEST: Final = date(1990, 1, 1)
"""No feed is older."""


@dataclass(frozen=True, slots=True)
class DeskFiles:
    """A desk, what became of the files that its feeds were to bring, and until when those that came tell.

    `first` and `last` are the days that are asked for; `kept_from` is from when on it is kept what became of files,
    where they were expected before as well: of those nobody can say any more whether they came.
    """

    desk: str
    files: Brought
    told_to: datetime | None
    first: date
    last: date
    kept_from: datetime | None = None

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
        if self.kept_from:
            said.append(f"which of its files came before {day(self.kept_from)} is no longer known")
        if self.told_to is None:
            said.append("no file of tickets ever came")
        elif self.stops_short:
            what = "none of these days" if self.tells_of_none else "not all of these days"
            said.append(f"its files tell of {what}, the last until {day(self.told_to)}")
        return f"{self.desk}: {', '.join(said)}" if said else ""


def of_days(first: date, last: date, *, at: datetime, known: int) -> list[DeskFiles]:
    """Every desk that has a file or a feed, by name, as known at an instant and, of tickets, by a batch."""
    return _of_rows(first, last, at, together(_asked(first, at, known)))


def seen(first: date, last: date, *, seen_by: By, known: int) -> tuple[list[DeskFiles] | None, list[Age]]:
    """The same for whoever holds a post, nothing for the public; and how old each desk's file is. In one query."""
    if not reads_incidents(seen_by):
        return None, ages(seen_by=seen_by)
    read = together({**_asked(first, seen_by.at, known), "ages": DeskAge.objects.all()})
    return _of_rows(first, last, seen_by.at, read), in_order(read["ages"], seen_by)


def _asked(first: date, at: datetime, known: int) -> dict[str, QuerySet[Any, Any]]:
    """The versions of feeds, the files that came from some time before the days on, and until when each desk's tell."""
    files = FeedFile.objects.filter(state__in=CAME, at__gte=_beginning(first) - FAR, ended_at__lte=at)
    return {
        "versions": FeedVersion.objects.filter(at__lte=at).defer("mapping_text", "partners_text"),
        "files": files.order_by().values_list("feed", "at"),
        "told": Batch.objects.told_by_desk(known),
    }


def _beginning(first: date) -> datetime:
    return datetime.combine(max(first, EARLIEST), time.min, LONDON)


def _of_rows(first: date, last: date, at: datetime, read: Mapping[str, Sequence[Any]]) -> list[DeskFiles]:
    today = at.astimezone(LONDON).date()
    begins, kept_from = _beginning(first), at - KEPT
    forgotten: set[str] = set()
    ends = at if last >= today else datetime.combine(last + timedelta(days=1), time.min, LONDON)
    found: dict[str, Brought] = defaultdict(Brought)
    versions = sorted(read["versions"], key=lambda one: (one.feed_id, one.number))
    came: dict[int, list[datetime]] = defaultdict(list)
    for feed, moment in read["files"]:
        came[feed].append(moment)
    for place, version in enumerate(versions):
        following = versions[place + 1] if place + 1 < len(versions) else None
        replaced = following.at if following and following.feed_id == version.feed_id else None
        until = min(ends, replaced) if replaced else ends
        own = max(begins, version.at + timedelta.resolution)
        if version.stopped or own > until:
            continue
        if own < kept_from and version.rhythm != Rhythm.NONE:
            forgotten.add(version.desk)
        since, own = max(_since(versions, place), kept_from), max(own, kept_from)
        found[version.desk] += brought(version.expected, since, until, came[version.feed_id], own, holidays())
    told = {desk: observed for desk, observed in read["told"] if observed is not None}
    return [
        DeskFiles(
            desk, found.get(desk, Brought()), told.get(desk), first, last, kept_from if desk in forgotten else None
        )
        for desk in sorted({*found, *told})
    ]


def _since(versions: list[FeedVersion], place: int) -> datetime:
    """Since when a version's files are expected as they are: from the first of those before it that expect alike."""
    since = versions[place]
    for one in reversed(versions[:place]):
        if one.feed_id != since.feed_id or one.stopped or one.expected != since.expected:
            break
        since = one
    return since.at
