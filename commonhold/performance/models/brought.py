"""Readings as they are brought, what puts them right, and measures of one's own. Rows are only ever added (L1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from commonhold.figures import Span
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry, Face, Recorded
from commonhold.partnership.models import Partner
from commonhold.performance.engine.brought.definition import Adding, Grade, SourceMeasure
from commonhold.performance.engine.brought.given import Given
from commonhold.performance.engine.brought.standing import words

DELIVERED = ("readings.imported", "reading.entered", "reading.corrected", "reading.taken-back")
"""The kinds of entries by which something becomes known of readings."""


class DeliveryRows(models.QuerySet["Delivery"]):
    def known(self, at_entry: int | None = None) -> int:
        """The number of the last delivery, or of the last whose entry is not after `at_entry`; 0 if none (F7)."""
        entries = Entry.objects.filter(kind__in=DELIVERED)
        if at_entry is not None:
            entries = entries.filter(number__lte=at_entry)
        subject = entries.order_by("-number").values_list("subject", flat=True).first()
        return int(subject.partition("/")[2]) if subject else 0


class Delivery(Recorded):
    """What became known of readings at once: a file that was brought, a reading entered on a form, one taken back."""

    sentences: ClassVar[Mapping[str, str]] = {
        "readings.imported": "A file of readings was brought",
        "reading.entered": "A reading was entered with its evidence",
        "reading.corrected": "A reading was corrected",
        "reading.taken-back": "A reading was taken back",
    }

    class Kind(models.TextChoices):
        FILE = "file", "File of readings"
        FORM = "form", "Reading entered on a form"
        CORRECTION = "correction", "Correction of a reading"
        BACK = "back", "Reading taken back"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    original_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    attached = models.CharField(max_length=64, blank=True)
    attached_name = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    rows = models.PositiveIntegerField(default=0)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    objects = DeliveryRows.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"Delivery {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("performance:delivery", args=[self.pk])

    def contents(self) -> dict[str, Any]:
        return {"reason": self.reason} if self.reason else {}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return {} if seen_by.is_public else self.contents()

    def face(self, seen_by: By) -> Face:
        """The public learns that there is one, and sees the figures that packs publish of it."""
        if seen_by.is_public:
            return Face(self.get_kind_display(), closed=True)
        return Face(f"{self.get_kind_display()}, delivery {self.pk}", self.get_absolute_url())


class SourceReadings(models.QuerySet["SourceReading"]):
    def standing(self, known: int | None = None) -> Self:
        """Those that count, or counted when delivery `known` was the last one: neither corrected nor taken back."""
        backs = TakenBack.objects.all()
        corrections = SourceReading.objects.filter(corrects=OuterRef("pk"))
        rows = self
        if known is not None:
            backs, corrections, rows = (
                backs.filter(delivery__lte=known),
                corrections.filter(delivery__lte=known),
                self.filter(delivery__lte=known),
            )
        undone = Exists(backs.filter(reading=OuterRef("pk")))
        return rows.filter(~undone, ~Exists(corrections.filter(~undone)))

    def weighed(self) -> Self:
        """Each with `stands`: whether it counts now."""
        return self.annotate(stands=Exists(SourceReading.objects.standing().filter(pk=OuterRef("pk"))))


class SourceReading(models.Model):
    """A number that was brought for some days of one measure, of a partner, a service and a site or of all of them.

    No partner, "" as service or site: all of them. The numbers are as they were brought, in `unit`.
    """

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="readings")
    line = models.PositiveIntegerField()
    measure = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+")
    service = models.CharField(max_length=200, blank=True)
    site = models.CharField(max_length=100, blank=True)
    threshold = models.PositiveIntegerField(null=True, blank=True)
    first = models.DateField()
    last = models.DateField()
    numerator = models.DecimalField(max_digits=13, decimal_places=3, null=True, blank=True)
    denominator = models.DecimalField(max_digits=13, decimal_places=3, null=True, blank=True)
    value = models.DecimalField(max_digits=13, decimal_places=3, null=True, blank=True)
    unit = models.CharField(max_length=40)
    source = models.CharField(max_length=200)
    grade = models.CharField(max_length=30, choices=[(grade.value, grade.value.capitalize()) for grade in Grade])
    note = models.TextField(blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")

    objects = SourceReadings.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("measure", "last"), name="readings_of_a_measure"),)
        constraints = (
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="a_reading_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(numerator__isnull=False) | Q(value__isnull=False), name="a_reading_has_a_number"
            ),
            models.UniqueConstraint(fields=("delivery", "line"), name="one_reading_of_a_line"),
        )

    def __str__(self) -> str:
        return f"Reading {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("performance:reading", args=[self.pk])

    @property
    def span(self) -> Span:
        return Span(self.first, self.last)

    @property
    def given(self) -> Given:
        """What it says, as it was brought; its partner is at hand where it was selected along."""
        return Given(
            line=self.line,
            measure=self.measure,
            partner=self.partner.name if self.partner else "",
            service=self.service,
            site=self.site,
            threshold=self.threshold,
            first=self.first,
            last=self.last,
            numerator=self.numerator,
            denominator=self.denominator,
            value=self.value,
            unit=self.unit,
            source=self.source,
            grade=Grade(self.grade),
            note=self.note,
        )

    @property
    def in_words(self) -> str:
        """Its number as it was brought."""
        return words(self.given)


class TakenBack(models.Model):
    """That a reading was taken back: from then on it does not count, and what it had corrected counts again."""

    reading = models.OneToOneField(SourceReading, models.PROTECT, related_name="taken_back")
    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="taken_back")

    def __str__(self) -> str:
        return f"{self.reading} taken back"


class OwnMeasure(Recorded):
    """A measure that the partnership declared for itself: one version of its definition, in force from a day on."""

    sentences: ClassVar[Mapping[str, str]] = {"measure.declared": "A measure of the partnership's own was declared"}

    name = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    effective_from = models.DateField()
    title = models.CharField(max_length=100)
    unit = models.CharField(max_length=40)
    counted_in = models.CharField(max_length=40)
    adding = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Adding])
    better = models.CharField(max_length=10, blank=True)
    formula = models.TextField()
    leaves_out = models.TextField()
    numerator = models.CharField(max_length=200, blank=True)
    denominator = models.CharField(max_length=200, blank=True)
    threshold = models.CharField(max_length=100, blank=True)
    reason = models.TextField(blank=True)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("name", "version")
        constraints = (models.UniqueConstraint(fields=("name", "version"), name="one_version_of_a_measure"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.name}.v{self.version})"

    def get_absolute_url(self) -> str:
        return f"{reverse('performance:measures')}#{self.name}"

    @property
    def defined(self) -> SourceMeasure:
        return SourceMeasure(
            name=self.name,
            version=self.version,
            title=self.title,
            unit=self.unit,
            adding=Adding(self.adding),
            better=self.better or None,
            formula=self.formula,
            leaves_out=self.leaves_out,
            source="Brought as readings; the partnership's own definition, in force from "
            f"{self.effective_from.day} {self.effective_from:%B %Y}.",
            takes={self.counted_in: Fraction(1)},
            numerator=self.numerator or None,
            denominator=self.denominator or None,
            threshold=self.threshold or None,
        )

    def contents(self) -> dict[str, Any]:
        said = ("title", "unit", "counted_in", "adding", "better", "formula", "leaves_out", "numerator", "denominator",
                "threshold", "reason")  # fmt: skip
        return {name: getattr(self, name) for name in said}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        """A definition is for everybody (D2)."""
        return self.contents()

    def face(self, seen_by: By) -> Face:
        return Face(str(self), self.get_absolute_url())


def in_force(versions: list[OwnMeasure], on: date) -> OwnMeasure | None:
    """Of the versions of one measure, the oldest first, that in force on a day; before any, the first."""
    begun = [one for one in versions if one.effective_from <= on]
    return begun[-1] if begun else (versions[0] if versions else None)
