"""Feeds: how a desk's files come by themselves, in versions on the record, and what came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine.feeds import WEEKDAYS, Expected, Rhythm
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face, Recorded
from commonhold.partnership.models import Person

RHYTHMS = (
    (Rhythm.DAILY.value, "Every day"),
    (Rhythm.WORKING_DAYS.value, "Every working day"),
    (Rhythm.WEEKLY.value, "Once a week"),
    (Rhythm.MONTHLY.value, "On the first of every month"),
    (Rhythm.NONE.value, "At no set time"),
)


class Feed(models.Model):
    """A way by which one desk's files come, under a name that stays; how it is set up is in its versions."""

    name = models.SlugField(max_length=60, unique=True)
    told_of = models.DateTimeField(null=True, blank=True)  # since when the file was missing of which people were told

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("demand:feed", args=[self.name])


class FeedVersion(Recorded):
    """How a feed is set up: its desk and mapping, when its file is expected, and the posts that may bring it."""

    sentences: ClassVar[Mapping[str, str]] = {
        "feed.made": "A feed was set up",
        "feed.changed": "A feed was changed",
        "feed.stopped": "A feed was stopped",
    }

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    stopped = models.BooleanField(default=False)
    desk = models.CharField(max_length=200)
    mapping = models.CharField(max_length=120)
    mapping_text = models.TextField()
    mapping_digest = models.CharField(max_length=64)
    partners_text = models.TextField(blank=True)
    partners_digest = models.CharField(max_length=64, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    tolerate = models.FloatField()
    rhythm = models.CharField(max_length=20, choices=RHYTHMS)
    weekday = models.PositiveSmallIntegerField(default=0, choices=list(enumerate(WEEKDAYS)))
    due_by = models.TimeField()
    posts = models.JSONField(default=list)
    from_folder = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("feed", "-number")
        constraints = (
            models.UniqueConstraint(fields=("feed", "number"), name="one_feed_version_of_a_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="feed_versions_count_from_one"),
        )

    def __str__(self) -> str:
        return f"Feed {self.feed.name}, version {self.number}"

    def get_absolute_url(self) -> str:
        return self.feed.get_absolute_url()

    @classmethod
    def shown(cls) -> models.QuerySet[FeedVersion]:
        return cls.objects.select_related("feed")

    @property
    def expected(self) -> Expected:
        return Expected(Rhythm(self.rhythm), self.due_by, self.weekday)

    def read_by(self) -> mappings.Mapping:
        return mappings.from_canonical(self.mapping_text, self.mapping)

    def contents(self) -> dict[str, Any]:
        """How it is set up. The texts of mapping and map of partners stand here as digests."""
        return {
            "name": self.feed.name,
            "desk": self.desk,
            "mapping": self.mapping,
            "mapping_digest": self.mapping_digest,
            "partners_digest": self.partners_digest,
            "time_zone": self.time_zone,
            "tolerate": str(self.tolerate),
            "expected": self.expected.in_words,
            "posts": self.posts,
            "from_folder": self.from_folder,
            "stopped": self.stopped,
            "reason": self.reason,
        }

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return {} if seen_by.is_public else self.contents()

    def face(self, seen_by: By) -> Face:
        if seen_by.is_public:
            return Face("A feed of a desk's files", closed=True)
        return Face(str(self), self.get_absolute_url())


class FeedFile(models.Model):
    """A file that came by a feed: when, how, from whom, and what became of it. The bytes go once it was read (D1)."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to be imported"
        IMPORTED = "imported", "Imported"
        KNOWN = "known", "Nothing in it was new"
        REFUSED = "refused", "Refused"

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="files", db_index=False)
    version = models.ForeignKey(FeedVersion, models.PROTECT, related_name="files")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=300, blank=True)  # where a watched folder holds it meanwhile
    through = models.CharField(max_length=40)
    post = models.CharField(max_length=100)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    batch = models.PositiveIntegerField(null=True, blank=True)
    rows = models.PositiveIntegerField(null=True, blank=True)
    problem = models.TextField(blank=True)
    lines = models.JSONField(default=list)  # rows left out, of a file that was refused for them

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("feed", "-id"), name="files_of_a_feed"),
            models.Index(fields=("feed", "id"), condition=Q(state="waiting"), name="feed_files_that_wait"),
            models.Index(fields=("batch",), condition=Q(batch__isnull=False), name="feed_files_by_batch"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at=None) | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="a_file_that_waits_and_no_other_has_no_end",
            ),
        )

    def __str__(self) -> str:
        return f"File {self.pk} of the feed {self.feed_id}"

    def get_absolute_url(self) -> str:
        return reverse("demand:feed_file", args=[self.feed.name, self.pk])

    @classmethod
    def naming(cls, digest: str) -> models.QuerySet[FeedFile]:
        """Those that rest on a kept file: one that was read is known by the digest of bytes that are gone."""
        return cls.objects.filter(sha256=digest, state=cls.State.WAITING)
