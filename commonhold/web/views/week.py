"""The week: what came and went and what is to come, the report in work, and what waits for whom."""

from datetime import date
from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from commonhold.demand.queries.ages import ages
from commonhold.govuk.pages import page
from commonhold.performance.engine.periods import FIRST_YEAR, LAST_YEAR
from commonhold.performance.permissions import asks_for_figures, writes_words
from commonhold.performance.queries import weekly_sheets
from commonhold.web.queries.week import the_week
from commonhold.web.requests import Asked

SHOWN: Final = 40
"""Letters of a day that there is not which the page repeats."""


@require_safe
def week(request: Asked) -> HttpResponse:
    by = request.by
    acting = next((post for post in request.reading.posts if post.slug == by.post), None)
    partner = acting.partner.name if acting and acting.partner else None
    asked = request.GET.get("first", "")
    first = _day(asked)
    found = the_week(first, by=by, partner=partner)
    return page(
        request,
        "web/week.html",
        title="The week",
        found=found.told.weekly,
        asked=asked[:SHOWN],
        first=first,
        alike=found.told.alike,
        requests=found.told.requests,
        ages=ages(seen_by=by),
        got=found.got,
        reports=found.reports,
        owed=found.owed,
        awaited=found.awaited,
        acting=acting.title if acting else "",
        may_ask=asks_for_figures(by),
        writes=writes_words(by),
        sheets={**weekly_sheets.of_week(found.told.weekly, by), **weekly_sheets.of_got(found.got, by.at)},
    )


def _day(text: str) -> date | None:
    """The day that an address names, of those that files can tell of."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
