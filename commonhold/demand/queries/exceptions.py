"""The exceptions found in tickets: counted for whoever holds a post, row by row for the partner concerned (D2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Count, F, Q, QuerySet, Subquery
from django.db.models.lookups import Exact

from commonhold.databases.entering import by_another
from commonhold.demand.engine.exceptional import RULES, TITLES, Rule
from commonhold.demand.models import FoundException, Team
from commonhold.demand.models.batch import TAKEN_OVER
from commonhold.govuk.tables import Cell
from commonhold.jobs.models import Cursor
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.partnership.models import Partner
from commonhold.partnership.permissions import sees_all_rows
from commonhold.workdays import midnight

PAGE: Final = 25
TASK: Final = "demand.find_exceptions"
LARGEST: Final = 2**62
WORDS: Final = {kind: kind.name.lower().replace("_", "-") for kind in Rule}
"""How an address and a table spell each kind."""

HEADINGS: Final = (
    "Kind", "When", "Ticket", "Desk", "Partner", "Priority now", "Team then", "Minutes used, or between, or tickets",
    "Target (minutes)", "Left out of figures", "Rule",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; days are of Europe/London, the last one included."""

    first: date
    last: date
    partner: str = ""
    team: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of exceptions, newest first, how many there are in all, and the key to go on from."""

    rows: list[FoundException]
    count: int
    older: str | None


def listing(filters: Filters, *, seen_by: By, known: int, after: str = "") -> Listing:
    """The exceptions of tickets that this reader may see, by keyset."""
    rows = _visible(_asked_for(filters, known), seen_by)
    count = rows.count()
    at, _, number = after.partition("-")
    if at.isdecimal() and number.isdecimal() and max(int(at), int(number)) < LARGEST:
        rows = rows.filter(at__lte=int(at)).filter(Q(at__lt=int(at)) | Q(pk__lt=int(number)))
    found = list(_in_order(rows)[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Listing(found[:PAGE], count, f"{int(last.at.timestamp())}-{last.pk}" if last else None)


def every(filters: Filters, *, seen_by: By, known: int) -> Iterator[FoundException]:
    """All of them, for a download."""
    return _in_order(_visible(_asked_for(filters, known), seen_by)).iterator(chunk_size=2_000)


def cells(rows: Iterable[FoundException]) -> Iterator[tuple[Cell, ...]]:
    """Each as it is taken away, under HEADINGS."""
    for row in rows:
        reckoning = row.reckoning
        yield (
            row.get_kind_display(),
            row.at,
            reckoning.ticket.reference,
            reckoning.ticket.desk.name,
            reckoning.partner.name if reckoning.partner else None,
            reckoning.get_priority_display(),
            row.team.name if row.team else None,
            row.amount,
            row.of,
            reckoning.excluded,
            RULES[row.rule],
        )


def counted(filters: Filters, *, known: int) -> dict[tuple[Rule, str | None], int]:
    """How many there are of each kind and partner, of tickets that figures count; whoever asks, all partners."""
    rows = _asked_for(filters, known).filter(reckoning__excluded=False)
    grouped = rows.order_by().values_list("kind", "reckoning__partner__name").annotate(Count("pk"))
    return {(Rule(kind), partner): number for kind, partner, number in grouped}


def waits(known: int | None = None) -> bool:
    """Whether something became known, until a batch where one is named, in which exceptions are not looked for yet."""
    looked = Subquery(Cursor.objects.filter(task=TASK).values("number")[:1])
    taken = Entry.objects.filter(kind__in=TAKEN_OVER)
    if known is not None:
        taken = taken.filter(facts__batch__lte=known)
    last = taken.order_by("-number").annotate(looked=looked).values_list("number", "looked")[:1]
    return any(number > (until or 0) for number, until in last)


def kinds() -> list[tuple[str, str]]:
    """The kinds as a filter offers them."""
    return [(WORDS[kind], TITLES[kind]) for kind in Rule]


def explained() -> list[tuple[str, str, str]]:
    """Each kind: its word, its title and its rule."""
    return [(WORDS[kind], TITLES[kind], RULES[kind]) for kind in Rule]


def _asked_for(filters: Filters, known: int) -> QuerySet[FoundException]:
    rows = FoundException.objects.filter(
        at__gte=midnight(filters.first), at__lt=midnight(filters.last + timedelta(days=1))
    )
    rows = rows.filter(reckoning__known_from__lte=known).filter(
        Q(reckoning__known_until=None) | Q(reckoning__known_until__gt=known)
    )
    if filters.partner:
        rows = rows.filter(reckoning__partner=None) if filters.partner == "none" else _of(rows, filters.partner)
    if filters.team:
        rows = rows.filter(team__in=Team.objects.filter(name=filters.team).values("pk"))
    if filters.kind:
        rows = rows.filter(kind=next(kind for kind, word in WORDS.items() if word == filters.kind))
    return rows


def _visible(rows: QuerySet[FoundException], seen_by: By) -> QuerySet[FoundException]:
    if sees_all_rows(seen_by):
        return rows
    if seen_by.partner is None:
        return rows.none()
    return _of(rows, seen_by.partner)


def _of(rows: QuerySet[FoundException], partner: str) -> QuerySet[FoundException]:
    """Those of a partner's tickets, entered by their days and not by all of the partner's tickets."""
    own = Subquery(Partner.objects.filter(slug=partner).values("pk")[:1])
    return rows.filter(Exact(by_another("reckoning__partner_id"), own))


def _in_order(rows: QuerySet[FoundException]) -> QuerySet[FoundException]:
    related = ("reckoning__ticket__desk", "reckoning__partner", "team")
    return rows.select_related(*related).defer("reckoning__timeline").order_by(F("at").desc(), "-pk")
