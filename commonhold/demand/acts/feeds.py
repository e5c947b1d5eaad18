"""Feeds are set up, changed and stopped: each a version on the record. Of one desk there is one feed at a time."""

from typing import Any, Final

from django.db import transaction
from django.utils.text import slugify

from commonhold.databases.alone import in_turn
from commonhold.demand.acts.ages import keep_ages
from commonhold.demand.engine.feeds import Rhythm, Setting
from commonhold.demand.engine.mapping import HOLDS, refuse_unread
from commonhold.demand.models import Feed, FeedVersion
from commonhold.demand.permissions import keeps_feeds
from commonhold.demand.queries.feeds import current
from commonhold.ledger import evidence
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Post
from commonhold.partnership.queries.agreeing import refuse_older
from commonhold.refusals import Refused, require
from commonhold.workdays import zone

SETTING_UP: Final = "feeds"
LONGEST_NAME: Final = 60
LONGEST_REASON: Final = 1_000


@transaction.atomic
def set_up_feed(*, by: By, name: str, setting: Setting) -> FeedVersion:
    """Set up a feed under a name that stays in its address; refused where its desk has one already."""
    require(keeps_feeds(by), "set up a feed")
    in_turn(SETTING_UP)
    word = name.strip()
    if not word or word != slugify(word) or len(word) > LONGEST_NAME:
        raise Refused("A feed's name stands in its address: small letters, digits and hyphens, such as service-desk.")
    if Feed.objects.filter(name=word).exists():
        raise Refused(f"There is already a feed called {word}. Change that, or choose another name.")
    feed = Feed.objects.create(name=word)
    version = _version(by, feed, 1, setting, reason="")
    keep_ages(at=by.at)
    record(by=by, kind="feed.made", subject=version, facts=_facts(version))
    return version


@transaction.atomic
def change_feed(*, by: By, feed: Feed, setting: Setting, reason: str, edition: int) -> FeedVersion:
    """Set a feed up in another way, from now on; a stopped one goes on by it. What came before stays as it was read."""
    require(keeps_feeds(by), "change a feed")
    in_turn(SETTING_UP)
    last = current().get(feed=feed)
    refuse_older(edition, last.number)
    version = _version(by, feed, last.number + 1, setting, reason=_why(reason))
    keep_ages(at=by.at)
    record(by=by, kind="feed.changed", subject=version, because=last.entry, facts=_facts(version))
    return version


@transaction.atomic
def stop_feed(*, by: By, feed: Feed, reason: str, edition: int) -> FeedVersion:
    """Stop a feed: it takes no more files, and none is missing. Those that wait are imported still."""
    require(keeps_feeds(by), "stop a feed")
    in_turn(SETTING_UP)
    last = current().get(feed=feed)
    refuse_older(edition, last.number)
    if last.stopped:
        raise Refused("This feed is stopped already.")
    values = {one.name: getattr(last, one.attname) for one in FeedVersion._meta.concrete_fields if one.name != "id"}
    values |= {"feed": feed, "number": last.number + 1, "stopped": True, "reason": _why(reason), "post": by.post}
    version = FeedVersion.objects.create(**values | {"at": by.at})
    keep_ages(at=by.at)
    record(by=by, kind="feed.stopped", subject=version, because=last.entry, facts=_facts(version))
    return version


def _version(by: By, feed: Feed, number: int, setting: Setting, *, reason: str) -> FeedVersion:
    mapping = setting.mapping
    refuse_unread(mapping.kind)
    for other in current().filter(stopped=False).exclude(feed=feed):
        # Files of holds come beside those of tickets, so a desk may have one feed of each.
        alike = (other.read_by().kind == HOLDS) == (mapping.kind == HOLDS)
        if alike and other.desk.casefold() == mapping.desk.casefold():
            raise Refused(
                f"The desk {other.desk} has a feed already: {other.feed.name}. Two would bring the same tickets. "
                "Change or stop that one, or name another desk in the mapping."
            )
    posts = sorted(set(setting.posts))
    unknown = set(posts) - set(Post.objects.filter(slug__in=posts).values_list("slug", flat=True))
    if unknown:
        raise Refused(f"There is no post '{min(unknown)}'.")
    if not posts and not setting.from_folder:
        raise Refused("Name a post that may bring its files, or have them taken from the watched folder.")
    if not 0 <= setting.tolerate <= 1 or not 0 <= setting.weekday <= 6:
        raise Refused("The share of rows that may be left out is from 0 to 1.")
    _check_zone(setting.time_zone)
    evidence.keep_text(mapping.canonical)
    if setting.partners:
        evidence.keep_text(setting.partners.canonical)
    return FeedVersion.objects.create(
        feed=feed,
        number=number,
        desk=mapping.desk,
        mapping=mapping.name,
        mapping_text=mapping.canonical,
        mapping_digest=mapping.digest,
        partners_text=setting.partners.canonical if setting.partners else "",
        partners_digest=setting.partners.digest if setting.partners else "",
        time_zone=setting.time_zone,
        tolerate=setting.tolerate,
        rhythm=Rhythm(setting.rhythm),
        weekday=setting.weekday,
        due_by=setting.due_by,
        posts=posts,
        from_folder=setting.from_folder,
        reason=reason,
        post=by.post,
        at=by.at,
    )


def _check_zone(name: str) -> None:
    if name:
        try:
            zone(name)
        except (ValueError, KeyError):
            raise Refused(f"'{name}' is no time zone. Write it like Europe/London, or UTC.") from None


def _why(reason: str) -> str:
    words = reason.strip()
    if not words:
        raise Refused("Say why: it stands with the feed for those who look after it later.")
    if len(words) > LONGEST_REASON:
        raise Refused(f"A reason has at most {LONGEST_REASON:,} characters; this one has {len(words):,}.")
    return words


def _facts(version: FeedVersion) -> dict[str, Any]:
    return {
        "feed": version.feed.name,
        "number": version.number,
        "mapping": version.mapping_digest,
        "partners": version.partners_digest,
        "stopped": version.stopped,
    }
