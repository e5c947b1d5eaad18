"""Exceptions: by rules that are the same for all, counted for all partners, row by row for the partner concerned."""

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from commonhold.demand.queries import exceptions as demand
from commonhold.demand.queries.ages import ages
from commonhold.demand.queries.knowledge import about_now, now
from commonhold.govuk.pages import page
from commonhold.govuk.tables import Cell
from commonhold.govuk.tables import download as table
from commonhold.partnership.requests import Asked
from commonhold.performance.forms import ExceptionFilters
from commonhold.performance.permissions import asks_for_figures
from commonhold.performance.queries import exceptions as queries
from commonhold.performance.queries import report_sheets


@require_safe
def exceptions(request: Asked) -> HttpResponse:
    form = ExceptionFilters(request.GET)
    after = request.GET.get("after", "")
    found = queries.exceptions(form.span, seen_by=request.by, after=after, **_words(form))
    older = found.listing.older if found and found.listing else None
    return page(
        request,
        "performance/exceptions.html",
        title="Exceptions",
        form=form,
        found=found,
        ages=ages(seen_by=request.by),
        rules=demand.explained(),
        older=form.href(after=older) if older else "",
        may_ask=asks_for_figures(request.by),
        sheets=report_sheets.of_exceptions(found, request.by),
    )


@require_safe
def download(request: Asked, kind: str) -> StreamingHttpResponse | FileResponse:
    form = ExceptionFilters(request.GET)
    filters = queries.of_days(form.span, seen_by=request.by, **_words(form))
    if form.misunderstood or filters is None:
        raise Http404(form.misunderstood or "Exceptions are for those who hold a post, of days that are computed.")
    known = now()
    about: dict[str, Cell] = {
        "Definition": "One row for each exception of a ticket that you may see; the rules stand on the page",
        "From": filters.first,
        "To, included": filters.last,
        **form.about,
        **about_now(known),
    }
    rows = demand.every(filters, seen_by=request.by, known=known.batch)
    return table(kind, "exceptions", demand.HEADINGS, demand.cells(rows), about=about)


def _words(form: ExceptionFilters) -> dict[str, str]:
    return {name: str(form.chosen.get(name, "")) for name in ("partner", "team", "kind")}
