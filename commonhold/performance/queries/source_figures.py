"""Figures of what readings tell: the second source of figures, beside tickets, that pages, packs and commands ask.

Readings are few, so figures are added up when they are asked for; each carries what was known, as those of tickets do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Max, Min, QuerySet

from commonhold import __version__
from commonhold.databases.prepared import prepared_together
from commonhold.figures import Figure, Span
from commonhold.ledger.engine.by import By
from commonhold.performance.engine import periods
from commonhold.performance.engine.brought import counting
from commonhold.performance.engine.brought.choosing import YEAR, Told
from commonhold.performance.engine.brought.counting import Counted, Stamp
from commonhold.performance.engine.brought.definition import SourceMeasure
from commonhold.performance.engine.brought.telling import told
from commonhold.performance.models import OwnMeasure, SourceReading
from commonhold.performance.permissions import reads_unpublished_figures
from commonhold.performance.queries.brought import Known, known, last_entry, of_entries, standing_at
from commonhold.performance.queries.fed import Fed, fed, of_own


@dataclass(frozen=True)
class Source:
    """What figures of readings rest on: what is known, and the measures as they were defined at an entry or are now."""

    known: Known
    at_entry: int | None = None
    measures: Fed | None = field(default=None, compare=False)
    """The measures, where they were read along."""

    @cached_property
    def fed(self) -> Fed:
        return self.measures or fed(self.at_entry)

    @property
    def entry(self) -> int:
        """The entry that says what was known; the first one of all where nothing was brought yet."""
        return max(self.known.entry, 1)

    def stamp(self, span: Span, as_of: datetime | None = None) -> Stamp:
        """Read at the end of the period, or at an instant of one's own."""
        read_at = periods.period(span, as_of=None if as_of is None else int(as_of.timestamp())).read_at
        return Stamp(read_at, self.entry, __version__)


def source(known_at: str | int | None = None) -> Source:
    """What is known now, with its measures in one query, or was at an entry or an instant (F7)."""
    if known_at is not None:
        found = known(known_at)
        return Source(found, found.entry)
    return of_rows(_now())


@prepared_together
def _now() -> dict[str, QuerySet[Any]]:
    return asked()


def asked() -> dict[str, QuerySet[Any, Any]]:
    """What is known now is read from this, for a page that reads it along with other things."""
    return {"entries": last_entry(), "own": OwnMeasure.objects.all()}


def of_rows(read: Mapping[str, Sequence[Any]]) -> Source:
    return Source(of_entries(read["entries"]), measures=of_own(read["own"]))


def figures(
    on: Source,
    span: Span,
    measures: Iterable[str],
    by: Sequence[str] = (),
    *,
    as_of: datetime | None = None,
) -> list[Counted]:
    """The figures of these measures over some days, in order of measure and then of group; one query."""
    counting.check(by)
    return grouped(on, span, measures, [by], as_of=as_of)[0]


def grouped(
    on: Source,
    span: Span,
    measures: Iterable[str],
    groupings: Iterable[Sequence[str]],
    *,
    as_of: datetime | None = None,
) -> list[list[Counted]]:
    """The figures of these measures by several groupings, a list for each; from one query."""
    defined = on.fed.on(span.last)
    wanted = [defined[name] for name in dict.fromkeys(measures) if name in defined]
    return _counted(on, span, wanted, _told(on, span, wanted), groupings, as_of)


def _counted(
    on: Source,
    span: Span,
    measures: Sequence[SourceMeasure],
    told_of: Mapping[str, list[Told]],
    groupings: Iterable[Sequence[str]],
    as_of: datetime | None = None,
) -> list[list[Counted]]:
    stamp = on.stamp(span, as_of)
    return [
        [one for measure in measures for one in counting.figures(measure, told_of[measure.name], span, by, stamp)]
        for by in groupings
    ]


def touched(on: Source, span: Span, groupings: Iterable[Sequence[str]]) -> list[list[Counted]]:
    """The figures of every measure of which some standing reading tells of any of these days, a list for each grouping;
    from one query.
    """
    return touched_each(on, [span], groupings)[0]


def touched_each(on: Source, spans: Sequence[Span], groupings: Iterable[Sequence[str]]) -> list[list[list[Counted]]]:
    """The same of each of some periods; from one query for all."""
    return [one.counted for one in around_each(on, spans, groupings)]


@dataclass(frozen=True, slots=True)
class Around:
    """The figures of a period that readings touch, a list for each grouping, and the measures that were fed in it or
    within a year before.
    """

    counted: list[list[Counted]]
    lately: frozenset[str]


def around_each(on: Source, spans: Sequence[Span], groupings: Iterable[Sequence[str]]) -> list[Around]:
    """Those of each of some periods; from one query for all."""
    if not spans:
        return []
    whole, groups = Span(min(span.first for span in spans), max(span.last for span in spans)), list(groupings)
    rows = _around(on, whole, on.fed.newest)
    return [Around(_touched(on, span, rows, groups), frozenset(_lately(rows, span))) for span in spans]


def _lately(rows: Iterable[SourceReading], span: Span) -> Iterator[str]:
    since = _shifted(span.first, -YEAR)
    yield from (row.measure for row in rows if since <= row.last <= span.last)


def _touched(
    on: Source, span: Span, rows: Sequence[SourceReading], groupings: Sequence[Sequence[str]]
) -> list[list[Counted]]:
    defined = on.fed.on(span.last)
    touching = {row.measure for row in rows if row.first <= span.last and row.last >= span.first}
    there = [defined[name] for name in on.fed.newest if name in defined and name in touching]
    return _counted(on, span, there, _as_told(rows, there), groupings)


def spread(on: Source, spans: Sequence[Span], measure: str, by: Sequence[str] = ()) -> list[Counted]:
    """A measure of the whole service, or by some words, in several periods, one after the other; one query for all."""
    if not spans:
        return []
    whole = Span(min(span.first for span in spans), max(span.last for span in spans))
    defined = on.fed.newest[measure]
    by_measure = _told(on, whole, [defined])
    found = [counting.figures(defined, by_measure[measure], span, by, on.stamp(span)) for span in spans]
    return [one for group in found for one in group]


def one(on: Source, measure: SourceMeasure, span: Span, scope: counting.Scope, as_of: datetime) -> Counted | None:
    """The figure of one scope as it was known; None where no reading is of it."""
    by_measure = _told(on, span, [measure])
    return counting.one_figure(measure, by_measure[measure.name], span, scope, on.stamp(span, as_of))


def _told(on: Source, span: Span, measures: Sequence[SourceMeasure]) -> dict[str, list[Told]]:
    """The readings that stood, of a year around some days: who brought some then is expected to bring some now."""
    return _as_told(_around(on, span, [measure.name for measure in measures]), measures)


def _around(on: Source, span: Span, measures: Collection[str]) -> list[SourceReading]:
    if not on.known.delivery or not measures:
        return []
    days = {"first__lte": _shifted(span.last, YEAR), "last__gte": _shifted(span.first, -YEAR)}
    return list(standing_at(on.known.delivery).filter(measure__in=list(measures), **days))


def _as_told(rows: Iterable[SourceReading], measures: Iterable[SourceMeasure]) -> dict[str, list[Told]]:
    by_name = {measure.name: measure for measure in measures}
    found: dict[str, list[Told]] = {name: [] for name in by_name}
    for row in rows:
        if row.measure in by_name:
            found[row.measure].append(told(row.given, by_name[row.measure], row.pk, row.version))
    return found


def _shifted(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return day


def touching(on: Source, span: Span) -> list[str]:
    """The measures of which some reading that stands tells of any of these days, in the order of pages."""
    if not on.known.delivery:
        return []
    rows = SourceReading.objects.standing(on.known.delivery).filter(first__lte=span.last, last__gte=span.first)
    there = set(rows.order_by().values_list("measure", flat=True).distinct())
    return [name for name in on.fed.newest if name in there]


def told_days(on: Source, measure: str | None = None) -> Span | None:
    """From the first day that any standing reading, of a measure or of all, tells of to the last; None without any."""
    rows = SourceReading.objects.standing(on.known.delivery)
    if measure:
        rows = rows.filter(measure=measure)
    found = rows.aggregate(first=Min("first"), last=Max("last"))
    return Span(found["first"], found["last"]) if found["first"] else None


def months_told(on: Source, measure: str | None, most: int) -> list[Span]:
    """The last months of which readings tell, of a measure or of all, the newest first."""
    days = told_days(on, measure)
    if days is None:
        return []
    months = list(counting.months(Span(days.first.replace(day=1), _month_end(days.last))))
    return list(reversed(months))[:most]


def _month_end(day: date) -> date:
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return following - timedelta(days=1)


def seen(found: Iterable[Counted], *, seen_by: By) -> list[Figure]:
    """The figures for those who may see what is not published; none for the public (F6, F8)."""
    return [one.figure for one in found] if reads_unpublished_figures(seen_by) else []
