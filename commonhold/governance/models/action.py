"""What a body asked for, who owes it, and the updates that came back."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from commonhold.governance.models.minutes import Resolution
from commonhold.governance.models.paper import Paper
from commonhold.governance.models.wording import PublicRecord, Worded, brief
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face

STANDS = Q(retraction=None, resolution__retraction=None)


def _closed() -> Exists:
    return Exists(Update.objects.filter(action=OuterRef("pk"), closes=True, retraction=None))


class ActionRows(models.QuerySet["Action"]):
    def judged(self) -> "ActionRows":
        """Each with whether it `stands` (neither it nor its resolution was entered in error) and is `done`."""
        judgement = {"stands": models.ExpressionWrapper(STANDS, models.BooleanField()), "done": _closed()}
        return self.annotate(**judgement)

    def open(self) -> "ActionRows":
        """Those that stand and wait for something."""
        return self.filter(STANDS, ~_closed())

    def closed(self) -> "ActionRows":
        return self.filter(STANDS, _closed())


class Action(Worded):
    """What a body asked for: its words, the post that owes it, and the measure by which its effect is read."""

    sentences: ClassVar = {"action.asked": "A body asked for an action"}
    read_along: ClassVar = ("owner", "retraction")

    done: bool
    stands: bool

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="actions")
    text = models.TextField()
    owner = models.ForeignKey("partnership.Post", models.PROTECT, related_name="actions")
    measure = models.CharField(max_length=60, blank=True)
    scope = models.JSONField(default=dict, blank=True)

    objects = ActionRows.as_manager()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"Action {self.pk}: {brief(self.text)}"

    def get_absolute_url(self) -> str:
        return reverse("governance:action", args=[self.pk])

    def wording(self) -> dict[str, Any]:
        return {"text": self.text, "owner": self.owner.slug, "measure": self.measure, "scope": self.scope}

    def face(self, seen_by: By) -> Face:
        return Face(self.called(str(self)), self.get_absolute_url())


class Update(PublicRecord):
    """What came back on an action: words, and the paper that is its evidence; an action closes only with one."""

    sentences: ClassVar = {
        "action.updated": "An update was given on an action",
        "action.closed": "An action was closed, with evidence",
    }
    read_along: ClassVar = ("retraction",)

    action = models.ForeignKey(Action, models.PROTECT, related_name="updates")
    words = models.TextField()
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="updates")
    closes = models.BooleanField(default=False)
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closes=False) | models.Q(paper__isnull=False), name="closing_needs_evidence"
            ),
        )

    def __str__(self) -> str:
        return f"Update on action {self.action_id}: {brief(self.words)}"

    def get_absolute_url(self) -> str:
        return f"{reverse('governance:action', args=[self.action_id])}#update-{self.pk}"

    def contents(self) -> dict[str, Any]:
        return {"words": self.words, "closes": self.closes}

    def face(self, seen_by: By) -> Face:
        return Face(self.called(str(self)), self.get_absolute_url())
