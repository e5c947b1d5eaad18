"""The parts of a pack that let anybody check it: definitions, rules, files, and what to do."""

from collections.abc import Iterator

from commonhold.documents.engine.blocks import BulletList, Definition, Definitions, Heading, Paragraph
from commonhold.documents.engine.document import Block
from commonhold.documents.engine.tables import Column, Table
from commonhold.documents.engine.words import Run
from commonhold.govuk.formats import instant
from commonhold.performance.engine.brought.definition import SourceMeasure
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.engine.measures.definition import Definition as TicketMeasure
from commonhold.performance.engine.pack.edition import Edition


def definitions(edition: Edition) -> Iterator[Block]:
    """What each measure in the pack means."""
    used = {figure.measure for figure in edition.now}
    yield Heading(1, "What the figures mean", "definitions")
    yield Definitions(
        tuple(
            Definition(term=f"{one.title} ({one})", meaning=f"{one.formula} Leaves out: {_lower(one.leaves_out)}")
            for one in _defined(edition, used)
        )
    )
    yield Paragraph(
        "Percentages of fewer than 20 events are printed with their counts first. Changes of percentages are "
        "in percentage points. Everything is rounded once, half to even, on the exact value. "
        "Days are days of Europe/London."
    )
    if not edition.profile.splits:
        yield Paragraph(
            "A group of fewer than five tickets is not shown, nor what would give it away by adding and subtracting. "
            "How figures divide between the partners is for their boards."
        )


def _defined(edition: Edition, used: set[str]) -> Iterator[TicketMeasure | SourceMeasure]:
    yield from (one for name, one in MEASURES.items() if name in used)
    yield from edition.brought.measures.values()


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}" if text[1:2].islower() else text


def _ages(edition: Edition) -> Iterator[tuple[str, str]]:
    """Each desk whose files it rests on: when the last came, and until when they tell of what happened."""
    for desk in sorted({source.desk for source in edition.sources if source.desk}):
        own = [source for source in edition.sources if source.desk == desk]
        came = max((source.came for source in own if source.came), default=None)
        told = max((source.told_to for source in own if source.told_to), default=None)
        if came and told:
            yield desk, f"the last came on {instant(came)}; they tell of what happened until {instant(told)}"


def how_to_check(edition: Edition) -> Iterator[Block]:
    """How anybody can check the pack, and what it rests on."""
    yield Heading(1, "How to check this pack", "checking")
    yield BulletList(
        (
            "Every figure leads to its evidence: definition, rules, period, scope, counts and files.",
            (
                "With the file figures.json that goes with this pack, ",
                Run("commonhold recompute figures.json", strong=True),
                " computes every figure again from the kept files and rules alone and says which are the same.",
            ),
            (
                "The record is open to all. An export of it is checked offline, without trusting the server, by ",
                Run("verify_commonhold.py", strong=True),
                ", which goes with it.",
            ),
        )
    )
    for remark in edition.put_right:
        yield Paragraph(remark)
    yield Table(
        caption="What this pack rests on",
        columns=(Column("What", "short"), Column("Which", "digest")),
        rows=(
            ("Record", edition.origin),
            ("Known at entry", str(edition.known_at)),
            ("Clocks read as of", instant(edition.as_of)),
            ("Rules", edition.rules or "none agreed"),
            ("Program", f"Commonhold {edition.program}"),
            *((f"Files of {desk}", words) for desk, words in _ages(edition)),
            *((f"Batch {source.number}", f"{source.mapping}, SHA-256 {source.sha256}") for source in edition.sources),
            *((f"Delivery {one.number}", f"readings, SHA-256 {one.sha256}") for one in edition.brought.deliveries),
        ),
        id="table-basis",
    )
