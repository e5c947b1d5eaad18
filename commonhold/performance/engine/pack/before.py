"""The part of a pack that holds its figures against those published before Commonhold (F2)."""

from collections.abc import Iterator

from commonhold.documents.engine.blocks import Heading, Paragraph
from commonhold.documents.engine.document import Block
from commonhold.documents.engine.tables import Column, Table
from commonhold.govuk.formats import period
from commonhold.performance.engine.before import NOT_VERIFIABLE
from commonhold.performance.engine.pack import verdicts
from commonhold.performance.engine.pack.edition import Edition
from commonhold.performance.engine.pack.words import cell


def published_before(edition: Edition) -> Iterator[Block]:
    """Each with its days, where it stood, and what changed since; nothing where none were entered."""
    rows = edition.published_before
    if not rows:
        return
    yield Heading(1, "Beside figures published before", "published-before")
    yield Paragraph(
        f"These were published before Commonhold and are {NOT_VERIFIABLE}: no files are kept from which they could be "
        "computed again. Each is compared only where it was counted as our definition says."
    )
    yield Table(
        caption=f"Figures published before, {NOT_VERIFIABLE}",
        columns=(
            Column("Measure"), Column(period(edition.span), "number"), Column("Published before", "number"),
            Column("Of which days, and where"), Column("Change"),
        ),
        rows=tuple(
            (
                verdicts.named(edition, one.title, one.figure.measure, one.figure.scope),
                cell(one.figure),
                one.printed,
                f"{period(one.then.span)}: {one.then.published_in}",
                one.sentence,
            )
            for one in rows
        ),
        id="table-published-before",
    )  # fmt: skip
