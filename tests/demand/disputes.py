"""Disputes raised by calling the act, of a desk with holds."""

from datetime import date
from typing import Any

from commonhold.demand.acts import disputing
from commonhold.demand.engine.disputed import Class
from commonhold.demand.models import Dispute
from commonhold.ledger.engine.by import By
from tests.demand.bringing import bring, events, ticket
from tests.universe import somebody

HEADINGS = "reference,event_at,state,hold_reason,priority,kind,team,partner,service,category"
WHY = "The supplier had answered within the hour."
LEAD, OTHER, MANAGER = "client-lead-of-southmere", "client-lead-of-northgate", "service-manager"


def held(reference: str, reason: str, partner: str = "Southmere", priority: str = "P3") -> list[str]:
    """A ticket of June that was on hold for a reason from nine on Monday until five on Thursday."""
    told = f"{priority},incident,Networks,{partner},Email,Fault"
    return [
        f"{reference},2026-06-01T07:00Z,open,,{told}",
        f"{reference},2026-06-01T08:00Z,on_hold,{reason},{told}",
        f"{reference},2026-06-04T16:00Z,resolved,,{told}",
    ]


def bring_holds() -> None:
    """Five tickets of Southmere, on hold for three reasons, and two of Northgate."""
    bring(
        events(
            *held("S1", "awaiting_supplier"),
            *held("S2", "awaiting_supplier"),
            *held("S3", "awaiting_customer"),
            *held("S4", ""),
            "S5,2026-06-01T07:00Z,open,,P2,incident,Networks,Southmere,Email,Fault",
            "S5,2026-06-01T09:00Z,resolved,,P2,incident,Networks,Southmere,Email,Fault",
            *held("N1", "awaiting_supplier", "Northgate"),
            *held("N2", "awaiting_customer", "Northgate", "P2"),
            headings=HEADINGS,
        )
    )


def june(**wanted: Any) -> Class:
    return Class(opened_from=date(2026, 6, 1), opened_to=date(2026, 6, 30), **wanted)


def lead(post: str = LEAD) -> By:
    return somebody(post)


def of_ticket(
    reference: str = "S1", fact: str = "hold", value: str = "every hold", by: str = LEAD, reason: str = WHY
) -> Dispute:
    made = disputing.raise_dispute(by=lead(by), ticket=ticket(reference), fact=fact, value=value, reason=reason)
    return Dispute.objects.with_state().get(pk=made.pk)


def of_class(
    fact: str = "hold", value: str = "awaiting supplier", by: str = LEAD, wanted: Class | None = None
) -> Dispute:
    wanted = wanted or june(reason="awaiting_supplier")
    made = disputing.raise_dispute(by=lead(by), wanted=wanted, fact=fact, value=value, reason=WHY)
    return Dispute.objects.with_state().get(pk=made.pk)
