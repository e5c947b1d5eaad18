"""The list of tickets with its filters and two orders, and one ticket with its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db.models import Q
from django.http import Http404

from commonhold.demand.models import Batch, Priority, Reckoning, State, Ticket
from commonhold.demand.models.ticket import Kind, ReckoningRows
from commonhold.ledger.engine.by import By
from commonhold.partnership.permissions import sees_all_rows
from commonhold.partnership.queries import LONDON
from commonhold.refusals import Refused

PAGE: Final = 25
COUNTED: Final = 1_000
"""Rows are counted up to here; beyond it the page says "more than 1,000"."""

OPEN_STATES = (State.OPEN, State.IN_PROGRESS, State.ON_HOLD, State.REOPENED)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; every field is a word of the address, empty for "all"."""

    reference: str = ""
    partner: str = ""
    opened_from: date | None = None
    opened_to: date | None = None
    priority: str = ""
    kind: str = ""
    state: str = ""
    team: str = ""
    service: str = ""
    category: str = ""
    breached: str = ""
    held: str = ""
    order: str = "opened"


RELATED: Final = ("ticket__desk", "partner", "team", "service", "category")


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of tickets: its rows, how many there are in all (None: more than COUNTED), and the keys of its ends."""

    rows: list[Reckoning]
    count: int | None
    newer: str | None
    older: str | None


def tickets(filters: Filters, *, seen_by: By, after: str = "", before: str = "", known: int | None = None) -> Listing:
    """A page of the tickets this reader may see, by keyset: `after` and `before` are the keys that Listing gives."""
    known = Batch.objects.known() if known is None else known
    rows = visible(known, seen_by).filter(_conditions(filters))
    column, descending = ORDERS.get(filters.order, ORDERS["opened"])
    if column == "due_at":
        rows = rows.filter(due_at__isnull=False, state__in=OPEN_STATES)
    count = rows.order_by()[: COUNTED + 1].count()
    page, more, backwards = _page(rows, column, descending, after, before)
    return Listing(
        rows=page,
        count=count if count <= COUNTED else None,
        newer=_key(page[0], column) if page and (after or (backwards and more)) else None,
        older=_key(page[-1], column) if page and (before or (more and not backwards)) else None,
    )


def every(filters: Filters, *, seen_by: By) -> Iterator[Reckoning]:
    """All tickets of a list, a few at a time, for a download."""
    rows = visible(Batch.objects.known(), seen_by).filter(_conditions(filters))
    yield from rows.select_related(*RELATED).defer("timeline").order_by("-opened_at", "-pk").iterator(chunk_size=2_000)


ORDERS: Final[Mapping[str, tuple[str, bool]]] = {"opened": ("opened_at", True), "due": ("due_at", False)}


def visible(known: int, seen_by: By) -> ReckoningRows:
    """The rows this reader may see (D2): all for those who run the service, else those of the reader's partner."""
    rows = Reckoning.objects.known(known)
    if sees_all_rows(seen_by):
        return rows
    if seen_by.partner is None:
        return rows.none()
    return rows.filter(partner__slug=seen_by.partner)


def _conditions(filters: Filters) -> Q:
    where = Q(excluded=False)
    if filters.reference:
        where &= Q(ticket__reference__istartswith=filters.reference)
    if filters.partner:
        where &= Q(partner=None) if filters.partner == "none" else Q(partner__slug=filters.partner)
    if filters.opened_from:
        where &= Q(opened_at__gte=midnight(filters.opened_from))
    if filters.opened_to:
        where &= Q(opened_at__lt=midnight(filters.opened_to + timedelta(days=1)))
    for name, choices in (("priority", Priority), ("kind", Kind)):
        word = getattr(filters, name)
        if word:
            where &= Q(**{name: choices[word.upper()]})
    if filters.state:
        where &= Q(state__in=OPEN_STATES) if filters.state == "unresolved" else Q(state=State[filters.state.upper()])
    for name in ("team", "service", "category"):
        word = getattr(filters, name)
        if word:
            where &= Q(**{f"{name}__name": word})
    if filters.breached:
        where &= Q(breached=filters.breached == "yes")
    if filters.held:
        where &= Q(held__gt=0) if filters.held == "yes" else Q(held=0)
    return where


def midnight(day: date) -> datetime:
    """The instant at which a day of Europe/London begins."""
    return datetime.combine(day, time(0), LONDON).astimezone(UTC)


def _key(row: Reckoning, column: str) -> str:
    return f"{int(getattr(row, column).timestamp())}-{row.pk}"


def _page(
    rows: ReckoningRows, column: str, descending: bool, after: str, before: str
) -> tuple[list[Reckoning], bool, bool]:
    """One page, whether there are more in the direction of travel, and whether that direction is backwards."""
    backwards = bool(before) and not after
    falling = descending != backwards
    key = _parsed(before if backwards else after)
    if key is not None:
        sign = "lt" if falling else "gt"
        instant, number = key
        rows = rows.filter(Q(**{f"{column}__{sign}": instant}) | Q(**{column: instant, f"pk__{sign}": number}))
    mark = "-" if falling else ""
    found = list(rows.select_related(*RELATED).defer("timeline").order_by(f"{mark}{column}", f"{mark}pk")[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    return (found[::-1] if backwards else found), more, backwards


def _parsed(key: str) -> tuple[int, int] | None:
    instant, _, number = key.partition("-")
    try:
        return (int(instant), int(number)) if key else None
    except ValueError:
        return None


def the_ticket(reference: str, desk: str | None = None) -> Ticket:
    """The one ticket of this reference. Refused where there is none, or several desks have one and none is named."""
    rows = Ticket.objects.filter(reference=reference, known_from__lte=Batch.objects.known()).select_related("desk")
    found = list(rows.filter(desk__name=desk) if desk else rows)
    if not found:
        raise Refused(f"There is no ticket {reference}{f' at the desk {desk}' if desk else ''}.")
    if len(found) > 1:
        desks = ", ".join(ticket.desk.name for ticket in found)
        raise Refused(f"Several desks have a ticket {reference}: {desks}. Name one with --desk.")
    return found[0]


def seen_ticket(desk: int, reference: str, *, seen_by: By) -> Reckoning:
    """A ticket as it is known now. Not found where there is none that this reader may see."""
    rows = visible(Batch.objects.known(), seen_by).select_related(*RELATED)
    found = rows.filter(ticket__desk=desk, ticket__reference=reference).first()
    if found is None:
        raise Http404("There is no such ticket, or it is another partner's.")
    return found
