"""A large file of readings while a worker checks it and takes it over, and what became of it."""

from typing import Final

from django.contrib import messages
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from commonhold.govuk.pages import page
from commonhold.govuk.tables import Cell, download
from commonhold.partnership.queries import titles_of_posts
from commonhold.partnership.requests import Asked
from commonhold.performance.acts import readings_files
from commonhold.performance.queries import readings_files as queries
from commonhold.performance.queries.brought import LISTED
from commonhold.refusals import Refused

HEADINGS: Final = ("Line", "Column", "What it says", "Why, and what to do")


@require_safe
def file(request: Asked, number: int) -> HttpResponse:
    found = get_object_or_404(queries.files(seen_by=request.by), pk=number)
    return page(
        request,
        "performance/readings_file.html",
        title="A file of readings",
        file=found,
        job=queries.job_of(found),
        posts=titles_of_posts([found.post]),
        refused=found.refused[:LISTED],
        more=max(0, found.problems - LISTED),
    )


@require_safe
def rows(request: Asked, number: int, kind: str) -> StreamingHttpResponse | FileResponse:
    found = get_object_or_404(queries.files(seen_by=request.by), pk=number)
    cells = ((one["line"], one["column"], one["value"], one["problem"]) for one in found.refused)
    about: dict[str, Cell] = {
        "Problems": found.problems,
        "Problems in this file": len(found.refused),
        "Rows that cannot be taken": found.bad_rows,
    }
    return download(kind, f"file of readings {number}, rows to put right", HEADINGS, cells, about=about)


@require_POST
def bring(request: Asked, number: int) -> HttpResponse:
    found = get_object_or_404(queries.files(seen_by=request.by), pk=number)
    try:
        readings_files.ask_to_bring(by=request.by, file=found)
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(found)
