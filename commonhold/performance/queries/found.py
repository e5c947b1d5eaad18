"""What a search finds in performance: measures by their titles, packs by theirs."""

from functools import reduce
from operator import and_
from typing import Final

from django.db.models import Q
from django.urls import reverse

from commonhold.ledger.engine.by import By
from commonhold.partnership.queries import Found
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.queries.fed import fed
from commonhold.performance.queries.packs import current

MOST: Final = 20


def found(text: str, seen_by: By) -> list[Found]:
    """Measures and packs whose titles hold every word of the text; of packs the newest open to this reader."""
    words = text.casefold().split()
    measures = [
        Found(title, "Measure", reverse("performance:measure", args=[name.replace("_", "-")]))
        for name, title in _titles().items()
        if all(word in title.casefold() for word in words)
    ]
    where = reduce(and_, (Q(title__icontains=word) for word in words))
    rows = current(seen_by=seen_by).filter(where)
    return [*measures, *(Found(pack.title, "Pack", pack.get_absolute_url()) for pack in rows[:MOST])]


def _titles() -> dict[str, str]:
    of_tickets = {name: one.title for name, one in MEASURES.items()}
    return of_tickets | {name: one.title for name, one in fed().newest.items()}
