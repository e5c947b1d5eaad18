"""The register of grave incidents: its list, and opening an incident from a ticket."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.demand.acts.register import opening
from commonhold.demand.engine.incidents.account import party_in_words
from commonhold.demand.engine.incidents.counting import apart
from commonhold.demand.forms.register import OpenForm, RegisterFilters
from commonhold.demand.models import Incident, Ticket
from commonhold.demand.permissions import keeps_the_register
from commonhold.demand.queries.ages import ages
from commonhold.demand.queries.knowledge import Now, about_now, now
from commonhold.demand.queries.register import choices, sheet
from commonhold.demand.queries.register import listing as queries
from commonhold.demand.queries.register.choices import Offered
from commonhold.demand.queries.register.incident import the_incident
from commonhold.demand.queries.register.standing import incident_of
from commonhold.demand.queries.tickets import seen_ticket
from commonhold.govuk.addresses import number_in, whole_number
from commonhold.govuk.pages import page
from commonhold.govuk.tables import Cell
from commonhold.govuk.tables import download as table
from commonhold.ledger.engine.by import By
from commonhold.partnership.requests import Asked
from commonhold.refusals import Refused, require


@require_safe
def register(request: Asked) -> HttpResponse:
    known = now()
    form, offered = _asked(request, known)
    wanted = _wanted(form, known, request.by)
    start = number_in(request, "start") or 0
    listing = queries.register(wanted, seen_by=request.by, known=known, start=start, party_of=offered.party_of)
    return page(
        request,
        "demand/register.html",
        part="register",
        title="P1 and key incidents",
        form=form,
        wanted=wanted,
        ages=ages(seen_by=request.by),
        listing=listing,
        counts=listing.counts,
        said=list(apart(listing.counts)) if listing.counts else [],
        newer=form.href(start=listing.newer) if listing.newer is not None else "",
        older=form.href(start=listing.older) if listing.older is not None else "",
        party=party_in_words,
    )


@require_safe
def download(request: Asked, kind: str) -> StreamingHttpResponse | FileResponse:
    known = now()
    form, offered = _asked(request, known)
    wanted = _wanted(form, known, request.by)
    if form.misunderstood:
        raise Http404(form.misunderstood)
    about: dict[str, Cell] = {
        "Definition": "One row for each P1 and key incident, as the register and the clocks of its tickets tell of it",
        "Opened from": wanted.opened_from,
        "Opened to": wanted.opened_to,
        **form.about,
        **about_now(known),
    }
    lines = queries.every(wanted, seen_by=request.by, known=known, party_of=offered.party_of)
    return table(kind, "p1-and-key-incidents", sheet.HEADINGS, sheet.rows(lines), about=about)


def _asked(request: Asked, known: Now) -> tuple[RegisterFilters, Offered]:
    public = request.by.is_public
    offered = choices.offered(known.batch, public=public)
    return RegisterFilters(request.GET, offered=offered, public=public), offered


def _wanted(form: RegisterFilters, known: Now, by: By) -> queries.Wanted:
    first, last = queries.last_year(known, by.at)
    chosen = dict(form.chosen)
    return queries.Wanted(
        opened_from=chosen.pop("opened_from", min(first, chosen.get("opened_to", first))),
        opened_to=chosen.pop("opened_to", last),
        **chosen,
    )


@require_http_methods(["GET", "POST"])
def open_incident(request: Asked, number: int) -> HttpResponse:
    row = seen_ticket(number, seen_by=request.by)
    require(keeps_the_register(request.by), "open incidents in the register")
    there = incident_of(row.ticket)
    if there is not None:
        return redirect(there)
    form = OpenForm(request.POST or None)
    if form.is_valid() and form.carry_out(_opened, by=request.by, ticket=row.ticket):
        messages.success(request, "It is in the register.")
        return redirect(form.result)
    title = f"Enter {row.ticket} in the register of incidents"
    return page(request, "demand/incident_open.html", title=title, form=form, row=row)


def _opened(*, by: By, ticket: Ticket, into: str, is_key: bool, reason: str) -> Incident:
    """A new incident, or the ticket added to one that is there."""
    if not into:
        return opening.open_incident(by=by, tickets=[ticket], is_key=is_key, reason=reason)
    if is_key or reason.strip():
        raise Refused("Leave the flag and its reason out, or choose a new incident: an incident has its own flag.")
    incident = the_incident(whole_number(into) or 0, seen_by=by)
    opening.add_ticket(by=by, incident=incident, ticket=ticket)
    return incident
