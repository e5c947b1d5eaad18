"""Disputing what figures count of tickets: raised by a partner, answered by the service, ended by the partner alone."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction

from commonhold.databases.alone import in_turn
from commonhold.demand.acts import putting_right
from commonhold.demand.acts.importing import begin, importing
from commonhold.demand.engine.disputed import Class
from commonhold.demand.models import Batch, Dispute, DisputeEffect, DisputeState, DisputeStep, Ticket
from commonhold.demand.models.dispute import CONTESTED, LONGEST_WORDS
from commonhold.demand.permissions import answers_disputes, disputes, speaks_for
from commonhold.demand.queries import disputed_tickets, disputes_offered
from commonhold.demand.queries import disputes as queries
from commonhold.demand.queries.putting_right import code_of
from commonhold.demand.queries.reckoned import PutRight
from commonhold.demand.queries.tickets import seen_ticket
from commonhold.jobs import acts as jobs
from commonhold.jobs.models import Job
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.partnership.acts.telling import tell
from commonhold.partnership.models import Partner
from commonhold.refusals import Refused, require

MOST_STANDING: Final = 100
"""Disputes of one partner that can stand at once: pages read what each would mean for figures."""
TO_ANSWER: Final = "It is not open to an answer: it was accepted, settled or withdrawn."


@transaction.atomic
def raise_dispute(
    *, by: By, fact: str, value: str, reason: str, ticket: Ticket | None = None, wanted: Class | None = None
) -> Dispute:
    """Dispute a fact of a ticket that the partner sees, or of a class of tickets, whoever sees them; of none only where
    the partner would learn by a refusal that there is none.
    """
    require(disputes(by), "dispute what figures count of tickets for a partner")
    if fact not in Dispute.Fact.values:
        raise Refused("Say what is disputed: a hold, the priority, the kind, the partner or the responsible party.")
    if (ticket is None) == (wanted is None):
        raise Refused("Say of which ticket, or of which class of tickets.")
    words, code = _given(reason, "Say why. Whoever answers has nothing else to go by."), code_of(fact, value)
    partner = Partner.objects.get(slug=by.partner)
    about, touches = _of_ticket(by, ticket, fact, code) if ticket else _of_class(by, wanted, fact, code)
    raised = Dispute(
        partner=partner,
        ticket=ticket,
        conditions=wanted.as_json() if wanted else None,
        fact=fact,
        value=code,
        about=about,
        said=disputes_offered.said_of(fact, code, value),
        reason=words,
        tickets=touches,
        post=by.post,
        at=by.at,
    )
    _check_it_is_new(raised)
    raised.save(force_insert=True)
    tell(by=by, people=queries.who_answers(by.at), subject=raised, why=f"{partner} disputes what figures count.")
    facts = {"fact": fact, "of": "ticket" if ticket else "class"}
    record(by=by, kind="dispute.raised", subject=raised, facts=facts)
    return raised


@transaction.atomic
def decline(*, by: By, dispute: Dispute, words: str) -> DisputeStep:
    """Answer for the service that it stands by the fact, and why; the dispute goes on standing beside figures."""
    require(answers_disputes(by), "answer disputes")
    found = _locked(dispute, CONTESTED, TO_ANSWER)
    why = _given(words, "Say why the service stands by the fact.")
    if queries.put_right(found):
        raise Refused(
            "What was put right because of it stands, so the service does not stand by the fact. Undo what was put "
            "right first, or accept the dispute again."
        )
    return _step(by, found, DisputeState.DECLINED, why, told=queries.who_speaks(by.at, found.partner))


@importing()
@transaction.atomic
def accept(*, by: By, dispute: Dispute, words: str) -> DisputeStep:
    """Accept a dispute: each ticket that it touches now is corrected as the partner says, by one entry, undoable. Where
    it touches none any longer there is nothing to correct, and the dispute ends.
    """
    require(answers_disputes(by), "answer disputes")
    found = _locked(dispute, CONTESTED, TO_ANSWER)
    why = _given(words, "Say what was found.")
    tickets = disputed_tickets.to_put_right(found)
    batch = begin(kind=Batch.Kind.CORRECTION, at=by.at) if tickets else None
    if batch:
        putting_right.read_clocks_of_all(
            batch=batch, tickets=tickets, put_right=disputed_tickets.as_it_says(found), progress=lambda *_: None
        )
    return _accepted(by, found, why, tickets, batch)


@transaction.atomic
def accept_as_read(*, by: By, dispute: Dispute, words: str, tickets: Sequence[int], batch: Batch | None) -> DisputeStep:
    """Accept a dispute whose tickets were read under a batch as they will be: in one short transaction they are so."""
    require(answers_disputes(by), "answer disputes")
    found = _locked(dispute, CONTESTED, TO_ANSWER)
    return _accepted(by, found, _given(words, "Say what was found."), tickets, batch)


def _accepted(by: By, found: Dispute, why: str, tickets: Sequence[int], batch: Batch | None) -> DisputeStep:
    people = queries.who_speaks(by.at, found.partner)
    if batch is None:
        return _step(by, found, DisputeState.ACCEPTED, why, told=people)
    made = _kept(by, found, DisputeState.ACCEPTED, why, batch)
    tell(by=by, people=people, subject=made, why=f"{found} is accepted.")
    putting_right.correct_all(
        by=by,
        batch=batch,
        tickets=tickets,
        fact=found.fact,
        value=found.value,
        reason=f"{found}, accepted: {why}",
        because=found.entry,
    )
    return made


@working
@transaction.atomic
def ask_to_accept(*, by: By, dispute: Dispute, words: str) -> Job:
    """Have a dispute accepted by a worker: a class may be of thousands of tickets, whose clocks are read again."""
    require(answers_disputes(by), "answer disputes")
    found = _locked(dispute, CONTESTED, TO_ANSWER)
    _given(words, "Say what was found.")
    disputed_tickets.to_put_right(found)
    title = f"Put right what {found} says"
    return jobs.ask(
        "demand.accept_dispute", by=by, key=f"dispute-{found.pk}", title=title, dispute=found.pk, words=words
    )


@importing()
@transaction.atomic
def take_back(*, by: By, dispute: Dispute, words: str) -> DisputeStep:
    """Undo at once all that was put right because a dispute was accepted, wherever the dispute stands by now; it is
    open again, unless its partner has withdrawn it or disputes the very same in a later one that stands.
    """
    require(answers_disputes(by), "undo what was put right")
    found = _locked(dispute, tuple(DisputeState), "")
    last, why = _that_stands(found), _given(words, "Say why it is undone.")
    batch, tickets = begin(kind=Batch.Kind.CORRECTION, at=by.at), queries.corrected_by(last)
    putting_right.read_clocks_of_all(
        batch=batch, tickets=tickets, put_right=PutRight(undone=last.batch), progress=lambda *_: None
    )
    return _taken_back(by, found, last, why, tickets, batch)


@transaction.atomic
def take_back_as_read(
    *, by: By, dispute: Dispute, step: DisputeStep, words: str, tickets: Sequence[int], batch: Batch
) -> DisputeStep:
    """Undo what a step put right of tickets that were read under a batch as they will be: in one short transaction
    they are so.
    """
    require(answers_disputes(by), "undo what was put right")
    found = _locked(dispute, tuple(DisputeState), "")
    return _taken_back(by, found, step, _given(words, "Say why it is undone."), tickets, batch)


def _taken_back(
    by: By, found: Dispute, last: DisputeStep, why: str, tickets: Sequence[int], batch: Batch
) -> DisputeStep:
    """The partner's word stands beside figures once: in this dispute, or in a later one of the very same."""
    assert last.batch is not None
    in_turn(f"disputes of {found.partner_id}")
    to, later, told = DisputeState.OPEN, None, ", and it is open again"
    if queries.state_of(found) == DisputeState.WITHDRAWN:
        to, told = DisputeState.WITHDRAWN, ""
    elif there := queries.same(found):
        to, later, told = DisputeState.JOINED, there, f"; {there}, which stands, says the very same"
    made = _kept(by, found, to, why, batch, later)
    people = queries.who_speaks(by.at, found.partner)
    tell(by=by, people=people, subject=made, why=f"What {found} had put right is undone{told}.")
    putting_right.undo_all(by=by, batch=batch, made_in=last.batch, tickets=tickets, reason=why, because=last.entry)
    return made


@working
@transaction.atomic
def ask_to_take_back(*, by: By, dispute: Dispute, words: str) -> Job:
    """Have a worker undo what was put right because of a dispute: clocks are read again as when it was accepted."""
    require(answers_disputes(by), "undo what was put right")
    found = _locked(dispute, tuple(DisputeState), "")
    last = _that_stands(found)
    _given(words, "Say why it is undone.")
    title = f"Undo what {found} had put right"
    key = f"dispute-{found.pk}-undone"
    return jobs.ask(
        "demand.take_back_dispute", by=by, key=key, title=title, dispute=found.pk, step=last.pk, words=words
    )


@transaction.atomic
def maintain(*, by: By, dispute: Dispute, words: str) -> DisputeStep:
    """Say for the partner that its dispute stands although the service stands by the fact."""
    require(speaks_for(by, dispute.partner), "speak on another partner's dispute")
    found = _locked(dispute, (DisputeState.DECLINED,), "It is maintained where the service stood by the fact.")
    why = _given(words, "Say what the answer leaves open.")
    return _step(by, found, DisputeState.MAINTAINED, why, told=queries.who_answers(by.at))


@transaction.atomic
def settle(*, by: By, dispute: Dispute, words: str = "") -> DisputeStep:
    """Say for the partner that its dispute is settled: it stands beside no figure any longer."""
    require(speaks_for(by, dispute.partner), "speak on another partner's dispute")
    answered = (DisputeState.DECLINED, DisputeState.MAINTAINED, DisputeState.ACCEPTED)
    found = _locked(dispute, answered, "It is settled once it is answered; until then it can be withdrawn.")
    return _step(by, found, DisputeState.SETTLED, _short(words), told=queries.who_answers(by.at))


@transaction.atomic
def withdraw(*, by: By, dispute: Dispute, words: str = "") -> DisputeStep:
    """Take a dispute back for the partner that raised it."""
    require(speaks_for(by, dispute.partner), "speak on another partner's dispute")
    found = _locked(dispute, CONTESTED, "It is ended already.")
    return _step(by, found, DisputeState.WITHDRAWN, _short(words), told=queries.who_answers(by.at))


@transaction.atomic
def reopen(*, by: By, dispute: Dispute, words: str) -> DisputeStep:
    """Raise an ended dispute of the partner again, and say why; one of the very same that stands is enough."""
    require(speaks_for(by, dispute.partner), "speak on another partner's dispute")
    ended = (DisputeState.ACCEPTED, DisputeState.SETTLED, DisputeState.WITHDRAWN, DisputeState.JOINED)
    found = _locked(dispute, ended, "It stands as it is, so there is nothing to reopen.")
    why = _given(words, "Say why it is raised again.")
    _check_it_is_new(found)
    return _step(by, found, DisputeState.OPEN, why, told=queries.who_answers(by.at), kind="dispute.reopened")


@working
@transaction.atomic
def keep_effects(*, dispute: int, effects: Sequence[Mapping[str, Any]]) -> None:
    """Keep what a dispute means for the figures of months, in place of what was kept before."""
    if not Dispute.objects.select_for_update().filter(pk=dispute).exists():
        return
    DisputeEffect.objects.filter(dispute=dispute).delete()
    DisputeEffect.objects.bulk_create(DisputeEffect(dispute_id=dispute, **effect) for effect in effects)


def _of_ticket(by: By, ticket: Ticket, fact: str, code: int) -> tuple[str, int]:
    row = seen_ticket(ticket.pk, seen_by=by)
    disputed_tickets.check_it_changes(row, fact, code)
    return f"Ticket {row.ticket.reference}", 1


def _of_class(by: By, wanted: Class | None, fact: str, code: int) -> tuple[str, int]:
    assert wanted is not None
    if fact == Dispute.Fact.HOLD and code != disputed_tickets.which_holds(wanted.reason):
        raise Refused("Of a class the holds are disputed that it names: those of its hold reason, or every one.")
    partner = disputes_offered.name_of(wanted.partner)
    touches = disputed_tickets.touched_by_class(wanted, fact, code)
    if not touches and not disputed_tickets.is_hidden(touches, wanted.as_json(), seen_by=by):
        raise Refused("No ticket of this class would be another one, so there is nothing to dispute.")
    return wanted.in_words(partner), touches


def _check_it_is_new(dispute: Dispute) -> None:
    in_turn(f"disputes of {dispute.partner_id}")
    there = queries.same(dispute)
    if there is not None:
        raise Refused(f"You dispute this already: {there} stands. Say more there.")
    if Dispute.objects.contested().filter(partner=dispute.partner_id).count() >= MOST_STANDING:
        raise Refused(
            f"{MOST_STANDING} disputes of {dispute.partner} stand, as many as can at once. Settle or withdraw some "
            "first, or dispute what several tickets have in common as a class of tickets."
        )


def _that_stands(dispute: Dispute) -> DisputeStep:
    """The step by which the dispute was accepted. Refused where no correction stands that it asked for."""
    last = queries.put_right(dispute)
    if last is None:
        raise Refused("Nothing was put right because of it that stands.")
    return last


def _locked(dispute: Dispute, states: Sequence[DisputeState], otherwise: str) -> Dispute:
    """The dispute, locked. Refused where it does not stand in one of these states."""
    found = Dispute.objects.select_for_update(of=("self",)).select_related("partner").get(pk=dispute.pk)
    if queries.state_of(found) not in states:
        raise Refused(otherwise)
    return found


def _kept(
    by: By, dispute: Dispute, to: DisputeState, words: str, batch: Batch | None = None, later: Dispute | None = None
) -> DisputeStep:
    number = batch.number if batch else None
    return DisputeStep.objects.create(
        dispute=dispute, to=to, words=words, batch=number, later=later, post=by.post, at=by.at
    )


def _step(by: By, dispute: Dispute, to: DisputeState, words: str, *, told: Any, kind: str = "") -> DisputeStep:
    last = dispute.steps.order_by("-pk").first()
    made = _kept(by, dispute, to, words)
    tell(by=by, people=told, subject=made, why=f"{dispute}: {str(to.label).lower()}.")
    because = [dispute.entry, last.entry if last else None]
    record(by=by, kind=kind or f"dispute.{to.value}", subject=made, because=because)
    return made


def _given(words: str, otherwise: str) -> str:
    if not words.strip():
        raise Refused(otherwise)
    return _short(words)


def _short(words: str) -> str:
    if len(words.strip()) > LONGEST_WORDS:
        raise Refused(f"A text has at most {LONGEST_WORDS:,} characters.")
    if "\x00" in words:
        raise Refused("The text cannot hold a null character.")
    return words.strip()
