"""Batches of source data, numbered in the order in which they became known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse

from commonhold.databases.fields import InstantField
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry, Face, Recorded
from commonhold.partnership.permissions import sees_all_rows

TAKEN_OVER = (
    "tickets.imported",
    "tickets.reckoned",
    "ticket.corrected",
    "ticket.excluded",
    "correction.undone",
    "exclusion.undone",
    "tickets.corrected",
    "corrections.undone",
)
"""The kinds of entries by which something becomes known of tickets; each holds the number of its batch."""


class BatchRows(models.QuerySet["Batch"]):
    def files(self) -> Self:
        """Those that a file was brought in: of tickets, or of their holds."""
        return self.filter(kind__in=(Batch.Kind.FILE, Batch.Kind.HOLDS))

    def taken(self) -> Self:
        return self.filter(state=Batch.State.TAKEN)

    def telling(self, known: int | OuterRef) -> Self:
        """Those that counted when batch `known` was the last one known: a file read anew replaces its first reading."""
        return self.taken().filter(number__lte=known).filter(Q(known_until=None) | Q(known_until__gt=known))

    def counting(self) -> Self:
        """Those that count now: a file that is being read anew counts until that reading is taken over."""
        taken = Batch.objects.taken()
        return self.taken().filter(~Exists(taken.filter(number=OuterRef("known_until"))))

    def known(self, at_entry: int | None = None) -> int:
        """The number of the last batch taken over, or the last whose entry is not after `at_entry`; 0 if none (F7)."""
        if at_entry is None:
            return self.taken().aggregate(last=Max("number"))["last"] or 0
        entries = Entry.objects.filter(kind__in=TAKEN_OVER, number__lte=at_entry)
        return int(entries.order_by("-number").values_list("facts__batch", flat=True).first() or 0)

    def told_by_desk(self, known: int) -> models.QuerySet[Batch, tuple[str, datetime | None]]:
        """Each desk's name and the last instant that its files of tickets told of, when this batch was the last known.

        A file of holds tells of no new tickets.
        """
        rows = self.telling(known).filter(kind=Batch.Kind.FILE, desk__isnull=False).order_by()
        return rows.values_list("desk__name").annotate(told=Max("observed_at"))

    def known_through(self, known: int | None = None) -> datetime | None:
        """The last instant that any file tells of, of those that count now or counted then."""
        rows = self.counting() if known is None else self.telling(known)
        last: datetime | None = rows.aggregate(last=Max("observed_at"))["last"]
        return last


class Batch(Recorded):
    """What became known at once: a file that was brought, a correction, an exclusion, or a reading by changed rules.

    Rows are gathered under the batch's number, which is higher than any that readers know, so nobody sees them until
    the batch is taken over. A file's batch counts until the same file is read in another way (`known_until`).
    `observed_at` is the last instant of which the file tells: when it was exported, where somebody said so
    (`exported_at`). A `complete` file of holds tells every hold of its desk until then.
    """

    sentences: ClassVar[Mapping[str, str]] = {
        "tickets.imported": "A ticket file was imported",
        "tickets.reckoned": "Clocks were read again by changed rules",
        "ticket.corrected": "A fact of a ticket was put right",
        "ticket.excluded": "A ticket was left out of figures",
        "correction.undone": "A correction was undone",
        "exclusion.undone": "A ticket that was left out counts again",
        "tickets.corrected": "A fact of tickets was put right, as a partner had disputed it",
        "corrections.undone": "Corrections that a partner's dispute had asked for were undone",
    }

    class Kind(models.TextChoices):
        FILE = "file", "Ticket file"
        HOLDS = "holds", "File of holds"
        CORRECTION = "correction", "Correction"
        EXCLUSION = "exclusion", "Exclusion"
        RULES = "rules", "Changed rules"

    class State(models.TextChoices):
        GATHERING = "gathering", "Being gathered"
        TAKEN = "taken", "Taken over"

    number = models.PositiveIntegerField(primary_key=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.GATHERING)
    known_until = models.PositiveIntegerField(null=True, blank=True)
    desk = models.ForeignKey("demand.Desk", models.PROTECT, null=True, blank=True, db_index=False)
    mapping = models.CharField(max_length=100, blank=True)
    mapping_digest = models.CharField(max_length=64, blank=True)
    partners_digest = models.CharField(max_length=64, blank=True)
    parties = models.JSONField(null=True, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    original_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    has_history = models.BooleanField(default=True)
    own_resolved = models.BooleanField(default=False)
    own_closed = models.BooleanField(default=False)
    observed_at = InstantField(null=True)
    exported_at = InstantField(null=True)
    complete = models.BooleanField(default=False)
    report = models.JSONField(default=dict)
    left_out = models.JSONField(default=list)
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
        """What was reported or put right; the rows left out quote the file, so the report has only their digest."""
        report = {name: value for name, value in self.report.items() if name != "warnings"}
        return {"report": report, "warnings": self.report.get("warnings", [])}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        """Nothing for the public; warnings quote cells, so they are for those who may see every partner's rows (D2)."""
        if seen_by.is_public:
            return {}
        contents = self.contents()
        return contents if sees_all_rows(seen_by) else {"report": contents["report"]}

    def face(self, seen_by: By) -> Face:
        closed = seen_by.is_public and self.kind in (Batch.Kind.CORRECTION, Batch.Kind.EXCLUSION)
        return Face(f"{self.get_kind_display()}, batch {self.number}", self.get_absolute_url(), closed=closed)

    @classmethod
    def shown(cls) -> BatchRows:
        return cls.objects.defer("left_out")
