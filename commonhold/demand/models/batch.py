"""Batches of source data, numbered in the order in which they became known."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Max, Q
from django.urls import reverse

from commonhold.databases.fields import InstantField
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry, Face, Recorded

TAKEN_OVER = (
    "tickets.imported",
    "tickets.reckoned",
    "ticket.corrected",
    "ticket.excluded",
    "correction.undone",
    "exclusion.undone",
)
"""The kinds of entries by which something becomes known of tickets; each holds the number of its batch."""


class BatchRows(models.QuerySet["Batch"]):
    def taken(self) -> "BatchRows":
        return self.filter(state=Batch.State.TAKEN)

    def known(self, at_entry: int | None = None) -> int:
        """The number of the last batch taken over, or the last whose entry is not after `at_entry`; 0 if none (F7)."""
        if at_entry is None:
            return self.taken().aggregate(last=Max("number"))["last"] or 0
        entries = Entry.objects.filter(kind__in=TAKEN_OVER, number__lte=at_entry)
        return int(entries.order_by("-number").values_list("facts__batch", flat=True).first() or 0)

    def known_through(self) -> datetime | None:
        """The last instant that any file taken over tells of."""
        return self.taken().aggregate(last=Max("observed_at"))["last"]


class Batch(Recorded):
    """What became known at once: a file that was brought, a correction, an exclusion, or a reading by changed rules.

    Rows are gathered under the batch's number, which is higher than any that readers know, so nobody sees them until
    the batch is taken over.
    """

    class Kind(models.TextChoices):
        FILE = "file", "Ticket file"
        CORRECTION = "correction", "Correction"
        EXCLUSION = "exclusion", "Exclusion"
        RULES = "rules", "Changed rules"

    class State(models.TextChoices):
        GATHERING = "gathering", "Being gathered"
        TAKEN = "taken", "Taken over"
        SWEPT = "swept", "Stopped and swept"

    number = models.PositiveIntegerField(primary_key=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.GATHERING)
    desk = models.ForeignKey("demand.Desk", models.PROTECT, null=True, blank=True)
    mapping = models.CharField(max_length=100, blank=True)
    mapping_digest = models.CharField(max_length=64, blank=True)
    partners_digest = models.CharField(max_length=64, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    original_sha256 = models.CharField(max_length=64, blank=True)
    has_history = models.BooleanField(default=True)
    own_resolved = models.BooleanField(default=False)
    own_closed = models.BooleanField(default=False)
    observed_at = InstantField(null=True)
    report = models.JSONField(default=dict)
    began_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)

    objects = BatchRows.as_manager()

    class Meta:
        ordering = ("-number",)
        verbose_name_plural = "batches"
        constraints = (
            models.UniqueConstraint(
                fields=("state",), condition=Q(state="gathering"), name="one_batch_is_gathered_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"Batch {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("demand:batch", args=[self.number])

    def contents(self) -> dict[str, Any]:
        return {"report": self.report}

    def face(self, seen_by: By) -> Face:
        title = f"{self.get_kind_display()}, batch {self.number}"
        return Face(title, None if seen_by.is_public else self.get_absolute_url(), closed=seen_by.is_public)
