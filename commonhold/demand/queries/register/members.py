"""The incidents with a ticket opened in some days, each with its tickets as they are known and its standing account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from commonhold.databases.prepared import prepared
from commonhold.databases.together import together
from commonhold.demand.engine.incidents.account import Account
from commonhold.demand.models import Incident, IncidentDraft, IncidentTicket, Reckoning, WriteUp
from commonhold.demand.queries.knowledge import Now
from commonhold.demand.queries.register.standing import members, rows_of
from commonhold.demand.queries.register.then import Then
from commonhold.partnership.models import Partner


@dataclass(frozen=True, slots=True)
class Member:
    """An incident with its tickets, the gravest first, its account that stands, and whether one is being written.

    `partners` are the slugs of the partners that the account says it hit.
    """

    incident: Incident
    rows: tuple[Reckoning, ...]
    write_up: WriteUp | None
    has_draft: bool
    partners: tuple[str, ...] = ()

    @property
    def account(self) -> Account | None:
        return self.write_up.account if self.write_up else None


def incidents_of(opened: Q, known: Now, entry: int | None = None) -> list[Member]:
    """The incidents that stand, or stood at an entry of the record, with a ticket that the condition holds of.

    One of whose tickets no file tells any longer is among them whatever the days.
    """
    if entry is None:
        return _that_stand(_with_a_ticket(opened, known.batch, members()).filter(strike=None), known)
    then = Then(_with_a_ticket(opened, known.batch, IncidentTicket.objects.all()), entry)
    if not then.incidents:
        return []
    numbers = [incident.pk for incident in then.incidents]
    tickets = [member.ticket_id for member in then.tickets]
    read = together(_beside(rows_of(tickets, known), IncidentDraft.objects.filter(incident__in=numbers)))
    return list(_members(then.incidents, then.tickets, then.write_ups, read))


def incidents_opened(begins: int, ends: int, known: Now) -> list[Member]:
    """Those that stand with a ticket opened from one second since 1970 until before another."""
    return _that_stand(_opened_within(begins, ends, known.batch), known)


@prepared
def _opened_within(begins: int, ends: int, batch: int, /) -> QuerySet[Incident]:
    return _with_a_ticket(Q(opened_at__gte=begins, opened_at__lt=ends), batch, members()).filter(strike=None)


def _that_stand(incidents: Iterable[Incident], known: Now) -> list[Member]:
    """These incidents with all that is known of them, in two queries more."""
    found = list(incidents)
    if not found:
        return []
    # By their numbers: joined to tickets that are yet to be found, PostgreSQL reads all that is known of any.
    numbers = [incident.pk for incident in found]
    tickets = list(members().filter(incident__in=numbers).order_by("pk"))
    read = together(
        {
            "write_ups": WriteUp.objects.filter(incident__in=numbers, strike=None),
            **_beside(
                rows_of([member.ticket_id for member in tickets], known),
                IncidentDraft.objects.filter(incident__in=numbers),
            ),
        }
    )
    return list(_members(found, tickets, sorted(read["write_ups"], key=lambda row: row.number), read))


def _with_a_ticket(opened: Q, batch: int, standing: QuerySet[IncidentTicket]) -> QuerySet[Incident]:
    told = Reckoning.objects.known(batch).filter(ticket=OuterRef("ticket"))
    ticketed = standing.filter(incident=OuterRef("pk"))
    return Incident.objects.filter(
        Exists(ticketed.filter(Exists(told.filter(opened)))) | ~Exists(ticketed.filter(Exists(told)))
    )


def _beside(rows: QuerySet[Reckoning], drafts: QuerySet[IncidentDraft]) -> dict[str, QuerySet[Any, Any]]:
    """What is known of incidents' tickets, which accounts are being written, and every partner's word."""
    return {
        "rows": rows.defer("timeline"),
        "drafts": drafts.filter(edition__gt=0).values_list("incident"),
        "slugs": Partner.objects.values_list("pk", "slug"),
    }


def _members(
    incidents: Iterable[Incident],
    tickets: Iterable[IncidentTicket],
    write_ups: Iterable[WriteUp],
    read: Mapping[str, Sequence[Any]],
) -> Iterator[Member]:
    """The incidents with what was read of them; of several accounts the last one given."""
    of = defaultdict[int, list[int]](list)
    for member in tickets:
        of[member.incident_id].append(member.ticket_id)
    known_rows = {row.ticket_id: row for row in read["rows"]}
    accounts = {row.incident_id: row for row in write_ups}
    written = {number for (number,) in read["drafts"]}
    slugs = dict(read["slugs"])
    for incident in incidents:
        account = accounts.get(incident.pk)
        yield Member(
            incident=incident,
            rows=_gravest_first([known_rows[ticket] for ticket in of[incident.pk] if ticket in known_rows]),
            write_up=account,
            has_draft=incident.pk in written,
            partners=_hit(account, slugs),
        )


def _gravest_first(rows: list[Reckoning]) -> tuple[Reckoning, ...]:
    """By priority, those without one last, then by opening."""
    return tuple(sorted(rows, key=lambda row: (row.priority or 9, row.opened_at, row.pk)))


def _hit(write_up: WriteUp | None, slugs: dict[int, str]) -> tuple[str, ...]:
    return tuple(slugs[number] for number in write_up.account.partners if number in slugs) if write_up else ()
