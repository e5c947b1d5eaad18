"""The stretch of time a figure is about and the instant its clock is read at (F7).

Days are days of Europe/London, whatever zone a file was in. Instants are whole seconds. What happens in the last second
of a day is of that day, and time counts through that second, so that readings at the ends of successive periods add up.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from commonhold.figures import Span
from commonhold.refusals import Refused
from commonhold.workdays import LONDON, midnight

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2199


@dataclass(frozen=True, slots=True)
class Period:
    """Days, their first and last second, and the as-of instant; nothing after `until` counts in a figure."""

    span: Span
    start: int
    end: int
    as_of: int

    @property
    def until(self) -> int:
        """The end of the period, or the as-of instant where that is earlier."""
        return min(self.end, self.as_of)

    @property
    def before(self) -> int:
        """The last second before the period."""
        return self.start - 1

    @property
    def read_at(self) -> datetime:
        return local(self.as_of)

    @property
    def month(self) -> str:
        """The month that the period lies in, as scopes spell it."""
        return f"{self.span.first:%Y-%m}"


def checked(span: Span) -> Span:
    """The days, refused where no desk can have told of them: a slip of the pen."""
    if span.first.year < FIRST_YEAR or span.last.year > LAST_YEAR:
        raise Refused(f"A period lies between the years {FIRST_YEAR} and {LAST_YEAR}; this one does not.")
    return span


def period(span: Span, *, as_of: int | None = None, last_event: int | None = None) -> Period:
    """The period of these days, read at `as_of`: by default its end, or the last event where that is earlier."""
    start = int(midnight(span.first).timestamp())
    end = int(midnight(span.last + timedelta(days=1)).timestamp()) - 1
    if as_of is None:
        as_of = end if last_event is None else min(end, last_event)
    return Period(span, start, end, as_of)


def through(instant: int) -> int:
    """Until when time counts in a clock read at an instant: the last second of a day stands for the day's end."""
    return instant + 1 if local(instant + 1).time() == time.min else instant


def months(whole: Period) -> list[Period]:
    """The calendar months of a period, each a period of its own.

    A month is read at its own end, or at the whole period's as-of instant where that is earlier or after the whole
    period; months that begin after the as-of instant are left out.
    """
    found = []
    first = whole.span.first
    while first <= whole.span.last:
        last = min(first.replace(day=monthrange(first.year, first.month)[1]), whole.span.last)
        month = period(Span(first, last), as_of=whole.as_of)
        if whole.as_of <= whole.end:
            month = period(month.span, as_of=min(whole.as_of, month.end))
        if month.start <= whole.as_of:
            found.append(month)
        first = last + timedelta(days=1)
    return found


def local(instant: int) -> datetime:
    """An instant as the clocks of London show it."""
    return datetime.fromtimestamp(instant, UTC).astimezone(LONDON)
