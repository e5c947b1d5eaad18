"""What P2 and P3 tickets were about: the categories with the most of them, each opening onto its tickets."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from commonhold.demand.queries.ages import ages
from commonhold.govuk.pages import page
from commonhold.partnership.requests import Asked
from commonhold.performance.forms import PeriodForm
from commonhold.performance.permissions import asks_for_figures
from commonhold.performance.queries import pages, sheets


@require_safe
def categories(request: Asked) -> HttpResponse:
    form = PeriodForm(request.GET)
    found = pages.categories(form.span, seen_by=request.by)
    return page(
        request,
        "performance/categories.html",
        title="What P2 and P3 tickets were about",
        form=form,
        ages=ages(seen_by=request.by),
        found=found,
        sheets=sheets.of_categories(found, request.by),
        may_ask=asks_for_figures(request.by),
        sees_tickets=not request.by.is_public,
    )
