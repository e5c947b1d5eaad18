"""Corrections and exclusions of source data: with a reason, listed to all partners, and as easily undone (F6)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.db import connection, transaction

from commonhold.databases.loading import load
from commonhold.demand.acts.importing import begin, importing
from commonhold.demand.acts.reckoning import AT_ONCE, reckon_tickets
from commonhold.demand.models import Batch, Correction, Exclusion, Reckoning, Ticket
from commonhold.demand.models.putting_right import LONGEST_REASON
from commonhold.demand.permissions import answers_disputes, puts_right
from commonhold.demand.queries import putting_right as queries
from commonhold.demand.queries.knowledge import last_told
from commonhold.demand.queries.reading import Progress
from commonhold.demand.queries.reckoned import PutRight
from commonhold.demand.queries.rules import clock_rules
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.ledger.workings import working
from commonhold.refusals import Refused, require

CORRECTED: Final = ("ticket_id", "fact", "value", "reason", "post", "at", "made_in", "first_in")


@importing()
@transaction.atomic
def correct(*, by: By, ticket: Ticket, fact: str, value: str, reason: str) -> Correction:
    """Put a fact of a ticket right, in every figure from now on; the desk's own word stays beside it."""
    row = queries.as_known(ticket)
    require(puts_right(by, queries.partner_of(row)), "correct facts of this ticket")
    code = queries.code_of(fact, value)
    standing = ticket.corrections.filter(fact=fact, undone_in=None)
    if (standing.filter(value=code) if fact == Correction.Fact.HOLD else standing).exists():
        raise Refused("This fact stands corrected already. Undo that correction first.")
    _check_it_changes(row, fact, code, value)
    batch = begin(kind=Batch.Kind.CORRECTION, at=by.at)
    made = Correction.objects.create(
        ticket=ticket, fact=fact, value=code, reason=_given(reason), post=by.post, at=by.at, made_in=batch.number
    )
    said = {"fact": fact, "value": queries.value_in_words(made), "reason": made.reason}
    _take_over(by, batch, ticket, "ticket.corrected", said)
    return made


@importing()
@transaction.atomic
def exclude(*, by: By, ticket: Ticket, reason: str) -> Exclusion:
    """Leave a ticket out of every figure from now on; it stays in lists, marked."""
    row = queries.as_known(ticket)
    require(puts_right(by, queries.partner_of(row)), "leave this ticket out of figures")
    if ticket.exclusions.filter(undone_in=None).exists():
        raise Refused("This ticket is left out of figures already.")
    batch = begin(kind=Batch.Kind.EXCLUSION, at=by.at)
    made = Exclusion.objects.create(ticket=ticket, reason=_given(reason), post=by.post, at=by.at, made_in=batch.number)
    _take_over(by, batch, ticket, "ticket.excluded", {"reason": made.reason})
    return made


@importing()
@transaction.atomic
def undo(*, by: By, what: Correction | Exclusion) -> None:
    """Undo a correction or an exclusion: from now on counts again what counted before it, the desk's own word or a
    correction whose place it had taken.
    """
    row = queries.as_known(what.ticket)
    require(puts_right(by, queries.partner_of(row)), "undo what was put right of this ticket")
    stands = type(what)._default_manager.select_for_update().filter(pk=what.pk, undone_in=None).first()
    if stands is None:
        raise Refused("This was undone before.")
    is_correction = isinstance(what, Correction)
    batch = begin(kind=Batch.Kind.CORRECTION if is_correction else Batch.Kind.EXCLUSION, at=by.at)
    what.undone_in = batch.number
    what.save(update_fields=("undone_in",))
    if isinstance(what, Correction):
        _stand_again(batch, what.first_in or what.made_in, [what.ticket_id])
    kind = "correction.undone" if is_correction else "exclusion.undone"
    said = {"fact": what.fact} if isinstance(what, Correction) else {}
    _take_over(by, batch, what.ticket, kind, {**said, "undoes": what.made_in}, because=_entry(what.made_in))


@working
def read_clocks_of_all(*, batch: Batch, tickets: Sequence[int], put_right: PutRight, progress: Progress) -> None:
    """Read the clocks of these tickets under a batch as they will be once it is taken over, in small commits where the
    caller has no transaction: that takes long, and nobody waits for it.
    """
    as_of = last_told()
    rules = clock_rules(as_of).compiled
    for first in range(0, len(tickets), AT_ONCE):
        progress(first / len(tickets), f"{first:,} of {len(tickets):,} clocks read")
        part = tickets[first : first + AT_ONCE]
        reckon_tickets(batch=batch.number, tickets=part, rules=rules, as_of=as_of, put_right=put_right)


@transaction.atomic
def correct_all(
    *, by: By, batch: Batch, tickets: Sequence[int], fact: str, value: int, reason: str, because: Entry | None
) -> None:
    """Put one fact of many tickets right at once whose clocks are read under this batch, each as a correction of its
    own that can be undone by itself. What stood corrected of it before gives way until that one is undone. One entry
    tells of them all.
    """
    require(answers_disputes(by), "put right what a partner disputes")
    _check_it_is_there(batch)
    if fact != Correction.Fact.HOLD:
        # Those of its tickets have a row of this batch: one statement, for others wait to write until this has ended.
        read = Reckoning.objects.filter(known_from=batch.number).values("ticket")
        gives_way = Correction.objects.filter(ticket__in=read, fact=fact, undone_in=None)
        gives_way.update(undone_in=batch.number)
    told = (fact, value, _cut(reason), by.post, by.at, batch.number, None)
    _add((ticket, *told) for ticket in tickets)
    said = {"fact": fact, "value": queries.value_of(fact, value), "reason": reason}
    _known_together(batch, by, len(tickets), said)
    facts = {"batch": batch.number, "fact": fact}
    record(by=by, kind="tickets.corrected", subject=batch, because=because, facts=facts)


@transaction.atomic
def undo_all(*, by: By, batch: Batch, made_in: int, tickets: Sequence[int], reason: str, because: Entry | None) -> None:
    """Undo at once every correction of a batch that still stands, of tickets whose clocks are read under this one;
    what had given way to them stands again. One entry tells of them all.
    """
    require(answers_disputes(by), "undo what was put right")
    _check_it_is_there(batch)
    queries.standing_of_batch(made_in).update(undone_in=batch.number)
    for part in _parts(tickets):
        _stand_again(batch, made_in, part)
    _known_together(batch, by, len(tickets), {"undoes": made_in, "reason": reason})
    record(by=by, kind="corrections.undone", subject=batch, because=because, facts={"batch": batch.number})


def _check_it_is_there(batch: Batch) -> None:
    if not Batch.objects.select_for_update().filter(pk=batch.pk, state=Batch.State.GATHERING).exists():
        raise Refused("This was stopped and swept in the meantime. Nothing was put right; do it again.")


def _stand_again(batch: Batch, undone: int, tickets: Sequence[int]) -> None:
    """Let the corrections of these tickets stand again that had given way to those of a batch; they say who made them,
    when and why.
    """
    gave_way = Correction.objects.filter(undone_in=undone, ticket__in=tickets)
    _add(
        (
            one.ticket_id, one.fact, one.value, one.reason, one.post, one.at, batch.number,
            one.first_in or one.made_in,
        )
        for one in gave_way.iterator(chunk_size=AT_ONCE)
    )  # fmt: skip


def _add(rows: Iterable[tuple[Any, ...]]) -> None:
    """Add corrections, each in the order of CORRECTED: many at once, while others wait to write."""
    at = CORRECTED.index("at")
    instant = Correction._meta.get_field("at")
    # All of them before the first is sent: they are read by the connection that sends them.
    ready = [(*row[:at], instant.get_db_prep_save(row[at], connection), *row[at + 1 :]) for row in rows]
    load(Correction._meta.db_table, CORRECTED, ready)


def _parts(tickets: Sequence[int]) -> Iterator[Sequence[int]]:
    return (tickets[first : first + AT_ONCE] for first in range(0, len(tickets), AT_ONCE))


def _known_together(batch: Batch, by: By, tickets: int, said: dict[str, Any]) -> None:
    """Make known what was read under a batch; what was put right stands behind the entry."""
    batch.state, batch.taken_at = Batch.State.TAKEN, by.at
    batch.report = {
        "tickets": {"new": 0, "changed": tickets, "unchanged": 0},
        "put_right": {"reference": f"{tickets:,} together", **said},
    }
    batch.save()


def _check_it_changes(row: Reckoning, fact: str, code: int, value: str) -> None:
    if fact == Correction.Fact.HOLD:
        if not queries.has_hold(row, code):
            raise Refused(f"{row.ticket} has no such hold whose time does not count, so there is nothing to put right.")
    elif code == queries.fact_of(row, fact):
        raise Refused(f"The {fact} of {row.ticket} is {value} as it stands, so there is nothing to put right.")


def _take_over(
    by: By, batch: Batch, ticket: Ticket, kind: str, said: dict[str, Any], because: Entry | None = None
) -> None:
    """Read the ticket's clock again and make it known; what was put right, and why, stands behind the entry."""
    as_of = last_told()
    reckon_tickets(batch=batch.number, tickets=[ticket.pk], rules=clock_rules(as_of).compiled, as_of=as_of)
    batch.state, batch.taken_at = Batch.State.TAKEN, by.at
    batch.report = {
        "tickets": {"new": 0, "changed": 1, "unchanged": 0},
        "put_right": {"desk": ticket.desk.name, "reference": ticket.reference, **said},
    }
    batch.save()
    facts = {"batch": batch.number, **({"fact": said["fact"]} if "fact" in said else {})}
    record(by=by, kind=kind, subject=batch, because=because, facts=facts)


def _entry(batch: int) -> Entry | None:
    """The entry of an earlier batch."""
    return Batch.objects.get(number=batch).entry


def _cut(reason: str) -> str:
    """A reason as long as one can be; the whole of it stands where it was given."""
    return reason if len(reason) <= LONGEST_REASON else f"{reason[: LONGEST_REASON - 1]}…"


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused("Say why. The reason is shown to all partners beside every figure that this touches.")
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused(f"A reason has at most {LONGEST_REASON:,} characters.")
    return reason.strip()
