"""The page of exceptions: how many of each kind and partner, beside how many tickets the partner opened, and which."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from commonhold.demand.engine.exceptional import TITLES, Rule
from commonhold.demand.models import Batch
from commonhold.demand.queries import exceptions as demand
from commonhold.figures import Figure, Span
from commonhold.ledger.engine.by import By
from commonhold.performance.engine.pack import Profile
from commonhold.performance.engine.pack.exceptional import ALL, Exceptional
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


def of_days(
    span: Span | None, *, seen_by: By, partner: str = "", team: str = "", kind: str = ""
) -> demand.Filters | None:
    """What a download of them is narrowed to: days that are kept ready; nothing for the public."""
    if not reads_unpublished_figures(seen_by):
        return None
    about = kept_about(span, ready())
    if about.kept is None or about.span is None:
        return None
    return demand.Filters(about.span.first, about.span.last, partner, team, kind)


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


def for_pack(span: Span, before: Span | None, profile: Profile, known: int) -> Exceptional | None:
    """The exceptions of a period and of the one before, as they were known at a batch; nothing for the public."""
    if not profile.splits:
        return None
    if demand.waits(known):
        return Exceptional(looked=False)
    now = demand.counted(demand.Filters(span.first, span.last), known=known)
    then = demand.counted(demand.Filters(before.first, before.last), known=known) if before else {}
    named = {of for _, of in (*now, *then)}
    everybody = sorted(named, key=lambda name: (name is None, name or ""))
    partners = [name for name in everybody if profile.partner in (None, name)]
    return Exceptional(
        partners=tuple(partners),
        now=_for(partners, now),
        before=_for(partners, then) if before else None,
        words=demand.WORDS,
    )


def _for(partners: list[str | None], counted: dict[tuple[Rule, str | None], int]) -> dict[tuple[Rule, str | None], int]:
    """The counts of these partners, and those of all together."""
    found = {(rule, of): count for (rule, of), count in counted.items() if of in partners}
    for (rule, _), count in counted.items():
        found[rule, ALL] = found.get((rule, ALL), 0) + count
    return found


def known_now() -> int:
    """The last batch that is known."""
    return Batch.objects.known()


def _line(rule: Rule, partners: list[str | None], counted: dict[tuple[Rule, str | None], int]) -> Line:
    counts = [counted.get((rule, partner), 0) for partner in partners]
    return Line(demand.WORDS[rule], TITLES[rule], counts, sum(counts))
