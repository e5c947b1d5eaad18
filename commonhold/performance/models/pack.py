"""What was published: packs, the readings frozen in them, and their withdrawal (F6, L6)."""

from typing import Any

from django.db import models
from django.urls import reverse

from commonhold.databases.fields import InstantField
from commonhold.figures import Span
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face, Recorded


class PackRows(models.QuerySet["Pack"]):
    def standing(self) -> "PackRows":
        """Those that were not withdrawn."""
        return self.filter(withdrawal=None)


class Pack(Recorded):
    """A performance pack as it was published: its period, its audience, and the digests of its files."""

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
    def files(self) -> dict[str, str]:
        return {
            "pack.html": self.html,
            "pack.pdf": self.pdf,
            "figures.json": self.figures,
            "manifest.json": self.manifest,
        }

    def get_absolute_url(self) -> str:
        return reverse("performance:pack", args=[self.pk])

    def contents(self) -> dict[str, Any]:
        return {"title": self.title, "profile": self.profile}

    def face(self, seen_by: By) -> Face:
        closed = self.profile != "public" and seen_by.is_public
        return Face("A performance pack" if closed else self.title, self.get_absolute_url(), closed)


class Reading(models.Model):
    """A figure as it was published, with everything it was made from; never edited (F1, F6)."""

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="readings")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=400, db_index=True)
    figure = models.JSONField()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("pack", "number"), name="one_reading_of_a_number"),)

    def __str__(self) -> str:
        return self.reference


class Withdrawal(Recorded):
    """That a pack was taken down: when, and why (L6)."""

    pack = models.OneToOneField(Pack, models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pack} withdrawn"

    def contents(self) -> dict[str, Any]:
        return {"reason": self.reason}

    def face(self, seen_by: By) -> Face:
        return Face(f"Withdrawn: {self.pack.face(seen_by).title}", self.pack.get_absolute_url())
