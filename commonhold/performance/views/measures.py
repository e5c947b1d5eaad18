"""Every measure: what it counts, how, what it leaves out, and where it comes from; and declaring one's own."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from commonhold.govuk.pages import page
from commonhold.partnership.requests import Asked
from commonhold.performance.acts import measures as acts
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.forms import DeclareForm
from commonhold.performance.permissions import declares_measures
from commonhold.performance.queries.fed import fed
from commonhold.refusals import require


@require_safe
def measures(request: Asked) -> HttpResponse:
    known = fed()
    return page(
        request,
        "performance/measures.html",
        title="Measures",
        definitions=list(MEASURES.values()),
        fed=list(known.newest.values()),
        own=known.own,
        may_declare=declares_measures(request.by),
    )


@require_http_methods(["GET", "POST"])
def declare(request: Asked) -> HttpResponse:
    require(declares_measures(request.by), "declare measures")
    form = DeclareForm(request.POST or None)
    if form.is_valid() and form.carry_out(acts.declare, by=request.by):
        messages.success(request, "The measure is declared. Readings of it can be brought from now on.")
        return redirect(form.result)
    return page(request, "performance/declare_measure.html", title="Declare a measure", form=form, newest=None)


@require_http_methods(["GET", "POST"])
def next_version(request: Asked, name: str) -> HttpResponse:
    require(declares_measures(request.by), "declare measures")
    versions = fed().own.get(name)
    if not versions:
        raise Http404(f"There is no measure of the partnership's own called {name}.")
    newest = versions[-1]
    said = ("title", "adding", "unit", "counted_in", "better", "numerator", "denominator", "threshold", "formula",
            "leaves_out")  # fmt: skip
    form = DeclareForm(request.POST or None, again=True, initial={one: getattr(newest, one) for one in said})
    if form.is_valid() and form.carry_out(acts.declare, by=request.by, name=name):
        messages.success(request, "The new version is declared.")
        return redirect(form.result)
    return page(
        request, "performance/declare_measure.html", title=f"Another version of {newest.title}", form=form,
        newest=newest,
    )  # fmt: skip
