"""Weeks, Monday to Sunday, and the same week a year ago: 52 weeks before, so that it has the same days of the week."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from commonhold.figures import Figure, Span
from commonhold.govuk.formats import number, points
from commonhold.govuk.printing import quantity

A_DAY: Final = timedelta(days=1)
A_YEAR: Final = timedelta(weeks=52)
AHEAD: Final = timedelta(days=5)
"""So far ahead the week's page looks for targets that will be missed if nothing happens."""


def week_of(day: date) -> Span:
    """The week in which a day lies."""
    monday = day - day.weekday() * A_DAY
    return Span(monday, monday + 6 * A_DAY)


def is_week(span: Span) -> bool:
    return span == week_of(span.first)


def a_year_before(week: Span) -> Span:
    return Span(week.first - A_YEAR, week.last - A_YEAR)


def followed(through: date, begins: date, whole: int = 2) -> Iterator[Span]:
    """The weeks whose figures are kept ready by what is told through a day: the one that is not over, the last whole
    ones, and each of those a year before, as far as anything is told of them.
    """
    now = week_of(through)
    weeks = [now, *(Span(now.first - n * 7 * A_DAY, now.last - n * 7 * A_DAY) for n in range(1, whole + 1))]
    for week in (*weeks, *map(a_year_before, weeks)):
        if week.last >= begins:
            yield week


def change(now: Figure | None, then: Figure | None) -> str:
    """What changed against the same week a year ago: of a count in per cent, of a share in percentage points (F3).
    Where there is nothing now that it could be held against, what was then.
    """
    if then is None or then.value is None:
        return ""
    before = quantity(then.value, then.unit).removesuffix(" tickets")
    if now is None:
        return before
    if now.value is None:
        return ""
    if now.unit == "share":
        return f"{before}: {points(_exact(now) - _exact(then))}"
    part = part_of(now, then)
    if part is None:
        return before
    if not round(part * 100, 1):
        return f"{before}: no change"
    return f"{before}: {'up' if part > 0 else 'down'} {number(abs(part * 100), 1)}%"


def difference(now: Figure | None, then: Figure | None) -> Fraction | None:
    """By how much a figure is more than a year ago, in its unit; None where one of the two is not known."""
    if now is None or then is None or now.value is None or then.value is None:
        return None
    return _exact(now) - _exact(then)


def part_of(now: Figure | None, then: Figure | None) -> Fraction | None:
    """The same as a part of what was then: 0.05 is 5% more; None for a share, and where nothing was then."""
    more = difference(now, then)
    if more is None or now is None or then is None or now.unit == "share" or not then.value:
        return None
    return more / Fraction(then.value)


def _exact(figure: Figure) -> Fraction:
    if figure.denominator:
        return Fraction(figure.numerator or 0) / Fraction(figure.denominator)
    return Fraction(figure.value or 0)
