"""Samples of the tickets behind a figure, drawn by a stated seed for somebody to check."""

from typing import Any, ClassVar, Final

from django.db import models
from django.urls import reverse

from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face, Recorded
from commonhold.partnership.permissions import acts_for, sees_all_rows

LONGEST_SEED: Final = 64


class SampleRows(models.QuerySet["Sample"]):
    def open_to(self, seen_by: By) -> "SampleRows":
        """Those whose tickets this reader may see (D2)."""
        if sees_all_rows(seen_by):
            return self
        return self.filter(partner=seen_by.partner) if seen_by.partner else self.none()


class Sample(Recorded):
    """Tickets drawn from those behind a figure by a stated seed; `partner` is whose they all are, empty for anybody's.

    `tickets` holds each with its desk, its reference, the number of what was known of it, and whether the numerator
    counts it, in the order drawn.
    """

    sentences: ClassVar = {"sample.drawn": "A sample was drawn from the tickets behind a figure"}

    figure = models.CharField(max_length=2_000)
    seed = models.CharField(max_length=LONGEST_SEED)
    size = models.PositiveIntegerField()
    population = models.PositiveIntegerField()
    of_all = models.PositiveIntegerField()
    algorithm = models.CharField(max_length=40)
    tickets = models.JSONField()
    sha256 = models.CharField(max_length=64)
    partner = models.CharField(max_length=60, blank=True)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    objects = SampleRows.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("figure", "seed", "size", "partner"), name="one_sample_of_a_seed_and_size"),
        )

    def __str__(self) -> str:
        return f"Sample {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("performance:sample", args=[self.pk])

    def is_open_to(self, seen_by: By) -> bool:
        """As `open_to` has it, for one at hand."""
        return sees_all_rows(seen_by) or (bool(self.partner) and acts_for(seen_by, self.partner))

    def contents(self) -> dict[str, Any]:
        return {"tickets": [[desk, reference] for desk, reference, *_ in self.tickets]}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return self.contents() if self.is_open_to(seen_by) else {}

    def face(self, seen_by: By) -> Face:
        return Face(str(self), self.get_absolute_url()) if self.is_open_to(seen_by) else Face("A sample", closed=True)
