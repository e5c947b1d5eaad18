"""What the partners dispute of tickets: one was put right and settled, one is maintained, one waits for an answer."""

from datetime import date
from typing import Any, Final

from commonhold.demand.acts import disputing
from commonhold.demand.engine.disputed import Class
from commonhold.demand.models import Batch, Dispute, DisputeState, Kind, Priority, Reckoning
from commonhold.demand.models.ticket import ReckoningRows
from commonhold.ledger.engine.by import By
from commonhold.web.demo.founding import at, somebody
from commonhold.workdays import midnight

NORTHGATE, EASTWELL, SOUTHMERE = "client-lead-of-northgate", "client-lead-of-eastwell-vale", "client-lead-of-southmere"
MANAGER, ANALYST = "service-manager", "service-analyst"
SPRING: Final = Class(
    opened_from=date(2026, 4, 1), opened_to=date(2026, 6, 30), partner="eastwell-vale", reason="awaiting_supplier"
)
"""Tickets of a partner that waited for a supplier at some time."""


def put_right() -> None:
    """In April the service accepts that a ticket of Northgate waited for nobody; Northgate settles."""
    northgate = somebody(NORTHGATE, at(date(2026, 4, 7)))
    held = _of("northgate", date(2026, 2, 1), date(2026, 3, 1)).filter(was_held=True, missed_at=None)
    dispute = _raised(
        northgate,
        held.filter(priority=Priority.P3).order_by("-held", "pk"),
        fact="hold",
        value="every hold",
        reason="Our colleague had answered on the next day. The ticket went on waiting because nobody looked.",
    )
    if dispute is None:
        return
    if not dispute.steps.exists():
        words = "The answer was in the ticket from the next day on. We look at waiting tickets each morning now."
        disputing.accept(by=somebody(MANAGER, at(date(2026, 4, 8))), dispute=dispute, words=words)
    if not dispute.steps.filter(to=DisputeState.SETTLED).exists():
        disputing.settle(by=somebody(NORTHGATE, at(date(2026, 4, 8), 15)), dispute=dispute, words="Thank you.")


def maintained() -> None:
    """In July the service stands by the holds for suppliers, and Eastwell Vale maintains that they should count."""
    dispute = Dispute.objects.filter(partner__slug="eastwell-vale").first() or disputing.raise_dispute(
        by=somebody(EASTWELL, at(date(2026, 7, 6), 17, 10)),
        wanted=SPRING,
        fact="hold",
        value="awaiting supplier",
        reason="The service chooses its suppliers and manages them. To wait for them is its time, not our staff's.",
    )
    if dispute.steps.exists():
        return
    disputing.decline(
        by=somebody(ANALYST, at(date(2026, 7, 6), 17, 40)),
        dispute=dispute,
        words="The agreement lets a ticket wait for a supplier. To change that, all three partners must consent.",
    )
    disputing.maintain(
        by=somebody(EASTWELL, at(date(2026, 7, 7), 9)),
        dispute=dispute,
        words="We shall propose that change. Until it is decided, the boards should see both.",
    )


def unanswered() -> None:
    """After the meeting Southmere says that a ticket was more urgent than it was taken to be."""
    rows = _of("southmere", date(2026, 6, 1), date(2026, 7, 1)).filter(priority=Priority.P3, kind=Kind.INCIDENT)
    _raised(
        somebody(SOUTHMERE, at(date(2026, 7, 22), 11)),
        rows.filter(service__name="Network and Wi-Fi").order_by("opened_at", "pk"),
        fact="priority",
        value="P2",
        reason="A whole floor of the town hall could not work, so it was a P2.",
    )


def _of(partner: str, first: date, after: date) -> ReckoningRows:
    """A partner's tickets as they are known, opened from one day until before another, and resolved."""
    known = Reckoning.objects.known(Batch.objects.known()).filter(partner__slug=partner, resolved_at__isnull=False)
    return known.filter(opened_at__gte=midnight(first), opened_at__lt=midnight(after)).select_related("ticket")


def _raised(by: By, rows: ReckoningRows, **said: Any) -> Dispute | None:
    """The dispute of this partner about a ticket, raised of the first of these where there is none yet."""
    found = Dispute.objects.filter(partner__slug=by.partner, ticket__isnull=False).first()
    row = None if found else rows.first()
    return disputing.raise_dispute(by=by, ticket=row.ticket, **said) if row else found
