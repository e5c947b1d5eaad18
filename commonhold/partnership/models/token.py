"""Tokens: what a program sends in place of somebody who signs in. Of a token's secret only a digest is kept."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face, Recorded
from commonhold.partnership.models.people import Appointment


class Purpose(models.TextChoices):
    """The one thing that a token is good for."""

    READ = "read", "Read tables"
    BRING = "bring", "Bring a feed's files"


class TokenRows(models.QuerySet["Token"]):
    def good(self, day: date) -> "TokenRows":
        """Those that are good on a day: not revoked or past, with an appointment in force and an open account."""
        there = Appointment.objects.on(day).filter(person__is_active=True)
        return self.filter(revoked_at=None, last_day__gte=day, appointment__in=there)


class Token(Recorded):
    """What a program sends to read tables or to bring a feed's files, with the powers of one appointment at most."""

    sentences: ClassVar = {"token.made": "A token was made", "token.revoked": "A token was revoked"}

    Purpose = Purpose

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="tokens")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    feed = models.CharField(max_length=60, blank=True)  # the one that it is for; empty: each that its post may bring
    name = models.CharField(max_length=80)
    handle = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    last_day = models.DateField()
    last_used = models.DateField(null=True, blank=True)  # a day, not more: it is no record of what somebody does when
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TokenRows.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(feed="") | Q(purpose="bring"), name="only_a_token_that_brings_is_for_one_feed"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("made_at")), name="token_revoked_after_it_was_made"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def shown(cls) -> models.QuerySet["Token"]:
        return cls.objects.select_related("appointment__post__partner", "appointment__person")

    def contents(self) -> dict[str, Any]:
        return {"purpose": self.purpose, "feed": self.feed, "last_day": self.last_day.isoformat()}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return self.contents()

    def face(self, seen_by: By) -> Face:
        post = self.appointment.post
        return Face(f"A token of the post {post}", post.get_absolute_url(), closed=seen_by.is_public)

    def state(self, day: date) -> str:
        """In words, whether it is good, or why it is not."""
        if self.revoked_at:
            return "revoked"
        if not self.appointment.is_in_force(day):
            return "ended with its appointment"
        if self.appointment.person is None or not self.appointment.person.is_active:
            return "ended with its person's account"
        return "good" if day <= self.last_day else "past its last day"

    @property
    def for_what(self) -> str:
        return f"{self.get_purpose_display()}: {self.feed}" if self.feed else self.get_purpose_display()
