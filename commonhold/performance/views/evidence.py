"""What a figure came from, and the rows behind it for those entitled (F1, D2)."""

from collections.abc import Iterator

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.govuk.pages import page
from commonhold.govuk.tables import Cell
from commonhold.govuk.tables import download as table
from commonhold.partnership.requests import Asked
from commonhold.performance.acts import computing
from commonhold.performance.permissions import asks_for_figures
from commonhold.performance.queries import evidence as queries

PLACES = ("start",)


@require_http_methods(["GET", "POST"])
def evidence(request: Asked, reference: str) -> HttpResponse:
    text = _whole(request, reference)
    found = queries.evidence(text, seen_by=request.by)
    if request.method == "POST":
        about = found.reference
        job = computing.ask_for_period(by=request.by, span=about.span, as_of=about.as_of, known_at=about.known_at)
        return redirect(job)
    start = request.GET.get("start", "")
    first = int(start) if start.isdecimal() else 0
    return page(
        request,
        "performance/evidence.html",
        part="rows",
        title=found.definition.title,
        found=found,
        reference=text,
        rows=queries.rows(text, seen_by=request.by, start=first) if found.seen else [],
        first=first,
        older=first + queries.PAGE if first + queries.PAGE < found.seen else None,
        newer=max(0, first - queries.PAGE) if first else None,
        may_ask=asks_for_figures(request.by),
    )


@require_safe
def download(request: Asked, kind: str, reference: str) -> StreamingHttpResponse | FileResponse:
    text = _whole(request, reference)
    found = queries.evidence(text, seen_by=request.by)
    about: dict[str, Cell] = {
        "Measure": found.definition.title,
        "Definition": f"{found.definition}: {found.definition.formula}",
        "From": found.reference.span.first,
        "To": found.reference.span.last,
        "Scope": ", ".join(f"{word} {value or 'none'}" for word, value in found.reference.scope.items()) or "all",
        "As of": found.reference.as_of,
        "Known at entry": found.reference.known_at,
        "Rows behind the figure": found.rows,
        "Rows in this file": found.seen,
    }
    headings = ("Reference", "Counts in the numerator", "Brings", "Partner", "Priority", "Kind", "Team", "Service",
                "Opened", "Resolved", "Closed")  # fmt: skip
    return table(kind, f"{found.definition.name}-rows", headings, _lines(text, request), about=about)


def _lines(text: str, request: Asked) -> Iterator[tuple[Cell, ...]]:
    for row in queries.every_row(text, seen_by=request.by):
        ticket = row.reckoning
        yield (
            ticket.ticket.reference,
            row.counted,
            row.amount,
            ticket.partner.name if ticket.partner else None,
            ticket.get_priority_display(),
            ticket.get_kind_display(),
            ticket.team.name if ticket.team else None,
            ticket.service.name if ticket.service else None,
            ticket.opened_at,
            ticket.resolved_at,
            ticket.closed_at,
        )


def _whole(request: Asked, reference: str) -> str:
    """The reference with its query, as figures carry it; the page's own places are no part of it."""
    query = request.META.get("QUERY_STRING", "")
    kept = [part for part in query.split("&") if part.partition("=")[0] not in PLACES]
    return f"{reference}?{'&'.join(kept)}"
