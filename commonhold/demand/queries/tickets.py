"""The list of tickets with its filters and two orders, and one ticket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, F, Q, QuerySet, Subquery
from django.db.models.lookups import Exact
from django.http import Http404

from commonhold.databases.beginning import begins_with
from commonhold.databases.entering import are_few, by_another
from commonhold.databases.prepared import prepared
from commonhold.demand.engine.cells import LIMITS
from commonhold.demand.models import Batch, Category, Desk, Dispute, Priority, Reckoning, Service, State, Team, Ticket
from commonhold.demand.models.ticket import Kind, ReckoningRows
from commonhold.demand.queries.knowledge import Now, now
from commonhold.govuk.tables import Cell
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Partner
from commonhold.partnership.permissions import sees_all_rows
from commonhold.refusals import Refused
from commonhold.workdays import midnight

PAGE: Final = 25
READ: Final = (
    "ticket__reference", "partner__name", "priority", "kind", "state", "team__name", "service__name", "category__name",
    "opened_at", "resolved_at", "closed_at", "due_at", "target", "used", "held", "missed_at", "verdict", "excluded",
    "ticket__desk__name",
)  # fmt: skip
"""What is told of each ticket that is taken away."""

COUNTED: Final = 1_000
"""Rows are counted up to here; beyond it the page says "more than 1,000"."""

LARGEST: Final = 2**62
NO_PARTNER: Final = ""
"""The partner of a reader who has none: no partner's word, so none of their tickets are anybody's."""
RUNNING_STATES: Final = (State.OPEN, State.IN_PROGRESS, State.REOPENED)
OPEN_STATES: Final = (*RUNNING_STATES, State.ON_HOLD)
RELATED: Final = ("ticket__desk", "partner", "team", "service", "category")


@dataclass(frozen=True, slots=True)
class Order:
    """By which column a list is ordered, whether it falls, and what the column holds: whole seconds, or text."""

    column: str
    falling: bool = False
    text: bool = False


ORDERS: Final[Mapping[str, Order]] = {"opened": Order("opened_at", falling=True), "due": Order("due_at")}
BY_REFERENCE: Final = Order("ticket__reference", text=True)
"""Of many tickets whose references begin alike, none but their own order is found without reading them all."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; every field is a word of the address, empty for "all"."""

    reference: str = ""
    partner: str = ""
    desk: str = ""
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

    @property
    def leave_few(self) -> bool:
        """Whether one of them leaves so few tickets that an index of it is better than one of a partner."""
        open_still = self.state not in ("", "resolved", "closed", "cancelled") or self.order == "due"
        return open_still or self.breached == "yes" or any((self.reference, self.team, self.service, self.category))


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket in a list, and how it stands with its target: missed, met, running, on hold, or not set."""

    row: Reckoning
    target: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of tickets: its rows, how many there are in all (None: more than COUNTED), and the keys of its ends.

    `by_reference` where so many references begin as asked that they are listed in their own order.
    """

    rows: list[Line]
    count: int | None
    newer: str | None
    older: str | None
    by_reference: bool = False


def tickets(filters: Filters, *, seen_by: By, known: Now, after: str = "", before: str = "") -> Listing:
    """A page of the tickets this reader may see, by keyset: `after` and `before` are the keys that Listing gives."""
    rows, order = _asked_for(filters, seen_by, known)
    count = rows.order_by()[: COUNTED + 1].count()
    if filters.reference and count > COUNTED:
        order = BY_REFERENCE
    begins, ends = _parsed(after, order), _parsed(before, order)
    if begins is None and ends is not None:
        back, more = _part(rows, replace(order, falling=not order.falling), ends)
        page, newer, older = back[::-1], more, True
    else:
        page, older = _part(rows, order, begins)
        newer = begins is not None
    return Listing(
        rows=[Line(row, target_of(row, known.through)) for row in page],
        count=count if count <= COUNTED else None,
        newer=_key(page[0], order) if page and newer else None,
        older=_key(page[-1], order) if page and older else None,
        by_reference=order is BY_REFERENCE,
    )


def every(filters: Filters, *, seen_by: By) -> Iterator[tuple[Cell, ...]]:
    """All tickets of a list, a few at a time, for a download: of each what READ names, with the words of its priority,
    kind and state, and in place of `missed_at` whether its target is known to be missed; None where it has none.
    """
    known = now()
    rows, order = _asked_for(filters, seen_by, known)
    found = _in_order(rows, order).values_list(*READ).iterator(chunk_size=2_000)
    priorities, kinds, states = ({one: str(one.label) for one in choices} for choices in (Priority, Kind, State))
    for reference, partner, priority, kind, state, *more, target, used, held, missed_at, verdict, out, desk in found:
        missed = missed_at is not None and known.through is not None and missed_at <= known.through
        yield (
            reference, partner, priorities[priority], kinds[kind], states[state], *more, target, used, held,
            None if target is None else missed, verdict, out, desk,
        )  # fmt: skip


def visible(known: int, seen_by: By, *, in_order: bool = False) -> ReckoningRows:
    """The rows this reader may see (D2): all for those who run the service, else those of the reader's partner.

    These are `in_order` of their opening by an index of the partner; other conditions are better entered by their own.
    """
    return _visible(known, seen_by.partner or NO_PARTNER, sees_all=sees_all_rows(seen_by), in_order=in_order)


def _visible(known: int, partner: str, *, sees_all: bool, in_order: bool = False) -> ReckoningRows:
    rows = Reckoning.objects.known(known)
    if sees_all:
        return rows
    own = number_of(partner)
    return rows.filter(partner=own) if in_order else rows.filter(Exact(by_another("partner_id"), own))


def number_of(partner: str) -> Subquery:
    """A partner by number, so that one index finds its tickets in order."""
    return Subquery(Partner.objects.filter(slug=partner).values("pk")[:1])


def target_of(row: Reckoning, through: datetime | None) -> str:
    """How a ticket stands with its target at an instant no earlier than when its clock was read."""
    if row.target is None:
        return "not set"
    if row.missed_at is not None and through is not None and row.missed_at <= through:
        return "missed"
    # A hold for a reason that the agreement does not accept leaves the clock running: it has a due instant.
    if row.state in RUNNING_STATES or (row.state == State.ON_HOLD and row.due_at is not None):
        return "running"
    return "on hold" if row.state == State.ON_HOLD else "met"


def _asked_for(filters: Filters, seen_by: By, known: Now) -> tuple[ReckoningRows, Order]:
    """The rows of a list, and in which order; what is due soonest is asked of tickets that are open and can be late."""
    order = ORDERS.get(filters.order, ORDERS["opened"])
    rare = not filters.leave_few and _are_rare(filters, seen_by)
    rows = visible(known.batch, seen_by, in_order=not (rare or filters.leave_few or filters.desk))
    if filters.partner and filters.partner != seen_by.partner and not sees_all_rows(seen_by):
        rows = rows.none()
    rows = rows.filter(conditions(filters, known.through, rare=rare))
    if order.column == "due_at":
        rows = rows.filter(due_at__isnull=False, state__in=OPEN_STATES)
    return rows, order


def _in_order(rows: ReckoningRows, order: Order) -> ReckoningRows:
    mark = "-" if order.falling else ""
    return rows.order_by(f"{mark}{order.column}", f"{mark}pk")


def _are_rare(filters: Filters, seen_by: By) -> bool:
    """Whether few tickets have the priority or are of the kind asked for, where a list could be entered by a desk or a
    partner as well.
    """
    if not filters.desk and not filters.partner and sees_all_rows(seen_by):
        return False
    found = {name: choices[word.upper()] for name, word, choices in _chosen(filters) if word}
    return any(are_few(Reckoning.objects.filter(**{name: value})) for name, value in found.items())


def _chosen(filters: Filters) -> tuple[tuple[str, str, type[Priority | Kind]], ...]:
    return ("priority", filters.priority, Priority), ("kind", filters.kind, Kind)


def conditions(filters: Filters, through: datetime | None, *, rare: bool = False) -> Q:
    """What a ticket is that a list is narrowed to, as it stands with its target through an instant.

    Where the priority or the kind is `rare`, no list is entered by an index of a desk or a partner.
    """
    where = Q()
    if filters.reference:
        where &= begins_so(filters.reference)
    if filters.partner:
        where &= Q(partner=None) if filters.partner == "none" else _is("partner_id", number_of(filters.partner), rare)
    if filters.desk:
        desk = Subquery(Desk.objects.filter(name=filters.desk).values("pk")[:1])
        where &= _is("desk_id", desk, rare or filters.leave_few or bool(filters.partner))
    if filters.opened_from:
        where &= Q(opened_at__gte=midnight(filters.opened_from))
    if filters.opened_to and filters.opened_to < date.max:
        where &= Q(opened_at__lt=midnight(filters.opened_to + timedelta(days=1)))
    for name, word, choices in _chosen(filters):
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


def _is(column: str, number: Subquery, enter_by_another: bool) -> Q:
    return Q(Exact(by_another(column) if enter_by_another else F(column), number))


def begins_so(reference: str) -> Q:
    """That a ticket's reference begins so, to the letter where any does, else in capitals, as desks write it."""
    there = Ticket.objects.filter(begins_with("reference", reference)).exists()
    return begins_with("ticket__reference", reference if there else reference.upper())


def opened_within(first: date, last: date) -> Q:
    """The condition that a ticket was opened on one of these days of Europe/London, the last one included."""
    where = Q(opened_at__gte=midnight(first))
    return where & Q(opened_at__lt=midnight(last + timedelta(days=1))) if last < date.max else where


def _key(row: Reckoning, order: Order) -> str:
    at = row.ticket.reference if order.text else int(getattr(row, order.column).timestamp())
    return f"{at}-{row.pk}"


def _part(rows: ReckoningRows, order: Order, key: tuple[int | str, int] | None) -> tuple[list[Reckoning], bool]:
    """The rows that follow a key in this order, as many as a page holds, and whether there are more."""
    column = order.column
    if key is not None:
        sign = "lt" if order.falling else "gt"
        at, number = key
        # The first condition alone says where the index is to be entered.
        rows = rows.filter(**{f"{column}__{sign}e": at})
        rows = rows.filter(Q(**{f"{column}__{sign}": at}) | Q(**{f"pk__{sign}": number}))
    found = list(_in_order(rows.select_related(*RELATED).defer("timeline"), order)[: PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def _parsed(key: str, order: Order) -> tuple[int | str, int] | None:
    at, _, number = key.rpartition("-")
    # What no reference is: databases refuse to be asked for it.
    if "\x00" in at or len(at) > LIMITS["reference"]:
        return None
    try:
        found = (at if order.text else int(at)), int(number)
    except ValueError:
        return None
    return found if max(abs(n) for n in found if isinstance(n, int)) < LARGEST else None


def the_ticket(reference: str, desk: str | None = None) -> Ticket:
    """The one ticket of this reference. Refused where there is none, or several desks have one and none is named."""
    told = Reckoning.objects.known(Batch.objects.known()).filter(ticket__reference=reference)
    rows = Ticket.objects.filter(pk__in=told.values("ticket")).select_related("desk").order_by("desk__name")
    found = list(rows.filter(desk__name=desk) if desk else rows)
    if not found:
        raise Refused(f"There is no ticket '{reference}'{f' at the desk {desk}' if desk else ''}.")
    if len(found) > 1:
        desks = ", ".join(ticket.desk.name for ticket in found)
        raise Refused(f"Several desks have a ticket {reference}: {desks}. Name one with --desk.")
    return found[0]


def seen_ticket(number: int, *, seen_by: By, known: int | None = None) -> Reckoning:
    """A ticket as it is known, now without `known`. Not found where there is none that this reader may see."""
    # Databases refuse to be asked for a number beyond what a key can be.
    found = _numbered(*_reads(seen_by, known), number, sees_all=sees_all_rows(seen_by)) if number < LARGEST else []
    return _the_one(found)


def ticket_called(desk: int, reference: str, *, seen_by: By, known: int | None = None) -> Reckoning:
    """The ticket that a desk calls so, found as by its number."""
    # What no desk can have written: databases refuse to be asked for it.
    if desk >= LARGEST or "\x00" in reference:
        return _the_one([])
    return _the_one(_called(*_reads(seen_by, known), desk, reference, sees_all=sees_all_rows(seen_by)))


def _reads(seen_by: By, known: int | None) -> tuple[int, str]:
    return Batch.objects.known() if known is None else known, seen_by.partner or NO_PARTNER


@prepared
def _numbered(known: int, partner: str, number: int, /, *, sees_all: bool) -> QuerySet[Reckoning]:
    return _whole(_visible(known, partner, sees_all=sees_all).filter(ticket=number))


@prepared
def _called(known: int, partner: str, desk: int, reference: str, /, *, sees_all: bool) -> QuerySet[Reckoning]:
    rows = _visible(known, partner, sees_all=sees_all)
    return _whole(rows.filter(ticket__desk=desk, ticket__reference=reference))


def _whole(rows: ReckoningRows) -> QuerySet[Reckoning]:
    return rows.select_related(*RELATED).annotate(any_disputed=Exists(Dispute.objects.contested())).order_by("pk")[:1]


def _the_one(found: list[Reckoning]) -> Reckoning:
    if not found:
        raise Http404("There is no such ticket, or it is another partner's.")
    return found[0]
