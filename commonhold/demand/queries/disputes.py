"""Disputes: which tickets each touches, where it stands, the list of them, and one with its thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from commonhold.demand.engine.claims import EVERY, hold_in_words, holds, of_one, of_reason, reason_of
from commonhold.demand.engine.clock import Histories
from commonhold.demand.engine.clock.histories import COUNTS
from commonhold.demand.engine.columns import NONE
from commonhold.demand.engine.disputed import FEWEST, NOT_GIVEN, Class
from commonhold.demand.models import (
    Batch,
    Correction,
    Dispute,
    DisputeEffect,
    DisputeState,
    DisputeStep,
    Event,
    Party,
    Reckoning,
    Responsibility,
    State,
)
from commonhold.demand.models.dispute import CONTESTED, DisputeRows
from commonhold.demand.models.ticket import ReckoningRows
from commonhold.demand.permissions import ANSWER_DISPUTES, answers_disputes, disputes, reads_disputes, speaks_for
from commonhold.demand.queries import tickets
from commonhold.demand.queries.putting_right import NONE as NOBODY
from commonhold.demand.queries.putting_right import fact_of, has_hold, hold_on_pages, named, standing_of_batch, stood
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.partnership.engine.rules.hold_reasons import REASONS
from commonhold.partnership.models import Appointment, Partner, Person, Role
from commonhold.partnership.permissions import sees_rows_of
from commonhold.partnership.queries import Owed, Rows, Waiting, day_of, that_may_be_named
from commonhold.refusals import Refused
from commonhold.workdays import midnight

PAGE: Final = 25
OF_A_TICKET: Final = 200
"""Disputes that a ticket is looked for in: the newest that stand."""
HOLDS_OFFERED: Final = 40
"""Holds of one ticket of which a form offers each by itself."""
STANDING: Final = "standing"
"""The word for all disputes that are not accepted, settled or withdrawn."""
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


def _class_of(dispute: Dispute) -> Class | None:
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


def said_of(fact: str, value: int, spelt: str) -> str:
    """What a partner says instead, in words: "Priority is P3"; "every hold awaiting supplier counts"."""
    if fact == Dispute.Fact.HOLD:
        return _capital(f"{hold_on_pages(value)} counts")
    spoken = named(Party.objects.get(pk=value)) if fact == Dispute.Fact.RESPONSIBLE else spelt
    return f"{Dispute.Fact(fact).label} is {spoken}"


# Who reads and says what


def rows(*, seen_by: By) -> DisputeRows:
    """All disputes, for whoever may read them; none for the public."""
    found = Dispute.shown().with_state()
    return found if reads_disputes(seen_by) else found.none()


def the_dispute(number: int, *, seen_by: By) -> Dispute:
    """A dispute by its number. Not found where there is none, or for the public."""
    found = rows(seen_by=seen_by).filter(pk=number).first() if number < tickets.LARGEST else None
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
    tickets: int | None
    """How many it touched when it was raised; None for a number that this reader is not told."""
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
    for effect in DisputeEffect.objects.filter(dispute__in=found).defer("figures"):
        known = effects.get(effect.dispute_id)
        if known is None or abs(effect.points or 0) > abs(known.points or 0):
            effects[effect.dispute_id] = effect
    return [_line(one, effects.get(one.pk), seen_by) for one in found]


def _line(dispute: Dispute, effect: DisputeEffect | None, seen_by: By) -> Line:
    state = DisputeState(dispute.state)
    days = (day_of(seen_by.at) - day_of(dispute.at)).days if state in CONTESTED else None
    return Line(dispute, state, days, effect, number_told(dispute.tickets, _class_of(dispute), seen_by=seen_by))


@dataclass(frozen=True, slots=True)
class Opened:
    """One dispute with its thread, what it means for the months it touches, and what this reader can say."""

    line: Line
    steps: list[DisputeStep]
    effects: list[DisputeEffect]
    touches: int | None
    """Tickets that it touches by what is known now."""
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
    effects = list(dispute.effects.all())
    state = DisputeState(dispute.state)
    speaks = speaks_for(seen_by, dispute.partner)
    stands = state in CONTESTED
    batch = Batch.objects.known()
    refs = [dispute.ref, *(step.ref if step.batch is None else f"batch/{step.batch}" for step in steps)]
    return Opened(
        line=_line(dispute, max(effects, key=lambda one: abs(one.points or 0), default=None), seen_by),
        steps=steps,
        effects=effects,
        touches=number_told(touched(dispute, batch).count(), _class_of(dispute), seen_by=seen_by),
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


def slug_of(partner: str) -> str:
    """The word that addresses use for a partner of this name; its name where there is none."""
    return Partner.everyone.filter(name=partner).values_list("slug", flat=True).first() or partner


def with_effects() -> set[int]:
    """The numbers of the disputes of which it is kept what they mean for figures."""
    return set(DisputeEffect.objects.values_list("dispute", flat=True))


def name_of(partner: str) -> str:
    """The name of the partner that a class names. Refused where there is none of that word."""
    if partner in ("", "none"):
        return ""
    found: str | None = Partner.objects.filter(slug=partner).values_list("name", flat=True).first()
    if found is None:
        raise Refused(f"There is no partner '{partner}'.")
    return found


# What a form offers


def holds_to_choose(row: Reckoning) -> list[tuple[str, str]]:
    """The holds of a ticket that can be disputed: every one, those of a reason, or one of them."""
    found = [one for one in holds(Histories.joined([bytes(row.timeline)]).one(0)) if one.reason != COUNTS]
    if not found and not row.held_minutes:
        return []
    reasons = dict.fromkeys(of_reason(one.reason) for one in found)
    several = list(reasons) if len(reasons) > 1 else []
    each = [of_one(one.begins) for one in found[:HOLDS_OFFERED]] if len(found) > 1 else []
    return [(hold_in_words(which), _capital(hold_on_pages(which))) for which in (EVERY, *several, *each)]


def holds_of_class(wanted: Class) -> list[tuple[str, str]]:
    """The holds that a class is of: there is one choice."""
    which = which_holds(wanted.reason)
    return [(hold_in_words(which), _capital(hold_on_pages(which)))]


def partners_to_choose() -> list[tuple[str, str]]:
    named = that_may_be_named().values_list("name", flat=True)
    return [*((name, name) for name in named), (NOBODY, "No partner")]


def parties_to_choose() -> list[tuple[str, str]]:
    """Who answers for a team, as far as files say."""
    return sorted(((str(party), named(party)) for party in Party.objects.all()), key=lambda one: one[1])


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
