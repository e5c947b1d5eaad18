"""The authorities that are party to the agreement, and the bodies that are only served."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face, Recorded


class PartnerRows(models.QuerySet["Partner"]):
    def parties(self, on: date) -> "PartnerRows":
        """Those that were party to the agreement on that day."""
        return self.filter(joined__lte=on).filter(Q(left=None) | Q(left__gt=on))


class Partners(models.Manager.from_queryset(PartnerRows)):  # type: ignore[misc]  # made from the rows' class
    """Partners that readers know of."""

    def get_queryset(self) -> PartnerRows:
        return PartnerRows(self.model, using=self._db).filter(provisional=False)


class Partner(Recorded):
    """An authority that is party to the agreement, or named by a file before the partnership was started.

    A row is provisional while the file that names it is being gathered: nothing shows it until the file is taken over.
    """

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    joined = models.DateField(null=True, blank=True)
    left = models.DateField(null=True, blank=True)
    provisional = models.BooleanField(default=False, editable=False)

    objects = Partners()
    everyone = models.Manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(condition=Q(left=None) | Q(left__gt=models.F("joined")), name="left_after_joining"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partnership:partner", args=[self.slug])

    def is_party(self, on: date) -> bool:
        return self.joined is not None and self.joined <= on and (self.left is None or self.left > on)

    def contents(self) -> dict[str, Any]:
        return {"name": self.name}

    def face(self, seen_by: By) -> Face:
        return Face(self.name, self.get_absolute_url())


class ClientBody(Recorded):
    """A body that the service serves and charges and that has no vote."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "client body"
        verbose_name_plural = "client bodies"

    def __str__(self) -> str:
        return self.name

    def contents(self) -> dict[str, Any]:
        return {"name": self.name, "since": self.since.isoformat()}

    def face(self, seen_by: By) -> Face:
        return Face(self.name, reverse("partnership:partners"))
