"""The parts of a pack that tell of the work: volumes, targets, P1 incidents, what is open, the desk's own verdict."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction

from commonhold.documents.engine import graphs
from commonhold.documents.engine.blocks import Heading, Paragraph
from commonhold.documents.engine.charts import Chart
from commonhold.documents.engine.document import Block
from commonhold.documents.engine.tables import Cell, Column, Table
from commonhold.figures import Figure
from commonhold.govuk.formats import in_london, month, number, period
from commonhold.performance.engine.pack.edition import Edition, Held, Urgent
from commonhold.performance.engine.pack.words import NOTHING, cell, change, value

COMPARED_VERDICTS = ("within_target", "source_verdict_met", "verdict_differs")
Line = tuple[str, str, dict[str, str | None]]

PRIORITIES = ("P1", "P2", "P3", "P4", "P5", None)


def volumes(edition: Edition) -> Iterator[Block]:
    """What was asked for and what was done, beside the last report and the same period last year, per month (F2)."""
    yield Heading(1, "How much was asked for", "volumes")
    now, before, year_ago = edition.now, edition.before, edition.year_ago
    scope = _own(edition)
    for then, what in ((before, edition.before_is), (year_ago, "same period last year")):
        found = then.find("tickets_opened", **scope) if then else None
        yield Paragraph(change(now.find("tickets_opened", **scope), found, what))
    if edition.months:
        yield _months(edition)
    lines: list[Line] = [
        ("Tickets opened", "tickets_opened", {}),
        ("of these incidents", "tickets_opened", {"kind": "incident"}),
        ("of these service requests", "tickets_opened", {"kind": "request"}),
        ("Tickets resolved", "tickets_resolved", {}),
        ("Closed without a resolution", "closed_without_resolution", {}),
        ("Tickets reopened", "reopened_tickets", {}),
    ]
    yield _compared(edition, "Tickets opened and resolved", "table-volumes", lines, per_month=True)


def _months(edition: Edition) -> Chart:
    known = [(span, now, before) for span, now, before in edition.months if now.value is not None]
    months = [
        graphs.Month(
            f"{span.first:%b %Y}",
            float(now.value or 0),
            number(now.value or 0),
            float(before.value) if before and before.value else None,
        )
        for span, now, before in known
    ]
    rows = tuple((month(span.first), cell(now), cell(before)) for span, now, before in known)
    highest = max(known, key=lambda row: row[1].value or 0)
    lowest = min(known, key=lambda row: row[1].value or 0)
    return Chart(
        picture=graphs.monthly(months, now="This year", before="The year before", unit="tickets"),
        title="Tickets opened each month",
        unit="tickets",
        period=f"{month(known[0][0].first)} to {month(known[-1][0].first)}",
        scope=edition.profile.partner or "the whole service",
        alternative=(
            f"Bars, one for each month, with the same month a year before as a line. The most were opened in "
            f"{month(highest[0].first)}, {value(highest[1])}, the fewest in {month(lowest[0].first)}, "
            f"{value(lowest[1])}. The same figures are in the table."
        ),
        table=Table(
            caption="Tickets opened each month",
            columns=(Column("Month", "short"), Column("Opened", "number"), Column("The year before", "number")),
            rows=rows,
        ),
        id="chart-volumes",
    )


def targets(edition: Edition) -> Iterator[Block]:
    """Which share was resolved within target, by priority, with counts."""
    yield Heading(1, "Resolved within target", "targets")
    yield Paragraph(
        "A ticket counts as within target if its minutes on the shared service-level clock never exceeded the target "
        f"in force. Rules: {edition.rules or 'no targets are agreed yet'}."
    )
    lines: list[Line] = [
        (priority or "No priority", "within_target", {"priority": priority})
        for priority in PRIORITIES
        if _counts(edition.now.find("within_target", priority=priority, **_own(edition)))
    ]
    yield _compared(
        edition, "Resolved within target, by priority", "table-targets", [*lines, ("All", "within_target", {})]
    )


def _counts(figure: Figure | None) -> bool:
    return figure is not None and bool(figure.denominator or figure.numerator)


def urgent(edition: Edition) -> Iterator[Block]:
    """The P1 incidents: one by one where the audience may see tickets, as counts where it may not (D2)."""
    yield Heading(1, "P1 incidents", "urgent")
    lines: list[Line] = [
        ("P1 incidents opened", "tickets_opened", {"priority": "P1"}),
        ("Resolved within target", "within_target", {"priority": "P1"}),
    ]
    yield _compared(edition, "P1 incidents", "table-p1", lines)
    parties = [party for party in edition.now.values("responsible") if party]
    apart: list[Line] = [
        (_party(party), "within_target", {"responsible": party, "priority": "P1"})
        for party in parties
        if _counts(edition.now.find("within_target", responsible=party, priority="P1"))
    ]
    if apart and not edition.profile.partner:
        yield _compared(edition, "P1 incidents within target, by responsible party", "table-p1-parties", apart)
    if not edition.profile.splits:
        return
    columns = (
        Column("Ticket", "short"), Column("Partner"), Column("Service"), Column("Opened", "short"),
        Column("Resolved", "short"), Column("Hours on the clock", "number"), Column("Target, hours", "number"),
        Column("Result", "short"),
    )  # fmt: skip
    yield Table(
        caption="P1 incidents opened in the period",
        columns=columns,
        rows=tuple(_urgent(one) for one in edition.urgent),
        nothing="No P1 incident was opened in the period.",
        id="list-p1",
    )


def _urgent(one: Urgent) -> tuple[str | Cell, ...]:
    result = "no target" if one.breached is None else "missed" if one.breached else "met" if one.resolved else "running"
    return (
        Cell(one.reference, one.address),
        one.partner,
        one.service,
        _day(one.opened),
        _day(one.resolved) if one.resolved else "not yet",
        number(Fraction(one.used, 60), 1) if one.used is not None else NOTHING,
        number(Fraction(one.target, 60), 1) if one.target is not None else "not set",
        result,
    )


def _day(at: datetime) -> str:
    return f"{in_london(at):%-d %b %Y}"


def backlog(edition: Edition) -> Iterator[Block]:
    """What was open at the end of the period."""
    yield Heading(1, "Open at the end of the period", "backlog")
    lines: list[Line] = [
        ("Open", "open_at_end", {}),
        ("Open for more than 30 days", "aged_open", {}),
        ("Not yet sorted: no priority or no team", "untriaged_open", {}),
        ("On hold", "on_hold_tickets", {}),
        ("Open and past their target", "breached_open", {}),
        ("Resolved or open, not closed", "unclosed_at_end", {}),
    ]
    yield _compared(edition, "Open at the end of the period", "table-backlog", lines)


def verdicts(edition: Edition) -> Iterator[Block]:
    """The desk's own verdict beside ours: kept apart, differences reported, never mixed in (F4)."""
    now, scope = edition.now, _own(edition)
    if not _counts(now.find("source_verdict_met", **scope)):
        return
    yield Heading(1, "The desk's own verdict", "verdicts")
    yield Paragraph(
        "The desk flags each ticket itself. Its flag counts tickets closed in the period, ours those resolved in it; "
        "the last column says in how many of those with both the two differ."
    )
    rows: list[tuple[str | Cell, ...]] = []
    for priority in (*PRIORITIES, "all"):
        narrower: dict[str, str | None] = {} if priority == "all" else {"priority": priority}
        found = [
            now.find(name, **scope, **narrower) for name in ("within_target", "source_verdict_met", "verdict_differs")
        ]
        if any(map(_counts, found)):
            label = "All" if priority == "all" else priority or "No priority"
            rows.append((label, *(cell(figure) for figure in found)))
    yield Table(
        caption="Our verdict and the desk's, by priority",
        columns=(
            Column("Priority", "short"), Column("Within target, by our clock", "number"),
            Column("Met, by the desk's verdict", "number"), Column("The two differ", "number"),
        ),
        rows=tuple(rows[:-1]),
        total=rows[-1],
        id="table-verdicts",
    )  # fmt: skip


def _compared(edition: Edition, caption: str, place: str, lines: Sequence[Line], *, per_month: bool = False) -> Table:
    """Figures of this period beside those of the last report and of the same period last year."""
    periods = (edition.now, edition.before, edition.year_ago)
    scope = _own(edition)
    rows = tuple(
        (label, *(cell(held.find(measure, **scope, **narrower)) if held else NOTHING for held in periods))
        for label, measure, narrower in lines
    )
    return Table(
        caption=caption,
        columns=(
            Column("Measure"),
            Column("This period", "number"),
            Column(edition.before_is.capitalize(), "number"),
            Column("Same period last year", "number"),
        ),
        rows=rows,
        note=_note(edition, per_month=per_month),
        id=place,
    )


def _note(edition: Edition, *, per_month: bool) -> str:
    parts = [f"This period: {period(edition.span)}."]
    for held, what in ((edition.before, edition.before_is.capitalize()), (edition.year_ago, "Same period last year")):
        parts.append(f"{what}: {period(held.span)}." if held else f"{what}: not known.")
    if per_month and edition.before and edition.before.span.months != edition.span.months:
        parts.append(
            f"The periods are of different lengths, {_months_of(edition.now)} and {_months_of(edition.before)} months: "
            "compare them per month."
        )
    return " ".join(parts)


def _months_of(held: Held) -> str:
    return number(held.span.months, 0 if held.span.months.denominator == 1 else 1)


def _own(edition: Edition) -> dict[str, str | None]:
    return {"partner": edition.profile.partner} if edition.profile.partner else {}


def _party(party: str) -> str:
    kind, _, name = party.partition(": ")
    return {"service": "Shared service", "authority": f"{name}'s own teams", "supplier": name}[kind]
