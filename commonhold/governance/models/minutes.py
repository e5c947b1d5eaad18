"""What a body resolved."""

from typing import Any, ClassVar

from django.db import models

from commonhold.governance.models.meeting import Item, Meeting
from commonhold.governance.models.wording import PublicRecord, brief
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face


class Resolution(PublicRecord):
    """What a body resolved on an item, and when it is to hear more."""

    sentences: ClassVar = {"resolution.made": "A body resolved"}
    read_along: ClassVar = ("item__meeting__body", "retraction")

    class Word(models.TextChoices):
        RESOLVED = "resolved", "RESOLVED"
        AGREED = "agreed", "AGREED"
        NOTED = "noted", "NOTED"

    class Due(models.TextChoices):
        NONE = "none", "No update asked for"
        NEXT_MEETING = "next_meeting", "At the next meeting"
        DATE = "date", "By a date"

    item = models.ForeignKey(Item, models.PROTECT, related_name="resolutions")
    number = models.PositiveSmallIntegerField()
    word = models.CharField(max_length=20, choices=Word.choices, default=Word.RESOLVED)
    text = models.TextField()
    due = models.CharField(max_length=20, choices=Due.choices, default=Due.NONE)
    due_day = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("item__meeting__day", "item__number", "number")
        constraints = (
            models.UniqueConstraint(fields=("item", "number"), name="one_resolution_of_a_number"),
            models.CheckConstraint(
                condition=models.Q(due="date", due_day__isnull=False)
                | (~models.Q(due="date") & models.Q(due_day=None)),
                name="a_date_where_one_is_due",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_word_display()}: {self.text}"

    @property
    def meeting(self) -> Meeting:
        return self.item.meeting

    @property
    def anchor(self) -> str:
        return f"resolution-{self.item.number}-{self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.meeting.get_absolute_url()}#{self.anchor}"

    def contents(self) -> dict[str, Any]:
        return {
            "word": self.word,
            "text": self.text,
            "due": self.due,
            "due_day": self.due_day.isoformat() if self.due_day else None,
        }

    def face(self, seen_by: By) -> Face:
        title = f"{self.meeting.body} {self.get_word_display()}: {brief(self.text)}"
        return Face(self.called(title), self.get_absolute_url())
