"""What a desk's export names: the desk itself, teams and who answers for them, services, categories."""

from django.db import models


class Desk(models.Model):
    """A service desk whose exports are brought; a ticket's reference belongs to its desk."""

    name = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return self.name


class Party(models.Model):
    """Who answers for a team's minutes: the shared service, an authority's own team, or a supplier (C11)."""

    class Kind(models.TextChoices):
        SERVICE = "service", "Shared service"
        AUTHORITY = "authority", "Authority's own team"
        SUPPLIER = "supplier", "Supplier"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name_plural = "parties"
        constraints = (models.UniqueConstraint(fields=("kind", "name"), name="one_party_of_a_name"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}" if self.name else self.kind


class Team(models.Model):
    """A team that tickets are assigned to, and the party that answers for it."""

    name = models.CharField(max_length=200, unique=True)
    party = models.ForeignKey(Party, models.PROTECT, related_name="teams")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """A service or system that tickets are about."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """What a ticket is about, in the desk's own words."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name
