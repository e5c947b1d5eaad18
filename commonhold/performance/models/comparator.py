"""Figures that were published before Commonhold, entered to hold ours against. Rows are only ever added (L1)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from commonhold.figures import Span
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face, Recorded
from commonhold.partnership.models import Partner
from commonhold.performance.engine.before import Basis, Published


class ComparatorRows(models.QuerySet["Comparator"]):
    def standing(self) -> Self:
        """Those that were neither corrected nor taken back."""
        undone = Exists(ComparatorBack.objects.filter(comparator=OuterRef("pk")))
        newer = Comparator.objects.filter(corrects=OuterRef("pk"))
        return self.filter(~undone, ~Exists(newer.filter(~undone)))

    def weighed(self) -> Self:
        """Each with `stands`: whether it is shown beside ours now."""
        return self.annotate(stands=Exists(Comparator.objects.standing().filter(pk=OuterRef("pk"))))


class Comparator(Recorded):
    """A figure that was published before Commonhold, entered with where it stood; nothing here can verify it.

    No partner, "" as priority or service: all of them. A share is from 0 to 1, as `value` or by its counts.
    """

    sentences: ClassVar[Mapping[str, str]] = {
        "comparator.entered": "A figure published before was entered to compare with",
        "comparator.corrected": "A figure published before was corrected as it was entered",
    }

    measure = models.CharField(max_length=60)
    first = models.DateField()
    last = models.DateField()
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+")
    priority = models.CharField(max_length=2, blank=True)
    service = models.CharField(max_length=200, blank=True)
    threshold = models.PositiveIntegerField(null=True, blank=True)
    value = models.DecimalField(max_digits=15, decimal_places=6, null=True, blank=True)
    numerator = models.DecimalField(max_digits=13, decimal_places=3, null=True, blank=True)
    denominator = models.DecimalField(max_digits=13, decimal_places=3, null=True, blank=True)
    basis = models.CharField(max_length=40, choices=[(one.value, one.value) for one in Basis])
    basis_words = models.TextField(blank=True)
    published_in = models.CharField(max_length=300)
    attached = models.CharField(max_length=64)
    attached_name = models.CharField(max_length=200, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    reason = models.TextField(blank=True)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    objects = ComparatorRows.as_manager()

    class Meta:
        ordering = ("-last", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="a_comparator_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(numerator__isnull=False), name="a_comparator_has_a_number"
            ),
        )

    def __str__(self) -> str:
        return f"Comparator {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("performance:comparator", args=[self.pk])

    @property
    def span(self) -> Span:
        return Span(self.first, self.last)

    @property
    def scope(self) -> dict[str, str | None]:
        """What it is of, as scopes of figures spell it."""
        said = {
            "partner": self.partner.name if self.partner else "",
            "priority": self.priority,
            "service": self.service,
            "threshold": "" if self.threshold is None else str(self.threshold),
        }
        return {word: value for word, value in said.items() if value}

    @property
    def published(self) -> Published:
        """What it says, for the comparison; its partner is at hand where it was selected along."""
        return Published(
            number=self.pk,
            measure=self.measure,
            span=self.span,
            scope=self.scope,
            value=self.value,
            numerator=self.numerator,
            denominator=self.denominator,
            basis=Basis(self.basis),
            basis_words=self.basis_words,
            published_in=self.published_in,
        )

    @classmethod
    def shown(cls) -> ComparatorRows:
        return cls.objects.select_related("partner")

    def contents(self) -> dict[str, Any]:
        numbers: dict[str, Decimal | None] = {
            "value": self.value, "numerator": self.numerator, "denominator": self.denominator
        }  # fmt: skip
        return {
            "scope": self.scope,
            "numbers": {name: str(one.normalize()) for name, one in numbers.items() if one is not None},
            "basis": self.basis,
            "published_in": self.published_in,
            "reason": self.reason,
        }

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return {} if seen_by.is_public else self.contents()

    def face(self, seen_by: By) -> Face:
        if seen_by.is_public:
            return Face("A figure published before", closed=True)
        return Face(str(self), self.get_absolute_url())


class ComparatorBack(Recorded):
    """That a comparator was taken back: it stands beside no figure any more, and what it had corrected does again."""

    sentences: ClassVar[Mapping[str, str]] = {"comparator.taken-back": "A figure published before was taken back"}

    comparator = models.OneToOneField(Comparator, models.PROTECT, related_name="taken_back")
    reason = models.TextField()
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.comparator} taken back"

    @classmethod
    def shown(cls) -> models.QuerySet[ComparatorBack]:
        return cls.objects.select_related("comparator__partner")

    def contents(self) -> dict[str, Any]:
        return {"reason": self.reason}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return {} if seen_by.is_public else self.contents()

    def face(self, seen_by: By) -> Face:
        found = self.comparator.face(seen_by)
        return Face(f"Taken back: {found.title}", found.url, found.closed)
