"""The parts of a pack that readings tell: telephones, sites, satisfaction, availability, protection, audit, people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from commonhold.documents.engine import graphs
from commonhold.documents.engine.blocks import BulletList, Heading, Paragraph
from commonhold.documents.engine.charts import Chart
from commonhold.documents.engine.document import Block
from commonhold.documents.engine.tables import Cell, Column, Table
from commonhold.figures import Figure, Span
from commonhold.govuk.formats import listed, month, number, period
from commonhold.govuk.printing import printed
from commonhold.performance.engine.brought import counting
from commonhold.performance.engine.brought.counting import Counted
from commonhold.performance.engine.brought.definition import Adding, SourceMeasure
from commonhold.performance.engine.brought.measures import SECTIONS
from commonhold.performance.engine.compare import compare, side
from commonhold.performance.engine.pack.edition import Edition
from commonhold.performance.engine.pack.holding import Profile
from commonhold.performance.engine.pack.words import NOTHING, address, cell, value
from commonhold.performance.engine.report.about import part_of_own
from commonhold.performance.engine.smallnumbers import is_kept_back
from commonhold.refusals import Refused

TITLES: Final[Mapping[str, str]] = {
    "phones": "Telephones",
    "sites": "On-site desks",
    "satisfaction": "Satisfaction",
    "availability": "Availability of services",
    "protection": "Patching, backups and restore tests",
    "audit": "Audit actions",
    "people": "People",
    "own": "Measures of the partnership's own",
}
"""The parts by the word of their section, in the pack's order."""

CHARTED: Final[Mapping[str, str]] = {
    "phones": "calls_offered",
    "satisfaction": "satisfaction",
    "availability": "availability",
}
"""The measure of a part that is followed month by month."""

BY_SERVICE: Final = frozenset({"availability", "planned_downtime"})
"""Measures that the public sees service by service: services are shared, so they tell of no one partner."""

SCALE: Final = " The scale does not begin at nought."

Earlier = tuple[Sequence[Counted], str, Span]
"""The figures of a period that this one is held against, what it is, and its days."""


def groupings(profile: Profile) -> tuple[tuple[str, ...], ...]:
    """By what the figures of a pack for this audience are grouped (P3)."""
    if profile.partner:
        own = ("partner",)
        return ((), ("threshold",), own, *((*own, word) for word in ("threshold", "service", "site")))
    if not profile.splits:
        return ((), ("threshold",), ("service",))
    return ((), ("threshold",), ("service",), ("site",), ("partner",), ("partner", "threshold"))


def wanted(counted: Counted, measure: SourceMeasure, profile: Profile) -> bool:
    """Whether a figure stands in a pack for this audience: a measure with a threshold always by it, and no partner's
    figures in another's pack.
    """
    scope = counted.figure.scope
    if profile.partner and scope.get("partner", profile.partner) != profile.partner:
        return False
    if not profile.splits and "service" in scope and measure.name not in BY_SERVICE:
        return False
    needs = measure.threshold is not None and not {"service", "site"} & set(scope)
    return needs == ("threshold" in scope)


def readings(edition: Edition) -> Iterator[Block]:
    """A part for each section of which readings tell; for the boards one line names those of which none do."""
    brought = edition.brought
    section_of = {one.name: name for name, some in SECTIONS.items() for one in some}
    for section, title in TITLES.items():
        names = [name for name in brought.measures if section_of.get(name, "own") == section]
        rows = [one for one in brought.now if one.figure.measure in names]
        if _main(rows, edition):
            yield Heading(1, title, f"readings-{section}")
            yield from _one_by_one(edition, rows) if section == "own" else _section(edition, section, title, rows)
    there = {section_of.get(one.figure.measure, "own") for one in _main(brought.now, edition)}
    silent = [title.lower() for section, title in TITLES.items() if section not in there and section != "own"]
    if silent and edition.profile.splits:
        if not there:
            yield Heading(1, "What readings tell", "readings")
        yield Paragraph(f"No readings were brought of {listed(silent)} for these days.")


def _one_by_one(edition: Edition, rows: Sequence[Counted]) -> Iterator[Block]:
    """The partnership's own measures, each with a place of its own for what is said of it."""
    told = {one.figure.measure for one in _main(rows, edition)}
    for name, measure in edition.brought.measures.items():
        if name in told:
            yield Heading(2, measure.title, part_of_own(name))
            own = [one for one in rows if one.figure.measure == name]
            yield from _section(edition, name.replace("_", "-"), measure.title, own)


def headlines(edition: Edition, measures: Sequence[str]) -> Iterator[tuple[str, Cell, str]]:
    """These measures as a whole, where readings tell of them: what each is of, its figure, and who counted."""
    for one in _main(edition.brought.now, edition):
        if one.figure.measure in measures and not {"service", "site"} & set(one.figure.scope):
            label = _label(one, edition.brought.measures[one.figure.measure])
            yield label, cell(one.figure), printed(one.figure).counted_by or NOTHING


def _section(edition: Edition, section: str, title: str, rows: Sequence[Counted]) -> Iterator[Block]:
    own, measures = edition.profile.own, edition.brought.measures
    main = _main(rows, edition)
    columns = [Column("Measure"), Column(period(edition.span), "number")]
    earlier = [(some, what, held) for some, what, held in _earlier(edition) if _any_of(some, main)]
    columns += [Column(f"{period(held)} ({what})", "number") for _, what, held in earlier]
    if own:
        columns.append(Column("Whole service", "number"))
    columns.append(Column("Who counted"))
    table = []
    for one in main:
        cells: list[str | Cell] = [_label(one, measures[one.figure.measure]), cell(one.figure)]
        cells += [_then(_like(some, one)) for some, _, _ in earlier]
        if own:
            cells.append(cell(_whole(rows, one)))
        cells.append(printed(one.figure).counted_by or NOTHING)
        table.append(tuple(cells))
    yield Table(caption=title, columns=tuple(columns), rows=tuple(table), id=f"table-{section}")
    said = [*_changes(main, earlier, measures), *_notes(main, measures)]
    if said:
        yield BulletList(tuple(said))
    yield from _months(edition, section)
    if not own:
        yield from _by_partner(section, title, rows, measures)


def _months(edition: Edition, section: str) -> Iterator[Chart]:
    """How the part's measure went, month by month, each scale of its own; nothing of fewer than two months."""
    found: dict[str | None, list[Figure]] = {}
    for one in edition.brought.months:
        if one.figure.measure == CHARTED.get(section):
            found.setdefault(one.figure.scope.get("threshold"), []).append(one.figure)
    for threshold, figures in found.items():
        if len(figures) > 1:
            yield _trend(edition, figures, threshold, f"chart-{section}{f'-{threshold}' if threshold else ''}")


def _trend(edition: Edition, figures: Sequence[Figure], threshold: str | None, place: str) -> Chart:
    measure = edition.brought.measures[figures[0].measure]
    name = f"{measure.title}, {measure.at(int(threshold))}" if threshold else measure.title
    names = [f"{figure.period.first:%b %Y}" for figure in figures]
    is_share = figures[0].unit == "share"
    values = [float(figure.value or 0) * (100 if is_share else 1) for figure in figures]
    highest, lowest = (pick(figures, key=lambda figure: figure.value or 0) for pick in (max, min))
    is_count = measure.adding is Adding.SUM
    unit = "per cent" if is_share else figures[0].unit
    if is_count:
        bars = [graphs.Month(*row) for row in zip(names, values, map(number, values), strict=True)]
        picture = graphs.monthly(bars, now=measure.title, before="", unit=unit)
    else:
        # A month of which nothing is known breaks the line.
        at = dict(zip((figure.period for figure in figures), values, strict=True))
        months = list(counting.months(Span(figures[0].period.first, figures[-1].period.last)))
        line = graphs.Line(name, tuple(map(at.get, months)))
        picture = graphs.lines([f"{one.first:%b %Y}" for one in months], [line], unit=unit)
    return Chart(
        picture=picture,
        title=f"{name}, each month by itself",
        unit=unit,
        period=f"{month(figures[0].period.first)} to {month(figures[-1].period.first)}",
        scope=edition.profile.partner or "the whole service",
        alternative=(
            f"{'A bar for each month' if is_count else 'A line over the months'} of which readings tell from beginning "
            f"to end. The highest was that of {month(highest.period.first)}, {value(highest)}, the lowest that of "
            f"{month(lowest.period.first)}, {value(lowest)}. The same figures are in the table."
        ),
        table=Table(
            caption=f"{name}, each month",
            columns=(Column("Month", "short"), Column(measure.title, "number")),
            rows=tuple((month(figure.period.first), cell(figure)) for figure in figures),
        ),
        note=f"Months that readings tell of in part are left out.{'' if is_count else SCALE}",
        id=place,
    )


def _main(rows: Iterable[Counted], edition: Edition) -> list[Counted]:
    """Those of the whole service, or in a partner's own pack those of the partner."""
    own = edition.profile.own.get("partner")
    return [one for one in rows if one.figure.scope.get("partner") == own]


def _by_partner(
    section: str, title: str, rows: Iterable[Counted], measures: Mapping[str, SourceMeasure]
) -> Iterator[Table]:
    split = [one for one in rows if one.figure.scope.get("partner")]
    names = sorted({str(one.figure.scope["partner"]) for one in split})
    if not names:
        return
    found: dict[str, dict[str, Counted]] = {}
    for one in split:
        found.setdefault(_label(one, measures[one.figure.measure]), {})[str(one.figure.scope["partner"])] = one
    yield Table(
        caption=f"{title}, by partner",
        columns=(Column("Measure"), *(Column(name, "number") for name in names)),
        rows=tuple(
            (label, *(cell(by[name].figure) if name in by else NOTHING for name in names))
            for label, by in found.items()
        ),
        id=f"table-{section}-partners",
    )


def _earlier(edition: Edition) -> Iterator[Earlier]:
    brought = edition.brought
    for some, what in ((brought.before, edition.before_is), (brought.year_ago, "same period last year")):
        if some:
            yield some, what, some[0].figure.period


def _any_of(some: Sequence[Counted], main: Sequence[Counted]) -> bool:
    return any(_like(some, one) is not None for one in main)


def _then(figure: Figure | None) -> Cell:
    """An earlier figure without the counts beside it, which its evidence has."""
    if figure is None or figure.value is None:
        return cell(figure)
    return Cell(value(figure), address(figure))


def _like(some: Sequence[Counted], one: Counted) -> Figure | None:
    found = _counted_like(some, one)
    return found.figure if found else None


def _counted_like(some: Sequence[Counted], one: Counted) -> Counted | None:
    about = one.figure.measure, dict(one.figure.scope)
    return next((other for other in some if (other.figure.measure, dict(other.figure.scope)) == about), None)


def _whole(rows: Iterable[Counted], one: Counted) -> Figure | None:
    """The whole service's figure beside a partner's."""
    rest = {word: value for word, value in one.figure.scope.items() if word != "partner"}
    wanted_ = one.figure.measure, rest
    return next((other.figure for other in rows if (other.figure.measure, dict(other.figure.scope)) == wanted_), None)


def _label(one: Counted, measure: SourceMeasure) -> str:
    """What a row is of: the measure, and what of it, but for the partner."""
    scope = one.figure.scope
    threshold = scope.get("threshold")
    words = [value for word in ("service", "site") if (value := scope.get(word))]
    if threshold:
        words.append(measure.at(int(threshold)))
    return f"{measure.title}: {', '.join(words)}" if words else measure.title


def _changes(
    main: Sequence[Counted],
    earlier: Sequence[Earlier],
    measures: Mapping[str, SourceMeasure],
) -> Iterator[str]:
    """What changed of whole measures, between figures that tell of all their days on both sides (F2, F3)."""
    for one in main:
        if {"service", "site"} & set(one.figure.scope):
            continue
        for some, what, _ in earlier:
            then = _counted_like(some, one)
            if then is None or not (one.is_whole and then.is_whole):
                continue
            measure = measures[one.figure.measure]
            try:
                found = compare(side(one.figure, measure.nature), side(then.figure, measure.nature))
            except Refused:
                continue
            yield f"{_label(one, measure)}, beside the {what}: {found.sentence}"


def _notes(main: Sequence[Counted], measures: Mapping[str, SourceMeasure]) -> Iterator[str]:
    """What the figures say of themselves, but for who counted, which stands in the table."""
    for one in main:
        if is_kept_back(one.figure) or "service" in one.figure.scope or "site" in one.figure.scope:
            continue
        notes = [note for note in one.figure.notes if not note.startswith(("counted by", "stated"))]
        threshold = one.figure.scope.get("threshold")
        measure = measures[one.figure.measure]
        said = [note for note in notes if not threshold or note != measure.at(int(threshold))]
        if said:
            yield f"{_label(one, measure)}: {'; '.join(said)}."
