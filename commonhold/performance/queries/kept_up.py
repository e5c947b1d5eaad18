"""The periods that are kept up: whatever overtakes their figures, workers compute them again, and pages and programs
have the earlier figures, marked as overtaken, until then.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from commonhold.demand.queries.knowledge import Knowledge
from commonhold.figures import Span
from commonhold.performance.engine import periods, weeks
from commonhold.performance.models import Report
from commonhold.performance.queries.periods import the_period, whole_history
from commonhold.performance.queries.readings import Kept, ready

OTHERS: Final = 24
"""So many periods that are neither months nor of a report are kept up: whole months together first, such as quarters,
and of each kind those that were asked for last. An import costs as many computations more at the most.
"""


def kept_up(known: Knowledge) -> list[periods.Period]:
    """In the order in which they are computed: those of reports in work, every month of the history, the newest
    first, and what pages and programs asked for beside.
    """
    whole = whole_history(known)
    months = periods.months(the_period(whole, known))
    spans = dict.fromkeys((*_of_reports(), *(month.span for month in reversed(months)), *_asked_for(whole)))
    told = (span for span in spans if whole.first <= span.last and span.first <= whole.last)
    return [periods.period(span, last_event=known.through) for span in told]


def awaited(known: Knowledge) -> Iterator[int]:
    """The computations that pages show while a worker has yet to compute the same days by what is known now."""
    through = periods.local(known.through).date()
    of_weeks = weeks.followed(through, whole_history(known).first)
    spans = {*(part.span for part in kept_up(known)), *of_weeks}
    yield from (kept.number for span, kept in ready().periods.items() if kept.overtaken and span in spans)


def _of_reports() -> Iterator[Span]:
    rows = Report.objects.in_work().order_by("-last", "-first")
    yield from (Span(first, last) for first, last in rows.values_list("first", "last"))


def _asked_for(whole: Span) -> Iterator[Span]:
    """The one asked for last is computed last, so that the order in which they were asked for stays."""
    found = [kept for kept in ready().periods.values() if not _is_followed(kept, whole.first)]
    found.sort(key=lambda kept: (not _is_of_whole_months(kept.span), -kept.number))
    yield from (kept.span for kept in reversed(found[:OTHERS]))


def _is_followed(kept: Kept, begins: date) -> bool:
    """Whether the days are a week or a month, or as much of one as files told of from its first day, or that of the
    history, when it was not over.
    """
    first, last = kept.span.first, kept.span.last
    of_a_month = (first.year, first.month) == (last.year, last.month) and (first.day == 1 or first == begins)
    is_over = datetime.fromtimestamp(periods.period(kept.span).end, UTC) <= kept.as_of
    return kept.span.is_month or weeks.is_week(kept.span) or (of_a_month and not is_over)


def _is_of_whole_months(span: Span) -> bool:
    return span.first.day == 1 and (span.last + timedelta(days=1)).day == 1
