"""Exceptions found in what is known of tickets: workings, found again from the tickets at any time."""

from django.db import models

from commonhold.databases.fields import InstantField
from commonhold.demand.engine.exceptional import TITLES, Rule
from commonhold.demand.models.names import Team
from commonhold.demand.models.ticket import Reckoning


class FoundException(models.Model):
    """Something in a ticket's history that its readers should see, by a stated rule that is the same for all.

    It is known as long as its reckoning is. `amount` is minutes used, minutes between, or tickets closed together, by
    its kind; `of` the minutes of the target.
    """

    reckoning = models.ForeignKey(Reckoning, models.CASCADE, related_name="+", db_constraint=False)
    known_from = models.PositiveIntegerField()
    kind = models.SmallIntegerField(choices=[(int(kind), title) for kind, title in TITLES.items()])
    at = InstantField()
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False)
    amount = models.BigIntegerField(null=True)
    of = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = "exception"
        indexes = (
            models.Index(fields=("at", "id"), name="exceptions_by_instant"),
            models.Index(fields=("kind", "at", "id"), name="exceptions_of_a_kind"),
            models.Index(fields=("known_from",), name="exceptions_of_a_batch"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at}"

    @property
    def rule(self) -> Rule:
        return Rule(self.kind)


class BulkClosing(models.Model):
    """That many tickets of one team were stopped within one minute; `at` is the minute's first second."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    at = InstantField()
    tickets = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("team", "at"), name="one_bulk_closing_of_a_team_in_a_minute"),)

    def __str__(self) -> str:
        return f"{self.tickets} at {self.at}"
