"""Building a mapping from a file: its columns, its words, its dates, a trial, a name."""

import json
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from commonhold.demand.acts import sketching as acts
from commonhold.demand.acts import uploads
from commonhold.demand.engine.mapping import Mapping
from commonhold.demand.engine.sketching import dates
from commonhold.demand.engine.sketching.columns import best_fit, is_about_people
from commonhold.demand.engine.sketching.survey import first_rows
from commonhold.demand.forms.mappings import MAPPING_NAMES
from commonhold.demand.forms.sketch import OURS, ColumnsForm, DatesForm, FinishForm, SketchFileForm, WordsForm
from commonhold.demand.models import Sketch
from commonhold.demand.permissions import brings_files
from commonhold.demand.queries import batches, mappings
from commonhold.demand.queries import sketches as queries
from commonhold.govuk.formats import plural
from commonhold.govuk.pages import page
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import By
from commonhold.partnership.requests import Asked
from commonhold.refusals import Refused, require

WHAT = "build mappings"
SALT = "commonhold.demand.preview"
COLUMNS_SHOWN = 60
PEOPLE = "a person, not shown"
Preview = dict[str, list[Any]]


@require_http_methods(["GET", "POST"])
def begin(request: Asked) -> HttpResponse:
    require(brings_files(request.by), WHAT)
    form = SketchFileForm(request.POST or None, request.FILES or None, built_in=list(MAPPING_NAMES.items()))
    if form.is_valid() and form.carry_out(_begin, by=request.by):
        sketch, preview = form.result
        return _columns(request, sketch, ColumnsForm(sketch=sketch, initial={"preview": _sealed(preview)}), preview)
    return page(request, "demand/sketch_begin.html", title="Build a mapping from a file", form=form)


def _begin(*, by: By, file: Any, base: str) -> tuple[Sketch, Preview]:
    table, some = first_rows(file, queries.limits())
    if base:
        begin_from = None if base == "none" else mappings.called(base)
    else:
        fit = best_fit(table.headings)
        begin_from = fit.mapping if fit else None
    headings = list(table.headings)
    hidden = [is_about_people(heading) for heading in headings]
    cells = [
        [PEOPLE if secret and cell else cell for cell, secret in zip(row, hidden, strict=True)][:COLUMNS_SHOWN]
        for row in some
    ]
    preview: Preview = {"columns": [{"text": heading} for heading in headings[:COLUMNS_SHOWN]], "rows": cells}
    return acts.begin_sketch(by=by, headings=headings, base=begin_from), preview


@require_http_methods(["GET", "POST"])
def columns(request: Asked, number: int) -> HttpResponse:
    sketch = _the(request, number)
    form = ColumnsForm(request.POST or None, request.FILES or None, sketch=sketch)
    if form.is_valid() and form.carry_out(acts.keep_columns, by=request.by, sketch=sketch):
        return redirect("demand:sketch_words", number)
    return _columns(request, sketch, form, _opened(request.POST.get("preview", "")))


def _columns(request: Asked, sketch: Sketch, form: ColumnsForm, preview: Preview | None) -> HttpResponse:
    return page(
        request,
        "demand/sketch_columns.html",
        title="Which column is which",
        form=form,
        sketch=sketch,
        preview=preview,
        people=[heading for heading in dict.fromkeys(sketch.headings) if is_about_people(heading)],
    )


@require_http_methods(["GET", "POST"])
def words(request: Asked, number: int) -> HttpResponse:
    sketch = _the(request, number)
    if not sketch.sha256:
        return redirect("demand:sketch_columns", number)
    form = WordsForm(request.POST or None, sketch=sketch, base=_base(sketch))
    if (form.is_valid() or (not form.groups and request.method == "POST")) and form.carry_out(
        acts.keep_words, by=request.by, sketch=sketch
    ):
        return redirect("demand:sketch_dates", number)
    return page(
        request,
        "demand/sketch_words.html",
        title="What its words mean",
        form=form,
        sketch=sketch,
        partners=queries.partner_words(sketch),
    )


@require_http_methods(["GET", "POST"])
def times(request: Asked, number: int) -> HttpResponse:
    sketch = _the(request, number)
    if queries.unsaid(sketch) or not sketch.sha256:
        return redirect("demand:sketch_words", number)
    form = DatesForm(request.POST or None, sketch=sketch)
    if form.is_valid() and form.carry_out(acts.keep_dates, by=request.by, sketch=sketch):
        if "look" not in request.POST:
            return redirect("demand:sketch_check", number)
        messages.success(request, "The examples show how dates are read now.")
        return redirect("demand:sketch_dates", number)
    cells, said = queries.all_dates(sketch), sketch.content.get("dates", [])
    return page(
        request,
        "demand/sketch_dates.html",
        title="How its dates are written",
        form=form,
        sketch=sketch,
        columns=queries.date_columns(sketch),
        labels=OURS,
        month_first=dates.could_be_month_first(cells, said),
        with_offset=dates.say_their_offset(cells, said) if said else False,
        held=sketch.samples.get("held_minutes", [])[: queries.EXAMPLES],
    )


@require_http_methods(["GET", "POST"])
def check(request: Asked, number: int) -> HttpResponse:
    sketch = _the(request, number)
    if not sketch.sha256:
        return redirect("demand:sketch_columns", number)
    form = FinishForm(request.POST or None, initial={"why": f"Built from a file of {plural(sketch.rows, 'row')}."})
    if form.is_valid() and form.carry_out(acts.finish_sketch, by=request.by, sketch=sketch):
        return _bring(request, sketch, form)
    report, problem, is_whole = None, None, False
    try:
        queries.mapping_of(sketch)
        is_whole = True
        report = queries.rehearsed(sketch, request.by.at)
    except Refused as refused:
        problem = refused
    return page(
        request,
        "demand/sketch_check.html",
        title="Try it, and save it",
        form=form,
        sketch=sketch,
        report=report,
        problem=problem,
        is_whole=is_whole,
        sees_lines=True,
        left_out=batches.left_out(report["refused"], 0) if report else None,
    )


def _bring(request: Asked, sketch: Sketch, form: FinishForm) -> HttpResponse:
    """Look the reduced file through by the saved mapping, so that it can be imported without being brought again."""
    saved = form.result
    try:
        with evidence.opened(sketch.sha256) as stream:
            upload = uploads.look_through(by=request.by, file=queries.as_file(sketch, saved.mapping(), stream))
    except Refused as refused:
        messages.success(request, f"{saved} is saved. The file itself was not looked through: {refused.message}")
        return redirect(saved)
    messages.success(request, f"{saved} is saved. The file was looked through by it, and can be imported here.")
    return redirect(upload)


def _the(request: Asked, number: int) -> Sketch:
    require(brings_files(request.by), WHAT)
    return get_object_or_404(queries.sketches(seen_by=request.by), pk=number)


def _base(sketch: Sketch) -> Mapping | None:
    try:
        return mappings.called(sketch.base) if sketch.base else None
    except Refused:
        return None


def _sealed(preview: Preview) -> str:
    """The first rows as the page carries them: nothing of them is kept here (D1)."""
    return signing.dumps(json.dumps(preview), salt=SALT, compress=True)


def _opened(sealed: str) -> Preview | None:
    try:
        found: Preview = json.loads(signing.loads(sealed, salt=SALT))
    except signing.BadSignature:
        return None
    return found
