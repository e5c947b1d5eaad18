"""The list of tickets: filters in the address, two orders, read by keys."""

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from commonhold.demand.forms import TicketFilters
from commonhold.demand.permissions import disputes
from commonhold.demand.queries import tickets as queries
from commonhold.demand.queries.ages import ages
from commonhold.demand.queries.knowledge import about_now, now
from commonhold.govuk.pages import page
from commonhold.govuk.tables import Cell
from commonhold.govuk.tables import download as table
from commonhold.partnership.requests import Asked

HEADINGS = (
    "Reference", "Partner", "Priority", "Kind", "State", "Team", "Service", "Category", "Opened", "Resolved", "Closed",
    "Due", "Target (minutes)", "Used (seconds)", "On hold (seconds)", "Target missed", "Desk's verdict: met",
    "Left out of figures", "Desk",
)  # fmt: skip


@require_safe
def tickets(request: Asked) -> HttpResponse:
    known = now()
    form = TicketFilters(request.GET, known=known.batch)
    listing = queries.tickets(
        queries.Filters(**form.chosen),
        seen_by=request.by,
        known=known,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return page(
        request,
        "demand/tickets.html",
        part="tickets",
        title="Tickets",
        form=form,
        ages=ages(seen_by=request.by),
        dispute_href=f"{reverse('demand:raise_dispute')}{form.href()}" if disputes(request.by) else "",
        listing=listing,
        newer=form.href(before=listing.newer) if listing.newer else "",
        older=form.href(after=listing.older) if listing.older else "",
    )


@require_safe
def download(request: Asked, kind: str) -> StreamingHttpResponse | FileResponse:
    known = now()
    form = TicketFilters(request.GET, known=known.batch)
    wanted = queries.Filters(**form.chosen)
    if form.misunderstood:
        raise Http404(form.misunderstood)
    about: dict[str, Cell] = {
        "Definition": "One row for each ticket that you may see, as its desk's files and our clock tell of it",
        **form.about,
        **about_now(known),
        "Who may see it": "people of the partner concerned, and those who run the service (D2)",
    }
    return table(kind, "tickets", HEADINGS, queries.every(wanted, seen_by=request.by), about=about)
