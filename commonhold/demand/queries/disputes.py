"""Disputes: where each stands, the list of them, one with its thread, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from commonhold.demand.models import Batch, Dispute, DisputeEffect, DisputeState, DisputeStep, Reckoning
from commonhold.demand.models.dispute import CONTESTED, DisputeRows
from commonhold.demand.permissions import ANSWER_DISPUTES, answers_disputes, disputes, reads_disputes, speaks_for
from commonhold.demand.queries.disputed_tickets import is_hidden, number_told, touched
from commonhold.demand.queries.putting_right import standing_of_batch
from commonhold.demand.queries.tickets import LARGEST
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.partnership.models import Appointment, Partner, Person, Role
from commonhold.partnership.permissions import sees_rows_of
from commonhold.partnership.queries import Owed, Rows, Waiting, day_of

PAGE: Final = 25
STANDING: Final = "standing"
"""The word for all disputes that have not ended."""


def rows(*, seen_by: By) -> DisputeRows:
    """All disputes, for whoever may read them; none for the public."""
    found = Dispute.shown().with_state()
    return found if reads_disputes(seen_by) else found.none()


def the_dispute(number: int, *, seen_by: By) -> Dispute:
    """A dispute by its number. Not found where there is none, or for the public."""
    found = rows(seen_by=seen_by).filter(pk=number).first() if number < LARGEST else None
    if found is None:
        raise Http404("There is no such dispute, or it is not for the public.")
    return found


def state_of(dispute: Dispute) -> DisputeState:
    """Where a dispute stands now."""
    last = DisputeStep.objects.filter(dispute=dispute).order_by("-pk").values_list("to", flat=True).first()
    return DisputeState(last or DisputeState.OPEN)


def put_right(dispute: Dispute) -> DisputeStep | None:
    """The last step by which a dispute was accepted of whose corrections some stand."""
    accepted = dispute.steps.filter(Exists(standing_of_batch(OuterRef("batch"))), to=DisputeState.ACCEPTED)
    return accepted.order_by("-pk").first()


def corrected_by(step: DisputeStep) -> list[int]:
    """The tickets, in order, whose corrections stand that a step made."""
    assert step.batch is not None
    return list(standing_of_batch(step.batch).order_by("ticket").values_list("ticket", flat=True))


def contested() -> list[Dispute]:
    """The disputes that stand beside figures, in the order in which they were raised."""
    return list(Dispute.objects.contested().select_related("partner").order_by("pk"))


def contested_at(entry: int) -> list[Dispute]:
    """Those that stood beside figures when this entry was the last one on the record."""
    steps = DisputeStep.objects.order_by("pk")
    found = list(Dispute.shown().prefetch_related(Prefetch("steps", steps)).order_by("pk"))
    refs = [one.ref for one in found]
    refs += [step.ref if step.batch is None else f"batch/{step.batch}" for one in found for step in one.steps.all()]
    made = set(Entry.objects.filter(subject__in=refs, number__lte=entry).values_list("subject", flat=True))
    standing = []
    for one in found:
        if one.ref not in made:
            continue
        states = [
            step.to for step in one.steps.all() if (step.ref if step.batch is None else f"batch/{step.batch}") in made
        ]
        one.state = states[-1] if states else DisputeState.OPEN.value
        if one.state in CONTESTED:
            standing.append(one)
    return standing


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; every field is a word of the address, empty for "all"."""

    state: str = ""
    partner: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A dispute in the list: its state, for how many days it has been open, and its greatest effect on a month."""

    dispute: Dispute
    state: DisputeState
    days: int | None
    effect: DisputeEffect | None
    tickets: int | str
    """How many it touched when it was raised, or in words what this reader is told of it."""
    may_open: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of disputes, newest first, how many there are in all, and the last one's number where there are older."""

    lines: list[Line]
    count: int
    older: int | None


def listing(filters: Filters, *, seen_by: By, before: int | None = None) -> Listing:
    wanted = _asked_for(filters, seen_by)
    count = wanted.count()
    if before is not None:
        wanted = wanted.filter(pk__lt=before)
    found = list(wanted.order_by("-pk")[: PAGE + 1])
    lines = _lines(found[:PAGE], seen_by)
    return Listing(lines, count, found[PAGE - 1].pk if len(found) > PAGE else None)


def every(filters: Filters, *, seen_by: By) -> Iterator[Line]:
    """All of them, for a download."""
    return iter(_lines(list(_asked_for(filters, seen_by).order_by("-pk")), seen_by))


def _asked_for(filters: Filters, seen_by: By) -> DisputeRows:
    found = rows(seen_by=seen_by)
    if filters.state:
        found = found.in_state(*(CONTESTED if filters.state == STANDING else (filters.state,)))
    if filters.partner:
        found = found.filter(partner__slug=filters.partner)
    return found.filter(fact=filters.fact) if filters.fact else found


def _lines(found: list[Dispute], seen_by: By) -> list[Line]:
    effects: dict[int, DisputeEffect] = {}
    conditions = {one.pk: one.conditions for one in found}
    for effect in DisputeEffect.objects.filter(dispute__in=found).defer("figures"):
        if is_hidden(effect.tickets, conditions[effect.dispute_id], seen_by=seen_by):
            continue
        known = effects.get(effect.dispute_id)
        if known is None or abs(effect.points or 0) > abs(known.points or 0):
            effects[effect.dispute_id] = effect
    return [_line(one, effects.get(one.pk), seen_by) for one in found]


def _line(dispute: Dispute, effect: DisputeEffect | None, seen_by: By) -> Line:
    state = DisputeState(dispute.state)
    days = (day_of(seen_by.at) - day_of(dispute.at)).days if state in CONTESTED else None
    return Line(dispute, state, days, effect, number_told(dispute.tickets, dispute.conditions, seen_by=seen_by))


@dataclass(frozen=True, slots=True)
class Opened:
    """One dispute with its thread, what it means for the months it touches, and what this reader can say."""

    line: Line
    steps: list[DisputeStep]
    effects: list[DisputeEffect]
    hides: bool
    """Whether months in which it touches few tickets, or none, are left out for this reader."""
    touches: int | str
    """Tickets that it touches by what is known now, or in words."""
    may_open: bool
    """Whether its ticket's page, or the list of its class, shows this reader any."""
    may_answer: bool
    may_take_back: bool
    may_speak: bool
    may_maintain: bool
    may_settle: bool
    may_withdraw: bool
    may_reopen: bool
    entries: dict[str, int]


def opened(dispute: Dispute, *, seen_by: By) -> Opened:
    steps = list(dispute.steps.order_by("pk"))
    hides = is_hidden(0, dispute.conditions, seen_by=seen_by)
    effects = [one for one in dispute.effects.all() if not is_hidden(one.tickets, dispute.conditions, seen_by=seen_by)]
    state = DisputeState(dispute.state)
    speaks = speaks_for(seen_by, dispute.partner)
    stands = state in CONTESTED
    batch = Batch.objects.known()
    refs = [dispute.ref, *(step.ref if step.batch is None else f"batch/{step.batch}" for step in steps)]
    return Opened(
        line=_line(dispute, max(effects, key=lambda one: abs(one.points or 0), default=None), seen_by),
        steps=steps,
        effects=effects,
        hides=hides,
        touches=number_told(touched(dispute, batch).count(), dispute.conditions, seen_by=seen_by),
        may_open=_may_open(dispute, batch, seen_by),
        may_answer=stands and answers_disputes(seen_by),
        may_take_back=answers_disputes(seen_by) and put_right(dispute) is not None,
        may_speak=speaks,
        may_maintain=speaks and state == DisputeState.DECLINED,
        may_settle=speaks and state in (DisputeState.DECLINED, DisputeState.MAINTAINED, DisputeState.ACCEPTED),
        may_withdraw=speaks and stands,
        may_reopen=speaks and not stands,
        entries=dict(Entry.objects.filter(subject__in=refs).order_by("-number").values_list("subject", "number")),
    )


def _may_open(dispute: Dispute, batch: int, seen_by: By) -> bool:
    if dispute.conditions is not None:
        return True
    known = Reckoning.objects.known(batch).filter(ticket=dispute.ticket_id)
    partner = known.values_list("partner__slug", flat=True).first()
    return sees_rows_of(seen_by, partner)


def same(dispute: Dispute) -> Dispute | None:
    """A dispute of the same partner about the very same thing that stands, if there is one."""
    standing = Dispute.objects.contested().filter(
        partner=dispute.partner, ticket=dispute.ticket_id, fact=dispute.fact, value=dispute.value
    )
    others = standing.exclude(pk=dispute.pk) if dispute.pk else standing
    return next((one for one in others if one.conditions == dispute.conditions), None)


# Who is told, and what waits for whom


def who_answers(at: datetime) -> list[Person]:
    """The officers of the shared service who answer disputes."""
    held = Appointment.objects.on(day_of(at)).filter(post__partner=None, post__role__in=ANSWER_DISPUTES)
    return _people(held)


def who_speaks(at: datetime, partner: Partner) -> list[Person]:
    """The people who dispute facts for a partner."""
    held = Appointment.objects.on(day_of(at)).filter(post__partner=partner)
    return _people(held.filter(Q(post__role=Role.CLIENT_LEAD) | Q(post__may_consent=True)))


def _people(held: Any) -> list[Person]:
    return list(Person.objects.filter(appointments__in=held, is_active=True).distinct())


def _asked(by: By) -> dict[str, QuerySet[Any, Any]]:
    """Of officers an answer, of who speaks for a partner a word on what was answered."""
    if answers_disputes(by):
        return {"open": _waiting(DisputeState.OPEN, DisputeState.MAINTAINED)}
    if disputes(by):
        answered = _waiting(DisputeState.DECLINED, DisputeState.ACCEPTED)
        return {"answered": answered.filter(partner__slug=by.partner)}
    return {}


def _said(by: By, rows: Rows) -> Iterator[Owed]:
    for one in _in_turn(rows.get("open", ())):
        yield Owed(f"Answer {one}: {one.about}", one.get_absolute_url(), "A partner disputes what figures count")
    for one in _in_turn(rows.get("answered", ())):
        title = f"Say whether dispute {one.pk} is settled: {one.about}"
        yield Owed(title, one.get_absolute_url(), "It is answered")


def _asked_of_others(by: By) -> dict[str, QuerySet[Any, Any]]:
    """Of the officers an answer to the partner's own disputes, of a partner its word on what was answered."""
    if answers_disputes(by):
        return {"word": _waiting(DisputeState.DECLINED, DisputeState.ACCEPTED)}
    if disputes(by):
        return {"reply": _waiting(DisputeState.OPEN, DisputeState.MAINTAINED).filter(partner__slug=by.partner)}
    return {}


def _said_of_others(by: By, rows: Rows) -> Iterator[Owed]:
    for one in _in_turn(rows.get("word", ())):
        why = f"{one.partner} says whether it is settled"
        yield Owed(f"{one}: {one.about}", one.get_absolute_url(), why)
    for one in _in_turn(rows.get("reply", ())):
        yield Owed(f"{one}: {one.about}", one.get_absolute_url(), "The service answers what your authority disputes")


owed: Final = Waiting("disputes", _asked, _said)
"""What disputes wait for from a post."""
awaited: Final = Waiting("disputes, of others", _asked_of_others, _said_of_others)
"""What a post waits for from others in disputes."""


def _waiting(*states: DisputeState) -> QuerySet[Dispute]:
    return Dispute.objects.in_state(*states).select_related("partner")


def _in_turn(rows: Sequence[Dispute]) -> list[Dispute]:
    return sorted(rows, key=lambda one: (one.at, one.pk))


def number_of_holds() -> Coalesce:
    """How many disputes of holds stand, as a part of another question."""
    rows = Dispute.objects.contested().filter(fact=Dispute.Fact.HOLD).order_by().values("fact")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


def entries_of(found: Iterable[Dispute]) -> dict[int, int]:
    """By the number of a dispute the entry by which it was raised."""
    by_ref = {one.ref: one.pk for one in found}
    rows = Entry.objects.filter(subject__in=by_ref).order_by("-number").values_list("subject", "number")
    return {by_ref[ref]: number for ref, number in rows}


def with_effects() -> set[int]:
    """The numbers of the disputes of which it is kept what they mean for figures."""
    return set(DisputeEffect.objects.values_list("dispute", flat=True))
