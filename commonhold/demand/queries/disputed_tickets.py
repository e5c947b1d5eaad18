"""Which tickets a dispute touches, and which disputes a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from commonhold.demand.engine.claims import EVERY, of_reason, reason_of
from commonhold.demand.engine.columns import NONE
from commonhold.demand.engine.disputed import ENOUGH, FEWER, FEWEST, NOT_GIVEN, Class
from commonhold.demand.models import Batch, Correction, Dispute, Event, Kind, Priority, Reckoning, Responsibility, State
from commonhold.demand.models.ticket import ReckoningRows
from commonhold.demand.permissions import reads_disputes
from commonhold.demand.queries import tickets
from commonhold.demand.queries.putting_right import NONE as NOBODY
from commonhold.demand.queries.putting_right import fact_of, has_hold, stood
from commonhold.demand.queries.reckoned import PutRight
from commonhold.ledger.engine.by import By
from commonhold.partnership.engine.rules.hold_reasons import REASONS
from commonhold.partnership.permissions import sees_rows_of
from commonhold.refusals import Refused
from commonhold.workdays import midnight

OF_A_TICKET: Final = 200
"""Disputes that a ticket is looked for in: the newest that stand."""
MOST_AT_ONCE: Final = 50_000
"""Tickets that one act puts right: their corrections are made in one transaction, and others wait to write until it has
ended.
"""
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


def to_put_right(dispute: Dispute) -> list[int]:
    """The tickets that a dispute touches now, in order. Refused where there are too many for one act."""
    rows = touched(dispute, Batch.objects.known()).order_by("ticket")
    numbers = list(rows.values_list("ticket", flat=True)[: MOST_AT_ONCE + 1])
    if len(numbers) > MOST_AT_ONCE:
        raise Refused(
            f"It touches more than {MOST_AT_ONCE:,} tickets, more than are put right at once. Ask the partner to raise "
            "it for fewer days at a time."
        )
    return numbers


def as_it_says(dispute: Dispute) -> PutRight:
    """What is put right of each of its tickets where a dispute is accepted."""
    return PutRight(dispute.fact, dispute.value)


def touched_by_class(wanted: Class, fact: str, value: int) -> int:
    """How many tickets of a class a claim touches now."""
    batch = Batch.objects.known()
    return touched_by(fact, value, alike(wanted, batch), batch).count()


def is_hidden(tickets: int, conditions: Mapping[str, str] | None, *, seen_by: By) -> bool:
    """Whether so many tickets of a class, of a period or of all, are not told to this reader: fewer than five, none
    included, of a class that reaches beyond what the reader sees. None is told as few are: narrow classes would tell of
    each ticket whether it is there.
    """
    return tickets < FEWEST and not is_seen(conditions, seen_by=seen_by)


def is_seen(conditions: Mapping[str, str] | None, *, seen_by: By) -> bool:
    """Whether a dispute is of one ticket, or of a class that does not reach beyond what this reader sees."""
    return conditions is None or sees_rows_of(seen_by, conditions.get("partner") or NOBODY)


def number_told(tickets: int, conditions: Mapping[str, str] | None, *, seen_by: By) -> int | str:
    """How many tickets a class touches, or a dispute of one ticket; of a class that reaches beyond what this reader
    sees only whether these are at least five.
    """
    if is_seen(conditions, seen_by=seen_by):
        return tickets
    return FEWER if tickets < FEWEST else ENOUGH


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
    """The disputes that stand and touch a ticket, the newest first; what the ticket's own row does not tell is asked by
    the very conditions that count them, once for each claim and each hold reason.
    """
    if not reads_disputes(seen_by) or not getattr(row, "any_disputed", True):
        return []
    standing = list(Dispute.objects.contested().select_related("partner").order_by("-pk")[:OF_A_TICKET])
    classes = {one.pk: wanted for one in standing if (wanted := class_of(one)) and _is_alike(row, wanted)}
    claims = {(one.fact, one.value) for one in standing if one.pk in classes}
    reasons = {wanted.reason for wanted in classes.values() if wanted.reason}
    so = _answered(row, batch, claims, reasons) if classes else {}
    return [
        one
        for one in standing
        if one.ticket_id == row.ticket_id
        or (one.pk in classes and so[_claim(one.fact, one.value)] and so.get(_held(classes[one.pk].reason), True))
    ]


def _answered(row: Reckoning, batch: int, claims: Iterable[tuple[str, int]], reasons: Iterable[str]) -> dict[str, bool]:
    """Of each claim whether it would change something of a ticket, of each reason whether it had such a hold."""
    known = Reckoning.objects.known(batch).filter(excluded=False)
    asked = {_claim(fact, value): touched_by(fact, value, known, batch) for fact, value in claims}
    asked |= {_held(reason): known.filter(_has_held(which_holds(reason), batch)) for reason in reasons}
    named = {
        name: ExpressionWrapper(Q(Exists(rows.filter(pk=OuterRef("pk")))), BooleanField())
        for name, rows in asked.items()
    }
    return Reckoning.objects.filter(pk=row.pk).annotate(**named).values(*named).first() or dict.fromkeys(named, False)


def _claim(fact: str, value: int) -> str:
    return f"claim_{fact}_{value}"


def _held(reason: str) -> str:
    return f"held_{reason}"


def _is_alike(row: Reckoning, wanted: Class) -> bool:
    """Whether a ticket is of a class by what its row tells: by all but the reasons of its holds."""
    partner, desk = row.partner.slug if row.partner else "none", row.ticket.desk.name
    team, service = (one.name if one else None for one in (row.team, row.service))
    words = (
        (wanted.partner, partner), (wanted.desk, desk), (wanted.priority.upper(), Priority(row.priority).name),
        (wanted.kind.upper(), Kind(row.kind).name), (wanted.team, team), (wanted.service, service),
    )  # fmt: skip
    return (
        all(asked in ("", word) for asked, word in words)
        and _within(row.opened_at, wanted.opened_from, wanted.opened_to)
        and _within(row.resolved_at, wanted.resolved_from, wanted.resolved_to)
    )


def _within(at: datetime | None, first: date | None, last: date | None) -> bool:
    """Whether an instant is on days of Europe/London, the last one included; none is where no day is named."""
    if at is None:
        return first is None and last is None
    since = first is None or at >= midnight(first)
    return since and (last is None or at < midnight(last + timedelta(days=1)))
