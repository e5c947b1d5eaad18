"""Why two figures differ: files of others' tickets brought for it, and what came of holding them against ours."""

from typing import Any, ClassVar, Final

from django.db import models
from django.urls import reverse

from commonhold.govuk.formats import plural
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face, Recorded
from commonhold.partnership.permissions import acts_for, sees_all_rows

LONGEST: Final = 2_000
"""Characters of a figure's reference, and of the reason why something could not be worked out."""


class TheirList(Recorded):
    """A file of somebody's tickets, brought to be held against ours and not imported; kept in its reduced form (D1).

    `partner` is the partner of whoever brought it, empty for the shared service; `exported` when its desk made it, in
    ISO 8601, empty where nobody said so.
    """

    sentences: ClassVar = {"list.brought": "A file of tickets was brought to be held against ours"}

    mapping = models.CharField(max_length=100)
    mapping_text = models.TextField()
    mapping_digest = models.CharField(max_length=64)
    partners_text = models.TextField(blank=True)
    partners_digest = models.CharField(max_length=64, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    exported = models.CharField(max_length=40, blank=True)
    original_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, db_index=True)
    rows = models.PositiveIntegerField()
    partner = models.CharField(max_length=60, blank=True)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=(
                    "original_sha256", "mapping_digest", "partners_digest", "time_zone", "exported", "partner"
                ),
                name="one_list_of_a_file_and_its_reading",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"List {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("performance:reconciliations")

    def is_open_to(self, seen_by: By) -> bool:
        return sees_all_rows(seen_by) or (bool(self.partner) and acts_for(seen_by, self.partner))

    def contents(self) -> dict[str, Any]:
        return {}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return {}

    def face(self, seen_by: By) -> Face:
        if self.is_open_to(seen_by):
            return Face(f"{self}, {plural(self.rows, 'row')} read as {self.mapping}", self.get_absolute_url())
        return Face("A file of tickets", closed=True)


class ReconciliationRows(models.QuerySet["Reconciliation"]):
    def open_to(self, seen_by: By) -> "ReconciliationRows":
        """Those of this reader's partner; all for who sees every row (D2)."""
        if sees_all_rows(seen_by):
            return self
        return self.filter(partner=seen_by.partner) if seen_by.partner else self.none()


class Reconciliation(models.Model):
    """A figure of ours beside another, and the bridge between them once it is worked out; may be worked out anew.

    `partner` is the partner of whoever asked for it, empty for the shared service; `other` the reference of a figure of
    ours at another time; `written` a figure of theirs as it is written.
    """

    class Kind(models.TextChoices):
        NUMBER = "number", "A number"
        EARLIER = "earlier", "Ours at another time"
        LIST = "list", "A list of the tickets that were counted"
        EXPORT = "export", "An export, counted by our measure"

    figure = models.CharField(max_length=LONGEST)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    other = models.CharField(max_length=LONGEST, blank=True)
    written = models.CharField(max_length=40, blank=True)
    numerator = models.PositiveBigIntegerField(null=True, blank=True)
    denominator = models.PositiveBigIntegerField(null=True, blank=True)
    brought = models.ForeignKey(TheirList, models.PROTECT, null=True, blank=True, related_name="reconciliations")
    partner = models.CharField(max_length=60, blank=True)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()
    job = models.PositiveBigIntegerField(null=True, blank=True)
    problem = models.CharField(max_length=LONGEST, blank=True)
    result = models.JSONField(null=True, blank=True)

    objects = ReconciliationRows.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("partner", "-id"), name="reconciliations_of_a_partner"),)

    def __str__(self) -> str:
        return f"Reconciliation {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("performance:reconciliation", args=[self.pk])


class DifferingTicket(models.Model):
    """A ticket under a cause: what it brings before it and after, and what each side says of it.

    `ticket` is its number where it is one of ours, and `partner` whose it is: empty for nobody's, "?" for a partner
    that only the file names.
    """

    reconciliation = models.ForeignKey(Reconciliation, models.CASCADE, related_name="tickets", db_index=False)
    cause = models.CharField(max_length=20)
    place = models.PositiveIntegerField()
    ticket = models.PositiveBigIntegerField(null=True, blank=True)
    reference = models.CharField(max_length=200)
    partner = models.CharField(max_length=60, blank=True)
    before = models.CharField(max_length=100)
    after = models.CharField(max_length=100)
    ours = models.CharField(max_length=700)
    theirs = models.CharField(max_length=700)

    class Meta:
        ordering = ("place",)
        constraints = (
            models.UniqueConstraint(fields=("reconciliation", "cause", "place"), name="one_place_under_a_cause"),
        )

    def __str__(self) -> str:
        return self.reference
