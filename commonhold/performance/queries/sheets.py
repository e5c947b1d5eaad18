"""The tables of figures as they are taken away: a row for each figure, with its exact value and all that it carries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from typing import Final

from commonhold.documents.workbook import Taken, Workbook, opened
from commonhold.figures import Figure, Span
from commonhold.govuk.tables import Cell
from commonhold.govuk.taking import Sheet, Sheets
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import By
from commonhold.performance.engine.funnel import SHARE
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.pack.funnels import WHERE
from commonhold.performance.models import Pack
from commonhold.performance.permissions import reads_unpublished_figures
from commonhold.performance.queries.fed import Described
from commonhold.performance.queries.funnels import Funnels, Plot
from commonhold.performance.queries.packs import audiences, packs
from commonhold.performance.queries.pages import Chosen, Compared, Line, Measured, Overview, Top
from commonhold.performance.queries.published import of_pack

WHOLE: Final = "Whole service"
TABLES: Final = "tables.xlsx"
OBSERVED: Final = ("Missed", "Missed, expected for the same mix", "Ratio")
HEADINGS: Final = (
    "Value", "Unit", "Numerator", "Denominator", "Low", "High", "Why not known", "From", "To", "As of",
    "Known at entry", "Definition", "Rules", "Grades of its tickets", "Notes", "Evidence",
)  # fmt: skip
"""What a figure carries, in columns. A share is from 0 to 1, a length of time in the unit that stands beside it."""

Named = tuple[Sequence[Cell], Figure]
"""A figure, and what its row is called."""


def of_overview(found: Overview, seen_by: By) -> Sheets:
    """The figures of a period, each measure for the whole service and each partner."""

    def sheet(name: str, lines: Iterable[Line]) -> Sheet:
        rows: list[Named] = []
        for line in lines:
            rows.append(((line.definition.title, WHOLE), line.whole))
            rows += [((line.definition.title, partner_named(name)), figure) for name, figure in line.partners.items()]
        return _sheet(name, ("Measure", "Of"), rows, found.chosen, seen_by)

    return {
        "list": lambda: sheet("figures", found.lines),
        "brought": lambda: sheet("figures of readings", found.brought),
    }


def of_measure(found: Measured, definition: Described, seen_by: By) -> Sheets:
    """One measure in each of its groupings, and how it went."""
    about = {"Definition": f"{definition}: {definition.formula}"}
    sheets = {}
    for split in found.splits:
        rows: list[Named] = []
        for figure in split.figures:
            group = split.named(figure)
            rows.append(((group, WHOLE), figure))
            partners = split.partners.get(figure.scope[split.word], {})
            rows += [((group, partner_named(name)), one) for name, one in partners.items()]
        name = f"{definition.name} by {split.word}"
        sheets[f"by-{split.word}"] = _maker(name, (split.word.capitalize(), "Of"), rows, found.chosen, seen_by, about)
    trend: list[Named] = [((span.first, span.last), figure) for span, figure in found.trend]
    sheets["trend"] = _maker(
        f"{definition.name} by period", ("First day", "Last day"), trend, found.chosen, seen_by, about
    )
    return sheets


def of_categories(found: Top, seen_by: By) -> Sheets:
    """The categories with the most tickets of a priority: tickets opened, those in time, and where the desk's own
    verdict heads them on the page (F5), that verdict too.
    """
    sheets = {}
    for priority, listed in found.by_priority.items():
        rows: list[Named] = []
        for asked, within in listed:
            desks = found.headed.get(within.evidence) if within else None
            shown = (asked, within, desks.figure if desks else None)
            category = asked.scope["category"] or "No category"
            rows += [((category, definition(one.measure).title), one) for one in shown if one]
        about = {"Scope": f"tickets of {priority}, by category; the {len(listed)} with the most of them"}
        name = f"top categories of {priority}"
        sheets[priority.lower()] = _maker(name, ("Category", "Measure"), rows, found.chosen, seen_by, about)
    return sheets


def of_parity(found: Compared | None, seen_by: By) -> Sheets:
    """The partners compared: counts, what the same mix would give, the ratio with its interval."""

    def sheet() -> Sheet:
        assert found and found.parity
        compared = found.parity
        headings = (
            "Partner", "Within", "Tickets", "Missed", "Missed, expected for the same mix", "Ratio", "Ratio, low",
            "Ratio, high", "Difference", "In words",
        )  # fmt: skip
        rows: Iterator[Sequence[Cell]] = (
            (
                partner_named(one.partner), one.numerator, one.denominator, one.observed, one.expected, one.ratio,
                one.ratio_low, one.ratio_high, one.difference if one.partner else None, one.sentence,
            )
            for one in compared.partners
        )  # fmt: skip
        about: dict[str, Cell] = {
            "Definition": compared.definition,
            "Basis": compared.basis,
            "Why on this basis": compared.why or None,
            "Interval": f"exact for counts (Garwood 1936), each at {compared.level:.2%}",
        }
        return Sheet(
            f"parity {compared.measure}",
            headings,
            rows,
            about_figures(found.chosen.span, found.chosen.as_of, seen_by) | about,
        )

    return {"parity": sheet} if found and found.parity else {}


def of_funnels(found: Funnels | None, seen_by: By) -> Sheets:
    """The points of funnel plots with their exact values and limits."""

    def sheet(plot: Plot) -> Sheet:
        assert found
        is_share = plot.funnel.kind == SHARE
        headings = (
            plot.chart.table.columns[0].heading, *(("Within", "Tickets", "Share") if is_share else OBSERVED),
            "99.8% limit, low", "95% limit, low", "95% limit, high", "99.8% limit, high", "Where it lies",
            "More than chance among as many",
        )  # fmt: skip
        rows: Iterator[Sequence[Cell]] = (
            (point.name, point.observed, point.size, point.value, *point.limits, WHERE[point.where], point.differs)
            for point in plot.funnel.points
        )
        about: dict[str, Cell] = {
            "Definition": str(definition(found.measure)),
            "Basis": found.basis,
            "Why on this basis": found.why or None,
            "Limits": plot.chart.note,
            "Around": plot.funnel.centre,
            "Level among as many": f"{1 - plot.funnel.doubt:.4%}",
        }
        return Sheet(
            f"control limits {plot.chart.id}",
            headings,
            rows,
            about_figures(found.chosen.span, found.chosen.as_of, seen_by) | about,
        )

    return {str(plot.chart.id): partial(sheet, plot) for plot in found.plots} if found else {}


def of_packs(seen_by: By) -> Sheets:
    """Every pack that the reader may know of."""

    def sheet() -> Sheet:
        names = audiences()
        headings = ("Pack", "Title", "First day", "Last day", "For", "Published", "State", "Corrects")
        rows = (
            (
                pack.ref, pack.title, pack.first, pack.last, names.get(pack.profile, pack.profile), pack.at,
                "withdrawn" if pack.is_withdrawn else "replaced" if pack.replaced else "stands",  # type: ignore[attr-defined]
                pack.takes_the_place.instead_of.ref if pack.takes_the_place else None,
            )
            for pack in packs(seen_by=seen_by)
        )  # fmt: skip
        return Sheet("packs", headings, rows)

    return {"list": sheet}


def of_one_pack(pack: Pack) -> Sheets:
    """The figures of a pack, as they were published."""

    def sheet() -> Sheet:
        scopes = (
            ((figure.measure, ", ".join(f"{word} {value or 'none'}" for word, value in figure.scope.items())), figure)
            for figure in of_pack(pack)
        )
        about: dict[str, Cell] = {
            "Pack": f"{pack.ref}, {pack.title}",
            "Published": pack.at,
            "Who may see it": f"readers of the pack: {audiences().get(pack.profile, pack.profile)}",
        }
        rows = (row(names, figure) for names, figure in scopes)
        return Sheet(f"{pack.title} figures", ("Measure", "Scope", *HEADINGS), rows, about)

    return {} if pack.is_withdrawn else of_tables(pack.files, pack.ref, {"figures": sheet})


def of_tables(files: Mapping[str, str], ref: str, others: Sheets | None = None) -> Sheets:
    """Every table of a pack by its place, as the workbook has it that was kept with the pack: nothing is computed."""
    digest = files.get(TABLES)
    return _Kept(digest, ref, others or {}) if digest else others or {}


class _Kept(Mapping[str, Callable[[], Sheet]]):
    """The tables of a kept workbook beside others; it is not opened until one is asked for."""

    def __init__(self, digest: str, ref: str, others: Sheets) -> None:
        self.digest, self.ref, self.others = digest, ref, others

    @cached_property
    def book(self) -> Workbook:
        return opened(evidence.content(self.digest))

    def __getitem__(self, place: str) -> Callable[[], Sheet]:
        return self.others[place] if place in self.others else partial(self._sheet, self.book.tables[place])

    def _sheet(self, table: Taken) -> Sheet:
        about: dict[str, Cell] = {
            "Table": f"{table.name}. {table.caption}",
            "Taken from": f"{self.ref}, {TABLES}, SHA-256 {self.digest}",
            **self.book.about,
        }
        return Sheet(f"{self.ref} {table.place}", table.headings, iter(table.rows), about)

    def __iter__(self) -> Iterator[str]:
        yield from (*self.others, *self.book.tables)

    def __len__(self) -> int:
        return len(self.others) + len(self.book.tables)


def _maker(
    name: str, named: Sequence[str], rows: Sequence[Named], chosen: Chosen, seen_by: By, about: dict[str, str]
) -> Callable[[], Sheet]:
    return lambda: _sheet(name, named, rows, chosen, seen_by, about)


def _sheet(
    name: str,
    named: Sequence[str],
    rows: Iterable[Named],
    chosen: Chosen,
    seen_by: By,
    about: dict[str, str] | None = None,
) -> Sheet:
    written = (row(names, figure) for names, figure in rows)
    return Sheet(
        name, (*named, *HEADINGS), written, {**about_figures(chosen.span, chosen.as_of, seen_by), **(about or {})}
    )


def about_figures(span: Span | None, as_of: datetime | None, seen_by: By) -> dict[str, Cell]:
    """What the first sheet says of figures of some days; what differs from one to another stands beside each."""
    inside = reads_unpublished_figures(seen_by)
    return {
        "Definition": "beside each figure",
        "Scope": "beside each figure",
        "Period": f"{span.first} to {span.last}" if span else "none",
        "As of": as_of,
        "Known at entry": "beside each figure",
        "Grade": "beside each figure: how many of its tickets are of each grade (F5)",
        "Who may see it": "holders of posts and partners' own people" if inside else "everybody: as published (F8)",
    }


def row(names: Sequence[Cell], figure: Figure) -> tuple[Cell, ...]:
    """A figure with all that it carries, as HEADINGS name it."""
    grades = ", ".join(f"{grade} {count}" for grade, count in figure.grade_mix.items())
    return (
        *names, figure.value, figure.unit, figure.numerator, figure.denominator, figure.low, figure.high, figure.reason,
        figure.period.first, figure.period.last, figure.as_of, figure.known_at, figure.definition, figure.rule_version,
        grades or None, "; ".join(figure.notes) or None, figure.evidence,
    )  # fmt: skip


def partner_named(name: str | None) -> str:
    """What a partner is called in a column of partners."""
    return name or "No partner named"
