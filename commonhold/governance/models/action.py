"""What a body asked for, who owes it, and the updates that came back."""

from typing import Any

from django.db import models
from django.urls import reverse

from commonhold.governance.models.minutes import Resolution
from commonhold.governance.models.paper import Paper
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face, Recorded


class Action(Recorded):
    """What a body asked for: its words, the post that owes it, and the measure by which its effect is read."""

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="actions")
    text = models.TextField()
    owner = models.ForeignKey("partnership.Post", models.PROTECT, related_name="actions")
    measure = models.CharField(max_length=60, blank=True)
    scope = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text

    @property
    def is_closed(self) -> bool:
        return any(update.closes for update in self.updates.all())

    def get_absolute_url(self) -> str:
        return reverse("governance:action", args=[self.pk])

    def contents(self) -> dict[str, Any]:
        return {"text": self.text, "owner": self.owner.slug, "measure": self.measure}

    def face(self, seen_by: By) -> Face:
        return Face(f"Action: {self.text}", self.get_absolute_url())


class Update(Recorded):
    """What came back on an action: words, and the paper that is its evidence; an action closes only with one (V3)."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="updates")
    words = models.TextField()
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="updates")
    closes = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closes=False) | models.Q(paper__isnull=False), name="closing_needs_evidence"
            ),
        )

    def __str__(self) -> str:
        return self.words

    def contents(self) -> dict[str, Any]:
        return {"words": self.words, "closes": self.closes}

    def face(self, seen_by: By) -> Face:
        return Face(f"Update: {self.words}", self.action.get_absolute_url())
