"""Figures that are kept ready: what pages print without computing anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Max

from commonhold.demand.models import Batch
from commonhold.figures import Figure, Span
from commonhold.ledger.engine.by import By
from commonhold.performance.engine import smallnumbers
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.models import Period, Table
from commonhold.performance.permissions import sees_partner_split

DIMENSIONS: Final = ("partner", "priority", "kind", "team", "service", "responsible")


@dataclass(frozen=True, slots=True)
class Kept:
    """A period as it was last computed, and whether more is known since."""

    period: Period
    overtaken: bool


def latest(span: Span) -> Kept | None:
    """The last computation of a period, or None where nobody asked for it yet."""
    found = (
        Period.objects.filter(first=span.first, last=span.last)
        .defer("extract")
        .order_by("-batch", "-as_of", "-pk")
        .first()
    )
    return None if found is None else Kept(found, found.batch < Batch.objects.known())


def months() -> list[Span]:
    """The whole months that are kept ready, the newest first."""
    rows = Period.objects.values_list("first", "last").distinct().order_by("-first", "last")
    return [span for first, last in rows if (span := Span(first, last)).is_month]


def newest_month() -> Span | None:
    """The last month that is whole and kept ready."""
    through = Batch.objects.taken().aggregate(last=Max("observed_at"))["last"]
    ready = months()
    return next((month for month in ready if through and _ended(month, through)), ready[0] if ready else None)


def _ended(month: Span, through: datetime) -> bool:
    return month.last < (through - timedelta(minutes=1)).date() + timedelta(days=1)


def figures(periods: Iterable[Period], groupings: Iterable[Sequence[str]], *, seen_by: By) -> list[list[Figure]]:
    """The kept figures of periods by groupings, a list for each pair in order; the public gets no small numbers."""
    wanted = [(period, ",".join(by)) for period in periods for by in groupings]
    rows = Table.objects.filter(period__in={period.pk for period, _ in wanted}, by__in={by for _, by in wanted})
    found = {(row.period_id, row.by): row.figures for row in rows}
    return [
        _for(seen_by, [read(figure) for figure in found.get((period.pk, by), ())], by.split(",") if by else [])
        for period, by in wanted
    ]


def of_measure(figures: Iterable[Figure], measure: str) -> list[Figure]:
    return [figure for figure in figures if figure.measure == measure]


def read(kept: Mapping[str, Any]) -> Figure:
    """A figure from the form in which it is kept and printed."""
    return Figure.from_json(kept)


def _for(seen_by: By, figures: list[Figure], by: Sequence[str]) -> list[Figure]:
    """What this reader may have: the public sees no split by partner, and no small numbers (P3, F8)."""
    if not seen_by.is_public:
        return figures
    if "partner" in by and not sees_partner_split(seen_by):
        return []
    if not by:
        return figures
    return [
        figure
        for measure in MEASURES
        if (group := of_measure(figures, measure))
        for figure in smallnumbers.for_the_public(group)
    ]
