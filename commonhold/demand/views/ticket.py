"""The page of a ticket."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from commonhold.demand.permissions import puts_right
from commonhold.demand.queries.knowledge import now
from commonhold.demand.queries.putting_right import partner_of
from commonhold.demand.queries.ticket import told
from commonhold.demand.queries.tickets import seen_ticket
from commonhold.govuk.pages import page
from commonhold.partnership.requests import Asked


@require_safe
def ticket(request: Asked, desk: int, reference: str) -> HttpResponse:
    known = now()
    row = seen_ticket(desk, reference, seen_by=request.by, known=known.batch)
    return page(
        request,
        "demand/ticket.html",
        title=f"Ticket {row.ticket.reference}",
        row=row,
        told=told(row, known),
        may_put_right=puts_right(request.by, partner_of(row)),
    )
