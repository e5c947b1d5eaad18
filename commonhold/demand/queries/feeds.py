"""Feeds as they are set up now, what came by them, and which files are missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from commonhold.demand.engine.feeds import LONGEST_GAP, LOOKED_BACK, missing_from
from commonhold.demand.models import Feed, FeedFile, FeedVersion
from commonhold.demand.permissions import brings_to, keeps_feeds
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Appointment, Person, Post, Role
from commonhold.partnership.permissions import sees_all_rows
from commonhold.partnership.queries import day_of
from commonhold.workdays import bank_holidays

PAGE: Final = 25
CAME: Final = (FeedFile.State.IMPORTED, FeedFile.State.KNOWN)
"""States of a file that has come; one that was refused has not."""
LOOK_AFTER: Final = (Role.ANALYST, Role.SERVICE_MANAGER)
FAR: Final = timedelta(days=(LOOKED_BACK + 1) * LONGEST_GAP)


@dataclass(frozen=True, slots=True)
class Standing:
    """A feed as it is set up now, its last file that came and its last of any kind, and since when one is missing.

    `missing_from` is since when one is, or will be if none comes.
    """

    version: FeedVersion
    came: FeedFile | None
    last: FeedFile | None
    missing: datetime | None
    missing_from: datetime | None
    coming: datetime | None

    @property
    def name(self) -> str:
        return self.version.feed.name


def current() -> QuerySet[FeedVersion]:
    """The version of each feed that holds now, of those that were stopped as well."""
    later = FeedVersion.objects.filter(feed=OuterRef("feed"), number__gt=OuterRef("number"))
    return FeedVersion.shown().filter(~Exists(later)).order_by("feed__name")


def holidays() -> Collection[date]:
    return bank_holidays("GB-ENG")


def standing(now: datetime, *, name: str = "") -> list[Standing]:
    """Every feed that is not stopped, or the one of a name, with what is known of its files."""
    versions = list(current().filter(feed__name=name) if name else current().filter(stopped=False))
    files = FeedFile.objects.filter(feed__in=[version.feed_id for version in versions], at__gte=now - FAR)
    by_feed: dict[int, list[FeedFile]] = defaultdict(list)
    for file in files.defer("lines", "problem").order_by("pk"):
        by_feed[file.feed_id].append(file)
    since = _since(versions)
    return [_standing(version, by_feed[version.feed_id], since[version.feed_id], now) for version in versions]


def _standing(version: FeedVersion, files: list[FeedFile], since: datetime, now: datetime) -> Standing:
    came = [file for file in files if file.state in CAME]
    lacking = coming = None
    if not version.stopped:
        lacking = missing_from(version.expected, since, [file.at for file in came], now, holidays())
        coming = version.expected.after(now, holidays())
    return Standing(
        version=version,
        came=came[-1] if came else None,
        last=files[-1] if files else None,
        missing=lacking if lacking is not None and lacking <= now else None,
        missing_from=lacking,
        coming=coming,
    )


def _since(versions: list[FeedVersion]) -> dict[int, datetime]:
    """Since when each feed is expected as it is now: from the first of its last versions that expect alike."""
    found: dict[int, datetime] = {}
    now = {version.feed_id: version for version in versions}
    rows = FeedVersion.objects.filter(feed__in=now).order_by("feed", "-number").defer("mapping_text", "partners_text")
    ended = set()
    for row in rows:
        newest = now[row.feed_id]
        alike = row.expected == newest.expected and row.stopped == newest.stopped
        if row.feed_id in ended or not alike:
            ended.add(row.feed_id)
            continue
        found[row.feed_id] = row.at
    return found


def overdue(now: datetime) -> list[Standing]:
    return [feed for feed in standing(now) if feed.missing]


def the_feed(name: str, *, seen_by: By) -> FeedVersion:
    """A feed as it is set up now. Not found for the public, and where there is none."""
    found = None if seen_by.is_public else current().filter(feed__name=name).first()
    if found is None:
        raise Http404("There is no such feed.")
    return found


def versions_of(feed: Feed) -> list[FeedVersion]:
    return list(FeedVersion.shown().filter(feed=feed).order_by("-number"))


@dataclass(frozen=True, slots=True)
class Files:
    """A page of what came by a feed, newest first, and the last one on it where there are older ones."""

    files: list[FeedFile]
    older: int | None


def files_of(feed: Feed, before: int | None = None) -> Files:
    rows = FeedFile.objects.filter(feed=feed).select_related("feed", "version").defer("lines")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return Files(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def the_file(name: str, number: int, *, seen_by: By) -> FeedFile:
    """A file that came by a feed; not found for the public, and, through a token, for a post that may not bring it."""
    version = the_feed(name, seen_by=seen_by)
    rows = FeedFile.objects.filter(feed=version.feed, pk=number).select_related("feed", "version__feed")
    found = rows.first() if number < 2**62 else None
    if found is None or (seen_by.through and not brings_to(seen_by, version)):
        raise Http404("There is no such file.")
    return found


def sees_lines_of(file: FeedFile, by: By) -> bool:
    """Rows left out quote the file: they are for those who run the tickets, and for the post that brought it (D2)."""
    return sees_all_rows(by) or keeps_feeds(by) or (bool(by.post) and by.post == file.post)


def those_who_look_after(at: datetime) -> list[Person]:
    """The people of the shared service who look after its figures."""
    held = Appointment.objects.on(day_of(at)).filter(post__role__in=LOOK_AFTER, post__partner=None)
    return list(Person.objects.filter(appointments__in=held, is_active=True).distinct())


def posts_to_choose() -> list[tuple[str, str]]:
    """The posts that can be named as those that bring a feed's files."""
    rows = Post.objects.exclude(role__in=(Role.HOST, Role.SERVICE)).order_by("title")
    return list(rows.values_list("slug", "title"))


def feeds_to_choose(by: By | None) -> list[tuple[str, str]]:
    """The feeds that a token of this post can be for: those that it may bring."""
    return [
        (row.feed.name, f"{row.feed.name}, {row.desk}")
        for row in current().filter(stopped=False)
        if by is not None and brings_to(by, row)
    ]


def brought(batch: int) -> FeedFile | None:
    """The file of a feed that became this batch, where one did."""
    return FeedFile.objects.filter(batch=batch).select_related("feed").defer("lines").order_by("pk").first()
