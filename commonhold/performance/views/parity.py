"""Are the partners served alike? Like for like, with intervals, plain sentences and funnel plots (P2)."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from commonhold.demand.queries.ages import ages
from commonhold.documents.html import funnel_html
from commonhold.govuk.addresses import whole_number
from commonhold.govuk.pages import page
from commonhold.partnership.requests import Asked
from commonhold.performance.engine.parity import MEASURES
from commonhold.performance.forms import FunnelForm, PeriodForm
from commonhold.performance.permissions import asks_for_figures
from commonhold.performance.queries import funnels, pages, reporting, sheets


@require_safe
def parity(request: Asked) -> HttpResponse:
    form = PeriodForm(request.GET)
    asked = request.GET.get("measure", "")
    measure = asked if asked in MEASURES else None
    before = whole_number(request.GET.get("before", ""))
    found = pages.parity(measure, form.span, seen_by=request.by, before=before)
    return page(
        request,
        "performance/parity.html",
        title="Are the partners served alike?",
        form=form,
        measure=measure,
        found=found,
        standing=reporting.standing_on(found.chosen.span, seen_by=request.by) if found else None,
        sheets=sheets.of_parity(found, request.by),
        ages=ages(seen_by=request.by),
        may_ask=asks_for_figures(request.by),
    )


@require_safe
def funnel(request: Asked) -> HttpResponse:
    form = FunnelForm(request.GET)
    measure, what = (str(form.chosen.get(word, "")) for word in ("measure", "of"))
    found = funnels.within_limits(what or funnels.PARTNER, measure or None, form.span, seen_by=request.by)
    return page(
        request,
        "performance/funnel.html",
        title="Control limits",
        form=form,
        found=found,
        what=what or funnels.PARTNER,
        of=funnels.OF,
        measure=measure,
        pictures={plot.chart.id: funnel_html(plot.chart) for plot in found.plots} if found else {},
        standing=reporting.standing_on(found.chosen.span, seen_by=request.by) if found else None,
        sheets=sheets.of_funnels(found, request.by),
        ages=ages(seen_by=request.by),
        may_ask=asks_for_figures(request.by),
    )
