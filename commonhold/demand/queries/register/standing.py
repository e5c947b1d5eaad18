"""What stands of an incident: its tickets as they are known and clocked, its account, who was told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import Combinable

from commonhold.databases.prepared import prepared
from commonhold.demand.engine.incidents.account import Clocked
from commonhold.demand.models import Batch, Incident, IncidentTicket, Reckoning, Ticket, WriteUp
from commonhold.demand.queries.knowledge import Now, now
from commonhold.demand.queries.rules import clock_rules
from commonhold.demand.queries.ticket import minutes_used
from commonhold.demand.queries.tickets import RELATED, target_of
from commonhold.partnership.queries import Rules
from commonhold.refusals import Refused

MOST_TICKETS = 50
"""Tickets of one incident: beyond these it is a backlog, not an incident."""


def members() -> QuerySet[IncidentTicket]:
    """The tickets that stand in incidents that stand."""
    return IncidentTicket.objects.filter(strike=None, incident__strike=None)


def in_no_incident() -> Combinable:
    """The condition on what the clock made of a ticket, that it stands in no incident."""
    return ~Exists(members().filter(ticket=OuterRef("ticket")))


def incident_of(ticket: Ticket) -> Incident | None:
    """The incident that a ticket is part of."""
    return next((found.incident for found in _standing_in(ticket.pk)), None)


@prepared
def _standing_in(ticket: int, /) -> QuerySet[IncidentTicket]:
    return members().filter(ticket=ticket).select_related("incident").order_by("pk")[:1]


def standing_write_up(incident: Incident) -> WriteUp | None:
    """The last signed-off account that was not entered in error."""
    return WriteUp.objects.filter(incident=incident, strike=None).order_by("-number").first()


def rows_of(tickets: QuerySet[Any, Any] | Sequence[int], known: Now) -> QuerySet[Reckoning]:
    """What is known of these tickets; of those that no file tells of any longer, nothing."""
    return Reckoning.objects.known(known.batch).filter(ticket__in=tickets).select_related(*RELATED)


def clocked(rows: Iterable[Reckoning], known: Now, agreed: Rules | None = None) -> dict[int, Clocked]:
    """The clocks of tickets, read at the last instant that any file tells of, by the ticket's number (C8); by these
    rules, where they are at hand.
    """
    listed = list(rows)
    if not listed:
        return {}
    rules = clock_rules(int(known.through.timestamp()) if known.through else 0, agreed=agreed)
    return {row.ticket_id: _clocked(row, minutes_used(row, known, rules), known) for row in listed}


def _clocked(row: Reckoning, minutes: tuple[int | None, int | None], known: Now) -> Clocked:
    used, target = minutes
    return Clocked(
        reference=row.ticket.reference,
        opened=row.opened_at,
        resolved=row.resolved_at or row.closed_at,
        used=used,
        target=target,
        result=target_of(row, known.through),
    )


def clocked_now(incident: Incident) -> list[Clocked]:
    """The clocks of an incident's tickets as they are known now, in the order of opening."""
    known = now()
    numbers = members().filter(incident=incident).values_list("ticket", flat=True)
    found = clocked(rows_of(numbers, known), known).values()
    return sorted(found, key=lambda one: (one.opened, one.reference))


def to_open(ticket: Ticket) -> Reckoning:
    """What is known of a ticket for which an incident is opened. Refused where no file tells of it any longer."""
    row = rows_of([ticket.pk], Now(Batch.objects.known(), None)).first()
    if row is None:
        raise Refused(f"No file tells of {ticket} any longer.")
    return row
