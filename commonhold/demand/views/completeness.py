"""Whether each desk's tickets are all there: gaps in its references, days without any, files that did not come."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from commonhold.demand.forms.completeness import CompletenessFilters
from commonhold.demand.queries import brought
from commonhold.demand.queries import completeness as queries
from commonhold.demand.queries.knowledge import now
from commonhold.govuk.pages import page
from commonhold.partnership.requests import Asked
from commonhold.refusals import Refused


@require_safe
def completeness(request: Asked) -> HttpResponse:
    known = now()
    form = CompletenessFilters(request.GET)
    newest = queries.last_month(known.batch)
    days = form.days or newest
    found, files, refused = None, None, form.misunderstood
    if days and not refused:
        try:
            found = queries.seen(*days, seen_by=request.by, known=known.batch)
            files = brought.seen(*days, seen_by=request.by, known=known.batch)
        except Refused as refusal:
            refused = str(refusal)
    return page(
        request,
        "demand/completeness.html",
        title="Are the tickets all there?",
        form=form,
        days=days,
        found=found,
        files=files,
        refused=refused,
        months=queries.months_before(newest) if newest else [],
    )
