"""The incidents with a ticket opened in some days, each with its tickets as they are known and its standing account."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

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
    """The incidents that stand with a ticket that the condition holds of; in two queries, however many they are.

    One of whose tickets no file tells any longer is among them whatever the days. Where an entry of the record is
    named, the register is as it stood then.
    """
    told = Reckoning.objects.known(known.batch).filter(ticket=OuterRef("ticket"))
    standing = members() if entry is None else IncidentTicket.objects.all()
    ticketed = standing.filter(incident=OuterRef("pk"))
    rows = Incident.objects.filter(
        Exists(ticketed.filter(Exists(told.filter(opened)))) | ~Exists(ticketed.filter(Exists(told)))
    )
    then = None if entry is None else Then(rows, entry)
    incidents = list(rows.filter(strike=None)) if then is None else then.incidents
    numbers = [incident.pk for incident in incidents]
    if not numbers:
        return []
    read = _beside(numbers, then, known)
    write_ups = sorted(read["write_ups"], key=lambda row: row.number) if then is None else then.write_ups
    of = defaultdict[int, list[int]](list)
    for member in sorted(read["members"], key=lambda row: row.pk) if then is None else then.tickets:
        of[member.incident_id].append(member.ticket_id)
    known_rows = {row.ticket_id: row for row in read["rows"]}
    accounts = {row.incident_id: row for row in write_ups}
    written = {number for (number,) in read["drafts"]}
    slugs = dict(read["slugs"])
    return [
        Member(
            incident=incident,
            rows=_gravest_first([known_rows[ticket] for ticket in of[incident.pk] if ticket in known_rows]),
            write_up=accounts.get(incident.pk),
            has_draft=incident.pk in written,
            partners=_hit(accounts.get(incident.pk), slugs),
        )
        for incident in incidents
    ]


def _beside(numbers: list[int], then: Then | None, known: Now) -> dict[str, list[Any]]:
    """What is known of these incidents' tickets, and what is written of them, read together."""
    ticketed = members().filter(incident__in=numbers)
    tickets = ticketed.values("ticket") if then is None else [member.ticket_id for member in then.tickets]
    asked: dict[str, QuerySet[Any, Any]] = {
        "rows": rows_of(tickets, known).defer("timeline"),
        "drafts": IncidentDraft.objects.filter(incident__in=numbers, edition__gt=0).values_list("incident"),
        "slugs": Partner.objects.values_list("pk", "slug"),
    }
    if then is None:
        write_ups = WriteUp.objects.filter(incident__in=numbers, strike=None)
        asked |= {"members": ticketed, "write_ups": write_ups}
    return together(asked)


def _gravest_first(rows: list[Reckoning]) -> tuple[Reckoning, ...]:
    """By priority, those without one last, then by opening."""
    return tuple(sorted(rows, key=lambda row: (row.priority or 9, row.opened_at, row.pk)))


def _hit(write_up: WriteUp | None, slugs: dict[int, str]) -> tuple[str, ...]:
    return tuple(slugs[number] for number in write_up.account.partners if number in slugs) if write_up else ()
