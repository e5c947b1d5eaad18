"""The residents' services that grave incidents hit: a short list kept by the partnership, in the residents' words."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face, Recorded

LONGEST_NAME = 100
LONGEST_ABOUT = 500


class ResidentService(models.Model):
    """A service to residents that rests on ICT, such as reporting a missed bin; what it is called is its last text."""

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"Residents' service {self.pk}"


class ResidentServiceText(Recorded):
    """What a residents' service is called from then on and what it is, or that it is no longer listed, and why."""

    sentences: ClassVar = {
        "resident-service.listed": "A residents' service was listed",
        "resident-service.corrected": "A residents' service was put right",
        "resident-service.ended": "A residents' service was taken off the list",
    }

    service = models.ForeignKey(ResidentService, models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=LONGEST_NAME)
    about = models.TextField(blank=True)
    is_listed = models.BooleanField(default=True)
    reason = models.TextField(blank=True)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("service", "number")
        constraints = (models.UniqueConstraint(fields=("service", "number"), name="one_text_of_a_number"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('demand:resident_services')}#service-{self.service_id}"

    def contents(self) -> dict[str, Any]:
        return {"name": self.name, "about": self.about, "is_listed": self.is_listed, "reason": self.reason}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return self.contents()

    def face(self, seen_by: By) -> Face:
        return Face(self.name, self.get_absolute_url())
