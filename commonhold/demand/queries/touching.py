"""What was put right of the tickets behind a figure, as it stood when the figure was known (F6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from commonhold.demand.models import Batch, Correction, Exclusion, Reckoning, Ticket
from commonhold.demand.queries.putting_right import stood, written
from commonhold.ledger.models import Entry


@dataclass(frozen=True, slots=True)
class Touching:
    """A correction, or an exclusion, which has no fact: of which ticket, why, and the entry it is on record with."""

    ticket: Ticket
    fact: str
    value: str
    reason: str
    entry: int | None


def touching(
    corrected: Sequence[int], excluded: Sequence[int], batch: int, names: Mapping[str, Mapping[int, str]]
) -> list[Touching]:
    """What was put right of tickets, named by the numbers of what the clock made of them, newest first; one query."""
    corrections = _rows(Correction, corrected, batch, F("fact"), F("value"))
    exclusions = _rows(Exclusion, excluded, batch, Value("", CharField()), Value(0, BigIntegerField()))
    return [
        Touching(
            ticket=Ticket(pk=number, desk_id=desk, reference=reference),
            fact=str(Correction.Fact(fact).label) if fact else "",
            value=written(fact, value, names) if fact else "",
            reason=reason,
            entry=entry,
        )
        for fact, value, number, desk, reference, reason, entry in corrections.union(exclusions, all=True).order_by(
            "-entered", "said_fact"
        )
    ]


def _rows(
    model: type[Correction | Exclusion], numbers: Sequence[int], batch: int, fact: F | Value, value: F | Value
) -> QuerySet[Any, Any]:
    its_batch = Concat(Value(f"{Batch.noun()}/"), Cast(OuterRef("made_in"), CharField()))
    entries = Entry.objects.filter(subject=its_batch).order_by("number").values("number")[:1]
    tickets = Reckoning.objects.filter(pk__in=numbers).values("ticket")
    rows: QuerySet[Any, Any] = model._default_manager.filter(stood(batch), ticket__in=tickets).order_by()
    rows = rows.annotate(said_fact=fact, said_value=value, entered=Subquery(entries))
    return rows.values_list(
        "said_fact", "said_value", "ticket", "ticket__desk", "ticket__reference", "reason", "entered"
    )
