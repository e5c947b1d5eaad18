"""Which tickets a dispute touches, and which disputes a ticket."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from commonhold.demand.engine.claims import EVERY, of_reason, reason_of
from commonhold.demand.engine.columns import NONE
from commonhold.demand.engine.disputed import FEWEST, NOT_GIVEN, Class
from commonhold.demand.models import Batch, Correction, Dispute, Event, Reckoning, Responsibility, State
from commonhold.demand.models.ticket import ReckoningRows
from commonhold.demand.permissions import reads_disputes
from commonhold.demand.queries import tickets
from commonhold.demand.queries.putting_right import NONE as NOBODY
from commonhold.demand.queries.putting_right import fact_of, has_hold, stood
from commonhold.ledger.engine.by import By
from commonhold.partnership.engine.rules.hold_reasons import REASONS
from commonhold.partnership.permissions import sees_rows_of
from commonhold.refusals import Refused
from commonhold.workdays import midnight

OF_A_TICKET: Final = 200
"""Disputes that a ticket is looked for in: the newest that stand."""
FACT_COLUMNS: Final = {"partner": "partner", "priority": "priority", "kind": "kind"}


def which_holds(reason: str) -> int:
    """The holds that a class is of: of its reason, or every one."""
    if not reason:
        return EVERY
    return of_reason(NONE if reason == NOT_GIVEN else REASONS.index(reason))


def alike(wanted: Class, batch: int) -> ReckoningRows:
    """The tickets of a class as they were when this batch was the last one known; none that is left out of figures."""
    words = tickets.Filters(
        partner=wanted.partner,
        desk=wanted.desk,
        opened_from=wanted.opened_from,
        opened_to=wanted.opened_to,
        priority=wanted.priority,
        kind=wanted.kind,
        team=wanted.team,
        service=wanted.service,
    )
    rows = Reckoning.objects.known(batch).filter(tickets.conditions(words, None), excluded=False)
    if wanted.resolved_from:
        rows = rows.filter(resolved_at__gte=midnight(wanted.resolved_from))
    if wanted.resolved_to:
        rows = rows.filter(resolved_at__lt=midnight(wanted.resolved_to + timedelta(days=1)))
    return rows.filter(_has_held(which_holds(wanted.reason), batch)) if wanted.reason else rows


def _has_held(which: int, batch: int) -> Q:
    """That the history of a ticket tells of a hold of this reason."""
    reason = reason_of(which)
    telling = Batch.objects.telling(batch).values("number")
    held = Event.objects.filter(ticket=OuterRef("ticket"), state=State.ON_HOLD, batch__in=telling)
    return Q(Exists(held.filter(hold_reason=None if reason == NONE else reason)))


def touched_by(fact: str, value: int, rows: ReckoningRows, batch: int) -> ReckoningRows:
    """Those of these tickets of which it would change something: not those of which it was so already when this batch
    was the last one known, by what desks say or by what stood corrected.
    """
    if fact in FACT_COLUMNS:
        column = FACT_COLUMNS[fact]
        is_so = Q(**{column: value or None if fact == "partner" else value})
        return rows.filter(~is_so | Q(partner=None)) if fact == "partner" and value else rows.exclude(is_so)
    corrected = Correction.objects.filter(stood(batch), fact=fact, ticket=OuterRef("ticket"))
    if fact == Dispute.Fact.HOLD:
        return rows.filter(~Exists(corrected.filter(value__in={EVERY, value})), was_held=True)
    return rows.exclude(Exists(corrected.filter(value=value))).exclude(
        ~Exists(corrected), Exists(_answers(value, batch)), reassignments=0
    )


def _answers(party: int, batch: int) -> QuerySet[Responsibility]:
    """That this party answered for the team of a ticket: what was said last of it."""
    said = Responsibility.objects.filter(team=OuterRef("team"), known_from__lte=batch)
    later = said.filter(known_from__gt=OuterRef("known_from"))
    return said.filter(~Exists(later), party=party)


def touched(dispute: Dispute, batch: int) -> ReckoningRows:
    """The tickets that a dispute touches, as they were when this batch was the last one known."""
    if dispute.conditions is None:
        rows = Reckoning.objects.known(batch).filter(ticket=dispute.ticket_id, excluded=False)
    else:
        rows = alike(Class.from_json(dispute.conditions), batch)
    return touched_by(dispute.fact, dispute.value, rows, batch)


def touched_by_class(wanted: Class, fact: str, value: int) -> int:
    """How many tickets of a class a claim touches now."""
    batch = Batch.objects.known()
    return touched_by(fact, value, alike(wanted, batch), batch).count()


def number_told(tickets: int, wanted: Class | None, *, seen_by: By) -> int | None:
    """How many tickets a class touches, or a dispute of one ticket; None for fewer than five of a class that reaches
    beyond what this reader sees.
    """
    hidden = wanted is not None and 0 < tickets < FEWEST and not sees_rows_of(seen_by, wanted.partner or NOBODY)
    return None if hidden else tickets


def class_of(dispute: Dispute) -> Class | None:
    return None if dispute.conditions is None else Class.from_json(dispute.conditions)


def check_it_changes(row: Reckoning, fact: str, value: int) -> None:
    """Refuse to dispute what is so already, and of a ticket that no figure counts."""
    if row.excluded:
        raise Refused(
            f"{row.ticket} is left out of every figure, so no figure would change. Ask for it to count again."
        )
    if fact == Dispute.Fact.HOLD:
        if not has_hold(row, value):
            raise Refused(f"{row.ticket} has no such hold whose time does not count, so there is nothing to dispute.")
    elif fact_of(row, fact) == value:
        raise Refused(f"This is so of {row.ticket} as it stands, so there is nothing to dispute.")


def of_ticket(row: Reckoning, batch: int, *, seen_by: By) -> list[Dispute]:
    """The disputes that stand and touch a ticket, the newest first; asked by the very conditions that count them."""
    if not reads_disputes(seen_by) or not getattr(row, "any_disputed", True):
        return []
    standing = list(Dispute.objects.contested().select_related("partner").order_by("-pk")[:OF_A_TICKET])
    of_it = {one.pk for one in standing if one.ticket_id == row.ticket_id}
    classes = [one for one in standing if one.conditions is not None and _may_be_of(one, row)]
    if classes:
        asked = {
            f"of_{one.pk}": ExpressionWrapper(Q(Exists(touched(one, batch).filter(pk=OuterRef("pk")))), BooleanField())
            for one in classes
        }
        found = Reckoning.objects.filter(pk=row.pk).annotate(**asked).values(*asked).first() or {}
        of_it |= {one.pk for one in classes if found.get(f"of_{one.pk}")}
    return [one for one in standing if one.pk in of_it]


def _may_be_of(dispute: Dispute, row: Reckoning) -> bool:
    """Whether a class has the day of the ticket's opening: most have not, and need not be asked."""
    wanted = Class.from_json(dispute.conditions or {})
    return midnight(wanted.opened_from) <= row.opened_at < midnight(wanted.opened_to + timedelta(days=1))
