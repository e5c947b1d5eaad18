"""The part of a pack that tells what P2 and P3 tickets were about: the categories with the most of them."""

from collections.abc import Iterator

from commonhold.documents.engine.blocks import Heading, Paragraph
from commonhold.documents.engine.document import Block
from commonhold.documents.engine.tables import Cell, Column, Table
from commonhold.figures import Figure
from commonhold.govuk.formats import period
from commonhold.performance.engine.pack import verdicts
from commonhold.performance.engine.pack.edition import Edition
from commonhold.performance.engine.pack.words import cell
from commonhold.performance.engine.top import IN_PACKS, PRIORITIES, ranked


def categories(edition: Edition) -> Iterator[Block]:
    """The categories with the most P2 and P3 tickets, with how many were within target."""
    yield Heading(1, f"What {' and '.join(PRIORITIES)} tickets were about", "categories")
    yield Paragraph(
        f"The {IN_PACKS} categories with the most tickets of each priority, as the desks name them. Every number leads "
        "to its tickets."
    )
    for priority in PRIORITIES:
        yield from _of(edition, priority)


def _of(edition: Edition, priority: str) -> Iterator[Block]:
    found = ranked(edition.now, priority)
    if not found:
        yield Paragraph(f"No category of {priority} tickets can be shown.")
        return
    both = verdicts.are_both_told(edition, (figure.scope for figure in found))
    yield Table(
        caption=f"Top categories of {priority}, {period(edition.span)}",
        columns=(
            Column("Category"), Column("Opened", "number"), *verdicts.columns("Resolved within target", both=both),
            *(Column(f"Opened, {period(held.span)} ({what})", "number") for held, what in edition.earlier),
        ),
        rows=tuple(_row(edition, figure, both=both) for figure in found),
        id=f"table-categories-{priority.lower()}",
    )  # fmt: skip


def _row(edition: Edition, opened: Figure, *, both: bool) -> tuple[str | Cell, ...]:
    scope = dict(opened.scope)
    earlier = (held.find("tickets_opened", **scope) for held, _ in edition.earlier)
    return (
        scope["category"] or "No category",
        cell(opened, bare=True),
        *verdicts.of(edition, scope, both=both),
        *(cell(figure, bare=True) for figure in earlier),
    )
