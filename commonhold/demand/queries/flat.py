"""Tickets as a flat table: one row for each that the reader may see, in the order in which they were opened (D2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

from django.db.models import Q
from django.urls import reverse

from commonhold.demand.engine.columns import Grade
from commonhold.demand.models import Kind, Priority, State
from commonhold.demand.models.ticket import PLAIN
from commonhold.demand.queries.knowledge import knowledge
from commonhold.demand.queries.tickets import LARGEST, visible
from commonhold.govuk.flat import Asked, Column, Part
from commonhold.govuk.tables import Cell
from commonhold.ledger.engine.by import By
from commonhold.partnership.models import Partner
from commonhold.partnership.permissions import sees_all_rows
from commonhold.refusals import NotAllowed, Refused
from commonhold.workdays import midnight

COLUMNS: Final = (
    Column("key", "text", "where the row stands: the next part is asked for by after=KEY of the last row"),
    Column("reference", "text", "what the desk calls the ticket"),
    Column("desk", "text", "the desk whose files tell of it"),
    Column("partner", "text", "the authority it is of; empty where none is named"),
    Column("priority", "text", "P1 to P5, or No priority"),
    Column("kind", "text", "Incident, Service request, Problem or Change"),
    Column("state", "text", "where it stands: Open, In progress, On hold, Reopened, Resolved, Closed or Cancelled"),
    Column("team", "text", "who has it"),
    Column("service", "text", "which service it is about"),
    Column("category", "text", "what the desk files it under"),
    Column("opened_at", "instant", "when it was opened"),
    Column("resolved_at", "instant", "when it was last resolved"),
    Column("closed_at", "instant", "when it was closed"),
    Column("last_event_at", "instant", "the last that its history tells of"),
    Column("due_at", "instant", "when its target is reached (C9); empty where no target is set, or it waits"),
    Column("target_minutes", "whole number", "the target in force, in the agreement's working time", "minutes"),
    Column("used_minutes", "number", "what its clock has counted", "minutes"),
    Column("held_minutes", "number", "what its clock did not count because it was on hold", "minutes"),
    Column("target_missed", "yes or no", "whether the minutes used exceeded the target (C8); empty without a target"),
    Column("missed_at", "instant", "when they did"),
    Column("desk_says_met", "yes or no", "the desk's own verdict, never mixed with ours (F4)"),
    Column("grade", "text", "what its file can prove about holds: intervals, observed, total or none (F5)"),
    Column("reopenings", "whole number", "how often it was opened again", "times"),
    Column("reassignments", "whole number", "how often it was passed to another team", "times"),
    Column("left_out", "yes or no", "whether it is left out of figures, by an exclusion on the record"),
    Column("known_at", "whole number", "the entry of the record at which this was known (F7)"),
    Column("address", "text", "its page"),
)
WORDS: Final = ("from", "to", "partner", "known_at")
"""What narrows the table down: the days of opening, a partner, and what was known at an entry."""

READ: Final = (
    "opened_at", "pk", "ticket__reference", "ticket__desk__name", "partner__name", "priority", "kind", "state",
    "team__name", "service__name", "category__name", "resolved_at", "closed_at", "last_event_at", "due_at", "target",
    "used", "held", "missed_at", "verdict", "grade", "reopenings", "reassignments", "excluded", "ticket",
    "ticket__desk",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the table is narrowed to."""

    first: date | None = None
    last: date | None = None
    partner: str = ""
    known_at: str = ""


def tickets(wanted: Wanted, asked: Asked, *, seen_by: By, site: str) -> Part:
    """A part of the table: the rows of the reader's own partner, or all for those who run the service."""
    known = knowledge(wanted.known_at or None)
    rows = visible(known.batch, seen_by, in_order=True).filter(_conditions(wanted, seen_by))
    key = _parsed(asked.after)
    if key is not None:
        at, number = key
        # The first condition alone says where the index is to be entered.
        rows = rows.filter(opened_at__gte=at).filter(Q(opened_at__gt=at) | Q(pk__gt=number))
    rows = rows.order_by("opened_at", "pk")
    # The last row is found before the first is sent: where the next part begins stands above the rows.
    ends = list(rows.values_list("opened_at", "pk")[asked.size - 1 : asked.size + 1])
    found = rows.values_list(*READ)[: asked.size].iterator(chunk_size=2_000)
    last = _key(*ends[0]) if len(ends) > 1 else None
    return Part(_rows(found, known.through, known.entry, site), last, known.entry)


def _rows(found: Iterator[tuple[Any, ...]], through: int, entry: int, site: str) -> Iterator[tuple[Cell, ...]]:
    priorities, kinds, states = ({one: str(one.label) for one in choices} for choices in (Priority, Kind, State))
    told = datetime.fromtimestamp(through, UTC)
    for (
        opened, pk, reference, desk, partner, priority, kind, state, team, service, category, resolved, closed, last,
        due, target, used, held, missed, verdict, grade, reopenings, reassignments, excluded, ticket, desk_number,
    ) in found:  # fmt: skip
        is_missed = missed is not None and missed <= told
        yield (
            _key(opened, pk), reference, desk, partner, priorities[priority], kinds[kind], states[state], team, service,
            category, opened, resolved, closed, last, due, target, _minutes(used), _minutes(held),
            None if target is None else is_missed, missed if is_missed else None, verdict, Grade(grade).name.lower(),
            reopenings, reassignments, excluded, entry, site + _address(ticket, desk_number, reference),
        )  # fmt: skip


def _conditions(wanted: Wanted, seen_by: By) -> Q:
    where = Q()
    if wanted.first:
        where &= Q(opened_at__gte=midnight(wanted.first))
    if wanted.last and wanted.last < date.max:
        where &= Q(opened_at__lt=midnight(wanted.last + timedelta(days=1)))
    if wanted.partner:
        where &= Q(partner=None) if wanted.partner == "none" else Q(partner=_named(wanted.partner, seen_by))
    return where


def _named(text: str, seen_by: By) -> int:
    """A partner by its name or as addresses write it. Who sees one partner's rows is told of no other's."""
    row = Partner.objects.filter(Q(slug=text) | Q(name__iexact=text)).first()
    if row is None:
        raise Refused(f"There is no partner '{text}'.")
    if not sees_all_rows(seen_by) and row.slug != seen_by.partner:
        raise NotAllowed(f"You may not read tickets of {row}: they are for its people and those who run the service.")
    return int(row.pk)


def _minutes(seconds: int) -> int | float:
    """Minutes, whole where they are."""
    return round(seconds / 60, 4) if seconds % 60 else seconds // 60


def _address(ticket: int, desk: int, reference: str) -> str:
    if PLAIN.fullmatch(reference):
        return f"{_tickets_of(desk)}{quote(reference)}/"
    return reverse("demand:numbered_ticket", args=[ticket])


@lru_cache(maxsize=1_000)
def _tickets_of(desk: int) -> str:
    """How the addresses of a desk's tickets begin; asked for once, where there are thousands."""
    return reverse("demand:ticket", args=[desk, "A"]).removesuffix("A/")


def _key(opened: datetime, number: int) -> str:
    return f"{int(opened.timestamp())}-{number}"


def _parsed(key: str) -> tuple[datetime, int] | None:
    """Where a key stands. Refused where it is none of this table's."""
    if not key:
        return None
    at, _, number = key.rpartition("-")
    try:
        found = datetime.fromtimestamp(int(at), UTC), int(number)
    except (ValueError, OverflowError, OSError):
        found = None
    if found is None or not 0 <= found[1] < LARGEST:
        raise Refused(f"'{key}' is no key of this table: the key of a row stands in its first column.")
    return found
