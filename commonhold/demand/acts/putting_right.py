"""Corrections and exclusions of source data: with a reason, listed to all partners, and as easily undone (F6)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Max

from commonhold.databases.alone import Taken, alone
from commonhold.demand.acts.imports import IMPORTING, known_through
from commonhold.demand.acts.reckoning import reckon_tickets
from commonhold.demand.models import Batch, Correction, Exclusion, Ticket
from commonhold.demand.permissions import puts_right
from commonhold.demand.queries.putting_right import code_of
from commonhold.demand.queries.rules import clock_rules
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.refusals import Refused, require


@transaction.atomic
def correct(*, by: By, ticket: Ticket, fact: str, value: str, reason: str) -> Correction:
    """Put a fact of a ticket right, in every figure from now on; the desk's own word stays beside it."""
    require(puts_right(by), "correct source data")
    if ticket.corrections.filter(fact=fact, undone_in=None).exists():
        raise Refused("This fact stands corrected already. Undo that correction first.")
    with _while_nothing_is_imported():
        batch = _batch(by, Batch.Kind.CORRECTION)
        made = Correction.objects.create(
            ticket=ticket,
            fact=fact,
            value=code_of(fact, value),
            reason=_given(reason),
            post=by.post,
            at=by.at,
            made_in=batch.number,
        )
        _read_anew(batch, ticket)
        record(by=by, kind="ticket.corrected", subject=batch, facts={"batch": batch.number, "fact": fact})
    return made


@transaction.atomic
def exclude(*, by: By, ticket: Ticket, reason: str) -> Exclusion:
    """Leave a ticket out of every figure from now on; it stays in lists, marked."""
    require(puts_right(by), "leave tickets out of figures")
    if ticket.exclusions.filter(undone_in=None).exists():
        raise Refused("This ticket is left out of figures already.")
    with _while_nothing_is_imported():
        batch = _batch(by, Batch.Kind.EXCLUSION)
        made = Exclusion.objects.create(
            ticket=ticket, reason=_given(reason), post=by.post, at=by.at, made_in=batch.number
        )
        _read_anew(batch, ticket)
        record(by=by, kind="ticket.excluded", subject=batch, facts={"batch": batch.number})
    return made


@transaction.atomic
def undo(*, by: By, what: Correction | Exclusion) -> None:
    """Undo a correction or an exclusion: from now on the desk's own word counts again."""
    require(puts_right(by), "undo what was put right")
    if what.undone_in is not None:
        raise Refused("This was undone before.")
    is_correction = isinstance(what, Correction)
    with _while_nothing_is_imported():
        batch = _batch(by, Batch.Kind.CORRECTION if is_correction else Batch.Kind.EXCLUSION)
        what.undone_in = batch.number
        what.save(update_fields=("undone_in",))
        _read_anew(batch, what.ticket)
        kind = "correction.undone" if is_correction else "exclusion.undone"
        record(by=by, kind=kind, subject=batch, facts={"batch": batch.number})


@contextmanager
def _while_nothing_is_imported() -> Iterator[None]:
    """A file being gathered has a number already: what is put right meanwhile would make it known too early."""
    try:
        with alone(IMPORTING, wait=False):
            yield
    except Taken:
        raise Refused("Tickets are being imported. Nothing was changed; send this again when that has ended.") from None


def _batch(by: By, kind: str) -> Batch:
    last = Batch.objects.aggregate(last=Max("number"))["last"] or 0
    return Batch.objects.create(number=last + 1, kind=kind, state=Batch.State.TAKEN, began_at=by.at, taken_at=by.at)


def _read_anew(batch: Batch, ticket: Ticket) -> None:
    as_of = known_through()
    reckon_tickets(batch=batch, tickets=[ticket.pk], rules=clock_rules(as_of).compiled, as_of=as_of)


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused("Say why. The reason is shown to all partners beside every figure that this touches.")
    return reason.strip()
