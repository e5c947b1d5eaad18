"""Samples: what can be drawn, what was drawn, and each ticket of a sample as it was known for its figure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from django.http import Http404

from commonhold.databases.choosing import chosen
from commonhold.demand.models import Desk, Reckoning, Ticket
from commonhold.demand.queries.tickets import RELATED
from commonhold.ledger.engine.by import By
from commonhold.performance.engine import references
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.measures.definition import Definition
from commonhold.performance.engine.references import Reference
from commonhold.performance.engine.sampling import Drawable
from commonhold.performance.models import Sample

PAGE: Final = 25
LARGEST: Final = 2**62
DRAWABLE: Final = (
    f'select desk.name, ticket.reference, known.id from "{Reckoning._meta.db_table}" known '
    f'join "{Ticket._meta.db_table}" ticket on ticket.id = known.ticket_id '
    f'join "{Desk._meta.db_table}" desk on desk.id = ticket.desk_id where {{chosen}}'
)


def drawable(numbers: Collection[int]) -> Iterator[Drawable]:
    """The tickets of these numbers as they can be drawn; in one query."""
    for rows in chosen(DRAWABLE, "known.id", list(numbers)):
        yield from (Drawable(desk, reference, number) for desk, reference, number in rows)


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket of a sample: its place in it, whether the numerator counts it, and what was known of it."""

    number: int
    desk: str
    reference: str
    counted: bool
    row: Reckoning | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample with its figure and its tickets, and the entry that the draw left."""

    sample: Sample
    reference: Reference
    definition: Definition
    lines: list[Line]
    entry: int | None


def the_sample(number: int, *, seen_by: By) -> Drawn:
    """A sample. Not found where there is none, or its tickets are another partner's (D2)."""
    found = Sample.objects.open_to(seen_by).filter(pk=number).first() if number < LARGEST else None
    if found is None:
        raise Http404("There is no such sample, or its tickets are another partner's.")
    rows = Reckoning.objects.filter(pk__in=[number for _, _, number, _ in found.tickets])
    known = rows.select_related(*RELATED).defer("timeline").in_bulk()
    reference = references.parse(found.figure)
    entry = found.entry
    return Drawn(
        sample=found,
        reference=reference,
        definition=definition(reference.definition),
        lines=[
            Line(place, desk, called, counted, known.get(row))
            for place, (desk, called, row, counted) in enumerate(found.tickets, start=1)
        ],
        entry=entry.number if entry else None,
    )


def samples(*, seen_by: By, before: int | None = None) -> tuple[list[Sample], int | None]:
    """The samples whose tickets this reader may see, newest first, and from which number to go on."""
    rows = Sample.objects.open_to(seen_by).defer("tickets")
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None
