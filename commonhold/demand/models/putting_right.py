"""Corrections and exclusions of source data: entered with a reason, shown to all partners, as easily undone (F6)."""

from typing import Final

from django.db import models
from django.db.models import Q

from commonhold.demand.models.ticket import Ticket

LONGEST_REASON: Final = 1_000
"""Letters in which to say why: the reason stands beside every figure that it touches."""


class Correction(models.Model):
    """That a fact of a ticket is not what its desk says: which, what it is instead, and why."""

    class Fact(models.TextChoices):
        PARTNER = "partner", "Partner"
        PRIORITY = "priority", "Priority"
        KIND = "kind", "Kind"
        TEAM = "team", "Team"
        SERVICE = "service", "Service"

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="corrections")
    fact = models.CharField(max_length=20, choices=Fact.choices)
    value = models.PositiveBigIntegerField()
    reason = models.TextField()
    post = models.CharField(max_length=100)
    at = models.DateTimeField()
    made_in = models.PositiveIntegerField()
    undone_in = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("ticket", "fact"), condition=Q(undone_in=None), name="one_standing_correction_of_a_fact"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_fact_display()} of {self.ticket}"


class Exclusion(models.Model):
    """That a ticket is left out of figures, and why."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="exclusions")
    reason = models.TextField()
    post = models.CharField(max_length=100)
    at = models.DateTimeField()
    made_in = models.PositiveIntegerField()
    undone_in = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("ticket",), condition=Q(undone_in=None), name="one_standing_exclusion_of_a_ticket"
            ),
        )

    def __str__(self) -> str:
        return f"{self.ticket} left out"
