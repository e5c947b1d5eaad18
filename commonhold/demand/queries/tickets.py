"""The list of tickets with its filters and two orders, and one ticket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db.models import Q
from django.http import Http404

from commonhold.databases.beginning import begins_with
from commonhold.demand.models import Batch, Category, Priority, Reckoning, Service, State, Team, Ticket
from commonhold.demand.models.ticket import Kind, ReckoningRows
from commonhold.demand.queries.knowledge import Now, now
from commonhold.ledger.engine.by import By
from commonhold.partnership.permissions import sees_all_rows
from commonhold.partnership.queries import LONDON
from commonhold.refusals import Refused

PAGE: Final = 25
COUNTED: Final = 1_000
"""Rows are counted up to here; beyond it the page says "more than 1,000"."""

LARGEST: Final = 2**62
RUNNING_STATES: Final = (State.OPEN, State.IN_PROGRESS, State.REOPENED)
OPEN_STATES: Final = (*RUNNING_STATES, State.ON_HOLD)
RELATED: Final = ("ticket__desk", "partner", "team", "service", "category")
ORDERS: Final[Mapping[str, tuple[str, bool]]] = {"opened": ("opened_at", True), "due": ("due_at", False)}


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


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket in a list, and how it stands with its target: missed, met, running, on hold, or not set."""

    row: Reckoning
    target: str

    @property
    def missed(self) -> bool | None:
        return None if self.row.target is None else self.target == "missed"


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of tickets: its rows, how many there are in all (None: more than COUNTED), and the keys of its ends."""

    rows: list[Line]
    count: int | None
    newer: str | None
    older: str | None


def tickets(filters: Filters, *, seen_by: By, known: Now, after: str = "", before: str = "") -> Listing:
    """A page of the tickets this reader may see, by keyset: `after` and `before` are the keys that Listing gives."""
    rows, column, descending = _asked_for(filters, seen_by, known)
    count = rows.order_by()[: COUNTED + 1].count()
    begins, ends = _parsed(after), _parsed(before)
    if begins is None and ends is not None:
        back, more = _part(rows, column, not descending, ends)
        page, newer, older = back[::-1], more, True
    else:
        page, older = _part(rows, column, descending, begins)
        newer = begins is not None
    return Listing(
        rows=[Line(row, target_of(row, known.through)) for row in page],
        count=count if count <= COUNTED else None,
        newer=_key(page[0], column) if page and newer else None,
        older=_key(page[-1], column) if page and older else None,
    )


def every(filters: Filters, *, seen_by: By) -> Iterator[Line]:
    """All tickets of a list, a few at a time, for a download."""
    known = now()
    rows, column, descending = _asked_for(filters, seen_by, known)
    rows = _in_order(rows.select_related(*RELATED).defer("timeline"), column, descending)
    return (Line(row, target_of(row, known.through)) for row in rows.iterator(chunk_size=2_000))


def visible(known: int, seen_by: By) -> ReckoningRows:
    """The rows this reader may see (D2): all for those who run the service, else those of the reader's partner."""
    rows = Reckoning.objects.known(known)
    if sees_all_rows(seen_by):
        return rows
    if seen_by.partner is None:
        return rows.none()
    return rows.filter(partner__slug=seen_by.partner)


def target_of(row: Reckoning, through: datetime | None) -> str:
    """How a ticket stands with its target at an instant no earlier than when its clock was read."""
    if row.target is None:
        return "not set"
    if row.missed_at is not None and through is not None and row.missed_at <= through:
        return "missed"
    if row.state in RUNNING_STATES:
        return "running"
    return "on hold" if row.state == State.ON_HOLD else "met"


def _asked_for(filters: Filters, seen_by: By, known: Now) -> tuple[ReckoningRows, str, bool]:
    """The rows of a list, and in which order; what is due soonest is asked of tickets that are open and can be late."""
    column, descending = ORDERS.get(filters.order, ORDERS["opened"])
    rows = visible(known.batch, seen_by).filter(_conditions(filters, known.through))
    if column == "due_at":
        rows = rows.filter(due_at__isnull=False, state__in=OPEN_STATES)
    return rows, column, descending


def _in_order(rows: ReckoningRows, column: str, falling: bool) -> ReckoningRows:
    mark = "-" if falling else ""
    return rows.order_by(f"{mark}{column}", f"{mark}pk")


def _conditions(filters: Filters, through: datetime | None) -> Q:
    where = Q()
    if filters.reference:
        # Desks write references in capitals; whoever looks for one may not.
        where &= begins_with("ticket__reference", filters.reference, filters.reference.upper())
    if filters.partner:
        where &= Q(partner=None) if filters.partner == "none" else Q(partner__slug=filters.partner)
    if filters.opened_from:
        where &= Q(opened_at__gte=midnight(filters.opened_from))
    if filters.opened_to and filters.opened_to < date.max:
        where &= Q(opened_at__lt=midnight(filters.opened_to + timedelta(days=1)))
    for name, choices in (("priority", Priority), ("kind", Kind)):
        word = getattr(filters, name)
        if word:
            where &= Q(**{name: choices[word.upper()]})
    if filters.state:
        where &= Q(state__in=OPEN_STATES) if filters.state == "unresolved" else Q(state=State[filters.state.upper()])
    for name, model in (("team", Team), ("service", Service), ("category", Category)):
        word = getattr(filters, name)
        if word:
            # By number, so that one index finds them in order.
            where &= Q(**{name: model.objects.filter(name=word).values("pk")[:1]})
    if filters.breached:
        # A clock that runs is missed as soon as that is known, not when its ticket is told of again.
        missed = Q(missed_at__lte=through) if through else Q(pk__in=())
        where &= missed if filters.breached == "yes" else Q(target__isnull=False) & (Q(missed_at=None) | ~missed)
    if filters.held:
        where &= Q(was_held=filters.held == "yes")
    return where


def midnight(day: date) -> datetime:
    """The instant at which a day of Europe/London begins."""
    return datetime.combine(day, time(0), LONDON).astimezone(UTC)


def _key(row: Reckoning, column: str) -> str:
    return f"{int(getattr(row, column).timestamp())}-{row.pk}"


def _part(rows: ReckoningRows, column: str, falling: bool, key: tuple[int, int] | None) -> tuple[list[Reckoning], bool]:
    """The rows that follow a key in this order, as many as a page holds, and whether there are more."""
    if key is not None:
        sign = "lt" if falling else "gt"
        instant, number = key
        # The first condition alone says where the index is to be entered.
        rows = rows.filter(**{f"{column}__{sign}e": instant})
        rows = rows.filter(Q(**{f"{column}__{sign}": instant}) | Q(**{f"pk__{sign}": number}))
    found = list(_in_order(rows.select_related(*RELATED).defer("timeline"), column, falling)[: PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def _parsed(key: str) -> tuple[int, int] | None:
    instant, _, number = key.rpartition("-")
    try:
        found = int(instant), int(number)
    except ValueError:
        return None
    return found if max(map(abs, found)) < LARGEST else None


def the_ticket(reference: str, desk: str | None = None) -> Ticket:
    """The one ticket of this reference. Refused where there is none, or several desks have one and none is named."""
    told = Reckoning.objects.known(Batch.objects.known()).filter(ticket__reference=reference)
    rows = Ticket.objects.filter(pk__in=told.values("ticket")).select_related("desk").order_by("desk__name")
    found = list(rows.filter(desk__name=desk) if desk else rows)
    if not found:
        raise Refused(f"There is no ticket {reference}{f' at the desk {desk}' if desk else ''}.")
    if len(found) > 1:
        desks = ", ".join(ticket.desk.name for ticket in found)
        raise Refused(f"Several desks have a ticket {reference}: {desks}. Name one with --desk.")
    return found[0]


def seen_ticket(desk: int, reference: str, *, seen_by: By, known: int | None = None) -> Reckoning:
    """A ticket as it is known, now without `known`. Not found where there is none that this reader may see."""
    rows = visible(Batch.objects.known() if known is None else known, seen_by).select_related(*RELATED)
    # A number beyond what a key can be, and what no desk can have written: databases refuse to be asked for either.
    askable = desk < LARGEST and "\x00" not in reference
    found = rows.filter(ticket__desk=desk, ticket__reference=reference).first() if askable else None
    if found is None:
        raise Http404("There is no such ticket, or it is another partner's.")
    return found
