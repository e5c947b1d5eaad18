"""Papers put before a meeting, and the figures they cite."""

from typing import Any, ClassVar

from django.db import models

from commonhold.figures import Figure
from commonhold.governance.models.meeting import Item
from commonhold.governance.models.wording import PublicRecord
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Face


class Paper(PublicRecord):
    """What is put before a meeting on an item: its title, where it is read, and the digests of its files."""

    sentences: ClassVar = {"paper.submitted": "A paper was put before a meeting"}
    read_along: ClassVar = ("retraction",)

    item = models.ForeignKey(Item, models.PROTECT, related_name="papers")
    title = models.CharField(max_length=200)
    address = models.CharField(max_length=300)
    files = models.JSONField(default=dict)
    post = models.CharField(max_length=100)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.address

    def contents(self) -> dict[str, Any]:
        return {"title": self.title, "files": self.files}

    def face(self, seen_by: By) -> Face:
        return Face(self.called(self.title), self.address)


class Citation(models.Model):
    """A figure that a paper cites, as it stood when the paper was submitted: plain data with its evidence."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="citations")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    figure = models.JSONField()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("paper", "number"), name="one_citation_of_a_number"),)

    def __str__(self) -> str:
        return f"Figure {self.number} of {self.paper}"

    @property
    def cited(self) -> Figure:
        return Figure.from_json(self.figure)
