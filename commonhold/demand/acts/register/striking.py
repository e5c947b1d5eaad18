"""Marking what should not have been entered: it stays in sight, struck out, with the reason (U3)."""

from typing import Any

from django.db import transaction

from commonhold.demand.acts.register.locking import _given, _standing
from commonhold.demand.models import Incident, IncidentDraft, IncidentTicket, Remark, Strike, Telling, WriteUp
from commonhold.demand.permissions import keeps_the_register, signs_off
from commonhold.demand.queries.register.standing import members, standing_write_up
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.refusals import Refused, require


@transaction.atomic
def strike_incident(*, by: By, incident: Incident, reason: str) -> Strike:
    """Mark an incident as entered in error; its tickets are free for another one."""
    require(signs_off(by), "mark this incident as entered in error")
    now = _standing(incident)
    made = _struck(by, reason, incident=now)
    record(by=by, kind="incident.entered-in-error", subject=made, because=now.entry)
    return made


@transaction.atomic
def take_out_ticket(*, by: By, ticket: IncidentTicket, reason: str) -> Strike:
    """Take a ticket out of an incident, unless it is the last one."""
    require(keeps_the_register(by), "take tickets out of this incident")
    now = _standing(ticket.incident)
    if not members().filter(incident=now).exclude(pk=ticket.pk).exists():
        raise Refused("This is its only ticket. Mark the incident as entered in error, if it was one.")
    made = _struck(by, reason, ticket=ticket)
    record(by=by, kind="incident.ticket-taken-out", subject=made, because=ticket.entry or now.entry)
    return made


@transaction.atomic
def strike_telling(*, by: By, telling: Telling, reason: str) -> Strike:
    """Mark a line of who was told as entered in error."""
    require(keeps_the_register(by), "mark this line as entered in error")
    _standing(telling.incident)
    made = _struck(by, reason, telling=telling)
    record(by=by, kind="telling.entered-in-error", subject=made, because=telling.entry)
    return made


@transaction.atomic
def strike_write_up(*, by: By, write_up: WriteUp, reason: str) -> Strike:
    """Mark a signed-off account as entered in error: the one before it stands again, where there is one (L6)."""
    require(signs_off(by), "mark this account as entered in error")
    now = _standing(write_up.incident)
    made = _struck(by, reason, write_up=write_up)
    stands = standing_write_up(now)
    now.title = stands.account.title if stands else ""
    now.save(update_fields=("title",))
    # What is in the draft is no longer signed off by the account that is struck.
    IncidentDraft.objects.filter(incident=now).update(signed=0)
    record(by=by, kind="write-up.entered-in-error", subject=made, because=write_up.entry)
    return made


@transaction.atomic
def strike_remark(*, by: By, remark: Remark, reason: str) -> Strike:
    """Mark a remark or an answer as entered in error: the post that made it may."""
    require(bool(by.post) and by.post == remark.post, "mark this remark as entered in error")
    _standing(remark.incident)
    made = _struck(by, reason, remark=remark)
    record(by=by, kind="remark.entered-in-error", subject=made, because=remark.entry)
    return made


def _struck(by: By, reason: str, **what: Any) -> Strike:
    """Strike one thing out, once. The act that calls this has the incident to itself, and records it."""
    why = _given(reason, "Say why. The reason is shown wherever this was.")
    if Strike.objects.filter(**what).exists():
        raise Refused("This has been done already.")
    return Strike.objects.create(**what, reason=why, post=by.post, at=by.at)
