"""The parts of a pack that tell whether the partners are served alike, and who held the time (P2, C11)."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from commonhold.documents.engine import graphs
from commonhold.documents.engine.blocks import BulletList, Heading, Paragraph
from commonhold.documents.engine.charts import Bar, Bars, Chart
from commonhold.documents.engine.document import Block
from commonhold.documents.engine.tables import Cell, Column, Table
from commonhold.figures import Figure
from commonhold.govuk.formats import listed, number, period
from commonhold.performance.engine import funnel, heading
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.pack import funnels, verdicts
from commonhold.performance.engine.pack.edition import Edition, Held
from commonhold.performance.engine.pack.holding import BY_PARTNER
from commonhold.performance.engine.pack.targets import PRIORITIES, party_in_words
from commonhold.performance.engine.pack.words import NOTHING, cell
from commonhold.performance.engine.parity import MEASURES as COMPARED
from commonhold.performance.engine.parity import Parity, Standing
from commonhold.performance.engine.smallnumbers import is_kept_back

LONGEST: Final = 4.0
"""Where the strip ends: a ratio beyond it is printed, not drawn."""

IN_WORDS: Final[Mapping[str, str]] = {
    "worse": "More missed than the same mix of work explains",
    "better": "Fewer missed than the same mix of work explains",
    "none": "Within what chance explains",
    "cannot tell": "Cannot be told from this period",
}


def in_short(parity: Parity, own: str | None = None) -> Iterator[str]:
    """One sentence for each partner whose difference is more than chance, or one that says there is none.

    In one partner's own pack only of that partner.
    """
    named = [standing for standing in parity.partners if standing.partner and own in (None, standing.partner)]
    apart = [standing for standing in named if standing.difference in ("worse", "better")]
    if apart:
        yield from (standing.sentence for standing in apart)
        return
    unsure = [standing.partner for standing in named if standing.difference == "cannot tell"]
    if unsure:
        yield (
            f"Whether {listed(unsure)} {'is' if len(unsure) == 1 else 'are'} served as the others are cannot be told "
            "from this period."
        )
    elif named:
        who = f"{own} was not" if own else "No partner was"
        yield f"{who} served better or worse than the same mix of work explains, beyond chance."


def parity(edition: Edition) -> Iterator[Block]:
    """Each partner beside the whole service, like for like, with the interval of chance."""
    found = edition.parity
    if found is None:
        return
    missed = COMPARED[found.measure][1].format(their="their")
    yield Heading(1, "Are the partners served alike?", "parity")
    if found.why:
        yield Paragraph(found.why)
    yield Paragraph(
        f"Tickets that {missed}, beside how many would be expected of the whole service's own results for the same mix "
        "of priority, kind and service. A ratio above 1 is worse than expected. The host is a partner like the others."
    )
    drawn = tuple(_bar(standing) for standing in found.partners if standing.partner and standing.ratio is not None)
    if drawn:
        yield Bars(
            title="Missed targets, as a ratio to those expected",
            unit="ratio of observed to expected",
            period=period(found.period),
            scope=f"each partner, by {found.basis}",
            heading="Partner",
            bars=drawn,
            reference=1.0,
            reference_name="as expected",
            note=f"Exact intervals at {number(found.level * 100, 1)}% for each partner (Garwood 1936).",
            id="chart-parity",
        )
    yield Table(
        caption="Missed targets by partner, observed and expected",
        columns=(
            Column("Partner"), Column("Met", "number"), Column("Missed", "number"), Column("Expected", "number"),
            Column("Ratio", "number"), Column("Interval", "number"),
        ),
        rows=tuple(_row(standing) for standing in found.partners),
        id="table-parity",
    )  # fmt: skip
    yield BulletList(tuple(standing.sentence for standing in found.partners))
    yield from _funnels(edition, found)


def _funnels(edition: Edition, found: Parity) -> Iterator[Block]:
    """The partners within control limits: by their shares, and like for like by what the same mix would bring."""
    drawn = {
        "funnel-partners": funnel.shares(funnels.by_partner(found), *funnels.whole(found)),
        "funnel-expected": funnel.ratios(funnels.against_expected(found)),
    }
    for place, plot in drawn.items():
        if plot is not None:
            yield funnels.chart(plot, found.measure, "partner", found.period, f"each partner, by {found.basis}", place)
            yield BulletList(tuple(funnels.sentences(plot, found.measure, "partner")))


def _bar(standing: Standing) -> Bar:
    ratio = min(standing.ratio or 0.0, LONGEST)
    return Bar(
        label=standing.partner or "",
        value=ratio,
        low=min(standing.ratio_low or 0.0, ratio),
        high=max(min(standing.ratio_high or LONGEST, LONGEST), ratio),
        printed=number(standing.ratio or 0, 2),
        sentence=IN_WORDS[standing.difference],
        difference=standing.difference,  # type: ignore[arg-type]  # parity's four words are the strip's
    )


def _row(standing: Standing) -> tuple[str, ...]:
    interval = NOTHING
    if standing.ratio_low is not None and standing.ratio_high is not None:
        interval = f"{number(standing.ratio_low, 2)} to {number(standing.ratio_high, 2)}"
    return (
        standing.partner or "No partner named",
        f"{number(standing.numerator)} of {number(standing.denominator)}",
        number(standing.observed),
        number(standing.expected, 1),
        NOTHING if standing.ratio is None else number(standing.ratio, 2),
        interval,
    )


def partners(edition: Edition) -> Iterator[Block]:
    """The main figures of each partner side by side; for one partner's own pack, beside the whole service's."""
    if not edition.profile.splits:
        return
    own, now = edition.profile.partner, edition.now
    names: list[str | None] = [own] if own else now.values("partner")
    yield Heading(1, f"{own} beside the whole service" if own else "Partner by partner", "partners")
    if not names:
        yield Paragraph("No ticket of the period names a partner.")
        return
    yield Table(
        caption="Main figures by partner",
        columns=(Column("Measure"), *(_named(name) for name in names), Column("Whole service", "number")),
        rows=tuple(
            row
            for measure in BY_PARTNER
            if is_told(now.find(measure))
            for row in _measure_across(edition, measure, [*({"partner": name} for name in names), {}])
        ),
        id="table-partners",
    )
    unproven = [str(name) for name in names if name and edition.head_of({"partner": name}) == heading.DESKS]
    if unproven:
        yield Paragraph(
            f"Nothing proves the holds of most tickets of {listed(unproven)}: there the desk's own verdict counts, and "
            "what is within target by our clock is the least it can be."
        )
    if not own and edition.rules is not None:
        yield _by_priority(edition, names)


def _measure_across(
    edition: Edition, measure: str, scopes: list[dict[str, str | None]]
) -> list[tuple[str | Cell, ...]]:
    """A measure for each scope; of what is within target, what our clock heads apart from what it is the least of."""
    title = definition(measure).title
    if measure == heading.OURS:
        return [row for row in verdicts.across(edition, title, scopes) if row[0] != f"{title}, {verdicts.BY_THE_DESK}"]
    return [(title, *(cell(edition.now.find(measure, **scope), bare=True) for scope in scopes))]


def is_told(figure: Figure | None) -> bool:
    return figure is not None and figure.value is not None


def _by_priority(edition: Edition, names: list[str | None]) -> Table:
    lines = [
        one for one in PRIORITIES if verdicts.is_counted(edition.now.find(edition.head(priority=one), priority=one))
    ]
    return Table(
        caption="Resolved within target, by priority and partner",
        columns=(Column("Priority", "short"), *(_named(name) for name in names), Column("Whole service", "number")),
        rows=tuple(
            row
            for priority in lines
            for row in verdicts.across(
                edition,
                priority or "No priority",
                [*({"partner": name, "priority": priority} for name in names), {"priority": priority}],
            )
        ),
        id="table-partners-priority",
    )


def _named(name: str | None) -> Column:
    return Column(name or "No partner named", "number")


def holders(edition: Edition) -> Iterator[Block]:
    """Who held the minutes of the tickets resolved in the period; the parts sum to the whole (C11)."""
    own = edition.own
    whole = edition.now.find("minutes_used", **own)
    found = [
        (figure.scope["responsible"], figure)
        for figure in edition.now
        if figure.measure == "minutes_used" and set(figure.scope) == {*own, "responsible"} and figure.value != 0
    ]
    if whole is None or not whole.value or not found:
        return
    yield Heading(1, "Who held the time", "holders")
    yield Paragraph(
        "Every minute on the clock of a ticket resolved in the period belongs to the team that held it then, and to "
        "the party that answers for that team: the shared service, an authority for its own teams, the host's among "
        "them, or a supplier. The parts sum to the whole."
    )
    yield from _held(edition, found, whole)


def _held(edition: Edition, found: list[tuple[str | None, Figure]], whole: Figure) -> Iterator[Block]:
    """Each party's part, the largest first: as a picture where any is known, and as a table."""
    found = sorted(found, key=lambda row: (-(row[1].value or 0), party_in_words(row[0])))
    table = Table(
        caption=f"Time on the clock by responsible party, {period(edition.span)}",
        columns=(
            Column("Responsible party"), Column("Time on the clock", "number"), Column("Share", "number"),
            *(Column(f"Share, {period(held.span)} ({what})", "number") for held, what in edition.earlier),
        ),
        rows=tuple(
            (
                party_in_words(party), cell(figure), _share(figure, whole),
                *(_share_then(held, edition, party) for held, _ in edition.earlier),
            )
            for party, figure in found
        ),
        total=("Whole", cell(whole), Cell("100%"), *(Cell("100%") for _ in edition.earlier)),
        id="table-holders",
    )  # fmt: skip
    known = [(party, figure) for party, figure in found if figure.value is not None]
    if not known:
        yield table
        return
    largest, figure = known[0]
    yield Chart(
        picture=graphs.horizontal(
            [
                graphs.Row(party_in_words(party), float(_part(one, whole) * 100), _share(one, whole))
                for party, one in known
            ],
            unit="per cent of the time on the clock",
        ),
        title="Who held the time on the clock",
        unit="per cent of the time on the clock",
        period=period(edition.span),
        scope=edition.profile.partner or "the whole service",
        alternative=(
            f"A bar for each party that answers for teams, drawn alike for all. {party_in_words(largest)} held the "
            f"most, {_share(figure, whole)} of the time. The same figures are in the table."
        ),
        table=table,
        id="chart-holders",
    )


def _share_then(held: Held, edition: Edition, party: str | None) -> str:
    figure = held.find("minutes_used", **edition.own, responsible=party)
    whole = held.find("minutes_used", **edition.own)
    if whole is None or not whole.value:
        return NOTHING
    return "0.0%" if figure is None else _share(figure, whole)


def _part(figure: Figure, whole: Figure) -> Fraction:
    return Fraction(figure.value or 0) / Fraction(whole.value or 1)


def _share(figure: Figure, whole: Figure) -> str:
    if figure.value is None or not whole.value:
        return "not shown" if is_kept_back(figure) else NOTHING
    return f"{number(_part(figure, whole) * 100, 1)}%"
