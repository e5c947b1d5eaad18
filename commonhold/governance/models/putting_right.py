"""What was put right and what was taken back: rows of their own, so that both texts and the reason stay (U3)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from commonhold.governance.models.action import Action, Update
from commonhold.governance.models.meeting import Body, Item, Meeting
from commonhold.governance.models.minutes import Resolution
from commonhold.governance.models.paper import Paper
from commonhold.governance.models.wording import PublicRecord
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face

CORRECTED = ("body", "meeting", "item", "action")
RETRACTED = ("meeting", "item", "paper", "resolution", "action", "update")


def about_one(names: tuple[str, ...]) -> Q:
    """The condition that exactly one of these is there."""
    found = Q()
    for name in names:
        found |= Q(**{f"{other}__isnull": other != name for other in names})
    return found


class Correction(PublicRecord):
    """That words were put right: which, what they said before, and what they say from then on."""

    sentences: ClassVar = {
        "body.corrected": "A body's name was put right",
        "meeting.corrected": "A meeting's time or place was put right",
        "item.corrected": "An agenda item was put right",
        "action.corrected": "An action's words were put right",
    }
    read_along: ClassVar = (
        "body",
        *(f"{name}__retraction" for name in ("meeting", "item", "action")),
        "meeting__body",
        "item__meeting__body",
    )

    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="corrections")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="corrections")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="corrections")
    action = models.ForeignKey(Action, models.PROTECT, null=True, related_name="corrections")
    before = models.JSONField()
    after = models.JSONField()
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.CheckConstraint(condition=about_one(CORRECTED), name="a_correction_is_of_one_thing"),)

    def __str__(self) -> str:
        return f"Correction of {self.of}"

    @property
    def of(self) -> Body | Meeting | Item | Action:
        return self.body or self.meeting or self.item or self.action  # type: ignore[return-value]  # one is there

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """Each part that changed: its name, what it said, what it says."""
        return [
            (name.capitalize(), self._in_words(name, self.before[name]), self._in_words(name, self.after[name]))
            for name in (field.name for field in type(self.of)._meta.fields)
            if name in self.before
        ]

    def _in_words(self, name: str, value: Any) -> str:
        field = type(self.of)._meta.get_field(name)
        choices = dict(getattr(field, "flatchoices", ()))
        if isinstance(value, dict):
            return ", ".join(f"{word} {of}" for word, of in sorted(value.items())) or "the whole service"
        return str(choices.get(value, value)) or "none"

    def get_absolute_url(self) -> str:
        return self.of.get_absolute_url()

    def contents(self) -> dict[str, Any]:
        return {"of": self.of.ref, "before": self.before, "after": self.after}

    def face(self, seen_by: By) -> Face:
        return self.of.face(seen_by)


class Retraction(PublicRecord):
    """That something was taken back, and why: a meeting called off, an item or paper withdrawn, a resolution, action or
    update entered in error. It stays in sight, struck out.
    """

    sentences: ClassVar = {
        "meeting.called-off": "A meeting was called off",
        "item.withdrawn": "An agenda item was withdrawn",
        "paper.withdrawn": "A paper was withdrawn",
        "resolution.entered-in-error": "A resolution was marked as entered in error",
        "action.entered-in-error": "An action was marked as entered in error",
        "update.entered-in-error": "An update was marked as entered in error",
    }
    WORDS: ClassVar = {"meeting": "Called off", "item": "Withdrawn", "paper": "Withdrawn"}
    read_along: ClassVar = (
        *(f"{name}__retraction" for name in RETRACTED),
        "meeting__body",
        "item__meeting__body",
        "resolution__item__meeting__body",
    )

    meeting = models.OneToOneField(Meeting, models.PROTECT, null=True, related_name="retraction")
    item = models.OneToOneField(Item, models.PROTECT, null=True, related_name="retraction")
    paper = models.OneToOneField(Paper, models.PROTECT, null=True, related_name="retraction")
    resolution = models.OneToOneField(Resolution, models.PROTECT, null=True, related_name="retraction")
    action = models.OneToOneField(Action, models.PROTECT, null=True, related_name="retraction")
    update = models.OneToOneField(Update, models.PROTECT, null=True, related_name="retraction")
    reason = models.TextField()
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.CheckConstraint(condition=about_one(RETRACTED), name="a_retraction_is_of_one_thing"),)

    def __str__(self) -> str:
        return f"{self.word}: {self.of}"

    @property
    def of(self) -> Meeting | Item | Paper | Resolution | Action | Update:
        found = (self.meeting, self.item, self.paper, self.resolution, self.action, self.update)
        return next(one for one in found if one is not None)

    @property
    def word(self) -> str:
        return self.WORDS.get(self.of.noun(), "Entered in error")

    def get_absolute_url(self) -> str:
        return self.of.get_absolute_url()

    def contents(self) -> dict[str, Any]:
        return {"of": self.of.ref, "reason": self.reason}

    def face(self, seen_by: By) -> Face:
        return self.of.face(seen_by)
