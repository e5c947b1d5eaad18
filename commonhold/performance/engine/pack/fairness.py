"""The parts of a pack that tell whether the partners are served alike, and who held the time (P2, C11)."""

from collections.abc import Iterator

from commonhold.documents.engine.blocks import Heading, Paragraph
from commonhold.documents.engine.charts import Bar, Bars
from commonhold.documents.engine.document import Block
from commonhold.documents.engine.tables import Column, Table
from commonhold.govuk.formats import number, period
from commonhold.performance.engine.pack.edition import Edition
from commonhold.performance.engine.pack.words import NOTHING, cell
from commonhold.performance.engine.parity import Parity, Standing

LONGEST = 4.0
"""Where the strip ends: a ratio beyond it is printed, not drawn."""


def in_short(parity: Parity) -> Iterator[str]:
    """One sentence for each partner whose difference is more than chance, or one that says there is none."""
    named = [standing for standing in parity.partners if standing.partner]
    apart = [standing for standing in named if standing.difference in ("worse", "better")]
    yield from (standing.sentence for standing in apart)
    if named and not apart:
        unsure = [standing.partner for standing in named if standing.difference == "cannot tell"]
        if unsure:
            who = " and ".join(filter(None, unsure))
            yield f"Whether {who} is served as the others are cannot be told from this period."
        else:
            yield "No partner was served better or worse than the same mix of work explains, beyond chance."


def parity(edition: Edition) -> Iterator[Block]:
    """Each partner beside the whole service, like for like, with the interval of chance."""
    found = edition.parity
    if found is None or not edition.profile.splits:
        return
    yield Heading(1, "Are the partners served alike?", "parity")
    yield Paragraph(
        "Tickets that missed their target, beside how many would be expected of the whole service's own results for "
        "the same mix of priority, kind and service. A ratio above 1 is worse than expected."
    )
    drawn = tuple(_bar(standing) for standing in found.partners if standing.partner and standing.ratio is not None)
    if drawn:
        yield Bars(
            title="Missed targets, as a ratio to those expected",
            unit="ratio of observed to expected",
            period=period(found.period),
            scope="each partner, the host's own tickets like everybody's",
            heading="Ratio",
            bars=drawn,
            reference=1.0,
            reference_name="as expected",
            note=f"Exact intervals at {number(found.level * 100, 1)}% for each partner (Garwood 1936).",
            id="chart-parity",
        )
    yield Table(
        caption="Missed targets by partner, observed and expected",
        columns=(
            Column("Partner"), Column("Within target", "number"), Column("Missed", "number"),
            Column("Expected", "number"), Column("Ratio", "number"), Column("Interval", "number"),
        ),
        rows=tuple(_row(standing) for standing in found.partners),
        id="table-parity",
    )  # fmt: skip
    for standing in found.partners:
        yield Paragraph(standing.sentence)


def _bar(standing: Standing) -> Bar:
    ratio = min(standing.ratio or 0.0, LONGEST)
    return Bar(
        label=standing.partner or "",
        value=ratio,
        low=min(standing.ratio_low or 0.0, ratio),
        high=max(min(standing.ratio_high or LONGEST, LONGEST), ratio),
        printed=number(standing.ratio or 0, 2),
        sentence=standing.sentence,
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
    own = edition.profile.partner
    names = [own] if own else edition.now.values("partner")
    yield Heading(1, f"{own} beside the whole service" if own else "Partner by partner", "partners")
    lines = (
        ("Tickets opened", "tickets_opened"),
        ("Tickets resolved", "tickets_resolved"),
        ("Resolved within target", "within_target"),
        ("Median hours to resolution", "resolution_hours_median"),
        ("Open at the end", "open_at_end"),
        ("Open for more than 30 days", "aged_open"),
        ("Tickets reopened", "reopened_tickets"),
    )
    now = edition.now
    yield Table(
        caption="Main figures by partner",
        columns=(
            Column("Measure"),
            *(Column(name or "No partner named", "number") for name in names),
            Column("Whole service", "number"),
        ),
        rows=tuple(
            (label, *(cell(now.find(measure, partner=name)) for name in names), cell(now.find(measure)))
            for label, measure in lines
        ),
        id="table-partners",
    )


def holders(edition: Edition) -> Iterator[Block]:
    """Who held the minutes of the tickets resolved in the period; the parts sum to the whole (C11)."""
    found = [
        (party, edition.now.find("minutes_used", responsible=party)) for party in edition.now.values("responsible")
    ]
    whole = edition.now.find("minutes_used")
    if edition.profile.partner or whole is None or not whole.value:
        return
    yield Heading(1, "Who held the time", "holders")
    yield Paragraph(
        "Every minute on the clock of a ticket resolved in the period belongs to the team that held it then, and to "
        "the party that answers for that team. The parts sum to the whole."
    )
    yield Table(
        caption="Time on the clock by responsible party",
        columns=(Column("Responsible party"), Column("Time on the clock", "number")),
        rows=tuple((_party(party), cell(figure)) for party, figure in found if figure and figure.value),
        total=("Whole", cell(whole)),
        id="table-holders",
    )


def _party(party: str | None) -> str:
    if party is None:
        return "No team named"
    kind, _, name = party.partition(": ")
    return {"service": "Shared service", "authority": f"{name}: own teams", "supplier": f"{name}, supplier"}[kind]
