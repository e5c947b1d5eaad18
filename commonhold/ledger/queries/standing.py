"""Until when what is read rests on the record as it stands: how a reader learns that nothing has changed since."""

from dataclasses import dataclass
from datetime import datetime

from commonhold.ledger.engine.by import DRIFT
from commonhold.ledger.models import Head


@dataclass(frozen=True, slots=True)
class Standing:
    """How many entries there are, and since when none was added, where that can be said for certain."""

    size: int
    since: datetime | None


def standing(now: datetime) -> Standing:
    """How the record stands. Every act leaves an entry, so what acts change is the same while no entry is added.

    An act that takes long may be entered at the last entry's instant, so for a while since when is not certain; in a
    demonstration, whose instants are the story's, it never is.
    """
    head = Head.objects.get(pk=1)
    is_certain = not head.is_demonstration and now - head.at > DRIFT
    return Standing(head.size, head.at if is_certain else None)
