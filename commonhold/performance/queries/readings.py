"""Figures that are kept ready: what pages print without computing anything. They are for those who hold a post; what
everybody sees is what was published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, When

from commonhold.databases.fields import InstantField
from commonhold.databases.prepared import prepared
from commonhold.demand.models import Batch
from commonhold.figures import Figure, Span
from commonhold.ledger.engine.by import By
from commonhold.performance.engine import top
from commonhold.performance.engine.periods import local, period
from commonhold.performance.models import DisputedReading, Period, Table
from commonhold.performance.permissions import reads_unpublished_figures
from commonhold.performance.queries.periods import told_then

DIMENSIONS: Final = ("partner", "priority", "kind", "team", "service", "responsible")

READY: Final = ((), *((word,) for word in DIMENSIONS), *((word, "partner") for word in DIMENSIONS[1:]))
"""The groupings whose figures of every measure are kept ready for pages."""

ALL_READY: Final = (*READY, top.BY)
"""Those, and the one of which only the categories with the most tickets are kept."""

QUIET: Final = 4
"""A month with fewer than a fourth of the tickets of the busiest one is not what a page opens at by itself."""

LOOKED_BACK: Final = 24
"""Months among which the busiest one is looked for."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A period as it was last computed, whether more is known since, and whether a dispute is kept beside it."""

    number: int
    span: Span
    as_of: datetime
    opened: int
    overtaken: bool
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """Every period that was computed, as it was last, the newest first; the last day that any file tells of, and the
    last batch known, 0 where nothing was computed.
    """

    periods: Mapping[Span, Kept]
    told_to: date | None
    batch: int = 0

    @property
    def months(self) -> list[Span]:
        return [span for span in self.periods if span.is_month]

    @property
    def newest_month(self) -> Span | None:
        """The last whole month that the files tell of to its end and that was as busy as months are."""
        months = self.months
        busiest = max((self.periods[span].opened for span in months[:LOOKED_BACK]), default=0)
        whole = (
            span
            for span in months
            if self.told_to and span.last <= self.told_to and self.periods[span].opened * QUIET >= busiest
        )
        return next(whole, months[0] if months else None)


def ready() -> Ready:
    """What is kept ready, in one query: each period as it was known last, read at the instant that is taken where none
    is named. One that was read at another has its evidence, and one of which only the extract is kept nothing to print.
    """
    found: dict[Span, Kept] = {}
    last: datetime | None = None
    known = 0
    for number, first, day, as_of, opened, batch, known, through, then, beside in _computed():
        span, last = Span(first, day), through
        if then and period(span, last_event=_seconds(then)).as_of == _seconds(as_of):
            found.setdefault(span, Kept(number, span, as_of, opened, batch < known, beside))
    return Ready(found, _day(last) if last else told_to(), known)


@prepared
def _computed() -> QuerySet[Period, Any]:
    taken = Batch.objects.taken().order_by("-number")
    told = Batch.objects.counting().filter(observed_at__isnull=False).order_by("-observed_at")
    printed = Table.objects.filter(period=OuterRef("pk"), by="")
    return (
        Period.objects.filter(Exists(printed))
        .annotate(
            known=Subquery(taken.values("number")[:1]),
            through=Subquery(told.values("observed_at")[:1], output_field=InstantField()),
        )
        .annotate(
            then=Case(When(batch__lt=F("known"), then=told_then()), default=F("through"), output_field=InstantField())
        )
        .annotate(beside=Exists(DisputedReading.objects.filter(period=OuterRef("pk"), tickets__gt=0)))
        .order_by("-first", "-last", "-batch", "-ruled", "-pk")
        .values_list("pk", "first", "last", "as_of", "opened", "batch", "known", "through", "then", "beside")
    )


def told_to() -> date | None:
    """The last day that any file tells of, a day of London."""
    return _day(Batch.objects.known_through())


def _day(instant: datetime | None) -> date | None:
    return local(_seconds(instant)).date() if instant else None


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def figures(
    periods: Iterable[Kept], groupings: Iterable[Sequence[str]], *, seen_by: By, measure: str | None = None
) -> list[list[Figure]]:
    """The kept figures of periods by groupings, a list for each pair in order; none for the public (F8)."""
    groups = [tuple(by) for by in groupings]
    return of_pairs([(period, by) for period in periods for by in groups], seen_by=seen_by, measure=measure)


def of_pairs(
    pairs: Iterable[tuple[Kept, Sequence[str]]], *, seen_by: By, measure: str | None = None
) -> list[list[Figure]]:
    """The kept figures of each of these periods by its own grouping, in order; in one query."""
    wanted = [(period.number, ",".join(by)) for period, by in pairs]
    asked, found = set(wanted), dict[tuple[int, str], list[Figure]]()
    if wanted and reads_unpublished_figures(seen_by):
        rows = Table.objects.filter(period__in={number for number, _ in wanted}, by__in={by for _, by in wanted})
        for row in rows.filter(measure=measure) if measure else rows:
            if (row.period_id, row.by) in asked:
                found.setdefault((row.period_id, row.by), []).extend(map(Figure.from_json, row.figures))
    return [found.get(pair, []) for pair in wanted]


def of_measure(figures: Iterable[Figure], measure: str) -> list[Figure]:
    return [figure for figure in figures if figure.measure == measure]
