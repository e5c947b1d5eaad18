"""Opening incidents from tickets, adding tickets to them, and flagging key incidents."""

from collections.abc import Sequence

from django.db import transaction

from commonhold.demand.acts.register.locking import _given, _standing
from commonhold.demand.models import Batch, Incident, IncidentTicket, KeyFlag, Priority, Ticket
from commonhold.demand.permissions import keeps_the_register
from commonhold.demand.queries.register.standing import MOST_TICKETS, members, to_open
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.refusals import Refused, require


@transaction.atomic
def open_incident(*, by: By, tickets: Sequence[Ticket], is_key: bool = False, reason: str = "") -> Incident:
    """Open an incident for tickets: one of them is a P1, or it is flagged as a key incident with the reason."""
    require(keeps_the_register(by), "open incidents in the register")
    if not tickets:
        raise Refused("An incident is about one ticket at least.")
    if len(tickets) > MOST_TICKETS:
        raise Refused(f"An incident has at most {MOST_TICKETS} tickets.")
    rows = [to_open(ticket) for ticket in _free(tickets)]
    if not is_key and all(row.priority != Priority.P1 for row in rows):
        raise Refused(
            "None of these tickets is a P1. Flag it as a key incident and say why, and it is entered whatever its "
            "priority."
        )
    why = _given(reason, "Say why it is a key incident.") if is_key else ""
    opened_with = {"tickets": [[row.ticket.desk.name, row.ticket.reference] for row in rows], "reason": why}
    made = Incident.objects.create(is_key=is_key, opened_with=opened_with, post=by.post, at=by.at)
    IncidentTicket.objects.bulk_create(
        IncidentTicket(incident=made, ticket=row.ticket, post=by.post, at=by.at) for row in rows
    )
    if is_key:
        KeyFlag.objects.create(incident=made, is_key=True, reason=why, post=by.post, at=by.at)
    told_by = Batch.objects.filter(number__in={row.known_from for row in rows})
    facts = {"tickets": len(rows), "is_key": is_key}
    record(by=by, kind="incident.opened", subject=made, because=[batch.entry for batch in told_by], facts=facts)
    return made


@transaction.atomic
def add_ticket(*, by: By, incident: Incident, ticket: Ticket) -> IncidentTicket:
    """Add a ticket to an incident: several reports of one outage are one incident."""
    require(keeps_the_register(by), "add tickets to this incident")
    now = _standing(incident)
    (free,) = _free([ticket])
    row = to_open(free)
    if members().filter(incident=now).count() >= MOST_TICKETS:
        raise Refused(f"An incident has at most {MOST_TICKETS} tickets.")
    made = IncidentTicket.objects.create(incident=now, ticket=free, post=by.post, at=by.at)
    told_by = Batch.objects.filter(number=row.known_from).first()
    because = [now.entry, told_by.entry if told_by else None]
    record(by=by, kind="incident.ticket-added", subject=made, because=because)
    return made


@transaction.atomic
def flag(*, by: By, incident: Incident, is_key: bool, reason: str) -> KeyFlag:
    """Say that an incident is a key incident whatever its priority, or that it is none after all, and why."""
    require(keeps_the_register(by), "flag key incidents")
    now = _standing(incident)
    if now.is_key == is_key:
        raise Refused("This is a key incident already." if is_key else "This is no key incident as it stands.")
    why = _given(reason, "Say why. The reason is shown to all partners.")
    made = KeyFlag.objects.create(incident=now, is_key=is_key, reason=why, post=by.post, at=by.at)
    now.is_key = is_key
    now.save(update_fields=("is_key",))
    kind = "incident.flagged" if is_key else "incident.unflagged"
    record(by=by, kind=kind, subject=made, because=now.entry)
    return made


def _free(tickets: Sequence[Ticket]) -> list[Ticket]:
    """The tickets, which nobody else puts into an incident until the act is done. Refused where one stands in one."""
    numbers = {ticket.pk for ticket in tickets}
    locked = list(Ticket.objects.select_for_update().filter(pk__in=numbers).order_by("pk"))
    taken = members().filter(ticket__in=numbers).select_related("ticket", "incident").order_by("pk").first()
    if taken is not None:
        raise Refused(f"{taken.ticket} is part of incident {taken.incident_id} already.")
    return locked
