"""What partners dispute of tickets, what is answered, and what it would mean for figures."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Self

from django.db import models
from django.db.models import CharField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from commonhold.demand.models.ticket import Ticket
from commonhold.figures import Span
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry, Face, Recorded
from commonhold.partnership.models import Partner
from commonhold.partnership.permissions import sees_all_rows

LONGEST_WORDS: Final = 2_000
"""Letters in which to say why something is disputed, and what is answered."""


class DisputeState(models.TextChoices):
    """Where a dispute stands: until it is accepted, settled, withdrawn or joined to a later one it stands beside every
    figure that it touches.
    """

    OPEN = "open", "Open"
    DECLINED = "declined", "The service stands by the fact"
    MAINTAINED = "maintained", "Maintained by the partner"
    ACCEPTED = "accepted", "Accepted and put right"
    SETTLED = "settled", "Settled"
    WITHDRAWN = "withdrawn", "Withdrawn"
    JOINED = "joined", "Goes on in a later dispute"


SPOKEN: Final = (
    "dispute.raised",
    "dispute.declined",
    "dispute.accepted",
    "dispute.maintained",
    "dispute.settled",
    "dispute.withdrawn",
    "dispute.reopened",
    "tickets.corrected",
    "corrections.undone",
)
"""The kinds of entries by which a dispute comes to stand beside figures, or ends."""
CONTESTED: Final = (DisputeState.OPEN, DisputeState.DECLINED, DisputeState.MAINTAINED)


class DisputeRows(models.QuerySet["Dispute"]):
    def with_state(self) -> Self:
        """Each with its `state`: what the last step made of it, `open` where there is none."""
        last = DisputeStep.objects.filter(dispute=OuterRef("pk")).order_by("-pk").values("to")[:1]
        return self.annotate(state=Coalesce(Subquery(last), Value(DisputeState.OPEN.value), output_field=CharField()))

    def in_state(self, *states: str) -> Self:
        return self.with_state().filter(state__in=states)

    def by_state(self) -> models.QuerySet[Any, Any]:
        """How many there are by state, of which there are any."""
        rows: models.QuerySet[Any, Any] = self.with_state()
        counted: models.QuerySet[Any, Any] = rows.order_by().values_list("state").annotate(models.Count("pk"))
        return counted

    def contested(self) -> Self:
        return self.in_state(*CONTESTED)


class OfDispute(Recorded):
    """What belongs to a dispute: whoever holds a post and the partners' own people read it, the public counts alone."""

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return {} if seen_by.is_public else dict(self.contents())

    def face(self, seen_by: By) -> Face:
        if seen_by.is_public:
            return Face(str(self._meta.verbose_name).capitalize(), closed=True)
        return Face(str(self), self.get_absolute_url())


class Dispute(OfDispute):
    """A partner's word that a fact of a ticket, or of a class of tickets, is not as figures count it.

    `value` is what the partner says it is, by the number that a correction would have; of a hold, whose time is to
    count, which holds. `about` and `said` say what of, and what instead, in the words of the day; `tickets` how many it
    touched then.
    """

    sentences: ClassVar = {"dispute.raised": "A partner disputed a fact of tickets"}

    class Fact(models.TextChoices):
        HOLD = "hold", "Hold"
        PRIORITY = "priority", "Priority"
        KIND = "kind", "Kind"
        PARTNER = "partner", "Partner"
        RESPONSIBLE = "responsible", "Responsible party"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="disputes")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="disputes")
    conditions = models.JSONField(null=True)
    fact = models.CharField(max_length=20, choices=Fact.choices)
    value = models.PositiveBigIntegerField()
    about = models.CharField(max_length=1_000)
    said = models.CharField(max_length=300)
    reason = models.TextField()
    tickets = models.PositiveIntegerField()
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    state: str
    """Where it stands; only on rows that were read `with_state`."""

    objects = DisputeRows.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ticket=None, conditions__isnull=False) | Q(ticket__isnull=False, conditions=None),
                name="a_dispute_is_of_a_ticket_or_of_a_class",
            ),
        )

    def __str__(self) -> str:
        return f"Dispute {self.pk} of {self.partner}"

    def get_absolute_url(self) -> str:
        return reverse("demand:dispute", args=[self.pk])

    def contents(self) -> dict[str, Any]:
        told = {"about": self.about, "fact": self.fact, "said": self.said, "reason": self.reason}
        return {**told, "tickets": self.tickets}

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        """How many tickets it touched is for those who may see every partner's rows: few would tell of each (D2)."""
        contents = super().contents_seen_by(seen_by)
        return contents if sees_all_rows(seen_by) else {name: contents[name] for name in contents if name != "tickets"}

    @classmethod
    def shown(cls) -> DisputeRows:
        return cls.objects.select_related("partner")


class DisputeStep(OfDispute):
    """What the service answered to a dispute, or the partner made of it; `batch` is what was put right, or undone, and
    `later` the dispute of the very same in which it goes on.
    """

    sentences: ClassVar = {
        "dispute.declined": "The service stood by a fact that a partner disputes",
        "dispute.accepted": "The service accepted a dispute of which nothing was left to put right",
        "dispute.maintained": "A partner maintained its dispute",
        "dispute.settled": "A partner settled its dispute",
        "dispute.withdrawn": "A partner withdrew its dispute",
        "dispute.reopened": "A partner reopened its dispute",
    }

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="steps")
    to = models.CharField(max_length=20, choices=DisputeState.choices)
    words = models.TextField(blank=True)
    batch = models.PositiveIntegerField(null=True)
    later = models.ForeignKey(Dispute, models.PROTECT, null=True, related_name="+", db_index=False)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        verbose_name = "step of a dispute"
        verbose_name_plural = "steps of disputes"

    def __str__(self) -> str:
        return f"{self.dispute}: {self.title[:1].lower()}{self.title[1:]}"

    def get_absolute_url(self) -> str:
        return f"{self.dispute.get_absolute_url()}#step-{self.pk}"

    def contents(self) -> dict[str, Any]:
        return {"to": self.to, "words": self.words}

    @property
    def title(self) -> str:
        """What the step made of the dispute, as its thread says it."""
        if self.to == DisputeState.ACCEPTED and self.batch is None:
            return "Accepted; nothing was left to put right"
        if self.later_id is not None:
            return f"Undone; goes on in dispute {self.later_id}"
        return str(self.get_to_display())

    @property
    def entry(self) -> Entry | None:
        """Of what was put right, the entry of its batch: one act leaves one entry (L1)."""
        ref = self.ref if self.batch is None else f"batch/{self.batch}"
        return Entry.objects.filter(subject=ref).order_by("number").first()

    @classmethod
    def shown(cls) -> models.QuerySet[DisputeStep]:
        return cls.objects.select_related("dispute__partner")


class DisputeEffect(models.Model):
    """What a dispute would mean for the figures of a month: workings, computed again whenever more is known.

    `tickets` are those that it touches in the month; `points` is how many percentage points more would be within target
    if they were as the partner says, empty where that cannot be said. `figures` is a list of measures with their values
    as they stand, without those tickets, and as disputed.
    """

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="effects", db_index=False)
    first = models.DateField()
    last = models.DateField()
    tickets = models.PositiveIntegerField()
    points = models.FloatField(null=True)
    figures = models.JSONField()

    class Meta:
        ordering = ("-first",)
        verbose_name = "effect of a dispute"
        verbose_name_plural = "effects of disputes"
        constraints = (models.UniqueConstraint(fields=("dispute", "first", "last"), name="one_effect_on_a_period"),)

    def __str__(self) -> str:
        return f"{self.dispute_id} on {self.first} to {self.last}"

    @property
    def span(self) -> Span:
        return Span(self.first, self.last)
