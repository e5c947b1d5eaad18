"""What a figure came from, and the rows behind it for those entitled (F1, D2)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.demand.engine.disputed import LONGEST
from commonhold.demand.permissions import disputes
from commonhold.demand.queries.disputes_offered import slug_of
from commonhold.govuk.addresses import whole_number
from commonhold.govuk.pages import page
from commonhold.govuk.tables import Cell
from commonhold.govuk.tables import download as table
from commonhold.govuk.taking import WORD, Sheet
from commonhold.jobs.models import Job
from commonhold.jobs.queries import is_shown
from commonhold.partnership.requests import Asked
from commonhold.performance.acts import computing, disputing
from commonhold.performance.engine.references import Reference
from commonhold.performance.engine.report.about import About
from commonhold.performance.permissions import asks_for_figures, draws_samples, speaks_on_figures
from commonhold.performance.queries import evidence as queries
from commonhold.performance.queries import reporting

RESOLVED: Final = frozenset(
    {
        "minutes_used",
        "resolution_hours_median",
        "resolution_hours_p90",
        "tickets_resolved",
        "within_target",
        "working_minutes_median",
        "working_minutes_p90",
    }
)
"""The measures whose tickets are those resolved in the period, whenever they were opened."""
OPENED: Final = "tickets_opened"
MINUTES: Final = "minutes_used"
CLASSED: Final = frozenset({"partner", "priority", "team", "kind", "service"})
"""The words by which a class of tickets is narrowed as figures are."""
DISPUTED: Final = "disputed"
"""What a button says that asks for what disputes mean."""
MOST_FILES: Final = 1_000_000
FILE_HEADINGS: Final = ("Batch", "SHA-256 of the file as kept", "Mapping")
START, TAKE, FILES = "start=", f"{WORD}=", "files="
"""Where in the rows and in the files one is, and which table is taken away: the page's own words, no part of the
reference.
"""


@require_http_methods(["GET", "POST"])
def evidence(request: Asked, reference: str) -> HttpResponse:
    text, start = _parts(request, reference)
    found = queries.evidence(text, seen_by=request.by, start=start, files_at=_files_at(request))
    about = found.reference
    if request.method == "POST" and found.readings is None:
        job = _asked(request, found)
        if is_shown(job, seen_by=request.by):
            return redirect(job)
        messages.success(request, "Somebody has asked for this already. Look again in a while.")
        return redirect(request.get_full_path())
    path, _, query = text.partition("?")
    return page(
        request,
        "performance/evidence.html",
        part="rows",
        sheets={"files": lambda: _files(found)} if found.files else {},
        status=410 if found.figure is None and found.withdrawn else 200,
        title=found.definition.title,
        found=found,
        ages=found.ages,
        reference=text,
        path=path,
        query=query,
        may_ask=asks_for_figures(request.by),
        may_draw=draws_samples(request.by),
        standing=reporting.standing_on(about.span, seen_by=request.by),
        said_of=About.measured(found.definition.name, about.scope, found.definition.title),
        may_speak=speaks_on_figures(request.by),
        dispute_href=_dispute_href(about) if found.behind and disputes(request.by) else "",
    )


def _files(found: queries.Evidence) -> Sheet:
    """All the files that a figure rests on, taken from what is known of them: there may be a thousand times as many as
    a page shows.
    """
    about: dict[str, Cell] = {"Table": "Files it rests on, newest first", "Reference": str(found.reference)}
    return Sheet(f"{found.definition.title} files", FILE_HEADINGS, queries.all_files(found), about)


def _asked(request: Asked, found: queries.Evidence) -> Job:
    """A worker computes the period again, or what disputes mean for this figure and its like."""
    about = found.reference
    if request.POST.get("do") == DISPUTED and found.period is not None and found.disputed.unasked:
        return disputing.ask_for_figures(
            by=request.by, period=found.period, measure=about.definition, words=tuple(about.scope)
        )
    return computing.ask_for_period(by=request.by, span=about.span, as_of=about.as_of, known_at=about.known_at)


def _dispute_href(about: Reference) -> str:
    """Where the tickets of a figure are disputed as a class: opened, or else resolved, in its days. Empty where no
    class is of its tickets: those that were open at an instant, or of words that a class does not know.
    """
    first, last = about.span.first, about.span.last
    name = about.definition.partition(".")[0]
    if name not in {OPENED, *RESOLVED} or not CLASSED.issuperset(about.scope):
        return ""
    # Minutes are of the team that held the ticket then; a class is of tickets by the team that has them.
    if any(about.scope.get(word, "") is None for word in ("team", "service")) or (
        name == MINUTES and "team" in about.scope
    ):
        return ""
    words = {"opened_from": first, "opened_to": last}
    if name in RESOLVED:
        earlier = max(date.min, last - LONGEST + timedelta(days=1)) if last - date.min > LONGEST else date.min
        words = {"opened_from": min(first, earlier), "opened_to": last, "resolved_from": first, "resolved_to": last}
    said = {word: day.isoformat() for word, day in words.items()}
    said |= {word: value for word in ("team", "service") if (value := about.scope.get(word))}
    if "priority" in about.scope:
        said["priority"] = (about.scope["priority"] or "none").lower()
    if kind := about.scope.get("kind"):
        said["kind"] = kind
    if "partner" in about.scope:
        said["partner"] = slug_of(about.scope["partner"]) if about.scope["partner"] else "none"
    return f"{reverse('demand:raise_dispute')}?{urlencode(said)}"


@require_safe
def download(request: Asked, kind: str, reference: str) -> StreamingHttpResponse | FileResponse:
    text, _ = _parts(request, reference)
    found = queries.taken(text, seen_by=request.by)
    about: dict[str, Cell] = {
        "Measure": found.definition.title,
        "Definition": f"{found.definition}: {found.definition.formula}",
        "From": found.reference.span.first,
        "To": found.reference.span.last,
        "Scope": ", ".join(f"{word} {value or 'none'}" for word, value in found.reference.scope.items()) or "all",
        "As of": found.reference.as_of,
        "Known at entry": found.reference.known_at,
        "Rows behind the figure": found.all,
        "Rows in this file": found.seen,
    }
    headings = ("Reference", "Counts in the numerator", f"Brings, {found.definition.unit}", "Partner", "Priority",
                "Kind", "Team", "Service", "Opened", "Resolved", "Closed")  # fmt: skip
    return table(kind, f"{found.definition.name}-rows", headings, _lines(found.rows), about=about)


def _lines(rows: Iterator[queries.Row]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
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


def _parts(request: Asked, reference: str) -> tuple[str, int]:
    """The reference with its query, as figures carry it, and where in the rows one is."""
    words = request.META.get("QUERY_STRING", "").split("&")
    starts = [word.removeprefix(START) for word in words if word.startswith(START)]
    start = whole_number(starts[0]) if starts else None
    return f"{reference}?{'&'.join(word for word in words if not word.startswith((START, TAKE, FILES)))}", start or 0


def _files_at(request: Asked) -> int:
    """Where in the files one is."""
    return min(whole_number(request.GET.get(FILES[:-1], "")) or 0, MOST_FILES)
