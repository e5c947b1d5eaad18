"""A calendar of opening hours: local wall-clock windows per weekday, with or without bank holidays (C1, C3)."""

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, Self

from commonhold.workdays.zones import zone

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY: Final = 24 * 60
CHRISTMAS: Final = ((12, 25), (12, 26))
"""Stay closed when they fall on a weekend, although the bank holiday is then the substitute day (C3)."""

_WRITTEN = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Open from `opens` up to, not including, `closes`: minutes of the local wall clock, 1440 at the day's end."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if self.closes == 0:
            raise ValueError(f"{self} closes at 00:00; write 24:00 for midnight at the day's end")
        if self.closes <= self.opens:
            raise ValueError(f"{self} does not close after it opens; write a night as two windows, split at 24:00")
        if not 0 <= self.opens < self.closes <= MINUTES_A_DAY:
            raise ValueError(f"{self} is not within 00:00-24:00")

    @classmethod
    def written(cls, text: str) -> Self:
        """The window that 08:00-18:00 says."""
        said = _WRITTEN.fullmatch(text.strip())
        if said is None:
            raise ValueError(f"{text!r} is not a window; write it like 08:00-18:00")
        hours, minutes, until_hours, until_minutes = map(int, said.groups())
        return cls(hours * 60 + minutes, until_hours * 60 + until_minutes)

    def __str__(self) -> str:
        return f"{_time(self.opens)}-{_time(self.closes)}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Hours in which a clock runs: windows for each weekday, Monday first, in one time zone.

    `holidays` are the dates that the whole calendar is closed on where it observes them; they are `division`'s.
    """

    name: str
    time_zone: str
    windows: tuple[tuple[Window, ...], ...]
    observes_holidays: bool
    holidays: frozenset[date] = frozenset()
    division: str | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a calendar needs a name")
        if len(self.windows) != len(DAYS):
            raise ValueError(f"{self.name} has {len(self.windows)} days; a week has seven")
        if self.observes_holidays and not self.holidays:
            raise ValueError(f"{self.name} observes bank holidays, but none are given")
        zone(self.time_zone)
        for windows in self.windows:
            check_windows(windows)

    def closed_all_day(self, day: date) -> bool:
        """Whether this local date is a holiday that the calendar observes (C3)."""
        return self.observes_holidays and (day in self.holidays or (day.month, day.day) in CHRISTMAS)

    def closed_days(self, first: date, last: date) -> list[date]:
        """The local dates from `first` to `last` that holidays close, in order."""
        christmas = {date(year, *day) for year in range(first.year, last.year + 1) for day in CHRISTMAS}
        return [day for day in sorted(self.holidays | christmas) if first <= day <= last and self.closed_all_day(day)]

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """The windows of a local date."""
        return () if self.closed_all_day(day) else self.windows[day.weekday()]

    @property
    def holiday_years(self) -> range:
        """The years that the list of holidays reaches over; outside them only 25 and 26 December are known."""
        years = [day.year for day in self.holidays]
        return range(min(years), max(years) + 1) if years else range(0)


def check_windows(windows: tuple[Window, ...]) -> None:
    """A day's windows come in order and do not overlap; they may touch."""
    for earlier, later in pairwise(windows):
        if later.opens < earlier.opens:
            raise ValueError(f"{later} is listed after {earlier}; list a day's windows in order")
        if later.opens < earlier.closes:
            raise ValueError(f"{earlier} and {later} overlap; make them one window or move one")


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
