"""Mappings that were saved under a name, version by version: how a desk's export is read, kept for good."""

from __future__ import annotations

from collections.abc import Mapping as Table
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from commonhold.demand.engine import mapping as mappings
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face, Recorded

LONGEST_WHY = 1_000


class SavedMapping(Recorded):
    """One version of a mapping that was saved under a name. A mapping found wrong is a new version, never another text.

    `text` is the canonical text of which `digest` is the SHA-256; batches and packs name it by that.
    """

    sentences: ClassVar[Table[str, str]] = {"mapping.saved": "A mapping was saved"}

    name = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64, db_index=True)
    why = models.TextField()
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("name", "-version")
        constraints = (models.UniqueConstraint(fields=("name", "version"), name="one_mapping_of_a_version"),)

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("demand:mapping_version", args=[self.name, self.version])

    @property
    def called(self) -> str:
        """What the command line and a feed call it by."""
        return f"{self.name}@{self.version}"

    def mapping(self) -> mappings.Mapping:
        return mappings.from_canonical(self.text, self.name)

    def contents(self) -> dict[str, Any]:
        return {"text": self.text, "why": self.why}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        """A mapping says the words of a desk and who answers for its teams: for people of the partners."""
        return {} if seen_by.is_public else self.contents()

    def face(self, seen_by: By) -> Face:
        if seen_by.is_public:
            return Face("A mapping", closed=True)
        return Face(f"Mapping {self}", self.get_absolute_url())


class RetiredMapping(Recorded):
    """That the last version of a saved mapping is offered no more. What was read by it stays read by it."""

    sentences: ClassVar[Table[str, str]] = {"mapping.retired": "A mapping was retired"}

    mapping = models.OneToOneField(SavedMapping, models.PROTECT, related_name="retired")
    why = models.TextField()
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.mapping} retired"

    def contents(self) -> dict[str, Any]:
        return {"why": self.why}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return {} if seen_by.is_public else self.contents()

    def face(self, seen_by: By) -> Face:
        return Face("A mapping", closed=True) if seen_by.is_public else self.mapping.face(seen_by)
