"""What a search finds in demand: tickets by the beginning of their reference, batches by their number."""

from typing import Final

from commonhold.demand.models import Batch, Incident
from commonhold.demand.queries.tickets import begins_so, visible
from commonhold.govuk.addresses import whole_number
from commonhold.ledger.engine.by import By
from commonhold.partnership.queries import Found

MOST: Final = 20


def tickets(text: str, seen_by: By) -> list[Found]:
    """The tickets that this reader may see and whose reference begins with the text (D2)."""
    if seen_by.is_public or " " in text:
        return []
    rows = visible(Batch.objects.known(), seen_by).filter(begins_so(text))
    rows = rows.select_related("ticket", "partner").defer("timeline").order_by("ticket__reference", "ticket_id")
    return [
        Found(
            f"{row.ticket.reference}, {row.get_priority_display()}, {row.partner or 'no partner'}",
            "Ticket",
            row.ticket.get_absolute_url(),
        )
        for row in rows[:MOST]
    ]


def incidents(text: str, seen_by: By) -> list[Found]:
    """The incidents that this reader may know of whose title holds the text."""
    rows = Incident.objects.filter(strike=None, title__icontains=text).exclude(title="").order_by("-pk")
    return [Found(str(row), "Incident", row.get_absolute_url()) for row in rows[:MOST] if row.is_open_to(seen_by)]


def batches(text: str, seen_by: By) -> list[Found]:
    """The batch of this number."""
    number = whole_number(text.split()[-1])
    rows = Batch.objects.taken().filter(number=number) if number else ()
    return [Found(f"{row}: {row.get_kind_display().lower()}", "Batch", row.get_absolute_url()) for row in rows]
