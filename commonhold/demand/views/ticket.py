"""The page of a ticket, found by its reference at a desk or, where no address can carry that, by its number."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from commonhold.demand.models import Reckoning
from commonhold.demand.permissions import disputes, keeps_the_register, puts_right
from commonhold.demand.queries import sheets
from commonhold.demand.queries.ages import ages
from commonhold.demand.queries.disputed_tickets import of_ticket
from commonhold.demand.queries.knowledge import Now, now
from commonhold.demand.queries.putting_right import partner_of
from commonhold.demand.queries.register.standing import incident_of
from commonhold.demand.queries.ticket import told
from commonhold.demand.queries.tickets import seen_ticket, ticket_called
from commonhold.govuk.pages import page
from commonhold.partnership.requests import Asked


@require_safe
def ticket(request: Asked, desk: int, reference: str) -> HttpResponse:
    known = now()
    return _page(request, ticket_called(desk, reference, seen_by=request.by, known=known.batch), known)


@require_safe
def numbered(request: Asked, number: int) -> HttpResponse:
    known = now()
    row = seen_ticket(number, seen_by=request.by, known=known.batch)
    if row.ticket.get_absolute_url() != request.path:
        return redirect(row.ticket)
    return _page(request, row, known)


def _page(request: Asked, row: Reckoning, known: Now) -> HttpResponse:
    found = told(row, known)
    return page(
        request,
        "demand/ticket.html",
        sheets=sheets.of_ticket(found),
        title=f"Ticket {row.ticket.reference}",
        row=row,
        told=found,
        ages=ages(seen_by=request.by, desk=row.ticket.desk.name),
        incident=incident_of(row.ticket),
        may_put_right=puts_right(request.by, partner_of(row)),
        may_open_incident=keeps_the_register(request.by),
        disputed=of_ticket(row, known.batch, seen_by=request.by),
        may_dispute=disputes(request.by) and not row.excluded,
    )
