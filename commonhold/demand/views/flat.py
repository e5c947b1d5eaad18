"""Tickets as a flat table, for Excel, Power BI and scripts."""

from django.views.decorators.http import require_safe

from commonhold import __version__
from commonhold.demand.queries import flat as queries
from commonhold.govuk import flat
from commonhold.govuk.programs import said, wants_a_page
from commonhold.govuk.tables import Cell
from commonhold.ledger.queries import standing
from commonhold.partnership.permissions import sees_all_rows
from commonhold.partnership.requests import Asked, takes_token
from commonhold.refusals import NotAllowed


@takes_token("read")
@require_safe
def tickets(request: Asked, kind: str) -> flat.Answer:
    form = flat.is_a_kind(kind)
    if request.by.is_public:
        if wants_a_page(request):
            raise NotAllowed("You may not read tickets: they are for signed-in people.")
        return said(401, "Tickets are for signed-in people. Send a token, as the guide says under 'Tokens'.")
    part = flat.asked(request, queries.WORDS)
    given = request.GET
    wanted = queries.Wanted(
        flat.a_day(request, "from"), flat.a_day(request, "to"), given.get("partner", ""), given.get("known_at", "")
    )
    record = standing(request.by.at)
    site = request.build_absolute_uri("/").rstrip("/")
    everybody = sees_all_rows(request.by)
    whose = None if everybody else request.by.partner
    tag = flat.tag_of("tickets", form, __version__, queries.COLUMNS, site, given.urlencode(), whose, everybody, record)
    if same := flat.unchanged(request, tag, record.since):
        return same
    found = queries.tickets(wanted, part, seen_by=request.by, site=site)
    about: dict[str, Cell] = {
        "Table": "Tickets",
        "Definition": "One row for each ticket, as its desk's files and our clock tell of it",
        "Opened from": wanted.first or "the first day known",
        "Opened to": wanted.last or "the last day known",
        "Scope": wanted.partner or whose or "all partners",
        "Known at entry": found.known_at,
        "Grade": "in the column grade: what each ticket's file can prove about holds (F5)",
        "Who may see it": "people of the partner concerned, and those who run the service (D2)",
        "Address": request.build_absolute_uri(),
    }
    return flat.answer(request, form, "tickets", queries.COLUMNS, found, about=about, tag=tag, modified=record.since)
