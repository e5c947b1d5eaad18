"""Tickets, the events of their history, and what the clock made of them while a batch was the last one known."""

import re
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThan, IsNull, LessThanOrEqual
from django.urls import reverse

from commonhold.databases.entering import by_another
from commonhold.databases.fields import InstantField
from commonhold.demand.models.names import Category, Desk, Service, Team
from commonhold.partnership.models import Partner

PLAIN: Final = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*")
"""References that an address carries to any browser and through any proxy as they are."""


class State(models.IntegerChoices):
    """The states of the service-level clock (C4)."""

    OPEN = 0, "Open"
    IN_PROGRESS = 1, "In progress"
    ON_HOLD = 2, "On hold"
    REOPENED = 3, "Reopened"
    RESOLVED = 4, "Resolved"
    CLOSED = 5, "Closed"
    CANCELLED = 6, "Cancelled"


class Kind(models.IntegerChoices):
    INCIDENT = 0, "Incident"
    REQUEST = 1, "Service request"
    PROBLEM = 2, "Problem"
    CHANGE = 3, "Change"


class Priority(models.IntegerChoices):
    NONE = 0, "No priority"
    P1 = 1, "P1"
    P2 = 2, "P2"
    P3 = 3, "P3"
    P4 = 4, "P4"
    P5 = 5, "P5"


class Ticket(models.Model):
    """A piece of demand on the service, as its desk knows it."""

    desk = models.ForeignKey(Desk, models.PROTECT, related_name="tickets", db_index=False)
    reference = models.CharField(max_length=100, db_index=True)
    known_from = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("desk", "reference"), name="one_ticket_of_a_reference"),)

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        if PLAIN.fullmatch(self.reference):
            return reverse("demand:ticket", args=[self.desk_id, self.reference])
        return reverse("demand:numbered_ticket", args=[self.pk])


class Event(models.Model):
    """One line of a ticket's history, as a batch brought it; of a file of tickets, one step that a line implies.

    `at` is empty for the present state of a ticket where nothing says since when. `opened_at`, `resolved_at` and
    `closed_at` are the source's own columns, which may know on an early line what comes later; `updated_at` is when the
    desk last changed the line of a snapshot. A line of a file of holds is an event on hold, and one without a state
    where the hold ends.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events", db_index=False)
    batch = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    content = models.BigIntegerField()
    at = InstantField(null=True)
    state = models.SmallIntegerField(choices=State.choices, null=True)
    hold_reason = models.SmallIntegerField(null=True)
    priority = models.SmallIntegerField(choices=Priority.choices)
    kind = models.SmallIntegerField(choices=Kind.choices)
    team = models.ForeignKey(Team, models.PROTECT, null=True, db_index=False, db_constraint=False)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, db_index=False, db_constraint=False)
    service = models.ForeignKey(Service, models.PROTECT, null=True, db_index=False, db_constraint=False)
    category = models.ForeignKey(Category, models.PROTECT, null=True, db_index=False, db_constraint=False)
    opened_at = InstantField(null=True)
    resolved_at = InstantField(null=True)
    closed_at = InstantField(null=True)
    updated_at = InstantField(null=True)
    verdict = models.BooleanField(null=True)
    reopenings = models.PositiveIntegerField(null=True)
    held_minutes = models.PositiveBigIntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("ticket", "at", "batch", "line"), name="events_in_order"),
            models.Index(fields=("batch",), name="events_of_a_batch"),
        )

    def __str__(self) -> str:
        return f"{self.ticket_id} at {self.at}"


class ReckoningRows(models.QuerySet["Reckoning"]):
    def known(self, batch: int) -> "ReckoningRows":
        """Those that held when this batch was the last one known (F7)."""
        # Nearly every row was known by then, and still is: with a sum in the way, no list is entered by the indexes of
        # these columns.
        by_then = LessThanOrEqual(F("known_from") + 0, batch)
        until = by_another("known_until")
        return self.filter(by_then).filter(Q(IsNull(until, True)) | Q(GreaterThan(until, batch)))


class Reckoning(models.Model):
    """A ticket as it is known from one batch until another: its facts, and what the clock made of its history.

    `resolved_at` and `closed_at` are the source's own where `own_resolved`, `own_closed` say so, else the history's.
    `used` and `held` are seconds, `target` minutes, read at the last instant told of when the ticket was last told of.
    `missed_at` needs no reading: it is when the minutes used first exceed the target (C8), or will if nothing happens;
    minutes that a stated total proves were on hold do not count.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="reckonings", db_index=False)
    known_from = models.PositiveIntegerField()
    known_until = models.PositiveIntegerField(null=True)
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="reckonings", db_index=False, db_constraint=False)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, db_index=False, db_constraint=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, db_index=False, db_constraint=False)
    service = models.ForeignKey(Service, models.PROTECT, null=True, db_index=False, db_constraint=False)
    category = models.ForeignKey(Category, models.PROTECT, null=True, db_index=False, db_constraint=False)
    priority = models.SmallIntegerField(choices=Priority.choices)
    kind = models.SmallIntegerField(choices=Kind.choices)
    state = models.SmallIntegerField(choices=State.choices)
    opened_at = InstantField()
    resolved_at = InstantField(null=True)
    closed_at = InstantField(null=True)
    own_resolved = models.BooleanField()
    own_closed = models.BooleanField()
    last_event_at = InstantField()
    due_at = InstantField(null=True)
    target = models.PositiveIntegerField(null=True)
    used = models.PositiveBigIntegerField()
    held = models.PositiveBigIntegerField()
    missed_at = InstantField(null=True)
    was_held = models.BooleanField()
    reopenings = models.PositiveIntegerField()
    source_reopenings = models.PositiveIntegerField(null=True)
    reassignments = models.PositiveIntegerField()
    verdict = models.BooleanField(null=True)
    grade = models.SmallIntegerField()
    has_history = models.BooleanField()
    held_minutes = models.PositiveBigIntegerField(null=True)
    excluded = models.BooleanField(default=False)
    timeline = models.BinaryField()

    objects = ReckoningRows.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("ticket", "known_from"), name="one_reckoning_from_a_batch"),)
        indexes = (
            models.Index(fields=("opened_at", "id"), name="reckonings_by_opening"),
            models.Index(fields=("due_at", "id"), name="reckonings_by_due"),
            models.Index(fields=("missed_at",), name="reckonings_by_missing"),
            models.Index(fields=("desk", "opened_at", "id"), name="reckonings_of_a_desk"),
            models.Index(fields=("partner", "opened_at", "id"), name="reckonings_of_a_partner"),
            models.Index(fields=("state", "opened_at", "id"), name="reckonings_in_a_state"),
            models.Index(fields=("priority", "opened_at", "id"), name="reckonings_of_a_priority"),
            models.Index(fields=("kind", "opened_at", "id"), name="reckonings_of_a_kind"),
            models.Index(fields=("team", "opened_at", "id"), name="reckonings_of_a_team"),
            models.Index(fields=("service", "opened_at", "id"), name="reckonings_of_a_service"),
            models.Index(fields=("category", "opened_at", "id"), name="reckonings_of_a_category"),
            models.Index(fields=("known_from",), name="reckonings_of_a_batch"),
            models.Index(fields=("known_until",), name="reckonings_until_a_batch"),
        )

    def __str__(self) -> str:
        return f"{self.ticket_id} from batch {self.known_from}"
