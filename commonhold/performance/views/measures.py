"""Every measure: what it counts, how, what it leaves out, and where it comes from."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from commonhold.govuk.pages import page
from commonhold.partnership.requests import Asked
from commonhold.performance.engine.measures import MEASURES


@require_safe
def measures(request: Asked) -> HttpResponse:
    return page(request, "performance/measures.html", title="Measures", definitions=list(MEASURES.values()))
