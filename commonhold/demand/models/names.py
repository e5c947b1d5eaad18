"""What a desk's export names: the desk itself, teams and who answers for them, services, categories.

A name is known from the batch that brought it: nothing shows one that a file names while it is being gathered.
"""

from __future__ import annotations

from typing import Self

from django.db import models

from commonhold.partnership.engine.names import NAME_LIMIT


class NamedRows(models.QuerySet["Named"]):
    def known(self, batch: int) -> Self:
        """Those that were there when this batch was the last one known."""
        return self.filter(known_from__lte=batch)


class Named(models.Model):
    """Something that exports call by a name."""

    name = models.CharField(max_length=200, unique=True)
    known_from = models.PositiveIntegerField()

    objects = NamedRows.as_manager()

    class Meta:
        abstract = True
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Desk(Named):
    """A service desk whose exports are brought; a ticket's reference belongs to its desk."""


class Team(Named):
    """A team that tickets are assigned to."""


class Service(Named):
    """A service or system that tickets are about."""


class Category(Named):
    """What a ticket is about, in the desk's own words."""

    class Meta(Named.Meta):
        verbose_name_plural = "categories"


class Party(models.Model):
    """Who can answer for a team's minutes: the shared service, an authority's own team, or a supplier (C11)."""

    class Kind(models.TextChoices):
        SERVICE = "service", "Shared service"
        AUTHORITY = "authority", "Authority's own team"
        SUPPLIER = "supplier", "Supplier"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=NAME_LIMIT, blank=True)

    class Meta:
        verbose_name_plural = "parties"
        constraints = (models.UniqueConstraint(fields=("kind", "name"), name="one_party_of_a_name"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}" if self.name else self.kind


class Responsibility(models.Model):
    """That a party answers for a team's minutes, as known from a batch until a later one says otherwise (C11, F7)."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="responsibilities", db_index=False)
    party = models.ForeignKey(Party, models.PROTECT, related_name="responsibilities")
    known_from = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "responsibilities"
        constraints = (
            models.UniqueConstraint(fields=("team", "known_from"), name="one_party_answers_for_a_team_at_a_time"),
        )

    def __str__(self) -> str:
        return f"{self.party} answers for {self.team} from batch {self.known_from}"
