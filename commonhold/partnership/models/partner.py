"""The authorities that are party to the agreement, and the bodies that are only served."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face, Recorded
from commonhold.partnership.engine.names import NAME_LIMIT


class Partnership(Recorded):
    """Several authorities that run one service together: its name, and the day on which it was founded here."""

    sentences: ClassVar = {
        "partnership.founded": "The partnership was founded",
        "partnership.renamed": "The partnership's name was put right",
    }

    name = models.CharField(max_length=NAME_LIMIT)
    founded = models.DateField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="one_partnership"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partnership:partners")

    def contents(self) -> dict[str, Any]:
        return {"founded": self.founded.isoformat()}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return self.contents()

    def face(self, seen_by: By) -> Face:
        return Face(self.name, self.get_absolute_url())


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

    sentences: ClassVar = {
        "partner.added": "A partner was added, not yet a party",
        "partner.corrected": "A partner's name or dates were put right",
    }

    name = models.CharField(max_length=NAME_LIMIT, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    joined = models.DateField(null=True, blank=True)
    left = models.DateField(null=True, blank=True)
    provisional = models.BooleanField(default=False, editable=False)
    edition = models.PositiveIntegerField(default=1, editable=False)

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
        return {"slug": self.slug}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return self.contents()

    def face(self, seen_by: By) -> Face:
        return Face(self.name, self.get_absolute_url())


class ClientBody(Recorded):
    """A body that the service serves and charges and that has no vote."""

    sentences: ClassVar = {
        "client-body.added": "A client body was added",
        "client-body.ended": "A client body is served no longer",
        "client-body.corrected": "A client body's name or dates were put right",
    }

    name = models.CharField(max_length=NAME_LIMIT, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    edition = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ("name",)
        verbose_name = "client body"
        verbose_name_plural = "client bodies"
        constraints = (
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=models.F("since")), name="until_after_since"),
        )

    def __str__(self) -> str:
        return self.name

    def contents(self) -> dict[str, Any]:
        return {"slug": self.slug}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return self.contents()

    def face(self, seen_by: By) -> Face:
        return Face(self.name, reverse("partnership:partners"))
