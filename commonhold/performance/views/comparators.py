"""Figures that were published before Commonhold: the list, one of them, entering, correcting and taking back."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.demand.permissions import brings_files
from commonhold.govuk.addresses import number_in
from commonhold.govuk.pages import page
from commonhold.ledger import evidence
from commonhold.ledger.engine.by import By
from commonhold.partnership.queries import that_may_be_named, titles_of_posts
from commonhold.partnership.requests import Asked
from commonhold.performance.acts import comparators as acts
from commonhold.performance.acts.bringing import Attached
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.forms import ComparatorForm, TakeBackForm
from commonhold.performance.models import Comparator
from commonhold.performance.permissions import brings_some_readings, reads_unpublished_figures
from commonhold.performance.queries import comparators as queries
from commonhold.performance.queries import report_sheets
from commonhold.performance.queries.fed import Described, fed
from commonhold.refusals import Refused, require

ENTER = "enter figures published before"


@require_safe
def comparators(request: Asked) -> HttpResponse:
    known = _measures()
    titles = {name: one.title for name, one in known.items()}
    measure = request.GET.get("measure", "")
    measure = measure if measure in titles else ""
    may_see = reads_unpublished_figures(request.by)
    return page(
        request,
        "performance/comparators.html",
        title="Figures published before",
        listed=queries.listed(seen_by=request.by, measure=measure, before=number_in(request, "before")),
        titles=titles,
        units={name: one.unit for name, one in known.items()},
        measure=measure,
        may_see=may_see,
        sheets=report_sheets.of_comparators(known, measure, request.by) if may_see else None,
        may_enter=brings_some_readings(request.by),
    )


@require_safe
def comparator(request: Asked, number: int) -> HttpResponse:
    found: Any = get_object_or_404(queries.comparators(seen_by=request.by), pk=number)
    return page(
        request,
        "performance/comparator.html",
        title=f"{_titles().get(found.measure, found.measure)}, as it was published",
        comparator=found,
        subject=found,
        printed=found.published.printed(_units().get(found.measure, "")),
        entry=found.entry,
        newer=found.corrections.first(),
        posts=titles_of_posts([found.post]),
        may_change=found.stands and queries.may_change(request.by, found),
        sees_attached=queries.sees_attached(request.by, found),
    )


@require_safe
def attached(request: Asked, number: int) -> FileResponse:
    found = get_object_or_404(queries.comparators(seen_by=request.by), pk=number)
    if not queries.sees_attached(request.by, found):
        raise Http404
    content = BytesIO(evidence.content(found.attached))
    return FileResponse(content, as_attachment=True, filename=found.attached_name or found.attached)


@require_http_methods(["GET", "POST"])
def enter(request: Asked) -> HttpResponse:
    require(brings_some_readings(request.by), ENTER)
    form = _form(request, initial={"measure": request.GET.get("measure", "")})
    if form.is_valid() and form.carry_out(_enter, by=request.by, file=form.cleaned_data["file"]):
        messages.success(request, "It stands beside our figures from now on, marked as not verifiable here.")
        return redirect(form.result)
    return page(request, "performance/enter_comparator.html", title="Enter a figure published before", form=form)


@require_http_methods(["GET", "POST"])
def correct(request: Asked, number: int) -> HttpResponse:
    found = _to_change(request, number)
    said = {
        name: getattr(found, name)
        for name in ("measure", "first", "last", "priority", "service", "threshold", "basis", "basis_words",
                     "published_in")
    }  # fmt: skip
    numbers = {name: _plain(getattr(found, name)) for name in ("numerator", "denominator")}
    if found.value is not None:
        share = _units().get(found.measure) == "share"
        numbers["value"] = f"{_plain(found.value * 100)}%" if share else _plain(found.value)
    partner = {"partner": found.partner.slug if found.partner else ""}
    form = _form(request, again=True, initial={**said, **numbers, **partner})
    if form.is_valid() and form.carry_out(_enter, by=request.by, file=form.cleaned_data["file"], corrects=found):
        messages.success(request, "The correction stands beside our figures from now on.")
        return redirect(form.result)
    return page(request, "performance/enter_comparator.html", title="Correct a figure published before", form=form)


@require_http_methods(["GET", "POST"])
def take_back(request: Asked, number: int) -> HttpResponse:
    found = _to_change(request, number)
    form = TakeBackForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.take_back, by=request.by, comparator=found):
        messages.success(request, "Taken back: it stands beside no figure any more.")
        return redirect(found)
    return page(
        request, "performance/take_back_comparator.html", title="Take a figure published before back", form=form,
        comparator=found,
    )  # fmt: skip


def _enter(*, by: By, file: Any, partner: str, threshold: str, **said: Any) -> Comparator:
    """The fields of the form as the act takes them."""
    if threshold and not (threshold.isascii() and threshold.isdecimal() and len(threshold) < 7):
        raise Refused("A threshold is a whole number, such as 30.")
    return acts.enter(
        by=by,
        partner=that_may_be_named().filter(slug=partner).first() if partner else None,
        threshold=int(threshold) if threshold else None,
        attached=Attached(file.name, file) if file else None,
        **said,
    )


def _form(request: Asked, *, again: bool = False, initial: dict[str, Any]) -> ComparatorForm:
    everybody = list(that_may_be_named().values_list("slug", "name"))
    mine = everybody if brings_files(request.by) else [one for one in everybody if one[0] == request.by.partner]
    return ComparatorForm(
        request.POST or None, request.FILES or None, measures=list(_titles().items()), partners=mine, again=again,
        whole=brings_files(request.by), initial={"partner": request.by.partner, **initial},
    )  # fmt: skip


def _to_change(request: Asked, number: int) -> Any:
    found = get_object_or_404(queries.comparators(seen_by=request.by), pk=number)
    require(queries.may_change(request.by, found), "change this figure")
    return found


def _titles() -> dict[str, str]:
    return {name: one.title for name, one in _measures().items()}


def _units() -> dict[str, str]:
    return {name: one.unit for name, one in _measures().items()}


def _measures() -> dict[str, Described]:
    found: dict[str, Described] = {**MEASURES}
    return found | fed().newest


def _plain(number: Any) -> str:
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
