"""The agreement's rules in dated versions, what partners say of them, and changes with their consents (R0-R2).

Rows are superseded by later rows, never edited: the database itself refuses a change.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry, Face, Recorded
from commonhold.partnership.engine.rules import registry
from commonhold.partnership.models.partner import Partner
from commonhold.partnership.models.people import Person


class Proposal(Recorded):
    """A change of a rule that waits for the consents it needs: the version it changes, into what, from when and why."""

    sentences: ClassVar = {
        "proposal.made": "A change of a rule was proposed",
        "proposal.withdrawn": "A proposed change was withdrawn",
    }

    rule = models.CharField(max_length=40)
    base = models.PositiveIntegerField()
    value = models.JSONField()
    effective_from = models.DateField()
    reasons = models.TextField()
    text = models.CharField(max_length=64)
    post = models.CharField(max_length=100)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="proposals")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"Proposal {self.pk}: {registry.kind(self.rule).title}"

    def get_absolute_url(self) -> str:
        return reverse("partnership:proposal", args=[self.pk])

    def contents(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "base": self.base,
            "value": self.value,
            "effective_from": self.effective_from.isoformat(),
            "reasons": self.reasons,
        }

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return self.contents()

    def face(self, seen_by: By) -> Face:
        return Face(str(self), self.get_absolute_url())


class Consent(Recorded):
    """A partner's agreement to a proposal, given by the holder of a post that may."""

    sentences: ClassVar = {
        "consent.given": "A partner consented to a proposed change",
        "consent.withdrawn": "A partner's consent was withdrawn",
        "rule.changed": "The last consent was given, and the rule changes",
    }

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="consents")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="consents")
    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    post = models.CharField(max_length=100)
    text = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"Consent of {self.partner} to proposal {self.proposal_id}"

    def get_absolute_url(self) -> str:
        return reverse("partnership:proposal", args=[self.proposal_id])

    def contents(self) -> dict[str, Any]:
        return {"proposal": self.proposal_id, "partner": self.partner.slug, "text": self.text}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return self.contents()

    def face(self, seen_by: By) -> Face:
        return Face(str(self), self.get_absolute_url())


class Revocation(Recorded):
    """That a proposal, or one partner's consent to it, was taken back before the last consent was given."""

    proposal = models.OneToOneField(Proposal, models.PROTECT, null=True, blank=True, related_name="revocation")
    consent = models.OneToOneField(Consent, models.PROTECT, null=True, blank=True, related_name="revocation")
    reason = models.TextField(blank=True)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(proposal=None) ^ Q(consent=None), name="withdrawn_is_one_thing"),
        )

    def __str__(self) -> str:
        return f"Revocation of {str(self.proposal or self.consent).lower()}"

    @classmethod
    def shown(cls) -> models.QuerySet["Revocation"]:
        return cls.objects.select_related("proposal", "consent__partner")

    def contents(self) -> dict[str, Any]:
        return {
            "proposal": self.proposal_id or (self.consent.proposal_id if self.consent else None),
            "consent_of": self.consent.partner.slug if self.consent else None,
            "reason": self.reason,
        }

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return self.contents()

    def face(self, seen_by: By) -> Face:
        withdrawn = self.proposal or self.consent
        return Face(str(self), withdrawn.get_absolute_url() if withdrawn else None)


class RuleVersion(Recorded):
    """What a rule says from a day on: as found in a document that binds the partners, or as changed by consent."""

    sentences: ClassVar = {"rule.found": "A rule was entered as found"}

    class How(models.TextChoices):
        FOUND = "found", "As found"
        CHANGED = "changed", "Changed by consent"

    rule = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    value = models.JSONField()
    effective_from = models.DateField()
    how = models.CharField(max_length=10, choices=How.choices)
    document = models.CharField(max_length=300, blank=True)
    clause = models.CharField(max_length=100, blank=True)
    page = models.CharField(max_length=40, blank=True)
    file = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    reason = models.TextField(blank=True)
    last_consent = models.OneToOneField(Consent, models.PROTECT, null=True, blank=True, related_name="version")
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("rule", "number")
        constraints = (
            models.UniqueConstraint(fields=("rule", "number"), name="one_version_of_a_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="versions_count_from_one"),
            models.CheckConstraint(
                condition=Q(how="found", last_consent=None) & ~Q(document="")
                | Q(how="changed", last_consent__isnull=False),
                name="found_in_a_document_or_changed_by_consent",
            ),
        )

    def __str__(self) -> str:
        return f"{registry.kind(self.rule).title}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("partnership:rule", args=[self.rule]) + f"#version-{self.number}"

    @property
    def label(self) -> str:
        """What a figure says it was measured under: targets v2."""
        return f"{self.rule} v{self.number}"

    @property
    def kind(self) -> registry.Kind:
        return registry.kind(self.rule)

    @property
    def ruled(self) -> registry.Ruled:
        """The checked value."""
        return registry.read(self.rule, self.value)

    @property
    def entered(self) -> str:
        """The reference of what its entry is about: its own, or the consent that brought it into force."""
        return self.ref if self.last_consent_id is None else f"{Consent.noun()}/{self.last_consent_id}"

    @property
    def entry(self) -> Entry | None:
        return Entry.objects.filter(subject=self.entered).order_by("number").first()

    @classmethod
    def shown(cls) -> models.QuerySet["RuleVersion"]:
        return cls.objects.select_related("corrects", "last_consent")

    def contents(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "number": self.number,
            "value": self.value,
            "effective_from": self.effective_from.isoformat(),
            "how": self.how,
            "document": self.document,
            "clause": self.clause,
            "page": self.page,
            "file": self.file,
            "corrects": self.corrects.number if self.corrects else None,
            "reason": self.reason,
        }

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return self.contents()

    def face(self, seen_by: By) -> Face:
        return Face(str(self), self.get_absolute_url())


class Confirmation(Recorded):
    """A partner's word that a version was entered as it was agreed, or "not what we agreed"; the latest one counts."""

    sentences: ClassVar = {
        "rule.confirmed": "A partner confirmed a rule as it was entered",
        "rule.disputed": 'A partner said of a rule: "not what we agreed"',
    }

    class Word(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        DISPUTED = "disputed", "Not what we agreed"

    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="confirmations")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="confirmations")
    word = models.CharField(max_length=10, choices=Word.choices)
    words = models.TextField(blank=True)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(word="disputed", words=""), name="a_dispute_says_what_is_wrong"),
        )

    def __str__(self) -> str:
        return f"{self.partner} on {self.version}: {self.get_word_display().lower()}"

    def get_absolute_url(self) -> str:
        return self.version.get_absolute_url()

    def contents(self) -> dict[str, Any]:
        return {
            "version": self.version.label,
            "partner": self.partner.slug,
            "word": self.word,
            "words": self.words,
        }

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return self.contents()

    def face(self, seen_by: By) -> Face:
        return Face(str(self), self.get_absolute_url())
