"""Grave incidents: the tickets they are about, who was told, what was written up, what partners remarked.

Nothing here is changed or removed: what is wrong is marked as entered in error, and a later row says better (U3).
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.db import models
from django.db.models import Q
from django.urls import reverse

from commonhold.demand.engine.incidents.account import LEGACY, Account, Clocked
from commonhold.demand.models.ticket import Ticket
from commonhold.governance.models import Action
from commonhold.governance.models.putting_right import about_one
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face, Recorded
from commonhold.partnership.models import Partner

LONGEST_REASON: Final = 1_000
STRUCK: Final = ("incident", "ticket", "telling", "write_up", "remark")


class Incident(Recorded):
    """A grave incident: one ticket or several, a P1 or one that was flagged as a key incident.

    `title` is that of the write-up that stands. The public learns of an incident once one is signed off, and is told
    where that is withdrawn (L6). `is_key` is what was flagged last.
    """

    sentences: ClassVar = {
        "incident.opened": "An incident was opened in the register",
    }

    title = models.CharField(max_length=120, blank=True)
    is_key = models.BooleanField(default=False)
    signed_once = models.BooleanField(default=False)
    opened_with = models.JSONField(default=dict)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"Incident {self.pk}" + (f": {self.title}" if self.title else "")

    def get_absolute_url(self) -> str:
        return reverse("demand:incident", args=[self.pk])

    @classmethod
    def shown(cls) -> models.QuerySet[Incident]:
        return cls.objects.select_related("strike")

    @property
    def struck(self) -> Strike | None:
        """That it was entered in error, where it was."""
        return getattr(self, "strike", None)

    def contents(self) -> dict[str, Any]:
        """Which tickets it was opened with, and why it was flagged; in no export, for tickets say whose they are."""
        return dict(self.opened_with)

    def is_open_to(self, seen_by: By) -> bool:
        """The public learns of an incident once an account of it is signed off."""
        return self.signed_once or not seen_by.is_public

    def face(self, seen_by: By) -> Face:
        if not self.is_open_to(seen_by):
            return Face("An incident", closed=True)
        return Face(f"{self} (entered in error)" if self.struck else str(self), self.get_absolute_url())


class OfIncident(Recorded):
    """A row about an incident."""

    read_along: ClassVar[tuple[str, ...]] = ("incident__strike",)

    incident: Any
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering: ClassVar[Any] = ("pk",)

    @classmethod
    def shown(cls) -> models.QuerySet[Any]:
        return cls._default_manager.select_related(*cls.read_along)

    @property
    def struck(self) -> Strike | None:
        """That it was entered in error, where it was."""
        return getattr(self, "strike", None)

    def get_absolute_url(self) -> str:
        return f"{self.incident.get_absolute_url()}#{self.noun()}-{self.pk}"

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return {} if seen_by.is_public else dict(self.contents())

    def face(self, seen_by: By) -> Face:
        of = self.incident.face(seen_by)
        return of if of.closed else Face(f"{self}, {of.title}", self.get_absolute_url())


class KeyFlag(OfIncident):
    """That an incident is a key incident whatever its priority, or is none after all, and why."""

    sentences: ClassVar = {
        "incident.flagged": "An incident was flagged as a key incident",
        "incident.unflagged": "An incident was said to be no key incident",
    }

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="flags")
    is_key = models.BooleanField()
    reason = models.TextField()

    def __str__(self) -> str:
        return "Key incident" if self.is_key else "No key incident"

    def contents(self) -> dict[str, Any]:
        return {"is_key": self.is_key, "reason": self.reason}


class IncidentTicket(OfIncident):
    """That a ticket is part of an incident."""

    sentences: ClassVar = {
        "incident.ticket-added": "A ticket was added to an incident",
    }

    read_along: ClassVar = ("incident__strike", "ticket__desk")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="tickets")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="incidents")

    def __str__(self) -> str:
        return "A ticket"

    def contents(self) -> dict[str, Any]:
        return {"desk": self.ticket.desk.name, "reference": self.ticket.reference}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        """Which ticket it is says whose: rows are for the partner concerned, so no export holds it (D2)."""
        return {}


class Telling(OfIncident):
    """That an audience was told of an incident: whom, through which channel, and when."""

    sentences: ClassVar = {
        "incident.told": "It was logged who was told of an incident",
    }

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="tellings")
    audience = models.CharField(max_length=100)
    channel = models.CharField(max_length=100)
    told_at = models.DateTimeField()
    words = models.TextField(blank=True)

    class Meta(OfIncident.Meta):
        ordering = ("told_at", "pk")

    def __str__(self) -> str:
        return f"{self.audience} told"

    def contents(self) -> dict[str, Any]:
        at = self.told_at.isoformat()
        return {"audience": self.audience, "channel": self.channel, "told_at": at, "words": self.words}


class IncidentDraft(models.Model):
    """The account of an incident while it is being written: workings. `signed` is the edition signed off last."""

    incident = models.OneToOneField(Incident, models.PROTECT, related_name="draft")
    said = models.JSONField(default=dict)
    edition = models.PositiveIntegerField(default=0)
    signed = models.PositiveIntegerField(default=0)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Draft of {self.incident_id}"

    @property
    def account(self) -> Account:
        return Account.from_json(self.said)

    @property
    def waits(self) -> bool:
        """Whether something is written that is not signed off."""
        return self.edition > self.signed


class WriteUp(OfIncident):
    """A signed-off account of an incident, in versions; a later one names the one that it replaces, and why.

    Its title, words, cause, lesson, times and result are for everybody. The partners hit, the reason of a later
    version and `closed`, the closed wording, are for whoever holds a post (D3).
    """

    sentences: ClassVar = {
        "incident.written-up": "An incident was written up and signed off",
    }

    read_along: ClassVar = ("incident__strike", "strike")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="write_ups")
    number = models.PositiveSmallIntegerField()
    instead_of = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    reason = models.TextField(blank=True)
    said = models.JSONField()
    services = models.JSONField(default=list)
    partners = models.JSONField(default=list)
    actions = models.ManyToManyField(Action, related_name="write_ups")
    clocked = models.JSONField(default=list)
    result = models.CharField(max_length=20)
    written_by = models.CharField(max_length=100)

    class Meta(OfIncident.Meta):
        constraints = (
            models.UniqueConstraint(fields=("incident", "number"), name="one_write_up_of_a_number"),
            models.CheckConstraint(condition=Q(instead_of=None) | ~Q(reason=""), name="a_later_write_up_says_why"),
        )

    def __str__(self) -> str:
        return f"Write-up {self.number}"

    @property
    def account(self) -> Account:
        return Account.from_json(self.said)

    @property
    def tickets(self) -> list[Clocked]:
        """What was known of the incident's tickets when it was signed off."""
        return [Clocked.from_json(one) for one in self.clocked]

    @property
    def legacy_in_words(self) -> str:
        return LEGACY.get(self.account.legacy, "")

    def contents(self) -> dict[str, Any]:
        """The public wording, and apart from it what is closed: a digest of each, whether or not anything is in it."""
        closed = ("partners", "actions", "closed")
        said = {name: value for name, value in self.said.items() if name not in closed}
        return {
            "public": said | {"services": self.services, "result": self.result},
            "closed": {
                "partners": self.partners,
                "actions": self.said["actions"],
                "closed": self.said["closed"],
                "reason": self.reason,
            },
            "clocked": self.clocked,
        }

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        """Tickets say whose they are, so no export holds them; a struck account is no longer for everybody (D2, L6)."""
        contents = self.contents()
        if seen_by.is_public:
            return {} if self.struck or self.incident.struck else {"public": contents["public"]}
        return {name: contents[name] for name in ("public", "closed")}


class Remark(OfIncident):
    """What a partner's client lead remarked on an incident, or what was answered; for those who hold a post."""

    sentences: ClassVar = {
        "incident.remarked": "A partner remarked on an incident",
        "incident.answered": "A remark on an incident was answered",
    }

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="remarks")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    answers = models.ForeignKey("self", models.PROTECT, null=True, related_name="replies")
    words = models.TextField()

    def __str__(self) -> str:
        return "An answer" if self.answers_id else "A remark"

    def contents(self) -> dict[str, Any]:
        return {"words": self.words}


class Strike(Recorded):
    """That something of the register was entered in error, and why; it stays in sight, struck out."""

    sentences: ClassVar = {
        "incident.entered-in-error": "An incident was marked as entered in error",
        "incident.ticket-taken-out": "A ticket was taken out of an incident",
        "telling.entered-in-error": "A line of who was told was marked as entered in error",
        "write-up.entered-in-error": "A write-up was marked as entered in error",
        "remark.entered-in-error": "A remark on an incident was marked as entered in error",
    }

    incident = models.OneToOneField(Incident, models.PROTECT, null=True, related_name="strike")
    ticket = models.OneToOneField(IncidentTicket, models.PROTECT, null=True, related_name="strike")
    telling = models.OneToOneField(Telling, models.PROTECT, null=True, related_name="strike")
    write_up = models.OneToOneField(WriteUp, models.PROTECT, null=True, related_name="strike")
    remark = models.OneToOneField(Remark, models.PROTECT, null=True, related_name="strike")
    reason = models.TextField()
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.CheckConstraint(condition=about_one(STRUCK), name="a_strike_is_of_one_thing"),)

    def __str__(self) -> str:
        return f"Entered in error: {self.of}"

    @property
    def of(self) -> Any:
        found = (self.incident, self.ticket, self.telling, self.write_up, self.remark)
        return next(one for one in found if one is not None)

    @classmethod
    def shown(cls) -> models.QuerySet[Strike]:
        within = (f"{name}__incident__strike" for name in STRUCK[1:])
        return cls.objects.select_related("incident__strike", *within)

    def contents(self) -> dict[str, Any]:
        return {"of": self.of.ref, "reason": self.reason}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return {} if seen_by.is_public else self.contents()

    def face(self, seen_by: By) -> Face:
        of: Face = self.of.face(seen_by)
        return of
