"""The tables of the record. Rows of Entry and Node are only ever added; the database refuses anything else (L1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from commonhold.ledger.engine import merkle
from commonhold.ledger.engine.by import By
from commonhold.ledger.engine.verify_commonhold import entry_bytes, hash_of_leaf


class Entry(models.Model):
    """What one act left: when, in which post, of what kind, about what, and because of which earlier entries."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    post = models.CharField(max_length=100)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    facts = models.JSONField(default=dict)
    because = models.JSONField(default=list)
    digest = models.BinaryField(max_length=32)

    class Meta:
        ordering = ("number",)
        # Each filter of a list is paged by number; instants rise with numbers, so one index turns dates into numbers.
        indexes = (
            models.Index(fields=("kind", "number"), name="entries_by_kind"),
            models.Index(fields=("post", "number"), name="entries_by_post"),
            models.Index(fields=("subject", "number"), name="entries_by_subject"),
            models.Index(fields=("at", "number"), name="entries_by_instant"),
        )
        constraints = (models.CheckConstraint(condition=Q(number__gte=1), name="entries_count_from_one"),)

    def __str__(self) -> str:
        return f"Entry {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("ledger:entry", args=[self.number])

    @property
    def noun(self) -> str:
        """What kind of thing the entry is about: the beginning of its reference."""
        return self.subject.partition("/")[0]

    @property
    def through(self) -> str:
        """What the act came through, where that was not the site: "the command line" (D4)."""
        through: str = self.facts.get("through", "")
        return through

    @property
    def digests(self) -> Mapping[str, str]:
        """The salted digests, by name, of what stands behind the entry."""
        digests: Mapping[str, str] = self.facts.get("digests", {})
        return digests

    @property
    def is_as_entered(self) -> bool:
        """Whether what the row says now is what its place in the log commits to."""
        return bytes(self.digest) == hash_of_leaf(self.canonical())

    @property
    def plain(self) -> dict[str, Any]:
        """The entry as it is exported, and as its bytes are made."""
        return {
            "v": 1,
            "number": self.number,
            "at": written(self.at),
            "post": self.post,
            "kind": self.kind,
            "subject": self.subject,
            "facts": self.facts,
            "because": self.because,
        }

    def canonical(self) -> bytes:
        return entry_bytes(self.plain)


class Because(models.Model):
    """One tie of an entry to an earlier one that it happened because of, kept as a row so that both ends find it."""

    pk = models.CompositePrimaryKey("entry", "cause")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="causes", db_index=False)
    cause = models.ForeignKey(Entry, models.PROTECT, related_name="effects")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(cause__lt=F("entry")), name="a_cause_is_earlier"),)

    def __str__(self) -> str:
        return f"{self.entry_id} because of {self.cause_id}"


class Node(models.Model):
    """The hash of a finished subtree of the log, written once."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"Node {self.level}/{self.index}"


class Head(models.Model):
    """The one row that knows how long the log is and which subtrees wait for their right-hand side."""

    origin = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField(default=0)
    edge = models.BinaryField(default=b"")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="one_head"),)

    def __str__(self) -> str:
        return f"{self.origin} at {self.size}"

    @property
    def tree(self) -> merkle.Head:
        edge = bytes(self.edge)
        return merkle.Head(self.size, tuple(edge[i : i + 32] for i in range(0, len(edge), 32)))

    @property
    def is_demonstration(self) -> bool:
        return self.origin.endswith("-DEMONSTRATION")


class Salt(models.Model):
    """The salt of one digest on an entry. Removing it with the record it covers makes the digest mean nothing (L2)."""

    pk = models.CompositePrimaryKey("entry", "name")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="salts", db_index=False)
    name = models.CharField(max_length=60)
    salt = models.CharField(max_length=32)

    def __str__(self) -> str:
        return f"Salt of {self.name} on entry {self.entry_id}"


@dataclass(frozen=True, slots=True)
class Face:
    """What a reader may see of the subject of an entry: its title, its page, and whether more of it is closed."""

    title: str
    url: str | None = None
    closed: bool = False


class Recorded(models.Model):
    """What stands behind an entry: it has a reference, contents whose digests the entry holds, and a face."""

    sentences: ClassVar[Mapping[str, str]] = {}
    """Kinds of entry about such a thing, in words: {"paper.submitted": "A paper was submitted"}."""

    class Meta:
        abstract = True

    @classmethod
    def noun(cls) -> str:
        return cls._meta.model_name or ""

    @property
    def ref(self) -> str:
        return f"{self.noun()}/{self.pk}"

    @property
    def entry(self) -> Entry | None:
        """The entry that the making of this left."""
        return Entry.objects.filter(subject=self.ref).order_by("number").first()

    def contents(self) -> Mapping[str, Any]:
        """The values that never change, by name, as JSON; the entry holds a salted digest of each."""
        return {}

    def contents_seen_by(self, seen_by: By) -> Mapping[str, Any]:
        """Those of the contents that this reader's export may hold. Without more said, none."""
        return {}

    def face(self, seen_by: By) -> Face:
        """What this reader may see. Without more said, the kind of thing and no more."""
        return Face(title=str(self._meta.verbose_name).capitalize(), closed=True)

    @classmethod
    def shown(cls) -> models.QuerySet[Self]:
        """The rows with all that `face` and `contents` read, so that many are shown by one query.

        Without more said, what a row cannot be without; a model whose face reads what may be null says so itself.
        """
        return cls._default_manager.select_related()

    @classmethod
    def behind(cls, refs: Iterable[str]) -> models.QuerySet[Self]:
        """Those of these references, all of this noun, that are still there."""
        return cls.shown().filter(
            pk__in=[key for ref in refs if (key := ref.partition("/")[2]).isdecimal() and len(key) < 19]
        )


def recorded_models() -> dict[str, type[Recorded]]:
    """The models that can stand behind an entry, by the noun that begins their references."""
    return {model.noun(): model for model in apps.get_models() if issubclass(model, Recorded)}


def sentence(kind: str) -> str:
    """A kind of entry in words: the app's own, else its noun and past as they are written ("Period published")."""
    for model in recorded_models().values():
        if kind in model.sentences:
            return model.sentences[kind]
    return kind.replace(".", " ").replace("_", " ").replace("-", " ").capitalize()


def written(at: datetime) -> str:
    """An instant as the record writes it: UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
