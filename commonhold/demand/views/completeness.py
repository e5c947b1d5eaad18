"""Whether each desk's tickets are all there: gaps in its references, days without any, files that did not come."""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from commonhold.demand.acts import completeness as acts
from commonhold.demand.forms.completeness import CompletenessFilters
from commonhold.demand.permissions import asks_for_completeness
from commonhold.demand.queries import brought
from commonhold.demand.queries import completeness as queries
from commonhold.demand.queries.ages import Age
from commonhold.demand.queries.knowledge import now
from commonhold.govuk.pages import page
from commonhold.jobs.queries import is_shown
from commonhold.partnership.requests import Asked
from commonhold.refusals import Refused


@require_safe
def completeness(request: Asked) -> HttpResponse:
    known = now()
    form = CompletenessFilters(request.GET)
    newest = queries.last_month(known.batch)
    days = form.days or newest
    found, files, refused = None, None, form.misunderstood
    old: list[Age] = []
    if days and not refused:
        try:
            found = queries.seen(*days, seen_by=request.by)
            files, old = brought.seen(*days, seen_by=request.by, known=known.batch)
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
        job=found.job if found and found.goes_on and found.job and is_shown(found.job, seen_by=request.by) else None,
        ages=old,
        refused=refused,
        months=queries.months_before(newest) if newest else [],
        may_ask=asks_for_completeness(request.by),
    )


@require_POST
def look_at_days(request: Asked) -> HttpResponse:
    try:
        first, last = (date.fromisoformat(request.POST[name]) for name in ("first", "last"))
    except (KeyError, ValueError):
        raise Refused("Name the first and the last day.") from None
    acts.ask_for_days(by=request.by, first=first, last=last)
    messages.success(request, "A worker looks at these days. This page shows how far it is.")
    return redirect(f"{reverse('demand:completeness')}?{urlencode({'first': first, 'last': last})}")
