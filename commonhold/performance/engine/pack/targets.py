"""The parts of a pack that tell what was resolved in time: within target, the desk's own verdict, P1 by P1."""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction

from commonhold.documents.engine import graphs
from commonhold.documents.engine.blocks import Heading, Paragraph
from commonhold.documents.engine.charts import Chart
from commonhold.documents.engine.document import Block
from commonhold.documents.engine.tables import Cell, Column, Table
from commonhold.documents.engine.words import Run
from commonhold.figures import share
from commonhold.govuk.formats import in_london, month, number, period
from commonhold.performance.engine import heading
from commonhold.performance.engine.groups import is_mixed
from commonhold.performance.engine.pack.edition import Edition, Urgent
from commonhold.performance.engine.pack.holding import URGENT
from commonhold.performance.engine.pack.verdicts import is_counted, is_told
from commonhold.performance.engine.pack.verdicts import lines as by_their_heads
from commonhold.performance.engine.pack.words import NOTHING, address, cell, value
from commonhold.performance.engine.pack.work import Line, side_by_side

PRIORITIES = ("P1", "P2", "P3", "P4", "P5", None)
OURS, DESKS = heading.OURS, heading.DESKS
VERDICTS = {
    OURS: "Within target, by our clock",
    "source_verdict_met": "Met, by the desk's verdict",
    "verdict_differs": "The two differ",
}
LISTED = 25
"""P1 tickets listed one by one; of more, those that took the longest."""


def targets(edition: Edition) -> Iterator[Block]:
    """Which share was resolved within target, by priority, with counts, and month by month."""
    yield Heading(1, "Resolved within target", "targets")
    if edition.rules is None:
        yield Paragraph("No targets are agreed for this period, so nothing can be held against them.")
    else:
        yield Paragraph(
            "A ticket is within target if its minutes on the shared service-level clock, opening hours only and "
            f"without holds that stop it, never exceeded the target in force. Rules in force: {edition.rules}."
        )
        lines: list[Line] = []
        for priority in PRIORITIES:
            if is_told(edition, priority=priority):
                lines += by_their_heads(edition, _with_target(edition, priority), {"priority": priority})
        lines += by_their_heads(edition, "All", {})
        yield side_by_side(edition, "Resolved within target, by priority", "table-targets", lines)
        yield from map(Paragraph, _why(edition, lines))
    if edition.heads == OURS:
        yield from _months(edition)


def _why(edition: Edition, lines: list[Line]) -> Iterator[str]:
    """What must be known to read the table: whose verdict it is, and what its sources prove."""
    if any(measure == DESKS for _, measure, _ in lines):
        yield (
            "Where nothing proves the holds of most tickets the desk's own verdict stands, named so, and ours beside "
            "it as the least it can be: with no time taken out for holds of which nobody knows."
        )
    whole = edition.now.find(OURS, **edition.own)
    yield from (f"The figure of all tickets {note}." for note in (whole.notes if whole else ()) if is_mixed(note))


def _with_target(edition: Edition, priority: str | None) -> str:
    name = priority or "No priority"
    return f"{name}: {edition.targets[name]}" if name in edition.targets else name


def _months(edition: Edition) -> Iterator[Chart]:
    name = "Resolved within target" if edition.heads == OURS else "Met by the desk's own verdict"
    found = [(one.span, one.figures.get(edition.heads)) for one in edition.months]
    figures = [(span, figure) for span, figure in found if figure and figure.value is not None]
    if len(figures) < 2:
        return
    shares = [float(share(figure.numerator or 0, figure.denominator or 1) * 100) for _, figure in figures]
    best = max(figures, key=lambda row: row[1].value or 0)
    worst = min(figures, key=lambda row: row[1].value or 0)
    yield Chart(
        picture=graphs.lines(
            [f"{span.first:%b %Y}" for span, _ in figures], [graphs.Line(name, tuple(shares))], unit="per cent"
        ),
        title=f"{name}, each month by itself",
        unit="per cent of tickets",
        period=f"{month(figures[0][0].first)} to {month(figures[-1][0].first)}",
        scope=edition.profile.partner or "the whole service",
        alternative=(
            f"A line over the months. The highest share was that of {month(best[0].first)}, {value(best[1])}, the "
            f"lowest that of {month(worst[0].first)}, {value(worst[1])}. The same figures are in the table."
        ),
        table=Table(
            caption=f"{name}, each month",
            columns=(Column("Month", "short"), Column(name, "number")),
            rows=tuple((month(span.first), cell(figure)) for span, figure in figures),
        ),
        note="The scale does not begin at nought.",
        id="chart-targets",
    )


def verdicts(edition: Edition) -> Iterator[Block]:
    """The desk's own verdict beside ours: kept apart, differences reported, never mixed in (F4)."""
    if not is_counted(edition.now.find("source_verdict_met", **edition.own)):
        return
    known = [name for name in VERDICTS if is_counted(edition.now.find(name, **edition.own))]
    yield Heading(1, "The desk's own verdict beside ours" if OURS in known else "The desk's own verdict", "verdicts")
    yield Paragraph(
        "The desk flags each ticket itself. Its flag counts tickets closed in the period, ours those resolved in it; "
        "the last column says of how many of those with both the two differ."
        if OURS in known
        else "The desk flags each ticket itself, and its flag is given as it is, for the tickets closed in the period."
    )
    rows = [row for priority in PRIORITIES if (row := _verdicts(edition, known, priority or "No priority", priority))]
    yield Table(
        caption="The desk's verdict and ours, by priority" if OURS in known else "The desk's verdict, by priority",
        columns=(Column("Priority", "short"), *(Column(VERDICTS[name], "number") for name in known)),
        rows=tuple(rows),
        total=("All", *(cell(edition.now.find(name, **edition.own)) for name in known)),
        id="table-verdicts",
    )
    if edition.heads != OURS:
        yield from _months(edition)


def _verdicts(edition: Edition, known: list[str], label: str, priority: str | None) -> tuple[str | Cell, ...]:
    found = [edition.now.find(name, **edition.own, priority=priority) for name in known]
    return (label, *map(cell, found)) if any(map(is_counted, found)) else ()


def urgent(edition: Edition) -> Iterator[Block]:
    """The P1 tickets: one by one where the audience may see tickets, as counts where it may not (D2)."""
    yield Heading(1, f"{URGENT} tickets, the most urgent", "urgent")
    lines: list[Line] = [
        ("Opened", "tickets_opened", {"priority": URGENT}),
        *by_their_heads(edition, "Resolved within target", {"priority": URGENT}),
    ]
    if edition.heads == DESKS and edition.head(priority=URGENT) == OURS:
        lines.append(("Met by the desk's own verdict", DESKS, {"priority": URGENT}))
    yield side_by_side(edition, f"{URGENT} tickets", "table-p1", lines)
    parties = _parties(edition)
    apart: list[Line] = [
        line
        for party in parties
        for line in by_their_heads(edition, party_in_words(party), {"responsible": party, "priority": URGENT})
    ]
    if len(parties) > 1:
        caption = f"{URGENT} tickets resolved within target, by who answers for the team that had them last"
        yield side_by_side(edition, caption, "table-p1-parties", apart)
    if edition.profile.splits:
        yield from _list(edition)


def _parties(edition: Edition) -> list[str | None]:
    """Who answers for P1 tickets; nobody where all of it is kept back."""
    found = [figure for figure in edition.now if set(figure.scope) == {"responsible", "priority"}]
    counted = dict.fromkeys(figure.scope["responsible"] for figure in found if is_counted(figure))
    return list(counted) if any(figure.value is not None for figure in found) else []


def _list(edition: Edition) -> Iterator[Block]:
    """Each P1 opened in the period; of many, those that took the longest."""
    found = edition.urgent
    clocked = any(one.used is not None for one in found)
    if len(found) > LISTED:
        found = sorted(found, key=lambda one: _took(one, edition.as_of, clocked), reverse=True)[:LISTED]
        whole = edition.now.find("tickets_opened", **edition.own, priority=URGENT)
        yield Paragraph(
            (
                f"{number(len(edition.urgent))} were opened. The {LISTED} that took the longest are listed; ",
                Run("all of them are behind the figure", address=address(whole)),
                ".",
            )
        )
    partners, about = edition.profile.partner is None, any(one.about for one in found)
    columns = (
        Column("Ticket", "short"), *((Column("Partner"),) if partners else ()), *((Column("About"),) if about else ()),
        Column("Opened", "short"), Column("Resolved", "short"),
        *((Column("Hours on the clock", "number"), Column("Target", "short")) if clocked else ()),
    )  # fmt: skip
    yield Table(
        caption=f"{URGENT} tickets opened in {period(edition.span)}",
        columns=columns,
        rows=tuple(_row(one, partners=partners, about=about, clocked=clocked) for one in found),
        nothing=f"No {URGENT} ticket was opened.",
        id="list-p1",
    )


def _took(one: Urgent, now: datetime, clocked: bool) -> float:
    """How long it took: on the clock, or by the calendar where no clock runs."""
    return one.used or 0 if clocked else ((one.resolved or now) - one.opened).total_seconds()


def _row(one: Urgent, *, partners: bool, about: bool, clocked: bool) -> tuple[str | Cell, ...]:
    used = NOTHING if one.used is None else number(Fraction(one.used, 60), 1)
    return (
        Cell(one.reference, one.address),
        *((one.partner or "none named",) if partners else ()),
        *((one.about or NOTHING,) if about else ()),
        _day(one.opened),
        _day(one.resolved) if one.resolved else "not yet",
        *((used, _result(one)) if clocked else ()),
    )


def _result(one: Urgent) -> str | Cell:
    if one.breached is None:
        return "not set"
    if one.breached:
        return Cell("missed", strong=True)
    return "met" if one.resolved else "running"


def _day(at: datetime) -> str:
    return f"{in_london(at):%-d %b %Y}"


def party_in_words(party: str | None) -> str:
    """Who answers for a team, in words."""
    if party is None:
        return "No team named"
    kind, _, name = party.partition(": ")
    return {"service": "Shared service", "authority": f"{name}: own teams", "supplier": f"{name}, supplier"}[kind]
