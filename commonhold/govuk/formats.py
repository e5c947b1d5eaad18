"""How pages write numbers, dates and lengths of time: as GOV.UK writes them, in British English (U0).

Numbers are rounded once, half to even on the exact value (F3), by `commonhold.figures.rounded`.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, Protocol, TypeAlias

from commonhold.figures import rounded
from commonhold.workdays.zones import zone

Exact: TypeAlias = int | float | Decimal | Fraction

MINUS: Final = "\N{MINUS SIGN}"
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class Days(Protocol):
    """Anything with a first and a last day, such as a figure's period."""

    @property
    def first(self) -> date: ...

    @property
    def last(self) -> date: ...


def number(value: Exact, places: int = 0) -> str:
    """1824 -> 1,824; with one place, 22.104 -> 22.1."""
    return f"{rounded(value, places):,f}".replace("-", MINUS)


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 -> 1 ticket; 1824 -> 1,824 tickets."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def money(value: Exact | str) -> str:
    """A decimal string or exact number of pounds: 1234.5 -> £1,234.50; whole pounds without pence."""
    pence = rounded(Decimal(value) if isinstance(value, str) else value, 2)
    written = f"{abs(pence):,f}".removesuffix(".00")
    return f"{MINUS if pence < 0 else ''}£{written}"


def points(change: Exact) -> str:
    """A change of a share, from 0 to 1, in percentage points: 0.024 -> up 2.4 percentage points."""
    size = rounded(Fraction(change) * 100, 1)
    if not size:
        return "no change"
    return f"{'up' if size > 0 else 'down'} {abs(size)} percentage points"


def duration(minutes: Exact) -> str:
    """Minutes in words: 250 -> 4 hours 10 minutes. An hour is the longest unit, for a working day has no one length."""
    whole = int(rounded(minutes, 0))
    hours, rest = divmod(abs(whole), 60)
    parts = [plural(hours, "hour")] if hours else []
    if rest or not hours:
        parts.append(plural(rest, "minute"))
    return ("minus " if whole < 0 else "") + " ".join(parts)


def day(value: date) -> str:
    """21 July 2026; of an instant, its day in London."""
    local = in_london(value).date() if isinstance(value, datetime) else value
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def weekday(value: date) -> str:
    """Friday 14 November 2026."""
    return f"{value:%A} {day(value)}"


def month(value: date) -> str:
    """July 2026."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def clock(value: datetime) -> str:
    """The time of day in London: 6:30pm, 9am, midday, midnight. An hour that comes twice says which one is meant."""
    local = in_london(value)
    if (local.hour, local.minute) in ((0, 0), (12, 0)):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    written = f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"
    return f"{written} {local.tzname()}" if _comes_twice(local) else written


def instant(value: datetime) -> str:
    """21 July 2026 at 6:30pm."""
    return f"{day(value)} at {clock(value)}"


def period(span: Days) -> str:
    """March 2016; January to March 2016; 1 to 15 March 2016; 28 December 2015 to 3 January 2016."""
    first, last = span.first, span.last
    if first == last:
        return day(first)
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        start, end = MONTHS[first.month - 1], month(last)
        if (first.year, first.month) == (last.year, last.month):
            return end
        return f"{start} to {end}" if first.year == last.year else f"{start} {first.year} to {end}"
    if first.year != last.year:
        return f"{day(first)} to {day(last)}"
    start = str(first.day) if first.month == last.month else f"{first.day} {MONTHS[first.month - 1]}"
    return f"{start} to {day(last)}"


def listed(words: Iterable[object], joined_by: str = "and") -> str:
    """a, b and c."""
    given = [str(word) for word in words]
    if len(given) < 2:
        return "".join(given)
    return f"{', '.join(given[:-1])} {joined_by} {given[-1]}"


def size(count: int) -> str:
    """A number of bytes: 12 KB, 3.4 MB."""
    for unit, of in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if count >= of:
            return f"{number(Fraction(count, of), 0 if of == 2**10 else 1)} {unit}"
    return plural(count, "byte")


def in_london(value: datetime) -> datetime:
    """The same instant on London's clocks."""
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone, so nobody can say which instant it is.")
    return value.astimezone(zone("Europe/London"))


def _comes_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
