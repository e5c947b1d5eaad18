"""The register: P1 tickets without an incident, and incidents, side by side, with what is counted of them."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from math import inf
from typing import Any, Final

from django.db.models import Case, CharField, Count, F, OrderBy, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from commonhold.databases.entering import by_another
from commonhold.databases.prepared import prepared
from commonhold.demand.engine.incidents.account import Account, result_of
from commonhold.demand.engine.incidents.account import Clocked as Clock
from commonhold.demand.engine.incidents.counting import Counts, Group, counted
from commonhold.demand.models import Incident, Priority, Reckoning
from commonhold.demand.models.ticket import ReckoningRows
from commonhold.demand.permissions import reads_incidents
from commonhold.demand.queries.knowledge import Now
from commonhold.demand.queries.names import answering
from commonhold.demand.queries.register.members import Member, incidents_opened
from commonhold.demand.queries.register.standing import in_no_incident
from commonhold.demand.queries.tickets import (
    LARGEST,
    OPEN_STATES,
    RELATED,
    number_of,
    opened_within,
    target_of,
    visible,
)
from commonhold.ledger.engine.by import By
from commonhold.partnership.permissions import sees_rows_of
from commonhold.workdays import LONDON, midnight

PAGE: Final = 25
NOT_WRITTEN: Final = "no"
BEING_WRITTEN: Final = "draft"
WRITTEN: Final = "yes"
NEWEST: Final = "newest"
OLDEST: Final = "oldest"
LONGEST: Final = "longest"
"""By `Line.minutes`; what lasts still, or of which it is not known, stands last."""

A_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the register is narrowed to; days are of Europe/London, the last one included."""

    opened_from: date
    opened_to: date
    partner: str = ""
    party: str = ""
    written: str = ""
    key: bool = False
    order: str = NEWEST

    @property
    def opened(self) -> Q:
        """The condition on what the clock made of a ticket."""
        return opened_within(self.opened_from, self.opened_to)

    @property
    def seconds(self) -> tuple[int, int]:
        """When its days begin, and when they have ended, in seconds since 1970."""
        ends = midnight(self.opened_to + timedelta(days=1)).timestamp() if self.opened_to < date.max else LARGEST
        return int(midnight(self.opened_from).timestamp()), int(ends)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the register: a P1 ticket that is in no incident, or an incident with its tickets.

    `tickets` are those that this reader may see, the gravest first; `others` is how many more there are. `used` and
    `target` are minutes on the clock of the first ticket; `minutes` by the calendar, of an account from detection to
    restoration, else of the ticket from opening to resolution.
    """

    opened: datetime
    incident: Incident | None
    tickets: tuple[Reckoning, ...]
    others: int
    party: str | None
    partners: tuple[str, ...]
    minutes: int | None
    used: int | None
    target: int | None
    result: str
    written: str
    account: Account | None = None
    services: tuple[str, ...] = ()

    @property
    def is_key(self) -> bool:
        return self.incident is not None and self.incident.is_key

    @property
    def lead(self) -> Reckoning | None:
        return self.tickets[0] if self.tickets else None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the register: its lines, how many there are in all, and the places of the pages beside it."""

    lines: list[Line]
    count: int
    newer: int | None
    older: int | None
    counts: list[Counts]
    """How many P1 tickets were opened and were within target, by responsible party, of all partners."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What a page of the register is made of, read once: its incidents, and who answers for each team."""

    wanted: Wanted
    known: Now
    seen_by: By
    members: list[Member]
    party_of: dict[int, str]


def _read(wanted: Wanted, seen_by: By, known: Now, party_of: dict[int, str] | None) -> _Read:
    teams = answering(known.batch) if party_of is None else party_of
    return _Read(wanted, known, seen_by, incidents_opened(*wanted.seconds, known), teams)


def last_year(known: Now, at: datetime) -> tuple[date, date]:
    """The days that the register shows unless others are asked for: the year that ends with what the files tell of."""
    last = (known.through or at).astimezone(LONDON).date()
    return last - A_YEAR + timedelta(days=1), last


def register(
    wanted: Wanted, *, seen_by: By, known: Now, start: int = 0, party_of: dict[int, str] | None = None
) -> Listing:
    """A page of the register as this reader may see it, from a place on, with the counts of its days.

    `party_of` says who answers for each team, where somebody has read it already.
    """
    read = _read(wanted, seen_by, known, party_of)
    tickets, incidents = _tickets(read), _incidents(read)
    found = list(islice(_from(read, tickets, incidents, start), PAGE + 1))
    return Listing(
        lines=found[:PAGE],
        count=tickets.count() + len(incidents),
        newer=max(0, start - PAGE) if start else None,
        older=start + PAGE if len(found) > PAGE else None,
        counts=_counts(read),
    )


def every(wanted: Wanted, *, seen_by: By, known: Now, party_of: dict[int, str] | None = None) -> Iterator[Line]:
    """All lines of the register, for a download."""
    read = _read(wanted, seen_by, known, party_of)
    return _merged(read, _tickets(read).iterator(chunk_size=2_000), _incidents(read))


def _counts(read: _Read) -> list[Counts]:
    """How many P1 tickets were opened and were within target, by responsible party: all of them, whoever asks.

    A signed-off account says who was responsible; without one, who answers for the ticket's team does. What is left out
    of figures is not counted. The public is told counts by the pack alone (F8).
    """
    wanted, known, party_of = read.wanted, read.known, read.party_of
    if not reads_incidents(read.seen_by):
        return []
    grouped = _grouped(*wanted.seconds, known.batch, int(known.through.timestamp()) if known.through else 0)
    groups = [Group(party_of.get(team), result, tickets) for team, result, tickets in grouped]
    for member in read.members:
        if member.account is not None:
            for row in member.rows:
                if row.priority == Priority.P1 and not row.excluded and _within(row, wanted):
                    result = _known_result(row, known)
                    groups.append(Group(party_of.get(row.team_id or 0), result, -1))
                    groups.append(Group(member.account.party, result, 1))
    return [one for one in counted(groups) if one.opened]


def _within(row: Reckoning, wanted: Wanted) -> bool:
    return wanted.opened_from <= row.opened_at.astimezone(LONDON).date() <= wanted.opened_to


@prepared
def _grouped(begins: int, ends: int, batch: int, through: int, /) -> QuerySet[Reckoning, Any]:
    """How many P1 tickets there are by team and by result, as `target_of` says it, at an instant."""
    result = Case(
        When(target=None, then=Value("not set")),
        When(missed_at__lte=through, then=Value("missed")),
        When(state__in=OPEN_STATES, then=Value("running")),
        default=Value("met"),
        output_field=CharField(),
    )
    rows = Reckoning.objects.known(batch).filter(opened_at__gte=begins, opened_at__lt=ends)
    rows = rows.filter(priority=Priority.P1, excluded=False)
    return rows.annotate(result=result).order_by().values_list("team", "result").annotate(Count("pk"))


def _known_result(row: Reckoning, known: Now) -> str:
    result = target_of(row, known.through)
    return "running" if result == "on hold" else result


def _tickets(read: _Read) -> ReckoningRows:
    """The P1 tickets in no incident that this reader may see, in order."""
    wanted = read.wanted
    rows = visible(read.known.batch, read.seen_by).filter(wanted.opened, priority=Priority.P1)
    rows = rows.filter(in_no_incident())
    if wanted.written in (BEING_WRITTEN, WRITTEN) or wanted.key:
        return rows.none()
    if wanted.partner:
        own = Exact(by_another("partner_id"), number_of(wanted.partner))
        rows = rows.filter(partner=None) if wanted.partner == "none" else rows.filter(own)
    if wanted.party:
        teams = [team for team, party in read.party_of.items() if party == wanted.party]
        rows = rows.filter(team__in=teams)
    return rows.select_related(*RELATED).defer("timeline").order_by(*_in_order(wanted.order))


def _in_order(order: str) -> list[OrderBy]:
    """The order of tickets; `_place` says the same of lines, of which some may share a place."""
    if order == OLDEST:
        return [F("opened_at").asc(), F("pk").asc()]
    newest = [F("opened_at").desc(), F("pk").desc()]
    lasted = Coalesce("resolved_at", "closed_at") - F("opened_at")
    return [lasted.desc(nulls_last=True), *newest] if order == LONGEST else newest


def _place(order: str) -> Callable[[Line], float]:
    """Where a line stands in an order: what has the smaller number stands before."""
    places: dict[str, Callable[[Line], float]] = {
        NEWEST: lambda line: -line.opened.timestamp(),
        OLDEST: lambda line: line.opened.timestamp(),
        LONGEST: lambda line: inf if line.minutes is None else -line.minutes,
    }
    return places[order]


def _incidents(read: _Read) -> list[Line]:
    """The incidents that this reader may see, in order."""
    found = [_of_incident(member, read.seen_by, read.known, read.party_of) for member in read.members]
    lines = [line for line in found if line is not None and _is_wanted(line, read.wanted)]
    return sorted(lines, key=_place(read.wanted.order))


def _is_wanted(line: Line, wanted: Wanted) -> bool:
    return (
        (not wanted.partner or wanted.partner in line.partners)
        and (not wanted.party or wanted.party == line.party)
        and (not wanted.written or wanted.written == line.written)
        and (not wanted.key or line.is_key)
    )


def _of_incident(member: Member, seen_by: By, known: Now, party_of: dict[int, str]) -> Line | None:
    """An incident as a line; for the public, nothing before an account of it is signed off."""
    account = member.account
    seen = tuple(row for row in member.rows if sees_rows_of(seen_by, row.partner.slug if row.partner else None))
    if account is None and seen_by.is_public:
        return None
    lead = member.rows[0] if member.rows else None
    party = account.party if account else party_of.get(lead.team_id or 0) if lead else None
    hit = {row.partner.slug if row.partner else "none" for row in member.rows} if not seen_by.is_public else set()
    clock = _clock(lead, known) if lead and not seen_by.is_public else None
    by_tickets = result_of([_clock(row, known) for row in member.rows])
    return Line(
        opened=account.detected if seen_by.is_public and account and account.detected else _opened(member),
        incident=member.incident,
        tickets=seen,
        others=0 if seen_by.is_public else len(member.rows) - len(seen),
        party=party,
        partners=tuple(sorted(hit | (set(member.partners) if not seen_by.is_public else set()))),
        minutes=account.minutes if account else clock.minutes if clock else None,
        used=clock.used if clock else None,
        target=clock.target if clock else None,
        result=member.write_up.result if seen_by.is_public and member.write_up else by_tickets,
        written=WRITTEN if account else BEING_WRITTEN if member.has_draft else NOT_WRITTEN,
        account=account,
        services=tuple(member.write_up.services) if member.write_up else (),
    )


def _opened(member: Member) -> datetime:
    return min((row.opened_at for row in member.rows), default=member.incident.at)


def _of_ticket(row: Reckoning, known: Now, party_of: dict[int, str]) -> Line:
    clock = _clock(row, known)
    return Line(
        opened=row.opened_at,
        incident=None,
        tickets=(row,),
        others=0,
        party=party_of.get(row.team_id or 0),
        partners=(row.partner.slug if row.partner else "none",),
        minutes=clock.minutes,
        used=clock.used,
        target=clock.target,
        result=clock.result,
        written=NOT_WRITTEN,
    )


def _clock(row: Reckoning, known: Now) -> Clock:
    """A ticket's clock as it was read when it was last told of."""
    return Clock(
        reference=row.ticket.reference,
        opened=row.opened_at,
        resolved=row.resolved_at or row.closed_at,
        used=None if row.target is None else row.used // 60,
        target=row.target,
        result=target_of(row, known.through),
    )


def _from(read: _Read, tickets: ReckoningRows, incidents: list[Line], start: int) -> Iterator[Line]:
    """The lines from a place on, as many as a page holds and one more at least, if there are.

    No more tickets are read than the page and the incidents before it can need: those that would stand before `start`
    even if every incident did are passed over.
    """
    passed = max(0, start - len(incidents))
    rows = list(tickets[passed : start + PAGE + 1])
    if passed and not rows:
        return iter(())
    before = _before(rows[0], read, incidents) if passed else 0
    return islice(_merged(read, rows, incidents[before:]), start - passed - before, None)


def _before(row: Reckoning, read: _Read, incidents: list[Line]) -> int:
    """How many of the incidents stand before a ticket."""
    place = _place(read.wanted.order)
    own = place(_of_ticket(row, read.known, read.party_of))
    return sum(place(line) < own for line in incidents)


def _merged(read: _Read, rows: Iterable[Reckoning], incidents: list[Line]) -> Iterator[Line]:
    lines = (_of_ticket(row, read.known, read.party_of) for row in rows)
    return heapq.merge(lines, incidents, key=_place(read.wanted.order))
