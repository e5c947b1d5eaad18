"""The parts of a pack that tell of the work: how much came and was done, and what is open."""

from collections.abc import Callable, Iterator, Sequence

from commonhold.documents.engine import graphs
from commonhold.documents.engine.blocks import Heading, Paragraph
from commonhold.documents.engine.charts import Chart
from commonhold.documents.engine.document import Block
from commonhold.documents.engine.tables import Cell, Column, Table
from commonhold.figures import Figure, per_month
from commonhold.govuk.formats import month, number, period
from commonhold.performance.engine.pack.edition import Edition, Held
from commonhold.performance.engine.pack.words import address, cell, compared, value

Line = tuple[str, str, dict[str, str | None]]
"""A row of a table of figures: its name, its measure, and the scope within the pack's own."""

FLOWS: tuple[Line, ...] = (
    ("Tickets opened", "tickets_opened", {}),
    ("of these, incidents", "tickets_opened", {"kind": "incident"}),
    ("of these, service requests", "tickets_opened", {"kind": "request"}),
    ("Tickets resolved", "tickets_resolved", {}),
    ("Closed without a resolution", "closed_without_resolution", {}),
    ("Tickets reopened", "reopened_tickets", {}),
    ("Passed to another team", "reassigned_tickets", {}),
)


def volumes(edition: Edition) -> Iterator[Block]:
    """What was asked for and what was done, beside the last report and the same period last year, per month (F2)."""
    yield Heading(1, "How much was asked for", "volumes")
    now = edition.now.find("tickets_opened", **edition.own)
    for held, what in edition.earlier:
        found = compared(now, held.find("tickets_opened", **edition.own))
        if found is not None:
            yield Paragraph(f"Tickets opened, beside the {what} ({period(held.span)}): {found.sentence}")
    yield from _months(edition)
    yield side_by_side(edition, "Tickets opened and resolved", "table-volumes", FLOWS)
    if any(held.span.months != edition.span.months for held, _ in edition.earlier):
        yield side_by_side(
            edition, "The same, a month", "table-monthly", FLOWS, written=_a_month,
            note="The periods are of different lengths, so they are compared per month; a part of a month counts by "
            "its days.",
        )  # fmt: skip
    times: tuple[Line, ...] = (
        ("Half of the tickets were resolved within", "resolution_hours_median", {}),
        ("Nine in ten were resolved within", "resolution_hours_p90", {}),
    )
    yield side_by_side(
        edition, "How long it took", "table-times", times,
        note="Hours by the calendar, nights, weekends and holds included, from opening to last resolution.",
    )  # fmt: skip


def _months(edition: Edition) -> Iterator[Chart]:
    known = [
        (one.span, one.figures["tickets_opened"], one.before.get("tickets_opened"))
        for one in edition.months
        if "tickets_opened" in one.figures
    ]
    if len(known) < 2:
        return
    months = [
        graphs.Month(
            f"{span.first:%b %Y}",
            float(now.value or 0),
            number(now.value or 0),
            float(then.value) if then and then.value is not None else None,
        )
        for span, now, then in known
    ]
    before = any(then for _, _, then in known)
    highest = max(known, key=lambda row: row[1].value or 0)
    lowest = min(known, key=lambda row: row[1].value or 0)
    columns = (Column("Month", "short"), Column("Opened", "number"), Column("The year before", "number"))
    rows = tuple((month(span.first), cell(now, bare=True), cell(then, bare=True)) for span, now, then in known)
    yield Chart(
        picture=graphs.monthly(months, now="Opened", before="The year before", unit="tickets"),
        title="Tickets opened each month",
        unit="tickets",
        period=f"{month(known[0][0].first)} to {month(known[-1][0].first)}",
        scope=edition.profile.partner or "the whole service",
        alternative=(
            f"A bar for each month{', with the same month a year before as a line' if before else ''}. The most were "
            f"opened in {month(highest[0].first)}, {value(highest[1])}, the fewest in {month(lowest[0].first)}, "
            f"{value(lowest[1])}. The same figures are in the table."
        ),
        table=Table(
            caption="Tickets opened each month",
            columns=columns if before else columns[:2],
            rows=rows if before else tuple(row[:2] for row in rows),
        ),
        id="chart-volumes",
    )


def backlog(edition: Edition) -> Iterator[Block]:
    """What was open at the end of the period."""
    yield Heading(1, "Open at the end of the period", "backlog")
    lines: tuple[Line, ...] = (
        ("Open", "open_at_end", {}),
        ("of these, open for more than 30 days", "aged_open", {}),
        ("of these, without a priority or a team", "untriaged_open", {}),
        ("of these, on hold", "on_hold_tickets", {}),
        ("of these, past their target", "breached_open", {}),
        ("Open, or resolved and not yet closed", "unclosed_at_end", {}),
    )
    yield side_by_side(edition, "Open at the end of the period", "table-backlog", lines)


def _as_it_is(figure: Figure | None, _: Held) -> Cell:
    return cell(figure, bare=True)


def side_by_side(
    edition: Edition,
    caption: str,
    place: str,
    lines: Sequence[Line],
    *,
    written: Callable[[Figure | None, Held], Cell] = _as_it_is,
    note: str = "",
) -> Table:
    """Figures of this period beside those of the last report and of the same period last year, where they are known."""
    periods = [(edition.now, "this period"), *edition.earlier]
    rows: list[tuple[str | Cell, ...]] = [
        (label, *(written(held.find(measure, **edition.own, **narrower), held) for held, _ in periods))
        for label, measure, narrower in lines
        if edition.now.find(measure, **edition.own, **narrower) is not None
    ]
    return Table(
        caption=caption,
        columns=(Column("Measure"), *(Column(_heading(held, what), "number") for held, what in periods)),
        rows=tuple(rows),
        note=note,
        id=place,
    )


def _heading(held: Held, what: str) -> str:
    return period(held.span) if what == "this period" else f"{period(held.span)} ({what})"


def _a_month(figure: Figure | None, held: Held) -> Cell:
    if figure is None or figure.numerator is None:
        return cell(figure)
    return Cell(number(per_month(figure.numerator, held.span), 1), address(figure))
