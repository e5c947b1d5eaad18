"""Reading all clocks again when calendars or targets changed; what was measured before stays known (R3, F7)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from commonhold.databases.alone import Taken, alone
from commonhold.demand.acts.imports import IMPORTING, Progress, known_through, sweep, sweep_stopped
from commonhold.demand.acts.reckoning import in_parts, reckon_tickets
from commonhold.demand.models import Batch, Ticket
from commonhold.demand.queries.rules import clock_rules
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.ledger.workings import working
from commonhold.partnership.models import Role
from commonhold.refusals import Refused, require


@working
def read_by_changed_rules(*, by: By, because: Entry, clock: Callable[[], datetime], progress: Progress) -> None:
    """Read every ticket's clock by the rules as they stand now, and take that over; without tickets, do nothing."""
    known = Batch.objects.known()
    as_of = known_through()
    if not Batch.objects.known(because.number) or not as_of:
        return
    try:
        with alone(IMPORTING, wait=False):
            sweep_stopped()
            batch = begin_reading(at=by.at)
            try:
                tickets = list(Ticket.objects.filter(known_from__lte=known).order_by("pk").values_list("pk", flat=True))
                rules = clock_rules(as_of).compiled
                for number, part in enumerate(in_parts(tickets)):
                    progress(number * len(part) / len(tickets), "Reading the clocks by the changed rules")
                    reckon_tickets(batch=batch, tickets=part, rules=rules, as_of=as_of)
            except BaseException:
                sweep(batch=batch)
                raise
            take_over_reading(by=replace(by, at=clock()), batch=batch, because=because, tickets=len(tickets))
    except Taken:
        raise Refused("Tickets are being imported; the clocks are read again afterwards.") from None


@working
def begin_reading(*, at: datetime) -> Batch:
    """Begin a batch of readings under the next number."""
    last = Batch.objects.aggregate(last=Max("number"))["last"] or 0
    return Batch.objects.create(number=last + 1, kind=Batch.Kind.RULES, began_at=at)


@transaction.atomic
def take_over_reading(*, by: By, batch: Batch, because: Entry, tickets: int) -> None:
    """Make known what the clocks say by the changed rules."""
    require(bool({Role.SERVICE, Role.OPERATOR} & by.roles), "have the clocks read again")
    batch.state, batch.taken_at = Batch.State.TAKEN, by.at
    batch.report = {"tickets": {"new": 0, "changed": tickets, "unchanged": 0}}
    batch.save()
    record(
        by=by,
        kind="tickets.reckoned",
        subject=batch,
        because=because,
        facts={"batch": batch.number, "tickets": tickets},
    )
