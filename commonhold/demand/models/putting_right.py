"""Corrections and exclusions of source data: entered with a reason, shown to all partners, as easily undone (F6)."""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from commonhold.demand.models.ticket import Ticket

LONGEST_REASON: Final = 1_000
"""Letters in which to say why: the reason stands beside every figure that it touches."""


class Correction(models.Model):
    """That a fact of a ticket is not what its desk says: which, what it is instead, and why.

    `value` is the number of what it is instead: of a partner, a team, a service or a party its key, of a priority and a
    kind its code. Of a hold it says which holds' time counts (`engine.claims`). It may be one of many that were made
    together because a partner's dispute was accepted. One that stands again, because what had taken its place was
    undone, is a row of its own; `first_in` is the batch in which it was made first, empty where that is `made_in`.
    """

    class Fact(models.TextChoices):
        PARTNER = "partner", "Partner"
        PRIORITY = "priority", "Priority"
        KIND = "kind", "Kind"
        TEAM = "team", "Team"
        SERVICE = "service", "Service"
        HOLD = "hold", "Hold"
        RESPONSIBLE = "responsible", "Responsible party"

    OF_EVENTS: ClassVar = (Fact.PARTNER, Fact.PRIORITY, Fact.KIND, Fact.TEAM, Fact.SERVICE)
    """The facts that each event of a ticket tells."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="corrections")
    fact = models.CharField(max_length=20, choices=Fact.choices)
    value = models.PositiveBigIntegerField()
    reason = models.TextField()
    post = models.CharField(max_length=100)
    at = models.DateTimeField()
    made_in = models.PositiveIntegerField()
    first_in = models.PositiveIntegerField(null=True, blank=True)
    undone_in = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("ticket", "fact"),
                condition=Q(undone_in=None) & ~Q(fact="hold"),
                name="one_standing_correction_of_a_fact",
            ),
            models.UniqueConstraint(
                fields=("ticket", "value"),
                condition=Q(undone_in=None, fact="hold"),
                name="one_standing_correction_of_a_hold",
            ),
        )
        indexes = (
            models.Index(fields=("made_in",), name="corrections_of_a_batch"),
            models.Index(
                fields=("first_in",), condition=Q(first_in__isnull=False), name="corrections_again_of_a_batch"
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
