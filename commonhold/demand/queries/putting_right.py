"""What was put right in source data, and how its values are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar

from django.db.models import IntegerChoices, OuterRef, Q, QuerySet

from commonhold.databases.prepared import prepared
from commonhold.demand.engine.claims import (
    EVERY,
    EVERY_IN_WORDS,
    begun_at,
    hold_in_words,
    hold_of,
    holds,
    reason_of,
)
from commonhold.demand.engine.clock import Histories
from commonhold.demand.engine.clock.histories import COUNTS
from commonhold.demand.engine.columns import NONE as NO_REASON
from commonhold.demand.engine.incidents.account import party_in_words
from commonhold.demand.models import (
    Batch,
    Correction,
    Exclusion,
    Kind,
    Party,
    Priority,
    Reckoning,
    Service,
    Team,
    Ticket,
)
from commonhold.demand.permissions import puts_right
from commonhold.demand.queries.names import parties
from commonhold.demand.queries.tickets import seen_ticket
from commonhold.govuk.formats import instant
from commonhold.ledger.engine.by import By
from commonhold.partnership.engine.rules.hold_reasons import REASONS
from commonhold.partnership.models import Partner
from commonhold.partnership.permissions import sees_rows_of
from commonhold.partnership.queries import that_may_be_named
from commonhold.refusals import Refused, require

NONE: Final = "none"
"""How "no partner", "no team" is written."""

PAGE: Final = 50
"""Rows of each kind on one page of the list."""

NAMED: Final = {"partner": Partner, "team": Team, "service": Service}
HOLD, RESPONSIBLE = Correction.Fact.HOLD, Correction.Fact.RESPONSIBLE
LISTED: Final[dict[str, type[IntegerChoices]]] = {"priority": Priority, "kind": Kind}


def stood(batch: int) -> Q:
    """Which corrections and exclusions stood when this batch was the last one known."""
    return Q(made_in__lte=batch) & (Q(undone_in=None) | Q(undone_in__gt=batch))


def standing_of_batch(batch: int | OuterRef) -> QuerySet[Correction]:
    """The corrections that a batch made and that nobody undid: as it made them, or standing again."""
    return Correction.objects.filter(Q(made_in=batch) | Q(first_in=batch), undone_in=None)


def corrected_at(batch: int) -> list[int]:
    """What the clock made, by number, of the tickets that stood corrected when this batch was the last one known."""
    tickets = Correction.objects.filter(stood(batch)).values("ticket")
    return list(Reckoning.objects.known(batch).filter(ticket__in=tickets).values_list("pk", flat=True))


def answered_at(batch: int) -> dict[int, int]:
    """What the clock made, by number, of tickets for whose minutes a party stood corrected to answer, and the party."""
    rows = Correction.objects.filter(stood(batch), fact=Correction.Fact.RESPONSIBLE)
    said = dict(rows.values_list("ticket", "value"))
    if not said:
        return {}
    known = Reckoning.objects.known(batch).filter(ticket__in=rows.values("ticket"))
    return {number: said[ticket] for number, ticket in known.values_list("pk", "ticket")}


def as_known(ticket: Ticket) -> Reckoning:
    """What is known of a ticket now. Refused where no file tells of it any longer."""
    rows = Reckoning.objects.known(Batch.objects.known()).filter(ticket=ticket).select_related("partner")
    row = rows.defer("timeline").first()
    if row is None:
        raise Refused(f"No file tells of {ticket} any longer.")
    return row


def to_put_right(number: int, *, seen_by: By) -> Reckoning:
    """A ticket whose facts this reader may put right. Not found where they may not even see it."""
    row = seen_ticket(number, seen_by=seen_by)
    require(puts_right(seen_by, partner_of(row)), "put right what is said of this ticket")
    return row


def partner_of(row: Reckoning) -> str | None:
    """The slug of the partner that a ticket is for."""
    return row.partner.slug if row.partner else None


def fact_of(row: Reckoning, fact: str) -> int:
    """A fact as it is known, by its number; 0 for none. Who answers for a ticket's minutes is known where one party
    answered for them all.
    """
    if fact == RESPONSIBLE:
        batch = Batch.objects.known()
        said = answered_at(batch).get(row.pk, 0)
        return said or (parties(batch).get(row.team_id or 0, 0) if not row.reassignments else 0)
    return int(getattr(row, fact if fact in LISTED else f"{fact}_id") or 0)


def code_of(fact: str, value: str) -> int:
    """The number that stands for a value of a fact: `P2` of a priority, a partner's name. Refused where unknown."""
    word = value.strip()
    if fact in LISTED:
        for choice in LISTED[fact]:
            if word.lower() in (choice.name.lower(), str(choice.label).lower()):
                return int(choice)
        raise Refused(f"'{value}' is no {fact}. It is one of {_listed(choice.name for choice in LISTED[fact])}.")
    if fact == HOLD:
        which = hold_of(word)
        if which is None:
            spoken = [hold_in_words(one) for one in range(len(REASONS) + 2)]
            raise Refused(
                f"'{value}' says of no hold that its time counts. Write {_listed(spoken)}, or when the hold begins, "
                "such as 2026-06-01T09:00:00+01:00."
            )
        return which
    if fact == RESPONSIBLE:
        answering = {words.lower(): party.pk for party in Party.objects.all() for words in (str(party), named(party))}
        if word.lower() not in answering:
            raise Refused(f"Nobody called '{value}' answers for a team. It is one of {_listed(sorted(answering))}.")
        return answering[word.lower()]
    if fact not in NAMED:
        raise Refused(f"{fact} cannot be corrected. What can is {_listed([*NAMED, *LISTED, HOLD, RESPONSIBLE])}.")
    if word.lower() == NONE:
        return 0
    known = that_may_be_named() if fact == "partner" else NAMED[fact]._default_manager
    found = known.filter(name=word).values_list("pk", flat=True).first()
    if found is None:
        raise Refused(f"There is no {fact} called '{value}'. Write its name as the list of tickets does, or {NONE}.")
    return int(found)


def named(party: Party) -> str:
    """Who answers for a team, as people say it."""
    return party_in_words(str(party))


def has_hold(row: Reckoning, which: int) -> bool:
    """Whether the ticket has a hold whose time is to count. A stated total of holds is one of every hold."""
    if which == EVERY and row.held_minutes:
        return True
    reason, begins = reason_of(which), begun_at(which)
    return any(
        (begins is None or hold.begins == begins) and (reason is None or hold.reason == reason)
        for hold in holds(Histories.joined([bytes(row.timeline)]).one(0))
        if hold.reason != COUNTS
    )


def _listed(words: Iterable[str]) -> str:
    return ", ".join(word.lower() if word.islower() else word for word in words)


def value_in_words(row: Correction) -> str | None:
    """The value of a correction by its name, such as P2 or a partner's; None for none."""
    return value_of(row.fact, row.value)


def value_of(fact: str, value: int) -> str | None:
    """The value of a fact by its name, as the command line spells it; None for none."""
    if fact == HOLD:
        return hold_in_words(value)
    if fact == RESPONSIBLE:
        return str(Party.objects.get(pk=value))
    if fact in LISTED:
        name = LISTED[fact](value).name
        return name.lower() if fact == "kind" else name if value else None
    return NAMED[fact]._default_manager.filter(pk=value).values_list("name", flat=True).first()


def hold_on_pages(which: int) -> str:
    """Which holds a number stands for, as pages say it."""
    begins, reason = begun_at(which), reason_of(which)
    if begins is not None:
        return f"the hold from {instant(datetime.fromtimestamp(begins, UTC))}"
    if reason is None:
        return EVERY_IN_WORDS
    return "every hold with no reason given" if reason == NO_REASON else f"every hold {hold_in_words(which)}"


Row = TypeVar("Row", Correction, Exclusion)


@dataclass(frozen=True, slots=True)
class PutRight(Generic[Row]):
    """A correction or an exclusion as a reader sees it: whether its ticket's page is theirs to open, and it to undo."""

    row: Row
    value: str
    may_open: bool
    may_undo: bool


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """A page of corrections or exclusions, newest first, and the last one on it where there are older ones."""

    rows: list[PutRight[Row]]
    older: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How many corrections and exclusions stand: what the public may know (D2)."""

    corrections: int
    exclusions: int


def standing() -> Standing:
    return Standing(
        corrections=Correction.objects.filter(undone_in=None).count(),
        exclusions=Exclusion.objects.filter(undone_in=None).count(),
    )


def corrections(*, seen_by: By, before: int | None = None) -> Listed[Correction]:
    """Corrections, newest first, those undone included."""
    return _listed_rows(Correction.objects.all(), seen_by, before)


def exclusions(*, seen_by: By, before: int | None = None) -> Listed[Exclusion]:
    """Exclusions, newest first, those undone included."""
    return _listed_rows(Exclusion.objects.all(), seen_by, before)


def standing_of(row: Reckoning) -> list[tuple[Correction, str]]:
    """The corrections of a ticket that stand, each with its value in words: what is known of the ticket now."""
    facts = {"partner": row.partner, "team": row.team, "service": row.service}
    words = {fact: str(value or NONE) for fact, value in facts.items()}
    words |= {"priority": row.get_priority_display(), "kind": row.get_kind_display()}
    found = _corrected(row.ticket_id)
    names = _names([one for one in found if one.fact == RESPONSIBLE])
    return [(one, words.get(one.fact) or written(one.fact, one.value, names)) for one in found]


@prepared
def _corrected(ticket: int, /) -> QuerySet[Correction]:
    return Correction.objects.filter(ticket=ticket, undone_in=None)


def _listed_rows(rows: QuerySet[Row], seen_by: By, before: int | None) -> Listed[Row]:
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("ticket__desk").order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    corrections: list[Correction] = []
    for row in shown:
        if isinstance(row, Correction):
            corrections.append(row)
    names = _names(corrections)
    known = Reckoning.objects.known(Batch.objects.known()).filter(ticket__in={row.ticket_id for row in shown})
    partners = dict(known.values_list("ticket_id", "partner__slug"))
    return Listed(
        rows=[
            PutRight(
                row=row,
                value=written(row.fact, row.value, names) if isinstance(row, Correction) else "",
                may_open=row.ticket_id in partners and sees_rows_of(seen_by, partners[row.ticket_id]),
                may_undo=row.undone_in is None and puts_right(seen_by, partners.get(row.ticket_id)),
            )
            for row in shown
        ],
        older=shown[-1].pk if len(found) > PAGE else None,
    )


def _names(rows: list[Correction]) -> dict[str, dict[int, str]]:
    """The names that corrections need, by fact and number."""
    names = {}
    for fact, model in NAMED.items():
        if used := [row.value for row in rows if row.fact == fact]:
            names[fact] = dict(model._default_manager.filter(pk__in=used).values_list("pk", "name"))
    if used := [row.value for row in rows if row.fact == RESPONSIBLE]:
        names[RESPONSIBLE] = {party.pk: named(party) for party in Party.objects.filter(pk__in=used)}
    return names


def written(fact: str, value: int, names: Mapping[str, Mapping[int, str]]) -> str:
    """The value of a correction for people, from names by fact and number."""
    if fact in LISTED:
        return str(LISTED[fact](value).label)
    if fact == HOLD:
        return f"{hold_on_pages(value)} counts"
    return names.get(fact, {}).get(value, NONE)
