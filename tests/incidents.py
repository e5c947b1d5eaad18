"""Incidents for tests, opened from tickets and written up by calling acts."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from commonhold.demand.acts import residents
from commonhold.demand.acts.register import opening, remarks, telling, writing
from commonhold.demand.engine.incidents.account import Account
from commonhold.demand.models import Incident, ResidentServiceText, Ticket, WriteUp
from commonhold.partnership.acts import agreement
from commonhold.partnership.models import Partner
from tests.universe import somebody

PLAN: Final[dict[str, Any]] = {
    "calendar": "office-hours",
    "audiences": {
        "Managing Director": {"channel": "telephone", "in_hours": 15, "out_of_hours": 60},
        "Client leads": {"channel": "e-mail", "in_hours": 30},
    },
}
DETECTED: Final = datetime(2026, 6, 16, 11, 5, tzinfo=UTC)
RESTORED: Final = datetime(2026, 6, 16, 15, 0, tzinfo=UTC)
ACCOUNT: Final = Account(
    title="The network of Northgate failed",
    happened="Staff of Northgate could not reach any system for an afternoon.",
    detected=DETECTED,
    restored=RESTORED,
    cause="A switch failed, and its spare had been taken away.",
    party="supplier: Calldale",
    legacy="yes",
    legacy_words="The switch was eleven years old.",
    lesson="Spares are counted each month.",
    closed="Calldale's engineer left the spare in another building.",
)


def plan() -> None:
    """The communication plan, as found in the agreement."""
    agreement.enter_as_found(
        by=somebody("client-lead-of-southmere"),
        rule="communication_plan",
        value=PLAN,
        effective_from=date(2023, 7, 1),
        document="Inter Authority Agreement of 1 July 2023",
    )


def resident_service(name: str = "Reporting a missed bin") -> ResidentServiceText:
    return residents.add(by=somebody("client-lead-of-southmere"), name=name, about="Online and by telephone.")


def opened(*tickets: Ticket, **given: Any) -> Incident:
    return opening.open_incident(by=somebody("service-analyst"), tickets=tickets, **given)


def account(**changes: Any) -> Account:
    """A whole account, of Northgate, with what differs."""
    northgate = Partner.objects.get(slug="northgate").pk
    return replace(ACCOUNT, **{"partners": (northgate,), **changes})


def drafted(incident: Incident, **changes: Any) -> int:
    """Keep an account; returns its edition."""
    edition = incident.draft.edition if hasattr(incident, "draft") else 0
    draft = writing.keep_draft(
        by=somebody("service-analyst"), incident=incident, account=account(**changes), edition=edition
    )
    return draft.edition


def signed_off(incident: Incident, reason: str = "", **changes: Any) -> WriteUp:
    incident = Incident.objects.get(pk=incident.pk)
    edition = drafted(incident, **changes)
    return writing.sign_off(by=somebody("managing-director"), incident=incident, edition=edition, reason=reason)


def written_up(ticket: Ticket) -> Incident:
    """An incident with a signed-off account, somebody who was told, and a remark with its answer."""
    service = resident_service()
    incident = opened(ticket, is_key=True, reason="Elections were under way.")
    telling.log(
        by=somebody("service-manager"),
        incident=incident,
        audience="Managing Director",
        channel="telephone",
        told_at=datetime(2026, 6, 16, 11, 30, tzinfo=UTC),
    )
    signed_off(incident, services=(service.service_id,))
    said = remarks.remark(by=somebody("client-lead-of-northgate"), incident=incident, words="We were told too late.")
    remarks.answer(by=somebody("service-manager"), remark=said, words="We were; the list of numbers was old.")
    drafted(Incident.objects.get(pk=incident.pk), lesson="Spares are counted each week.")
    return Incident.objects.get(pk=incident.pk)
