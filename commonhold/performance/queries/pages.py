"""What the pages of figures print, each in a few queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from commonhold.figures import Figure, Span
from commonhold.ledger.engine.by import By
from commonhold.performance.engine import parity as engine
from commonhold.performance.engine.extract import from_bytes
from commonhold.performance.engine.measures import MEASURES, definition
from commonhold.performance.engine.measures.definition import Definition
from commonhold.performance.models import Period
from commonhold.performance.queries.periods import names_for_groups
from commonhold.performance.queries.readings import DIMENSIONS, Kept, figures, latest, months, newest_month, of_measure

TREND: Final = 13
"""Months that a measure's trend goes back: a year, and the same month of the year before."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The period that a page is about, its computation where there is one, and the months to choose from."""

    span: Span | None
    kept: Kept | None
    months: list[Span]


def chosen(span: Span | None) -> Chosen:
    span = span or newest_month()
    return Chosen(span, latest(span) if span else None, months())


@dataclass(frozen=True, slots=True)
class Line:
    """A measure over the whole service and for each partner that the reader sees."""

    definition: Definition
    whole: Figure | None
    partners: dict[str | None, Figure]


@dataclass(frozen=True, slots=True)
class Overview:
    chosen: Chosen
    lines: list[Line]
    partners: list[str | None]


def overview(span: Span | None, *, seen_by: By) -> Overview:
    """Every measure of a period."""
    about = chosen(span)
    if about.kept is None:
        return Overview(about, [], [])
    whole, split = figures([about.kept.period], [(), ("partner",)], seen_by=seen_by)
    lines = [
        Line(
            definition=definition(name),
            whole=next(iter(of_measure(whole, name)), None),
            partners={figure.scope["partner"]: figure for figure in of_measure(split, name)},
        )
        for name in MEASURES
    ]
    partners = sorted({name for line in lines for name in line.partners}, key=lambda name: (name is None, name or ""))
    return Overview(about, lines, partners)


@dataclass(frozen=True, slots=True)
class Split:
    """One measure by the values of one word, each with its partners where the reader sees them."""

    word: str
    figures: list[Figure]
    partners: dict[str | None, dict[str | None, Figure]]


@dataclass(frozen=True, slots=True)
class Measured:
    chosen: Chosen
    whole: Figure | None
    partners: list[str | None]
    splits: list[Split]
    trend: list[tuple[Span, Figure]]


def measure(name: str, span: Span | None, *, seen_by: By) -> Measured:
    """One measure of a period in every grouping that is kept ready, and its months."""
    about = chosen(span)
    trend = _trend(name, about, seen_by)
    if about.kept is None:
        return Measured(about, None, [], [], trend)
    pairs = [(word, "partner") for word in DIMENSIONS[1:]]
    whole, *found = figures([about.kept.period], [(), *((word,) for word in DIMENSIONS), *pairs], seen_by=seen_by)
    ones, twos = found[: len(DIMENSIONS)], dict(zip(DIMENSIONS[1:], found[len(DIMENSIONS) :], strict=True))
    splits = [
        Split(word, of_measure(group, name), _by_partner(of_measure(twos.get(word, []), name), word))
        for word, group in zip(DIMENSIONS, ones, strict=True)
        if group
    ]
    partners = [figure.scope["partner"] for split in splits if split.word == "partner" for figure in split.figures]
    return Measured(about, next(iter(of_measure(whole, name)), None), partners, splits, trend)


def _by_partner(figures: list[Figure], word: str) -> dict[str | None, dict[str | None, Figure]]:
    found: dict[str | None, dict[str | None, Figure]] = {}
    for figure in figures:
        found.setdefault(figure.scope[word], {})[figure.scope["partner"]] = figure
    return found


def _trend(name: str, about: Chosen, seen_by: By) -> list[tuple[Span, Figure]]:
    """The measure in the months up to the period's end, the oldest first."""
    if about.span is None:
        return []
    recent = [month for month in about.months if month.last <= about.span.last][:TREND]
    rows = Period.objects.filter(first__in=[month.first for month in recent], last__in=[month.last for month in recent])
    newest: dict[Span, Period] = {}
    for row in rows.defer("extract").order_by("batch", "as_of", "pk"):
        newest[row.span] = row
    periods = [newest[month] for month in reversed(recent) if month in newest]
    found = figures(periods, [()], seen_by=seen_by)
    return [
        (period.span, figure)
        for period, group in zip(periods, found, strict=True)
        for figure in of_measure(group, name)
    ]


@dataclass(frozen=True, slots=True)
class Compared:
    chosen: Chosen
    parity: engine.Parity | None


def parity(measure: str, span: Span | None) -> Compared:
    """The partners beside the whole service, from the kept extract of a period."""
    about = chosen(span)
    if about.kept is None:
        return Compared(about, None)
    kept = Period.objects.filter(pk=about.kept.period.pk).values_list("extract", flat=True).get()
    return Compared(about, engine.parity(from_bytes(bytes(kept)), measure, names_for_groups()))
