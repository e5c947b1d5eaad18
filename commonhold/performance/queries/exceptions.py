"""The page of exceptions: how many of each kind and partner, beside how many tickets the partner opened, and which."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from commonhold.demand.engine.exceptional import TITLES, Rule
from commonhold.demand.models import Batch
from commonhold.demand.queries import exceptions as demand
from commonhold.figures import Figure, Span
from commonhold.ledger.engine.by import By
from commonhold.performance.permissions import reads_unpublished_figures
from commonhold.performance.queries.pages import Chosen, kept_about
from commonhold.performance.queries.readings import figures, ready

OPENED: Final = "tickets_opened"


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of exception: how many of each partner, in the order of the partners, and of all."""

    word: str
    title: str
    counts: list[int]
    total: int


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What the page says; `opened` are the figures of tickets opened by partner, the counts' denominators."""

    chosen: Chosen
    partners: list[str | None] = field(default_factory=list)
    opened: dict[str | None, Figure] = field(default_factory=dict)
    whole: Figure | None = None
    lines: list[Line] = field(default_factory=list)
    filters: demand.Filters | None = None
    listing: demand.Listing | None = None
    waits: bool = False


def exceptions(
    span: Span | None, *, seen_by: By, partner: str = "", team: str = "", kind: str = "", after: str = ""
) -> Exceptions | None:
    """The exceptions of a period that is kept ready; nothing for the public."""
    if not reads_unpublished_figures(seen_by):
        return None
    about = kept_about(span, ready())
    if about.kept is None or about.span is None:
        return Exceptions(about)
    known = known_now()
    filters = demand.Filters(about.span.first, about.span.last, partner, team, kind)
    whole, split = figures([about.kept], [(), ("partner",)], seen_by=seen_by, measure=OPENED)
    opened = {figure.scope["partner"]: figure for figure in split}
    counted = demand.counted(demand.Filters(about.span.first, about.span.last), known=known)
    named = {of for _, of in counted} | set(opened)
    partners = sorted(named, key=lambda name: (name is None, name or ""))
    return Exceptions(
        chosen=about,
        partners=partners,
        opened=opened,
        whole=next(iter(whole), None),
        lines=[_line(rule, partners, counted) for rule in Rule],
        filters=filters,
        listing=demand.listing(filters, seen_by=seen_by, known=known, after=after),
        waits=demand.waits(),
    )


def known_now() -> int:
    """The last batch that is known."""
    return Batch.objects.known()


def _line(rule: Rule, partners: list[str | None], counted: dict[tuple[Rule, str | None], int]) -> Line:
    counts = [counted.get((rule, partner), 0) for partner in partners]
    return Line(demand.WORDS[rule], TITLES[rule], counts, sum(counts))
