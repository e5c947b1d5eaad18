"""Bodies, their meetings, and the items on an agenda."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from commonhold.governance.models.wording import Worded
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face
from commonhold.workdays.zones import zone


class Body(Worded):
    """A committee or board that meets and resolves."""

    sentences: ClassVar = {"body.formed": "A body was entered"}

    class Kind(models.TextChoices):
        JOINT_COMMITTEE = "joint_committee", "Joint committee"
        OFFICER_BOARD = "officer_board", "Officer board"

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=30, choices=Kind.choices)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("governance:body", args=[self.slug])

    def wording(self) -> dict[str, Any]:
        return {"name": self.name, "kind": self.kind}

    def face(self, seen_by: By) -> Face:
        return Face(self.name, self.get_absolute_url())


class Meeting(Worded):
    """A meeting of a body on a day."""

    sentences: ClassVar = {"meeting.called": "A meeting was called"}
    read_along: ClassVar = ("body", "retraction")

    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings")
    day = models.DateField()
    starts = models.TimeField()
    place = models.CharField(max_length=200)

    class Meta:
        ordering = ("-day", "-starts")
        constraints = (models.UniqueConstraint(fields=("body", "day"), name="one_meeting_of_a_body_on_a_day"),)
        indexes = (models.Index(fields=("day", "starts"), name="meetings_by_day"),)

    def __str__(self) -> str:
        return f"{self.body}, {self.day.day} {self.day:%B %Y}"

    @property
    def opens_at(self) -> datetime:
        """The instant at which it opens, by London's clocks."""
        return datetime.combine(self.day, self.starts, zone("Europe/London"))

    def get_absolute_url(self) -> str:
        return reverse("governance:meeting", args=[self.body.slug, self.day])

    def wording(self) -> dict[str, Any]:
        return {
            "body": self.body.slug,
            "day": self.day.isoformat(),
            "starts": self.starts.isoformat("minutes"),
            "place": self.place,
        }

    def face(self, seen_by: By) -> Face:
        return Face(self.called(str(self)), self.get_absolute_url())


class Item(Worded):
    """An item of business on the agenda of a meeting."""

    sentences: ClassVar = {"item.added": "An item was put on an agenda"}
    read_along: ClassVar = ("meeting__body", "retraction")

    class Purpose(models.TextChoices):
        CONSIDER = "consider", "To consider"
        NOTE = "note", "To note"
        DECIDE = "decide", "To decide"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.CONSIDER)

    class Meta:
        ordering = ("number",)
        verbose_name = "agenda item"
        constraints = (models.UniqueConstraint(fields=("meeting", "number"), name="one_item_of_a_number"),)

    def __str__(self) -> str:
        return f"Item {self.number}: {self.title}"

    def get_absolute_url(self) -> str:
        return f"{self.meeting.get_absolute_url()}#item-{self.number}"

    def wording(self) -> dict[str, Any]:
        return {"number": self.number, "title": self.title, "purpose": self.purpose}

    def face(self, seen_by: By) -> Face:
        title = f"{self.meeting}, item {self.number}: {self.title}"
        return Face(self.called(title), self.get_absolute_url())
