"""The days that a pack holds its period against: the months before, the same days a year before, the year's months."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from commonhold.figures import Span

YEAR: Final = 12

QUIET: Final = 5
"""Files that begin on one of the first days of a month tell of all of it: New Year and a weekend may come first."""


def is_told(span: Span, whole: Span) -> bool:
    """Whether files that tell of these days in all tell of the whole span, not only from somewhere within a month."""
    begins = whole.first if whole.first.day > QUIET else whole.first.replace(day=1)
    return begins <= span.first <= whole.last


def just_before(span: Span) -> Span:
    """As many whole months just before whole months, else as many days just before."""
    end = span.first - timedelta(days=1)
    if span.months.denominator == 1 and span.first.day == 1:
        return Span(_months_before(span.first, int(span.months)), end)
    return Span(end - timedelta(days=span.days - 1), end)


def a_year_before(span: Span) -> Span:
    """The same days of the year before; the end of a month stays its end."""
    return Span(_a_year_before(span.first), _a_year_before(span.last))


def year_of_months(span: Span) -> list[Span]:
    """The twelve whole months up to the period's end."""
    last = span.last if _ends_a_month(span.last) else span.last.replace(day=1) - timedelta(days=1)
    firsts = [_months_before(last.replace(day=1), count) for count in range(YEAR - 1, -1, -1)]
    return [Span(first, first.replace(day=monthrange(first.year, first.month)[1])) for first in firsts]


def _a_year_before(day: date) -> date:
    length = monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, length if _ends_a_month(day) else min(day.day, length))


def _months_before(day: date, count: int) -> date:
    place = day.year * YEAR + day.month - 1 - count
    return date(place // YEAR, place % YEAR + 1, 1)


def _ends_a_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]
