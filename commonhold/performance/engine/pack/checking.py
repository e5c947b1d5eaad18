"""The parts of a pack that let anybody check it: definitions, rules, files, and what to do."""

from collections.abc import Iterator

from commonhold.documents.engine.blocks import BulletList, Definition, Definitions, Heading, Paragraph
from commonhold.documents.engine.document import Block
from commonhold.documents.engine.tables import Column, Table
from commonhold.documents.engine.words import Run
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.engine.pack.edition import Edition


def definitions(edition: Edition) -> Iterator[Block]:
    """What each measure in the pack means."""
    used = {figure.measure for figure in edition.now}
    yield Heading(1, "What the figures mean", "definitions")
    yield Definitions(
        tuple(
            Definition(
                term=f"{one.title} ({one})",
                meaning=f"{one.formula} Leaves out: {one.leaves_out}",
            )
            for name, one in MEASURES.items()
            if name in used
        )
    )
    yield Paragraph(
        "Percentages of fewer than 20 events are printed with their counts first. Changes of percentages are "
        "in percentage points. Everything is rounded once, half to even, on the exact value. "
        "Days are days of Europe/London."
    )


def how_to_check(edition: Edition) -> Iterator[Block]:
    """How anybody can check the pack, and what it rests on."""
    yield Heading(1, "How to check this pack", "checking")
    yield BulletList(
        (
            "Every figure leads to its evidence: definition, rules, period, scope, counts and files, and its tickets.",
            (
                "With the file figures.json that goes with this pack, ",
                Run("commonhold recompute figures.json", strong=True),
                " computes every figure again from the kept files alone and says which are the same.",
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
            ("Rules", edition.rules or "none agreed"),
            ("Program", f"Commonhold {edition.program}"),
            *((f"Batch {number}", sha256) for number, sha256 in edition.files),
        ),
        id="table-basis",
    )
