"""The part of a pack that counts exceptions: by stated rules that are the same for every partner, against the period
before. It is for the boards and for a partner's own people; which tickets they are stands on the site, and the public
reads the rules.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from commonhold.demand.engine.exceptional import RULES, TITLES, Rule
from commonhold.documents.engine.blocks import Definition, Definitions, Heading, Paragraph
from commonhold.documents.engine.document import Block
from commonhold.documents.engine.tables import Cell, Column, Table
from commonhold.documents.engine.words import Run
from commonhold.figures import Span
from commonhold.govuk.formats import number, period

Counts = Mapping[tuple[Rule, str | None], int]
"""How many there are of each kind and partner; of one partner's own pack that partner's, and all under no name."""

ALL = ""
"""Stands for all partners together."""


@dataclass(frozen=True, slots=True)
class Exceptional:
    """The exceptions of a period and of the one before. `looked` is whether all that is known was looked through;
    `partners` are those with a column, those of one partner's own pack only that one; `words` are what addresses call
    the kinds.
    """

    looked: bool = True
    partners: tuple[str | None, ...] = ()
    now: Counts = field(default_factory=dict)
    before: Counts | None = None
    words: Mapping[Rule, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What figures.json says of them."""
        spoken = {"now": self.now, "before": self.before}
        return {
            name: [{"kind": rule.name.lower(), "partner": of or None, "all": of == ALL, "count": count}
                   for (rule, of), count in sorted(counts.items(), key=_in_order)]
            for name, counts in spoken.items()
            if counts is not None
        }  # fmt: skip


def _in_order(row: tuple[tuple[Rule, str | None], int]) -> tuple[int, bool, str]:
    (rule, of), _ = row
    return int(rule), of is None, of or ""


def exceptions(
    found: Exceptional | None, span: Span, before: Span | None, opened: Callable[[Span, str | None], Cell]
) -> Iterator[Block]:
    """The counts by rule and partner, each leading to its list, above how many tickets were opened in the same days."""
    if found is None:
        return
    yield Heading(1, "Exceptions", "exceptions")
    yield Paragraph(
        "What stands out in the history of tickets, by rules that are the same for every partner and team. None of it "
        "is wrong by itself: the counts show where to ask."
    )
    if not found.looked:
        yield Paragraph(
            "Not all that is known of tickets was looked through for them yet when this was written, so they are not "
            "counted here."
        )
        return
    yield _table(found.now, found, span, opened, "table-exceptions")
    if before is not None and found.before is not None:
        yield _table(found.before, found, before, opened, "table-exceptions-before")
    yield Definitions(tuple(Definition(term=TITLES[rule], meaning=RULES[rule]) for rule in Rule))
    yield Paragraph(
        (
            "Counted by the day on which it happened; one ticket can count more than once. ",
            Run("Which tickets they are", address=_page(span)),
            " is for the partner concerned and for those who run the service.",
            " Of a ticket that its desk tells of in snapshots alone nothing near the target can be found.",
        )
    )


def _table(
    counts: Counts, found: Exceptional, span: Span, opened: Callable[[Span, str | None], Cell], place: str
) -> Table:
    columns = [*found.partners, ALL]
    return Table(
        caption=f"Exceptions, {period(span)}",
        columns=(Column("Kind"), *(Column(_named(of), "number") for of in columns)),
        rows=tuple(
            (
                Cell(TITLES[rule], f"{_page(span)}&kind={found.words[rule]}"),
                *(number(counts.get((rule, of), 0)) for of in columns),
            )
            for rule in Rule
        ),
        total=("Tickets opened in the same days", *(opened(span, of) for of in columns)),
        id=place,
    )


def _named(of: str | None) -> str:
    return "All" if of == ALL else of or "No partner named"


def _page(span: Span) -> str:
    return f"/exceptions/?first={span.first}&last={span.last}"
