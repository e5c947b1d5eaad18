"""What was published: packs, the readings frozen in them, what took their place, and their withdrawal (F6, L6)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Cast
from django.urls import reverse

from commonhold.databases.fields import InstantField
from commonhold.figures import Figure, Span
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face, Recorded
from commonhold.performance.engine.audiences import BOARD, PUBLIC


class PackRows(models.QuerySet["Pack"]):
    def standing(self) -> PackRows:
        """Those that were not withdrawn."""
        return self.filter(withdrawal=None)

    def alike(self, span: Span, profile: str) -> PackRows:
        """Those of the same days for the same audience."""
        return self.filter(first=span.first, last=span.last, profile=profile)

    def weighed(self) -> PackRows:
        """Each with `replaced`: whether a newer pack of the same days for the same audience stands (F6)."""
        return self.annotate(replaced=Exists(_newer()))

    def current(self) -> PackRows:
        """Those that stand and that no newer one took the place of: the last word on their days."""
        return self.standing().filter(~Exists(_newer()))

    def open_to(self, seen_by: By) -> PackRows:
        """The public's packs for all, a board's for whoever holds a post, a partner's for its own people (P3)."""
        if seen_by.is_public:
            return self.filter(profile=PUBLIC)
        if seen_by.partner is None:
            return self
        return self.filter(profile__in=(PUBLIC, BOARD, seen_by.partner))


def _newer() -> PackRows:
    days = {name: OuterRef(name) for name in ("first", "last", "profile")}
    return Pack.objects.standing().filter(pk__gt=OuterRef("pk"), **days)


class Pack(Recorded):
    """A performance pack as it was published: its period, its audience, and the digests of its files."""

    sentences: ClassVar = {"pack.published": "A performance pack was published"}

    first = models.DateField()
    last = models.DateField()
    profile = models.CharField(max_length=60)
    as_of = InstantField()
    known_at = models.PositiveBigIntegerField()
    title = models.CharField(max_length=200)
    html = models.CharField(max_length=64)
    pdf = models.CharField(max_length=64)
    figures = models.CharField(max_length=64)
    manifest = models.CharField(max_length=64)
    body = models.CharField(max_length=64)
    tables = models.CharField(max_length=64, null=True)
    update_html = models.CharField(max_length=64, null=True)
    update_pdf = models.CharField(max_length=64, null=True)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    objects = PackRows.as_manager()

    class Meta:
        ordering = ("-last", "-pk")
        verbose_name = "performance pack"

    def __str__(self) -> str:
        return self.title

    @property
    def span(self) -> Span:
        return Span(self.first, self.last)

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken down; select its withdrawal along where many are asked."""
        return hasattr(self, "withdrawal")

    @property
    def takes_the_place(self) -> Replacement | None:
        """That it corrects a pack published before, and why; select its replacement along where many are asked."""
        return self.replacement if hasattr(self, "replacement") else None

    @property
    def files(self) -> dict[str, str]:
        return {
            "pack.html": self.html,
            "pack.pdf": self.pdf,
            "figures.json": self.figures,
            "manifest.json": self.manifest,
            **{name: digest for name, digest in self._further.items() if digest},
        }

    @property
    def _further(self) -> dict[str, str | None]:
        """The files that packs of before do not have."""
        return {"update.html": self.update_html, "update.pdf": self.update_pdf, "tables.xlsx": self.tables}

    def get_absolute_url(self) -> str:
        return reverse("performance:pack", args=[self.pk])

    @classmethod
    def shown(cls) -> models.QuerySet[Pack]:
        return cls.objects.select_related("replacement")

    def contents(self) -> dict[str, Any]:
        corrects = self.takes_the_place
        why = {"reason": corrects.reason} if corrects else {}
        return {"title": self.title, "profile": self.profile, **why}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return self.contents() if self.is_open_to(seen_by) else {}

    def is_open_to(self, seen_by: By) -> bool:
        """As `PackRows.open_to` has it, for one pack at hand."""
        if self.profile == PUBLIC:
            return True
        if seen_by.is_public:
            return False
        return seen_by.partner is None or self.profile in (BOARD, seen_by.partner)

    def face(self, seen_by: By) -> Face:
        if self.is_open_to(seen_by):
            return Face(self.title, self.get_absolute_url())
        return Face("A performance pack", closed=True)


class Draft(models.Model):
    """A pack that somebody asked for and looks through before it is published: workings."""

    first = models.DateField()
    last = models.DateField()
    profile = models.CharField(max_length=60)
    title = models.CharField(max_length=200, blank=True)
    as_of = InstantField(null=True)
    known_at = models.PositiveBigIntegerField(null=True, blank=True)
    files = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    instead_of = models.ForeignKey(Pack, models.PROTECT, null=True, blank=True, related_name="+")
    problem = models.TextField(blank=True)
    job = models.PositiveBigIntegerField(null=True, blank=True)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title or f"Draft {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("performance:draft", args=[self.pk])

    @classmethod
    def naming(cls, digest: str) -> models.QuerySet[Draft]:
        """Those that rest on a kept file, as one of theirs."""
        return cls.objects.annotate(text=Cast("files", models.TextField())).filter(text__contains=digest)


class Reading(models.Model):
    """A figure as it was published, with everything it was made from; never edited (F1, F6)."""

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="readings")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=2_000, db_index=True)  # a name in it may be all percent signs
    figure = models.JSONField()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("pack", "number"), name="one_reading_of_a_number"),)

    def __str__(self) -> str:
        return self.reference

    @property
    def read(self) -> Figure:
        return Figure.from_json(self.figure)


class Replacement(models.Model):
    """That a pack takes the place of one published before, and why; its pack's entry is its own (F6)."""

    pack = models.OneToOneField(Pack, models.PROTECT, related_name="replacement")
    instead_of = models.ForeignKey(Pack, models.PROTECT, related_name="replacements")
    reason = models.TextField()

    def __str__(self) -> str:
        return f"{self.pack.ref} in place of {self.instead_of.ref}"


class Withdrawal(Recorded):
    """That a pack was taken down: when, and why (L6)."""

    sentences: ClassVar = {"pack.withdrawn": "A performance pack was withdrawn"}

    pack = models.OneToOneField(Pack, models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pack} withdrawn"

    @classmethod
    def shown(cls) -> models.QuerySet[Withdrawal]:
        return cls.objects.select_related("pack")

    def contents(self) -> dict[str, Any]:
        return {"reason": self.reason}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return self.contents() if self.pack.is_open_to(seen_by) else {}

    def face(self, seen_by: By) -> Face:
        pack = self.pack.face(seen_by)
        return Face(f"Withdrawn: {pack.title}", pack.url, pack.closed)
