"""How far the register is with the incidents of some days: in none, not written up, in draft, and signed off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from commonhold.demand.models import Incident, IncidentDraft, Priority, Reckoning, WriteUp
from commonhold.demand.queries.register.standing import in_no_incident, members
from commonhold.demand.queries.tickets import opened_within
from commonhold.figures import Span

IN_NONE, INCIDENTS = "p1 in no incident", "incidents"


@dataclass(frozen=True, slots=True)
class Written:
    """How many P1 tickets are in no incident, and incidents by how far their account is: counts of all partners'."""

    in_none: int = 0
    unwritten: int = 0
    drafted: int = 0
    signed: int = 0


def asked(span: Span, batch: int) -> dict[str, QuerySet[Any, Any]]:
    """What it is read from, for a page that reads it along with other things; what is left out of figures is not of
    it.
    """
    told = Reckoning.objects.known(batch).filter(opened_within(span.first, span.last))
    urgent = told.filter(priority=Priority.P1, excluded=False).filter(in_no_incident())
    ticketed = members().filter(incident=OuterRef("pk")).filter(Exists(told.filter(ticket=OuterRef("ticket"))))
    accounts = WriteUp.objects.filter(incident=OuterRef("pk"), strike=None)
    drafts = IncidentDraft.objects.filter(incident=OuterRef("pk"), edition__gt=0)
    incidents = Incident.objects.filter(Exists(ticketed), strike=None).annotate(
        has_account=Exists(accounts), has_draft=Exists(drafts)
    )
    return {
        IN_NONE: urgent.order_by().values_list("priority").annotate(Count("pk")),
        INCIDENTS: incidents.order_by().values_list("pk", "has_account", "has_draft"),
    }


def of_rows(read: Mapping[str, Sequence[Any]]) -> Written:
    found = read[INCIDENTS]
    return Written(
        in_none=sum(count for _, count in read[IN_NONE]),
        unwritten=sum(not account and not draft for _, account, draft in found),
        drafted=sum(not account and bool(draft) for _, account, draft in found),
        signed=sum(bool(account) for _, account, _ in found),
    )
