"""The figures of a period, and one measure in every grouping there is."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from commonhold.demand.queries.ages import ages
from commonhold.figures import Span
from commonhold.govuk.pages import page
from commonhold.jobs.queries import is_shown
from commonhold.partnership.requests import Asked
from commonhold.performance.acts import computing
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.forms import PeriodForm
from commonhold.performance.permissions import asks_for_figures
from commonhold.performance.queries import comparators, pages, reporting, sheets
from commonhold.performance.queries.fed import fed
from commonhold.refusals import Refused


@require_safe
def figures(request: Asked) -> HttpResponse:
    form = PeriodForm(request.GET)
    found = pages.overview(form.span, seen_by=request.by)
    may_ask = asks_for_figures(request.by)
    return page(
        request,
        "performance/figures.html",
        title="Figures",
        form=form,
        found=found,
        may_ask=may_ask,
        standing=reporting.standing_on(found.chosen.span, seen_by=request.by),
        sheets=sheets.of_overview(found, request.by),
        ages=ages(seen_by=request.by),
    )


@require_safe
def measure(request: Asked, measure: str) -> HttpResponse:
    name = measure.replace("-", "_")
    defined = MEASURES.get(name) or fed().newest.get(name)
    if defined is None:
        raise Http404(f"There is no measure called {name}.")
    form = PeriodForm(request.GET)
    found = pages.measure(name, form.span, seen_by=request.by)
    return page(
        request,
        "performance/measure.html",
        sheets=sheets.of_measure(found, defined, request.by),
        ages=ages(seen_by=request.by),
        before=comparators.of_measure(defined, found.everything, seen_by=request.by),
        title=defined.title,
        form=form,
        definition=defined,
        found=found,
        standing=reporting.standing_on(found.chosen.span, seen_by=request.by),
        may_ask=asks_for_figures(request.by),
    )


@require_POST
def compute(request: Asked) -> HttpResponse:
    try:
        span = Span(date.fromisoformat(request.POST["first"]), date.fromisoformat(request.POST["last"]))
    except (KeyError, ValueError):
        raise Refused("Name the first and the last day of the period.") from None
    job = computing.ask_for_period(by=request.by, span=span)
    if is_shown(job, seen_by=request.by):
        messages.success(request, "The figures are being computed. This page shows how far that is.")
        return redirect(job)
    messages.success(
        request, "Somebody has asked for these figures already. They are here as soon as they are computed."
    )
    return redirect(f"{reverse('performance:figures')}?first={span.first}&last={span.last}")
