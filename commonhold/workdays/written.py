"""Calendars as they are written: a TOML file that people keep, and the same form as JSON for the record.

The JSON form differs in one point: `holidays` holds the days themselves, so that it stands without any list.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from itertools import groupby
from typing import Any, Final, TypeAlias

from commonhold.refusals import Refused
from commonhold.workdays.bank_holidays import bank_holidays
from commonhold.workdays.calendar import DAYS, Calendar, Window, check_windows
from commonhold.workdays.zones import zone

Where: TypeAlias = Callable[[str | None, str | None], str]
"""Says in words where the key of a section stands (no section: at the top)."""

OBSERVES: Final = "observes_holidays"
NATIONS: Final = ("GB-WLS", "GB-SCT", "GB-NIR")
LONGEST: Final = 256 * 1024
LONGEST_LINE: Final = 2_000
MOST_PARTS: Final = 10
NO_KEY: Final = re.compile(r""""(?:[^"\\]|\\.)*"?|'[^']*'?|#.*""")
"""What of a line of TOML is text in quotation marks, or a remark."""

DAY_WORDS: Final = "mon-fri, sat, mon-sun or a single day such as tue"


def read_calendars(text: str, source: str) -> dict[str, Calendar]:
    """The calendars of a TOML file, in its order; `source` is what a refusal calls the file."""
    form, lines = read_toml(text, source), text.splitlines()

    def where(section: str | None, key: str | None) -> str:
        line = _line(lines, section, key)
        return f"{source}, line {line}" if line else source

    return _Reader(form, where).read(source)


def read_toml(text: str, source: str) -> dict[str, Any]:
    """What somebody wrote as TOML. Refuses what is none, and what is longer than anybody writes."""
    if len(text) > LONGEST or max(map(len, text.splitlines()), default=0) > LONGEST_LINE:
        raise Refused(
            f"{source} has more than {LONGEST:,} characters, or a line of more than {LONGEST_LINE:,}. "
            "A few short lines of TOML are enough."
        )
    if has_long_keys(text):
        raise Refused(f"{source} has a key of more than {MOST_PARTS} parts. No key here needs as many.")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as problem:
        raise Refused(f"{source} is not TOML that can be read: {problem}. Put that place right.") from None


def has_long_keys(text: str) -> bool:
    """Whether a key of a TOML text has more parts than any that somebody means: Python's reader takes seconds over many
    of them, and minutes over one of a hundred thousand.
    """
    return any(NO_KEY.sub("", line).count(".") > MOST_PARTS for line in text.split("\n"))


def calendars_from_json(value: object, source: str = "The calendars") -> dict[str, Calendar]:
    """The calendars that `calendars_as_json` wrote."""
    if not isinstance(value, Mapping):
        raise Refused(f"{source}: an object is needed, not {_kind(value)}.")
    return _Reader(value, lambda section, key: ", ".join(part for part in (source, section, key) if part)).read(source)


def calendars_as_json(calendars: Mapping[str, Calendar]) -> dict[str, Any]:
    """Calendars of one time zone and one list of holidays as a JSON value: equal calendars, equal JSON."""
    first = next(iter(calendars.values()))
    form: dict[str, Any] = {"time_zone": first.time_zone}
    if first.holidays:
        days = [day.isoformat() for day in sorted(first.holidays)]
        form["holidays"] = {"division": first.division, "days": days}
    for name, calendar in sorted(calendars.items()):
        form[name] = {**_week(calendar), OBSERVES: calendar.observes_holidays}
    return form


def _week(calendar: Calendar) -> dict[str, list[str]]:
    """The windows by runs of equal days: {'mon-fri': ['08:00-18:00']}; a closed day has no entry in an open week."""
    if not any(calendar.windows):
        return {"mon-sun": []}
    week: dict[str, list[str]] = {}
    for windows, group in groupby(zip(DAYS, calendar.windows, strict=True), key=lambda day: day[1]):
        days = [day for day, _ in group]
        if windows:
            name = days[0] if len(days) == 1 else f"{days[0]}-{days[-1]}"
            week[name] = [str(window) for window in windows]
    return week


class _Reader:
    """Reads one form and gathers every problem before it refuses."""

    def __init__(self, form: Mapping[str, object], where: Where) -> None:
        self.form = form
        self.where = where
        self.problems: list[str] = []

    def read(self, source: str) -> dict[str, Calendar]:
        time_zone = self._time_zone()
        division, holidays = self._holidays()
        calendars = {}
        for name, section in self.form.items():
            if name in ("time_zone", "holidays"):
                continue
            if not isinstance(section, Mapping):
                self._problem(
                    None, name, f"unknown key {name!r}; here stand time_zone, holidays and one section a calendar"
                )
                continue
            windows = self._windows(name, section)
            observes = self._observes(name, section, holidays)
            if not self.problems and time_zone:
                calendars[name] = Calendar(name, time_zone, windows, observes, holidays, division)
        if not calendars and not self.problems:
            self.problems.append(
                f'{source}: no calendar; add a section such as [office] with mon-fri = ["08:00-18:00"]'
            )
        if self.problems:
            raise Refused(f"{source} cannot be used as calendars.", self.problems)
        return calendars

    def _problem(self, section: str | None, key: str | None, words: str) -> None:
        inside = f"[{section}] " if section else ""
        self.problems.append(f"{self.where(section, key)}: {inside}{words}.")

    def _time_zone(self) -> str | None:
        name = self.form.get("time_zone")
        if not isinstance(name, str):
            self._problem(None, "time_zone", 'time_zone is missing; add time_zone = "Europe/London" at the top')
            return None
        try:
            zone(name)
        except ValueError as problem:
            self._problem(None, "time_zone", str(problem))
            return None
        return name

    def _holidays(self) -> tuple[str | None, frozenset[date]]:
        said = self.form.get("holidays")
        try:
            if said is None:
                return None, frozenset()
            if isinstance(said, str):
                return said, frozenset(bank_holidays(said))
            if isinstance(said, Mapping):
                return str(said["division"]), frozenset(date.fromisoformat(day) for day in said["days"])
            raise ValueError(f"holidays names a nation, such as GB-ENG; it is {_kind(said)}")
        except (ValueError, KeyError, TypeError) as problem:
            self._problem(None, "holidays", _words(problem))
            return None, frozenset()

    def _observes(self, name: str, section: Mapping[str, object], holidays: frozenset[date]) -> bool:
        said = section.get(OBSERVES)
        if not isinstance(said, bool):
            self._problem(name, OBSERVES, f"say {OBSERVES} = true or {OBSERVES} = false")
            return False
        if said and not holidays and not self.form.get("holidays"):
            self._problem(
                name,
                OBSERVES,
                f'name the nation of its bank holidays; add holidays = "GB-ENG" (or {", ".join(NATIONS)}) at the top',
            )
        return said

    def _windows(self, name: str, section: Mapping[str, object]) -> tuple[tuple[Window, ...], ...]:
        week: dict[str, tuple[Window, ...]] = {}
        for key, said in section.items():
            if key == OBSERVES:
                continue
            try:
                days = _days(key)
                windows = _written(said)
                twice = [day for day in days if day in week]
                if twice:
                    raise ValueError(f"{key} gives hours for {', '.join(twice)} a second time; say each day once")
                week.update(dict.fromkeys(days, windows))
            except ValueError as problem:
                self._problem(name, key, str(problem))
        if not any(key != OBSERVES for key in section):
            self._problem(
                name, None, 'has no hours; add mon-fri = ["08:00-18:00"], or mon-sun = [] if it is never open'
            )
        return tuple(week.get(day, ()) for day in DAYS)


def _days(key: str) -> tuple[str, ...]:
    """The days that mon-fri or sat means."""
    first, _, last = key.partition("-")
    if first not in DAYS or (last or first) not in DAYS:
        raise ValueError(f"unknown key {key!r}; use {DAY_WORDS}, or {OBSERVES}")
    begin, end = DAYS.index(first), DAYS.index(last or first)
    if end < begin:
        raise ValueError(f"{key} runs backwards; weeks begin on mon, so split it in two")
    return DAYS[begin : end + 1]


def _written(said: object) -> tuple[Window, ...]:
    if not isinstance(said, list) or not all(isinstance(text, str) for text in said):
        raise ValueError('hours are a list of windows, such as ["09:00-12:30", "13:30-17:30"]')
    windows = tuple(Window.written(text) for text in said)
    check_windows(windows)
    return windows


def _words(problem: Exception) -> str:
    if isinstance(problem, KeyError):
        return f"holidays lacks {problem}; it needs division and days"
    return str(problem)


def _kind(value: object) -> str:
    return {list: "a list", dict: "a table", str: "text", bool: "true or false"}.get(type(value), "a number")


def _line(lines: list[str], section: str | None, key: str | None) -> int | None:
    """The line, from 1, of a key in its section or of the section's heading; None where it is written another way."""
    inside, heading = section is None, None
    for number, line in enumerate(lines, 1):
        if (title := _title(line)) is not None:
            if inside and section is not None:
                break
            inside = title == section
            heading = number if inside else heading
            if key == title and section is None:
                return number
        elif inside and key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return number
    return heading


def _title(line: str) -> str | None:
    """What stands in the brackets of a section's heading; None where the line is none."""
    text = line.strip()
    inside, closed, _ = text[1:].partition("]")
    return inside.strip().strip("\"'") if text.startswith("[") and closed else None
