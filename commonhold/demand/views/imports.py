"""What was brought in, and bringing a file: upload, look it through line by line, import."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonhold.demand.acts import uploads
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine import partners as areas
from commonhold.demand.engine.rows import Limits
from commonhold.demand.forms import BringForm
from commonhold.demand.models import Upload
from commonhold.demand.permissions import brings_files
from commonhold.demand.queries import batches as queries
from commonhold.demand.queries.files import File
from commonhold.govuk.pages import page
from commonhold.ledger.engine.by import By
from commonhold.partnership.requests import Asked


@require_safe
def batches(request: Asked) -> HttpResponse:
    before = request.GET.get("before", "")
    listed = queries.batches(before=int(before) if before.isdecimal() else None)
    return page(
        request,
        "demand/batches.html",
        title="What was brought in",
        listed=listed,
        may_bring=brings_files(request.by),
        uploads=queries.waiting_uploads() if brings_files(request.by) else [],
    )


@require_safe
def batch(request: Asked, number: int) -> HttpResponse:
    found = get_object_or_404(queries.taken(), number=number)
    return page(
        request,
        "demand/batch.html",
        title=str(found),
        batch=found,
        subject=found,
        entry=found.entry,
        sees_lines=brings_files(request.by),
    )


@require_http_methods(["GET", "POST"])
def bring(request: Asked) -> HttpResponse:
    form = BringForm(request.POST or None, request.FILES or None)
    if form.is_valid() and form.carry_out(_look_through, by=request.by):
        return redirect(form.result)
    may_bring = brings_files(request.by)
    return page(request, "demand/bring.html", title="Bring a ticket file", form=form, may_bring=may_bring)


def _look_through(
    *, by: By, file: Any, mapping: str, own_mapping: Any, partners: Any, time_zone: str, tolerate: Any
) -> Upload:
    """The fields of the form as the act takes them."""
    if mapping == "own":
        read = mappings.parse(own_mapping.read(), Path(own_mapping.name).stem)
    else:
        read = mappings.built_in(mapping)
    return uploads.look_through(
        by=by,
        file=File(
            stream=file,
            mapping=read,
            partners=areas.read(partners) if partners else None,
            time_zone=time_zone or None,
            tolerate=float(tolerate),
            limits=Limits(settings.UPLOAD_LIMIT, settings.UNPACKED_LIMIT),
        ),
    )


@require_safe
def upload(request: Asked, number: int) -> HttpResponse:
    found = get_object_or_404(queries.uploads(seen_by=request.by), pk=number)
    return page(
        request,
        "demand/upload.html",
        title="A ticket file, looked through",
        upload=found,
        report=found.report or found.rehearsal,
        job=queries.job_of(found),
    )


@require_POST
def import_upload(request: Asked, number: int) -> HttpResponse:
    found = get_object_or_404(queries.uploads(seen_by=request.by), pk=number)
    uploads.ask_for_import(by=request.by, upload=found)
    messages.success(request, "The import has been asked for. This page shows how far it is.")
    return redirect(found)
