"""Who signs in, the posts they hold, and from when to when. Power comes from an appointment, never from an account."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.urls import reverse

from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face, Recorded
from commonhold.partnership.models.partner import Partner


class People(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """A person with a sign-in; called by acts only."""
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save()
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser, Recorded):
    """Somebody who signs in, and the partner that looks after the account; without one it is the shared service's."""

    sentences: ClassVar = {
        "person.added": "Somebody was given an account",
        "person.corrected": "Somebody's name or e-mail address was put right",
        "person.deactivated": "Somebody's account was closed",
        "person.reactivated": "Somebody's account was opened again",
        "person.link-made": "A link to choose a password was made",
        "person.second-factors-removed": "Somebody's second factors were removed",
    }

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="people")
    is_active = models.BooleanField(default=True)
    persona = models.BooleanField(default=False, editable=False)
    told_by_email = models.BooleanField(default=True)
    edition = models.PositiveIntegerField(default=1, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = People()

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name

    def face(self, seen_by: By) -> Face:
        return Face("A person" if seen_by.is_public else self.name, closed=seen_by.is_public)


class Role(models.TextChoices):
    """What a post is for: permissions are derived from it."""

    ADMINISTRATOR = "administrator", "Administrator"
    CLIENT_LEAD = "client_lead", "Client lead"
    CLERK = "clerk", "Governance officer"
    MEMBER = "member", "Committee member"
    MANAGING_DIRECTOR = "managing_director", "Managing Director"
    SERVICE_MANAGER = "service_manager", "Service manager"
    ANALYST = "analyst", "Service analyst"
    ARCHITECT = "architect", "Technical architect"
    AUDITOR = "auditor", "Auditor"
    HOST = "host", "Host authority"
    OPERATOR = "operator", "Operator"
    SERVICE = "service", "The service"


class Post(Recorded):
    """A place that somebody holds for a time; what is done, is done in a post."""

    sentences: ClassVar = {"post.made": "A post was made"}

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=220)  # its own words, then its partner's name
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="posts")
    role = models.CharField(max_length=30, choices=Role.choices)
    may_consent = models.BooleanField(default=False)

    class Meta:
        ordering = ("title",)
        constraints = (
            models.CheckConstraint(
                condition=Q(may_consent=False) | Q(partner__isnull=False), name="only_a_partner_s_post_may_consent"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("partnership:post", args=[self.slug])

    @classmethod
    def shown(cls) -> models.QuerySet["Post"]:
        return cls.objects.select_related("partner")

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return self.contents()

    def contents(self) -> dict[str, Any]:
        return {
            "slug": self.slug,
            "role": self.role,
            "partner": self.partner.slug if self.partner else None,
            "may_consent": self.may_consent,
        }

    def face(self, seen_by: By) -> Face:
        return Face(self.title, self.get_absolute_url())


class AppointmentRows(models.QuerySet["Appointment"]):
    def on(self, day: date) -> "AppointmentRows":
        """Those in force on that day."""
        return self.filter(starts__lte=day).filter(Q(ends=None) | Q(ends__gt=day))


class Appointment(Recorded):
    """Who holds a post, from when to when: a person, or a partner for a post such as host.

    One that ends on the day it starts was entered in error: it was never in force.
    """

    sentences: ClassVar = {
        "appointment.made": "Somebody was appointed to a post",
        "appointment.ended": "An appointment was ended",
    }

    class Kind(models.TextChoices):
        SUBSTANTIVE = "substantive", "Holds the post"
        ACTING = "acting", "Acting"
        COVER = "cover", "Covers for the holder"

    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="appointments")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="appointments")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.SUBSTANTIVE)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    edition = models.PositiveIntegerField(default=1, editable=False)

    objects = AppointmentRows.as_manager()

    class Meta:
        ordering = ("-starts", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(person=None) ^ Q(partner=None), name="appointed_is_a_person_or_a_partner"
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=models.F("starts")), name="appointment_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.holder} as {self.post}"

    @classmethod
    def shown(cls) -> models.QuerySet["Appointment"]:
        return cls.objects.select_related("post", "person", "partner")

    def is_in_force(self, on: date) -> bool:
        return self.starts <= on and (self.ends is None or on < self.ends)

    @property
    def was_an_error(self) -> bool:
        return self.ends == self.starts

    @property
    def holder(self) -> Person | Partner:
        return self.person or self.partner  # type: ignore[return-value]  # the constraint says one of them is there

    def contents(self) -> dict[str, Any]:
        return {
            "post": self.post.slug,
            "partner": self.partner.slug if self.partner else None,
            "kind": self.kind,
            "starts": self.starts.isoformat(),
        }

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return self.contents()

    def face(self, seen_by: By) -> Face:
        shown = "Somebody" if seen_by.is_public and self.person else str(self.holder)
        return Face(f"{shown}: {self.post.title}", self.post.get_absolute_url())
