"""What a search finds in performance: measures by their titles, packs by theirs."""

from functools import reduce
from operator import and_
from typing import Final

from django.db.models import Q
from django.urls import reverse

from commonhold.databases.together import together
from commonhold.ledger.engine.by import By
from commonhold.partnership.queries import Found
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.models import OwnMeasure
from commonhold.performance.queries.fed import Fed, of_own
from commonhold.performance.queries.packs import current

MOST: Final = 20


def found(text: str, seen_by: By) -> list[Found]:
    """Measures and packs whose titles hold every word of the text; of packs the newest open to this reader."""
    words = text.casefold().split()
    where = reduce(and_, (Q(title__icontains=word) for word in words))
    read = together({"packs": current(seen_by=seen_by).filter(where)[:MOST], "own": OwnMeasure.objects.all()})
    measures = [
        Found(title, "Measure", reverse("performance:measure", args=[name.replace("_", "-")]))
        for name, title in _titles(of_own(read["own"])).items()
        if all(word in title.casefold() for word in words)
    ]
    packs = sorted(read["packs"], key=lambda pack: (pack.last, pack.pk), reverse=True)
    return [*measures, *(Found(pack.title, "Pack", pack.get_absolute_url()) for pack in packs)]


def _titles(known: Fed) -> dict[str, str]:
    of_tickets = {name: one.title for name, one in MEASURES.items()}
    return of_tickets | {name: one.title for name, one in known.newest.items()}
