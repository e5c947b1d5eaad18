"""What all records of governance share: they are public, what is put right keeps its first words, what is taken back
stays in sight (U3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.text import Truncator

from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Recorded

if TYPE_CHECKING:
    from commonhold.governance.models.putting_right import Retraction


class PublicRecord(Recorded):
    """Something on the public record: everybody may read its contents."""

    class Meta:
        abstract = True

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return dict(self.contents())

    @property
    def taken_back(self) -> Retraction | None:
        """That it was withdrawn, called off or entered in error, where it was."""
        return getattr(self, "retraction", None)


class Worded(PublicRecord):
    """Something whose words can be put right: `originals` keeps the first ones, to which its first entry testifies."""

    edition = models.PositiveIntegerField(default=1, editable=False)
    originals = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True

    def wording(self) -> dict[str, Any]:
        """What it says now, by name, as JSON."""
        raise NotImplementedError

    def contents(self) -> dict[str, Any]:
        return {**self.wording(), **self.originals}


def brief(text: str) -> str:
    """A text for a line of a list."""
    return Truncator(" ".join(text.split())).chars(160)
