"""Opening hours as instants: a calendar's windows over a span, with the seconds open before each (C1-C3, C7).

Every window is converted from the wall clock to UTC once, here; after that time is whole seconds and no zone is asked.
"""

from calendar import timegm
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np

from commonhold.demand.engine.columns import Longs
from commonhold.workdays import Calendar, zone

DAY: Final = 86_400
MINUTE: Final = 60

Versions: TypeAlias = tuple[tuple[int, Calendar], ...]
"""Versions of one named calendar, each with the instant from which it is in force, earliest first."""


@dataclass(frozen=True, eq=False, slots=True)
class Hours:
    """The windows [starts, ends) of one calendar over a span, and the seconds open `before` each, all in order."""

    starts: Longs
    ends: Longs
    before: Longs

    @property
    def total(self) -> int:
        return int(self.before[-1] + self.ends[-1] - self.starts[-1]) if len(self.starts) else 0

    def open_before(self, instant: int) -> int:
        """The seconds open from the beginning of the span until `instant`."""
        window = int(np.searchsorted(self.starts, instant, side="right")) - 1
        if window < 0:
            return 0
        return int(self.before[window] + min(instant, self.ends[window]) - self.starts[window])

    def second(self, number: int) -> int | None:
        """The instant at which the open second of this number, from 0, begins; None where the span has fewer."""
        if number >= self.total:
            return None
        window = int(np.searchsorted(self.before, number, side="right")) - 1
        return int(self.starts[window] + number - self.before[window])

    def between(self, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts of the windows that lie between two instants."""
        first = int(np.searchsorted(self.ends, begin, side="right"))
        last = int(np.searchsorted(self.starts, end, side="left"))
        for window in range(first, last):
            yield max(begin, int(self.starts[window])), min(end, int(self.ends[window]))


@lru_cache(maxsize=32)
def hours(versions: Versions, first: int, last: int) -> Hours:
    """The hours of a calendar from `first` up to `last`: until a change as the version before says, then as the next.

    Before its first version a calendar has no hours: nobody had agreed any.
    """
    starts, ends = [], []
    for (since, calendar), until in zip(versions, [*(start for start, _ in versions[1:]), last], strict=True):
        opens, closes = _windows(calendar, max(first, since), min(last, until))
        starts.append(opens)
        ends.append(closes)
    return _joined(np.concatenate(starts), np.concatenate(ends))


def _joined(starts: Longs, ends: Longs) -> Hours:
    """Windows that touch become one."""
    apart = starts[1:] != ends[:-1]
    starts, ends = starts[np.append(True, apart)[: len(starts)]], ends[np.append(apart, True)[: len(ends)]]
    lengths = ends - starts
    return Hours(starts, ends, np.cumsum(lengths) - lengths)


def _windows(calendar: Calendar, first: int, last: int) -> tuple[Longs, Longs]:
    """The instants at which a calendar opens and closes from `first` up to `last`.

    Between two clock changes the wall clock is UTC and a constant. Each such stretch is converted by itself, so that
    the windows of a repeated hour come twice and those of a missing one not at all (C2).
    """
    if last <= first:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    opens, closes = _on_the_wall(calendar, first - 2 * DAY, last + 2 * DAY)
    starts, ends = [], []
    for begin, end, offset in _stretches(calendar.time_zone, first, last):
        inside = slice(
            int(np.searchsorted(closes, begin + offset, side="right")),
            int(np.searchsorted(opens, end + offset, side="left")),
        )
        starts.append(np.maximum(opens[inside] - offset, begin))
        ends.append(np.minimum(closes[inside] - offset, end))
    return np.concatenate(starts), np.concatenate(ends)


def _on_the_wall(calendar: Calendar, first: int, last: int) -> tuple[Longs, Longs]:
    """Opening and closing readings of the wall clock, as seconds since its midnight of 1 January 1970, in order."""
    days = np.arange(first // DAY, last // DAY + 1)
    closed = calendar.closed_days(_date(int(days[0])), _date(int(days[-1])))
    days = days[~np.isin(days, [(day - date(1970, 1, 1)).days for day in closed])]
    weekdays = (days + 3) % 7  # 1 January 1970 was a Thursday
    opens = [days[weekdays == n] * DAY + w.opens * MINUTE for n, day in enumerate(calendar.windows) for w in day]
    closes = [days[weekdays == n] * DAY + w.closes * MINUTE for n, day in enumerate(calendar.windows) for w in day]
    if not opens:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.sort(np.concatenate(opens)), np.sort(np.concatenate(closes))


def _stretches(name: str, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """The parts of [first, last) between clock changes, each with the seconds that its wall clock is ahead of UTC."""
    years = range(_instant(first).year, _instant(last).year + 1)
    changes = [at for year in years for at in _clock_changes(name, year) if first < at < last]
    for begin, end in pairwise([first, *changes, last]):
        yield begin, end, _offset(name, begin)


@cache
def _clock_changes(name: str, year: int) -> tuple[int, ...]:
    """The instants of a year at which a zone's offset changes, found day by day and then to the second."""
    days = [timegm((year, 1, 1 + n, 0, 0, 0)) for n in range(366 + 1)]
    return tuple(
        _change(name, day, following)
        for day, following in pairwise(days)
        if _instant(day).year == year and _offset(name, day) != _offset(name, following)
    )


def _change(name: str, low: int, high: int) -> int:
    """The first instant after `low` that has the offset of `high`."""
    target = _offset(name, high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _offset(name, middle) == target else (middle, high)
    return high


def _offset(name: str, instant: int) -> int:
    offset = datetime.fromtimestamp(instant, zone(name)).utcoffset() or timedelta()
    return offset.days * DAY + offset.seconds


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _date(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)
