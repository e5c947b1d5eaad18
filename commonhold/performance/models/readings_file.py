"""Large files of readings that were brought to the page and wait for a worker: workings."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse

from commonhold.performance.models.brought import Delivery


class ReadingsFile(models.Model):
    """A file of readings that a worker checks and takes over: its rows as they came, and what became of them.

    `sha256` is of the kept rows, reduced to our columns (D1). `only_look` where nothing is to change yet. `outcome` is
    what `Plan.as_kept` says.
    """

    sha256 = models.CharField(max_length=64)
    original_sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    reason = models.TextField(blank=True)
    only_look = models.BooleanField(default=False)
    outcome = models.JSONField(null=True, blank=True)
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, blank=True, related_name="+")
    problem = models.TextField(blank=True)
    job = models.PositiveBigIntegerField(null=True, blank=True)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"File of readings {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("performance:readings_file", args=[self.pk])

    @property
    def refused(self) -> list[dict[str, Any]]:
        """The first problems of rows that cannot be taken: line, column, value, problem."""
        return self.outcome["refused"] if self.outcome else []

    @property
    def problems(self) -> int:
        """How many problems there are, those that are not kept among them."""
        return self.outcome.get("problems", len(self.refused)) if self.outcome else 0

    @property
    def bad_rows(self) -> int:
        """How many rows cannot be taken."""
        return self.outcome.get("bad_rows", len({one["line"] for one in self.refused})) if self.outcome else 0

    @property
    def can_be_brought(self) -> bool:
        """Whether it was only looked through, and nothing speaks against it."""
        return self.only_look and self.outcome is not None and not self.refused
