"""What all records of governance share: they are public, what is put right keeps its first words, what is taken back
stays in sight (U3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.utils.text import Truncator

from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Recorded

if TYPE_CHECKING:
    from commonhold.governance.models.putting_right import Retraction


class PublicRecord(Recorded):
    """Something on the public record: everybody may read its contents."""

    read_along: ClassVar[tuple[str, ...]] = ()
    """What its face reads beside its own row."""

    class Meta:
        abstract = True

    @classmethod
    def shown(cls) -> models.QuerySet[Self]:
        return cls._default_manager.select_related(*cls.read_along)

    def contents_seen_by(self, seen_by: By) -> dict[str, Any]:
        return dict(self.contents())

    @property
    def taken_back(self) -> Retraction | None:
        """That it was withdrawn, called off or entered in error, where it was."""
        return getattr(self, "retraction", None)

    def called(self, title: str) -> str:
        """A title, and after it that this was taken back, where it was."""
        return f"{title} ({self.taken_back.word.lower()})" if self.taken_back else title


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
