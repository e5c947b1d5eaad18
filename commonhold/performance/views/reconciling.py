"""Why two figures differ: choosing what to hold a figure against, the bridge, and the tickets under each cause."""

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonhold.demand.engine import partners as areas
from commonhold.demand.engine.rows import Limits
from commonhold.demand.queries import mappings
from commonhold.demand.queries.files import File
from commonhold.govuk.addresses import number_in
from commonhold.govuk.form import Form
from commonhold.govuk.pages import page
from commonhold.ledger.engine.by import By
from commonhold.partnership.requests import Asked
from commonhold.performance.acts import reconciling as acts
from commonhold.performance.forms import EarlierForm, NumberForm, TheirFileForm
from commonhold.performance.models import Reconciliation
from commonhold.performance.permissions import brings_lists, reconciles, removes_reconciliations
from commonhold.performance.queries import reconciliations as queries
from commonhold.performance.queries.reconciling import at_another_time
from commonhold.refusals import require

NUMBER: Final = (
    "Every other way of counting our tickets is tried, alone and together. What comes to the number is a possible "
    "explanation, and no proof."
)
FILE: Final = (
    "The file is not imported. Only the columns that the mapping names are kept, people dropped or keyed; that it was "
    "brought is on the record."
)
EARLIER: Final = (
    "One is led to the other: which tickets came later, what was corrected or left out, which rule changed."
)


@require_safe
def reconciliations(request: Asked) -> HttpResponse:
    found, older = queries.reconciliations(seen_by=request.by, before=number_in(request, "before"))
    return page(
        request,
        "performance/reconciliations.html",
        title="Why figures differ",
        found=found,
        older=f"?before={older}" if older else "",
    )


@require_safe
def choose(request: Asked, reference: str) -> HttpResponse:
    require(reconciles(request.by), "ask why figures differ")
    return page(
        request,
        "performance/reconcile.html",
        title="Does another figure differ?",
        path=reference,
        query=request.META.get("QUERY_STRING", ""),
        asked=queries.asked(_text(request, reference)),
        may_bring=brings_lists(request.by),
    )


@require_http_methods(["GET", "POST"])
def number(request: Asked, reference: str) -> HttpResponse:
    require(reconciles(request.by), "ask why figures differ")
    text = _text(request, reference)
    form = NumberForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.ask, by=request.by, figure=text, kind=Reconciliation.Kind.NUMBER.value):
        return redirect(form.result)
    return _form(request, form, reference, "Another number", NUMBER)


@require_http_methods(["GET", "POST"])
def file(request: Asked, reference: str) -> HttpResponse:
    require(brings_lists(request.by), "bring a file of tickets to be held against ours")
    text = _text(request, reference)
    form = TheirFileForm(
        request.POST or None, request.FILES or None, mappings=queries.mappings(), largest=settings.UPLOAD_LIMIT
    )
    if form.is_valid():
        found = form.cleaned_data["file"]
        if form.carry_out(_bring, by=request.by, figure=text, file=found):
            return redirect(form.result)
    return _form(request, form, reference, "A file of their tickets", FILE)


def _bring(
    *, by: By, figure: str, file: Any, kind: str, mapping: str, partners: Any, time_zone: str, written: str
) -> Reconciliation:
    """The fields of the form as the acts take them."""
    brought = File(
        stream=file,
        mapping=mappings.called(mapping),
        partners=areas.read(partners, partners.name) if partners else None,
        time_zone=time_zone or None,
        limits=Limits(settings.UPLOAD_LIMIT, settings.UNPACKED_LIMIT),
    )
    acts.check(by=by, figure=figure, written=written)
    return acts.ask(
        by=by,
        figure=figure,
        kind=kind,
        written=written,
        brought=acts.bring_list(by=by, reduced=acts.reduce(by=by, file=brought)),
    )


@require_http_methods(["GET", "POST"])
def earlier(request: Asked, reference: str) -> HttpResponse:
    require(reconciles(request.by), "ask why figures differ")
    text = _text(request, reference)
    about = queries.asked(text).reference
    form = EarlierForm(
        request.POST or None,
        published=queries.published_as(about),
        known=queries.known_before(about),
        versions=queries.versions(about),
    )
    if form.is_valid() and form.carry_out(_ask_earlier, by=request.by, figure=text):
        return redirect(form.result)
    return _form(request, form, reference, "Ours at another time", EARLIER)


def _ask_earlier(
    *, by: By, figure: str, published: str = "", known: str = "", known_at: int | None = None, version: str = ""
) -> Reconciliation:
    at = int(known) if known else known_at
    other = at_another_time(figure, published=published, known_at=at, version=version)
    return acts.ask(by=by, figure=figure, kind=Reconciliation.Kind.EARLIER.value, other=other)


@require_safe
def reconciliation(request: Asked, number: int) -> HttpResponse:
    found = queries.reconciliation(number, seen_by=request.by)
    sheets = {"bridge": lambda: queries.sheet_of_bridge(found)} if found.row.result else None
    return page(
        request,
        "performance/reconciliation.html",
        title=f"Why two figures differ: {found.asked.definition.title}",
        found=found,
        result=found.row.result,
        job=found.job,
        sheets=sheets,
        may_remove=removes_reconciliations(request.by, found.row.post, found.row.partner),
    )


@require_safe
def cause(request: Asked, number: int, cause: str) -> HttpResponse:
    start, order = number_in(request, "start") or 0, request.GET.get("order", "")
    found = queries.under(number, cause, seen_by=request.by, start=start, order=order)
    return page(
        request,
        "performance/cause.html",
        title=f"{found.title}: tickets of reconciliation {found.row.pk}",
        found=found,
        sheets={"tickets": lambda: queries.sheet(found, seen_by=request.by)},
    )


@require_POST
def remove(request: Asked, number: int) -> HttpResponse:
    acts.remove(by=request.by, reconciliation=queries.the_reconciliation(number, seen_by=request.by))
    messages.success(request, f"Reconciliation {number} is removed. A file that was brought for it stays as evidence.")
    return redirect("performance:reconciliations")


def _text(request: Asked, reference: str) -> str:
    """The reference with its query, as figures carry it."""
    return f"{reference}?{request.META.get('QUERY_STRING', '')}"


def _form(request: Asked, form: Form, path: str, title: str, words: str) -> HttpResponse:
    return page(
        request,
        "performance/reconcile_form.html",
        title=title,
        form=form,
        words=words,
        path=path,
        query=request.META.get("QUERY_STRING", ""),
        asked=queries.asked(_text(request, path)),
    )
