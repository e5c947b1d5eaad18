"""How old each desk's file is: when the last came, until when it tells of what happened, and since when one is missing.

It stands on every page that rests on the desk's tickets, so it is kept ready and read in one query.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from commonhold.demand.models import Batch, DeskAge
from commonhold.demand.queries.feeds import Standing, standing
from commonhold.govuk.formats import instant
from commonhold.ledger.engine.by import By


@dataclass(frozen=True, slots=True)
class Age:
    """A desk's newest file: when it came, until when it tells; and of its feed, since when a file is missing."""

    desk: str
    came: datetime | None
    told_to: datetime | None
    missing: datetime | None = None
    feed: str = ""

    @property
    def in_words(self) -> str:
        last = f"the last came on {instant(self.came)}" if self.came else "none ever came"
        told = f", and tells of what happened until {instant(self.told_to)}" if self.told_to else ""
        if self.missing:
            return f"The file of {self.desk} was expected on {instant(self.missing)} and has not come; {last}{told}."
        return f"{self.desk}: {last}{told}."


def ages(*, seen_by: By, desk: str = "") -> list[Age]:
    """Every desk, or the one of a name, with its newest file, those with one missing first. Which feed it is, holders
    of posts are told.
    """
    rows = DeskAge.objects.filter(desk=desk) if desk else DeskAge.objects.all()
    return in_order(rows, seen_by)


def in_order(rows: Iterable[DeskAge], seen_by: By) -> list[Age]:
    """The same of the rows of desks."""
    found = [_age(row, seen_by) for row in rows]
    return sorted(found, key=lambda age: (age.missing is None, age.desk))


def _age(row: DeskAge, seen_by: By) -> Age:
    missing = row.missing_from if row.missing_from and row.missing_from <= seen_by.at else None
    return Age(row.desk, row.came, row.told_to, missing, "" if seen_by.is_public else row.feed)


def found(now: datetime) -> Iterator[DeskAge]:
    """The age of every desk that has a file or a feed, from its batches and from what came by its feed."""
    # Of a desk that has a feed of tickets and one of holds, the one that lacks a file first is told of.
    feeds: dict[str, Standing] = {}
    for feed in sorted(standing(now), key=lambda feed: (feed.missing_from is None, feed.missing_from or now)):
        feeds.setdefault(feed.version.desk, feed)
    files = Batch.objects.counting().filter(kind=Batch.Kind.FILE, desk__isnull=False)
    newest = files.order_by().values_list("desk__name").annotate(came=Max("taken_at"), told=Max("observed_at"))
    for desk, came, told in newest:
        yield _kept(desk, feeds.pop(desk, None), came, told)
    for desk, feed in feeds.items():
        yield _kept(desk, feed, None, None)


def _kept(desk: str, feed: Standing | None, came: datetime | None, told: datetime | None) -> DeskAge:
    if feed is None:
        return DeskAge(desk=desk, came=came, told_to=told)
    # A file in which nothing was new has come all the same.
    last = max((at for at in (came, feed.came.at if feed.came else None) if at), default=None)
    return DeskAge(desk=desk, feed=feed.name, came=last, told_to=told, missing_from=feed.missing_from)
