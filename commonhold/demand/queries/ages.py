"""How old each desk's file is: when the last came, until when it tells of what happened, and since when one is missing.

It stands on every page that rests on the desk's tickets, so it is read in a few small queries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from commonhold.demand.models import Batch
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


def ages(*, seen_by: By) -> list[Age]:
    """Every desk with its newest file, those with one missing first. Which feed it is, holders of posts are told."""
    # Of a desk that has a feed of tickets and one of holds, the one that lacks a file is told of.
    feeds = {
        feed.version.desk: feed for feed in sorted(standing(seen_by.at), key=lambda feed: feed.missing is not None)
    }
    found = list(_of_files(feeds, seen_by))
    known = {age.desk for age in found}
    found += [_age(desk, feed, None, None, seen_by) for desk, feed in feeds.items() if desk not in known]
    return sorted(found, key=lambda age: (age.missing is None, age.desk))


def _of_files(feeds: dict[str, Standing], seen_by: By) -> Iterator[Age]:
    files = Batch.objects.taken().filter(kind=Batch.Kind.FILE, known_until=None, desk__isnull=False)
    newest = files.order_by().values_list("desk__name").annotate(came=Max("taken_at"), told=Max("observed_at"))
    for desk, came, told in newest:
        yield _age(desk, feeds.get(desk), came, told, seen_by)


def _age(desk: str, feed: Standing | None, came: datetime | None, told: datetime | None, seen_by: By) -> Age:
    if feed is None:
        return Age(desk, came, told)
    # A file in which nothing was new has come all the same.
    last = max((at for at in (came, feed.came.at if feed.came else None) if at), default=None)
    return Age(desk, last, told, feed.missing, "" if seen_by.is_public else feed.name)
