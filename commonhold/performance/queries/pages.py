"""What the pages of figures print, in a few queries: for the public what was published, else what is kept ready."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from commonhold.demand.models import Batch, Kind
from commonhold.demand.queries.rules import USED
from commonhold.figures import Figure, Span
from commonhold.ledger.engine.by import By
from commonhold.partnership.queries import disputes, rules
from commonhold.performance.engine import heading, top
from commonhold.performance.engine import parity as engine
from commonhold.performance.engine.brought.definition import WORDS, SourceMeasure
from commonhold.performance.engine.heading import Headed
from commonhold.performance.engine.measures import MEASURES, definition
from commonhold.performance.engine.pack.targets import party_in_words
from commonhold.performance.models import Pack, Period
from commonhold.performance.permissions import reads_unpublished_figures
from commonhold.performance.queries import comparing, disputed, published, source_figures
from commonhold.performance.queries.disputed import Page
from commonhold.performance.queries.editions import graded_none
from commonhold.performance.queries.fed import Described, fed, is_of_tickets
from commonhold.performance.queries.periods import beside, is_readable, told_from
from commonhold.performance.queries.readings import DIMENSIONS, Kept, Ready, figures, of_measure, ready, told_to
from commonhold.performance.queries.source_figures import Source

TREND: Final = 13
"""Months that a measure's trend goes back: a year, and the same month of the year before."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The period that a page is about, where its figures come from, and what else there is to choose.

    They come from `kept`, computed and ready, or for the public from `pack`; from neither where nobody asked for the
    period yet, which is `possible` where the files tell of it.
    """

    span: Span | None
    to_choose: list[Span]
    kept: Kept | None = None
    pack: Pack | None = None
    possible: bool = False
    brought: bool = False
    """Whether its figures are those that readings tell, which need nobody to compute them first."""
    remarks: tuple[str, ...] = ()
    """What stands beside its figures, of the rules that they are measured by."""

    @property
    def as_of(self) -> datetime | None:
        return self.kept.as_of if self.kept else self.pack.as_of if self.pack else None


@dataclass(frozen=True, slots=True)
class Line:
    """A measure over the whole service and for each partner that the reader sees."""

    definition: Described
    whole: Figure
    partners: dict[str | None, Figure]


@dataclass(frozen=True, slots=True)
class Overview:
    """The measures that tickets feed, and those that readings do, each with the partners that they tell of.

    `headed` gives by the evidence of our clock's figures the desk's own that head them (F5).
    """

    chosen: Chosen
    lines: list[Line] = field(default_factory=list)
    partners: list[str | None] = field(default_factory=list)
    brought: list[Line] = field(default_factory=list)
    brought_partners: list[str | None] = field(default_factory=list)
    headed: dict[str, Headed] = field(default_factory=dict)
    disputed: frozenset[str] = frozenset()
    """The evidence of the figures that would be others as a dispute that stands says."""


def overview(span: Span | None, *, seen_by: By) -> Overview:
    """Every measure of a period."""
    if not reads_unpublished_figures(seen_by):
        about = _published(span, published.packs_for_everybody())
        found = published.of_period(published.of_pack(about.pack), about.pack.span) if about.pack else []
        whole = [figure for figure in found if not figure.scope]
        return Overview(
            _beside(about, seen_by),
            _lines(whole, []),
            brought=_brought_lines(whole, []),
            headed=_headed(whole, seen_by),
        )
    on = source_figures.source()
    about = kept_about(span, ready())
    if about.span is None:
        months = source_figures.months_told(on, None, TREND)
        about = Chosen(months[0], months, brought=True) if months else about
    whole, split = figures([about.kept], [(), ("partner",)], seen_by=seen_by) if about.kept else ([], [])
    lines = _lines(whole, split)
    brought = _brought(on, about.span) if about.span else []
    if brought and not about.kept:
        about = replace(about, brought=True)
    headed = _headed([*whole, *split], seen_by)
    touched = _touched(about, [*whole, *split], seen_by)
    return Overview(_beside(about, seen_by), lines, _named(lines), brought, _named(brought), headed, touched)


def _touched(about: Chosen, found: Iterable[Figure], seen_by: By) -> frozenset[str]:
    if about.kept is None or not about.kept.disputed:
        return frozenset()
    marks = disputed.marks(about.kept.number, seen_by=seen_by)
    named = ((one.evidence, (one.measure, one.scope.get("partner"), bool(one.scope))) for one in found)
    return frozenset(evidence for evidence, about_it in named if about_it in marks)


def _named(lines: list[Line]) -> list[str | None]:
    return sorted({name for line in lines for name in line.partners}, key=lambda name: (name is None, name or ""))


def _brought(on: Source, span: Span) -> list[Line]:
    """The measures of which readings tell of some of these days."""
    whole, split = source_figures.touched(on, span, [(), ("partner",)])
    return _brought_lines([one.figure for one in whole], [one.figure for one in split], on)


def _brought_lines(whole: list[Figure], split: list[Figure], on: Source | None = None) -> list[Line]:
    if all(figure.measure in MEASURES for figure in whole):
        return []
    known = on.fed.newest if on else fed().newest
    return [
        Line(
            definition=known[figure.measure],
            whole=figure,
            partners={one.scope["partner"]: one for one in of_measure(split, figure.measure)},
        )
        for figure in whole
        if figure.measure in known
    ]


def _headed(found: Iterable[Figure], seen_by: By) -> dict[str, Headed]:
    """By the evidence of our clock's figures the desk's own that head them, as the agreement says (F5)."""
    return heading.headed(found, lambda: graded_none(rules(seen_by.at)))


def _lines(whole: list[Figure], split: list[Figure]) -> list[Line]:
    found = {figure.measure: figure for figure in whole}
    return [
        Line(
            definition=definition(name),
            whole=found[name],
            partners={figure.scope["partner"]: figure for figure in of_measure(split, name)},
        )
        for name in MEASURES
        if name in found
    ]


def _beside(about: Chosen, seen_by: By, measure: str | None = None) -> Chosen:
    """The same with what partners say of the rules, where a figure is shown that is measured by them."""
    unruled = measure and not (is_of_tickets(measure) and definition(measure).ruled)
    if about.span is None or not (about.kept or about.pack) or unruled:
        return about
    return replace(about, remarks=beside(rules(seen_by.at), about.span))


def _published(span: Span | None, packs: list[Pack]) -> Chosen:
    """The pack of this period that stands for everybody, by default the newest."""
    found = next((pack for pack in packs if span in (None, pack.span)), None)
    return Chosen(found.span if found else span, [pack.span for pack in packs], pack=found)


def kept_about(span: Span | None, there: Ready) -> Chosen:
    """The period as it is kept ready, by default the newest month that is as busy as months are."""
    about = span or there.newest_month
    if about is None or about in there.periods:
        return Chosen(about, there.months, kept=there.periods[about] if about else None)
    return Chosen(about, there.months, possible=is_told(about, there))


def is_told(span: Span, there: Ready) -> bool:
    """Whether the files tell of any of these days."""
    begins = told_from(Batch.objects.known())
    return begins is not None and there.told_to is not None and begins <= span.last and span.first <= there.told_to


@dataclass(frozen=True, slots=True)
class Split:
    """One measure by the values of one word, each with its partners where the reader sees them."""

    word: str
    figures: list[Figure]
    partners: dict[str | None, dict[str | None, Figure]]
    of: SourceMeasure | None = None

    def named(self, figure: Figure) -> str:
        """What this figure is of, in words."""
        value = figure.scope[self.word]
        if self.word == "threshold" and self.of and value:
            return self.of.at(int(value))
        if self.word == "responsible":
            return party_in_words(value)
        if value is None:
            return "none named"
        return str(Kind[value.upper()].label) if self.word == "kind" else value


@dataclass(frozen=True, slots=True)
class Measured:
    chosen: Chosen
    whole: Figure | None = None
    partners: list[str | None] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    trend: list[tuple[Span, Figure]] = field(default_factory=list)

    @property
    def everything(self) -> list[Figure]:
        """Every figure of the period that the page shows: of the whole service, of parts, of partners' parts."""
        parts = [figure for split in self.splits for figure in split.figures]
        pairs = [one for split in self.splits for by in split.partners.values() for one in by.values()]
        return [*([self.whole] if self.whole else []), *parts, *pairs]

    headed: dict[str, Headed] = field(default_factory=dict)


def measure(name: str, span: Span | None, *, seen_by: By) -> Measured:
    """One measure of a period in every grouping there is, and how it went before."""
    if not reads_unpublished_figures(seen_by):
        return _published_measure(name, span, seen_by)
    if not is_of_tickets(name):
        return _measure_of_readings(name, span)
    there = ready()
    about = kept_about(span, there)
    trend = _trend(name, about, there, seen_by)
    if about.kept is None:
        return Measured(about, trend=trend)
    pairs = [(word, "partner") for word in DIMENSIONS[1:]]
    asked = [(), *((word,) for word in DIMENSIONS), *pairs]
    whole, *found = figures([about.kept], asked, seen_by=seen_by, measure=name)
    ones, twos = found[: len(DIMENSIONS)], dict(zip(DIMENSIONS[1:], found[len(DIMENSIONS) :], strict=True))
    splits = [
        Split(word, group, _by_partner(twos.get(word, []), word))
        for word, group in zip(DIMENSIONS, ones, strict=True)
        if group
    ]
    partners = [figure.scope["partner"] for split in splits if split.word == "partner" for figure in split.figures]
    everything = [*whole, *(figure for group in found for figure in group)]
    if name == heading.OURS and any(figure.grade_mix.get("none") or not figure.denominator for figure in everything):
        desks = figures([about.kept], asked, seen_by=seen_by, measure=heading.DESKS)
        everything += [figure for group in desks for figure in group]
    headed = _headed(everything, seen_by) if name == heading.OURS else {}
    return Measured(_beside(about, seen_by, name), next(iter(whole), None), partners, splits, trend, headed)


def _measure_of_readings(name: str, span: Span | None) -> Measured:
    """The same of a measure that readings feed: added up now, from one state of knowledge."""
    on = source_figures.source()
    months = source_figures.months_told(on, name, TREND)
    about = Chosen(span or (months[0] if months else None), months, brought=bool(months))
    if about.span is None:
        return Measured(about)
    pairs = [(word, "partner") for word in ("service", "threshold")]
    asked = [(), *((word,) for word in WORDS), *pairs]
    whole, *found = ([one.figure for one in group] for group in source_figures.grouped(on, about.span, [name], asked))
    ones, twos = found[: len(WORDS)], dict(zip(("service", "threshold"), found[len(WORDS) :], strict=True))
    splits = [
        Split(word, group, _by_partner(twos.get(word, []), word), on.fed.newest[name])
        for word, group in zip(WORDS, ones, strict=True)
        if group
    ]
    partners = [figure.scope["partner"] for split in splits if split.word == "partner" for figure in split.figures]
    recent = [month for month in months if month.last <= about.span.last or month == about.span]
    trend = [(one.figure.period, one.figure) for one in source_figures.spread(on, list(reversed(recent)), name)]
    return Measured(about, next(iter(whole), None), partners, splits, trend)


def _published_measure(name: str, span: Span | None, seen_by: By) -> Measured:
    packs = published.packs_for_everybody()
    about = _published(span, packs)
    if about.pack is None:
        return Measured(about)
    everything = published.of_pack(about.pack, name)
    of = None if is_of_tickets(name) else fed().newest.get(name)
    found = published.of_period(everything, about.pack.span)
    splits = [
        Split(word, group, {}, of)
        for word in (*DIMENSIONS, *(word for word in WORDS if word not in DIMENSIONS))
        if (group := [figure for figure in found if tuple(figure.scope) == (word,)])
    ]
    months = sorted(
        ((figure.period, figure) for figure in everything if not figure.scope and figure.period.is_month),
        key=lambda month: month[0].first,
    )
    earlier = [pack for pack in packs if pack.last <= about.pack.last][:TREND]
    trend = months if len(months) > 1 else list(published.by_pack(name, reversed(earlier)))
    desks = (
        published.of_period(published.of_pack(about.pack, heading.DESKS), about.pack.span)
        if name == heading.OURS
        else []
    )
    return Measured(
        _beside(about, seen_by, name),
        next((figure for figure in found if not figure.scope), None),
        [],
        splits,
        trend[-TREND:],
        _headed([*found, *desks], seen_by) if name == heading.OURS else {},
    )


def _by_partner(figures: list[Figure], word: str) -> dict[str | None, dict[str | None, Figure]]:
    found: dict[str | None, dict[str | None, Figure]] = {}
    for figure in figures:
        found.setdefault(figure.scope[word], {})[figure.scope["partner"]] = figure
    return found


def _trend(name: str, about: Chosen, there: Ready, seen_by: By) -> list[tuple[Span, Figure]]:
    """The measure in the months up to the period's end, the oldest first."""
    if about.span is None:
        return []
    recent = [month for month in about.to_choose if month.last <= about.span.last][:TREND]
    rows = [there.periods[month] for month in reversed(recent)]
    found = zip(rows, figures(rows, [()], seen_by=seen_by, measure=name), strict=True)
    return [(row.span, figure) for row, group in found for figure in group]


@dataclass(frozen=True, slots=True)
class Compared:
    """The partners compared, the figure of each that the comparison rests on, and what disputes would make of it."""

    chosen: Chosen
    parity: engine.Parity | None
    figures: dict[str | None, Figure] = field(default_factory=dict)
    disputed: Page = field(default_factory=Page)


def parity(measure: str | None, span: Span | None, *, seen_by: By, before: int | None = None) -> Compared | None:
    """The partners beside the whole service, from the kept extract of a period, by a measure or on the basis that fits
    them all, beside disputes, of which those `before` a number; nothing for the public.
    """
    if not reads_unpublished_figures(seen_by):
        return None
    about = kept_about(span, ready())
    if about.kept is None:
        return Compared(about, None)
    row = Period.objects.light().get(pk=about.kept.number)
    if not is_readable(row):
        return Compared(replace(about, kept=None, possible=True), None)
    compared = comparing.compared(row, measure)
    (split,) = figures([about.kept], [("partner",)], seen_by=seen_by, measure=compared.measure)
    behind = {figure.scope["partner"]: figure for figure in split}
    kept, asked = about.kept, measure or ""
    beneath = disputed.none_shown(seen_by)
    if kept.disputed:
        beneath = disputed.of_period(kept.number, seen_by=seen_by, asked=asked, before=before)
    return Compared(_beside(about, seen_by, compared.measure), compared, behind, beneath)


@dataclass(frozen=True, slots=True)
class Top:
    """The categories with the most tickets of each priority: the figures of tickets opened, and of those in time."""

    chosen: Chosen
    by_priority: dict[str, list[tuple[Figure, Figure | None]]] = field(default_factory=dict)
    headed: Mapping[str, Headed] = field(default_factory=dict)


def categories(span: Span | None, *, seen_by: By) -> Top:
    """What P2 and P3 tickets of a period were about; for the public as published."""
    if reads_unpublished_figures(seen_by):
        about = kept_about(span, ready())
        found = figures([about.kept], [top.BY], seen_by=seen_by)[0] if about.kept else []
    else:
        about = _published(span, published.packs_for_everybody())
        found = published.of_period(published.of_pack(about.pack), about.pack.span) if about.pack else []
    within = {tuple(one.scope.items()): one for one in found if one.measure == "within_target"}
    ranked = {priority: top.ranked(found, priority) for priority in top.PRIORITIES}
    return Top(
        _beside(about, seen_by),
        {
            priority: [(opened, within.get(tuple(opened.scope.items()))) for opened in listed]
            for priority, listed in ranked.items()
            if listed
        },
        _headed(found, seen_by),
    )


@dataclass(frozen=True, slots=True)
class Headline:
    """A few measures of the whole service, of which days, to which day the files tell, and who disputes their rules."""

    told_to: date | None
    span: Span | None = None
    figures: list[Figure] = field(default_factory=list)
    remarks: tuple[str, ...] = ()
    headed: dict[str, Headed] = field(default_factory=dict)


def headline(measures: tuple[str, ...], *, seen_by: By) -> Headline:
    """These measures of the whole service: as last published for the public, else of the newest month kept ready."""
    if reads_unpublished_figures(seen_by):
        there = ready()
        about, last = kept_about(None, there), there.told_to
        whole = figures([about.kept], [()], seen_by=seen_by)[0] if about.kept else []
    else:
        about, last = _published(None, published.packs_for_everybody()), told_to()
        whole = published.of_period(published.of_pack(about.pack), about.pack.span) if about.pack else []
    shown = {figure.measure: figure for figure in whole if not figure.scope}
    if not shown or about.span is None:
        return Headline(last)
    found = [shown[name] for name in measures if name in shown]
    remarks = disputes(*USED, first=about.span.first, last=about.span.last)
    return Headline(last, about.span, found, remarks, _headed(shown.values(), seen_by))
