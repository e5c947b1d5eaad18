"""What was put right in source data, and how its values are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from django.db.models import IntegerChoices, Q, QuerySet

from commonhold.demand.models import Batch, Correction, Exclusion, Kind, Priority, Reckoning, Service, Team, Ticket
from commonhold.demand.permissions import puts_right
from commonhold.demand.queries.tickets import seen_ticket
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Partner
from commonhold.partnership.permissions import sees_rows_of
from commonhold.partnership.queries import that_may_be_named
from commonhold.refusals import Refused, require

NONE: Final = "none"
"""How "no partner", "no team" is written."""

PAGE: Final = 50
"""Rows of each kind on one page of the list."""

NAMED: Final = {"partner": Partner, "team": Team, "service": Service}
LISTED: Final[dict[str, type[IntegerChoices]]] = {"priority": Priority, "kind": Kind}


def stood(batch: int) -> Q:
    """Which corrections and exclusions stood when this batch was the last one known."""
    return Q(made_in__lte=batch) & (Q(undone_in=None) | Q(undone_in__gt=batch))


def corrected_at(batch: int) -> list[int]:
    """What the clock made, by number, of the tickets that stood corrected when this batch was the last one known."""
    tickets = Correction.objects.filter(stood(batch)).values("ticket")
    return list(Reckoning.objects.known(batch).filter(ticket__in=tickets).values_list("pk", flat=True))


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
    """A fact as it is known, by its number; 0 for none."""
    return int(getattr(row, fact if fact in LISTED else f"{fact}_id") or 0)


def code_of(fact: str, value: str) -> int:
    """The number that stands for a value of a fact: `P2` of a priority, a partner's name. Refused where unknown."""
    word = value.strip()
    if fact in LISTED:
        for choice in LISTED[fact]:
            if word.lower() in (choice.name.lower(), str(choice.label).lower()):
                return int(choice)
        raise Refused(f"'{value}' is no {fact}. It is one of {_listed(choice.name for choice in LISTED[fact])}.")
    if fact not in NAMED:
        raise Refused(f"{fact} cannot be corrected. What can is {_listed([*NAMED, *LISTED])}.")
    if word.lower() == NONE:
        return 0
    known = that_may_be_named() if fact == "partner" else NAMED[fact]._default_manager
    found = known.filter(name=word).values_list("pk", flat=True).first()
    if found is None:
        raise Refused(f"There is no {fact} called '{value}'. Write its name as the list of tickets does, or {NONE}.")
    return int(found)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(word.lower() if word.islower() else word for word in words)


def value_in_words(row: Correction) -> str | None:
    """The value of a correction by its name, such as P2 or a partner's; None for none."""
    if row.fact in LISTED:
        name = LISTED[row.fact](row.value).name
        return name.lower() if row.fact == "kind" else name if row.value else None
    return NAMED[row.fact]._default_manager.filter(pk=row.value).values_list("name", flat=True).first()


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
    return [(correction, words[correction.fact]) for correction in row.ticket.corrections.filter(undone_in=None)]


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
    return names


def written(fact: str, value: int, names: Mapping[str, Mapping[int, str]]) -> str:
    """The value of a correction for people, from names by fact and number."""
    if fact in LISTED:
        return str(LISTED[fact](value).label)
    return names.get(fact, {}).get(value, NONE)
