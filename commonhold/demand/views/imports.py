"""What was brought in, and bringing a file: upload, look it through line by line, import."""

from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonhold.demand.acts import uploads
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine import partners as areas
from commonhold.demand.engine.rows import Limits
from commonhold.demand.forms import EVERY_HOLD, BatchFilters, BringForm
from commonhold.demand.models import Upload
from commonhold.demand.permissions import brings_files
from commonhold.demand.queries import batches as queries
from commonhold.demand.queries import choices, files, sheets
from commonhold.demand.queries import mappings as known_mappings
from commonhold.demand.queries.feeds import brought
from commonhold.demand.queries.files import File
from commonhold.demand.queries.read_anew import called_by
from commonhold.govuk.addresses import number_in
from commonhold.govuk.pages import page
from commonhold.govuk.tables import download
from commonhold.ledger.engine.by import By
from commonhold.partnership.requests import Asked

HELD: Final = (mappings.HOLDS, EVERY_HOLD)
HEADINGS: Final = ("Line", "Column", "What it says", "Why, and what to do")


@require_safe
def batches(request: Asked) -> HttpResponse:
    desks = choices.desks()
    form = BatchFilters(request.GET, desks=desks)
    desk = form.chosen.get("desk", "")
    listed = queries.batches(before=number_in(request, "before"), desk=desk)
    return page(
        request,
        "demand/batches.html",
        title="What was brought in",
        form=form,
        several_desks=len(desks) > 1,
        listed=listed,
        older=form.href(before=listed.older) if listed.older else "",
        sheets=sheets.of_batches(desk),
        may_bring=brings_files(request.by),
        uploads=queries.waiting_uploads(seen_by=request.by),
    )


@require_safe
def batch(request: Asked, number: int) -> HttpResponse:
    found = get_object_or_404(queries.taken(), number=number)
    sees_lines = queries.sees_lines(request.by)
    return page(
        request,
        "demand/batch.html",
        title=str(found),
        batch=found,
        subject=found,
        entry=found.entry,
        mapping=called_by(found.mapping, found.mapping_digest),
        mapping_at=known_mappings.address_of(found, seen_by=request.by),
        may_bring=brings_files(request.by),
        fed=None if request.by.is_public else brought(number),
        report=found.report,
        sees_lines=sees_lines,
        left_out=queries.left_out(found.left_out, number_in(request, "from") or 0) if sees_lines else None,
        lines_at=reverse("demand:batch_lines", args=[number, "csv"]).removesuffix("csv"),
    )


@require_safe
def batch_lines(request: Asked, number: int, kind: str) -> StreamingHttpResponse | FileResponse:
    found = get_object_or_404(queries.taken_with_lines(seen_by=request.by), number=number)
    return _lines(kind, f"batch {number}, rows left out", found.left_out)


@require_http_methods(["GET", "POST"])
def bring(request: Asked) -> HttpResponse:
    form = BringForm(request.POST or None, request.FILES or None)
    if form.is_valid() and form.carry_out(_look_through, by=request.by):
        return redirect(form.result)
    return page(
        request,
        "demand/bring.html",
        title="Bring a ticket file",
        form=form,
        may_bring=brings_files(request.by),
        looked_at=uploads.LOOKED_AT,
    )


def _look_through(
    *,
    by: By,
    file: Any,
    mapping: str,
    tells: str,
    own_mapping: Any,
    partners: Any,
    time_zone: str,
    exported_at: str,
    tolerate: Any,
) -> Upload:
    """The fields of the form as the act takes them."""
    if mapping == "own":
        read = mappings.parse(own_mapping.read(), Path(own_mapping.name).stem, own_mapping.name)
    else:
        read = known_mappings.called(mapping)
    brought = File(
        stream=file,
        mapping=mappings.of_holds(read, complete=tells == EVERY_HOLD) if tells in HELD else read,
        partners=areas.read(partners, partners.name) if partners else None,
        time_zone=time_zone or None,
        exported_at=files.instant(exported_at.strip(), "When did the desk make it"),
        tolerate=float(tolerate),
        limits=Limits(settings.UPLOAD_LIMIT, settings.UNPACKED_LIMIT),
    )
    return uploads.look_through(by=by, file=brought)


@require_safe
def upload(request: Asked, number: int) -> HttpResponse:
    found = get_object_or_404(queries.uploads(seen_by=request.by), pk=number)
    report = found.report or found.rehearsal
    return page(
        request,
        "demand/upload.html",
        title=f"A ticket file, {'looked through' if found.report is None else 'imported'}",
        upload=found,
        mapping=called_by(found.mapping, mappings.from_canonical(found.mapping_text, found.mapping).digest),
        report=report,
        job=queries.job_of(found),
        sees_lines=True,
        left_out=queries.left_out(report["refused"], number_in(request, "from") or 0),
        lines_at=reverse("demand:upload_lines", args=[number, "csv"]).removesuffix("csv"),
    )


@require_safe
def upload_lines(request: Asked, number: int, kind: str) -> StreamingHttpResponse | FileResponse:
    found = get_object_or_404(queries.uploads(seen_by=request.by), pk=number)
    return _lines(kind, f"upload {number}, rows left out", (found.report or found.rehearsal)["refused"])


@require_POST
def import_upload(request: Asked, number: int) -> HttpResponse:
    found = get_object_or_404(queries.uploads(seen_by=request.by), pk=number)
    uploads.ask_for_import(by=request.by, upload=found)
    messages.success(request, "The import has been asked for. This page shows how far it is.")
    return redirect(found)


def _lines(kind: str, name: str, left_out: list[dict[str, Any]]) -> StreamingHttpResponse | FileResponse:
    rows = ([line["line"], line["column"], line["value"], line["problem"]] for line in left_out)
    return download(kind, name, HEADINGS, rows)
