"""The week: what came and went and what is to come, the report in work, and what waits for whom."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from commonhold.govuk.pages import page
from commonhold.performance.permissions import asks_for_figures
from commonhold.performance.queries import reporting, weekly
from commonhold.web.queries.waiting import waiting
from commonhold.web.requests import Asked

REPORTS = 2


@require_safe
def week(request: Asked) -> HttpResponse:
    by = request.by
    owed, awaited = waiting(by)
    in_work = reporting.in_work(seen_by=by)[:REPORTS]
    return page(
        request,
        "web/week.html",
        title="The week",
        found=weekly.weekly(_day(request.GET.get("first", "")), seen_by=by),
        alike=weekly.alike(by.partner, seen_by=by),
        reports=[reporting.reported(report, seen_by=by) for report in in_work],
        owed=owed,
        awaited=awaited,
        acting=next((post.title for post in request.reading.posts if post.slug == by.post), ""),
        may_ask=asks_for_figures(by),
    )


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
