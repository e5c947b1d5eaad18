"""From a desk's dates to instants: whole seconds since 1970, UTC.

A local moment that did not exist is refused; one that happened twice is taken as the first and said to be so.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY: Final = 86_400
EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 (local moments have no zone until one is given)
# Desk tools write 1970, 1900 or 9999 for "no date"; no desk's history lies outside these years.
FIRST: Final = int(datetime(1980, 1, 1, tzinfo=UTC).timestamp())
LAST: Final = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())

# English, whatever language the machine speaks.
MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
SHORT_MONTHS: Final = tuple(month[:3] for month in MONTHS)
DIRECTIVES: Final = {
    "d": r"(3[01]|[12][0-9]|0[1-9]|[1-9])",
    "m": r"(1[0-2]|0[1-9]|[1-9])",
    "Y": r"([0-9]{4})",
    "y": r"([0-9]{2})",
    "H": r"(2[0-3]|[01][0-9]|[0-9])",
    "I": r"(1[0-2]|0[1-9]|[1-9])",
    "M": r"([0-5][0-9]|[0-9])",
    "S": r"([0-5][0-9]|[0-9])",
    "f": r"([0-9]{1,6})",
    "p": r"(am|pm)",
    # Newer desks on Java write September of en-GB with four letters.
    "b": f"({'|'.join(SHORT_MONTHS)}|sept)",
    "B": f"({'|'.join(MONTHS)})",
    "z": r"(Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])",
}
TIME: Final = frozenset("HIMSfpz")
DIRECTIVE: Final = re.compile("%(.)", re.DOTALL)
TOKEN: Final = re.compile(r"%.|\s+|.", re.DOTALL)
BLANKS: Final = r"[\s\u00a0\u202f]+"
WORDS: Final = ("iso", "epoch-ms")
REMEMBERED, LONG = 100_000, 100
ISO: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)
MILLISECONDS: Final = re.compile(r"[0-9]{1,15}")

Local = tuple[int, int | None]
"""Seconds since 1970 on the wall clock, and the offset in seconds where the text has one."""


class Unreadable(Exception):
    """A cell that cannot be taken; the words say why and what to do, and finish a sentence that names the cell."""


class _Form(Protocol):
    """One way of writing dates."""

    def local(self, text: str) -> Local | None: ...


class Moments:
    """Reads dates in the forms that a mapping names, tried in order, in one time zone."""

    def __init__(self, forms: Sequence[str], zone: ZoneInfo | None) -> None:
        self._names = tuple(forms)
        self._forms = tuple(form(name) for name in forms)
        self._zone = None if zone is None else _Zone(zone)

    def read(self, text: str) -> tuple[int, bool]:
        """The instant, and whether this local moment happened twice."""
        for form in self._forms:
            found = form.local(text)
            if found is not None:
                break
        else:
            raise Unreadable(f"is no date in the mapping's forms ({', '.join(self._names)}), or there is no such day")
        local, offset = found
        if not FIRST <= local < LAST:
            raise Unreadable("lies outside the years 1980 to 2099: put it right, or leave it blank if there is no date")
        if offset is not None:
            return local - offset, False
        if self._zone is None:
            raise Unreadable("has no offset, and no time zone is named for it, by the mapping or beside the file")
        return self._zone.instant(local)


def form(name: str) -> _Form:
    """What reads dates of this form: "iso", "epoch-ms" or a strptime pattern; ValueError says why it is none."""
    if name == "iso":
        return _Iso()
    if name == "epoch-ms":
        return _Milliseconds()
    return _Pattern(name)


def zone(name: str) -> ZoneInfo:
    """The time zone of this name; ValueError says what is wrong with it."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ValueError("is no time zone; name one as in Europe/London or UTC") from None


class _Iso:
    def local(self, text: str) -> Local | None:
        if not ISO.fullmatch(text):
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        offset = moment.utcoffset()
        local = (moment.replace(tzinfo=None) - EPOCH) // timedelta(seconds=1)
        return local, None if offset is None else round(offset.total_seconds())


class _Milliseconds:
    def local(self, text: str) -> Local | None:
        return (int(text) // 1000, 0) if MILLISECONDS.fullmatch(text) else None


class _Pattern:
    """A strptime pattern, in English whatever the machine's language.

    Where a blank divides the day from the time, each half is read once and remembered: the minutes of a year are few
    days and few times of day.
    """

    def __init__(self, pattern: str) -> None:
        self._letters = _letters(pattern)
        self._regex = re.compile(_regex(pattern), re.IGNORECASE | re.ASCII)
        day, _, time = pattern.partition(" ")
        self._halved = not {*_letters(day)} & TIME and {*_letters(time)} <= TIME - {"z"}
        self._days: dict[str, int] = {}
        self._times: dict[str, int] = {}

    def local(self, text: str) -> Local | None:
        day, _, time = text.partition(" ")
        start, since = self._days.get(day), self._times.get(time)
        if start is not None and since is not None:
            return start + since, None
        match = self._regex.fullmatch(text)
        if match is None:
            return None
        parts = dict(zip(self._letters, match.groups(), strict=True))
        try:
            start = _day(parts)
        except ValueError:
            return None
        since = _time_of_day(parts)
        if self._halved and len(text) < LONG and len(self._days) + len(self._times) < REMEMBERED:
            self._days[day], self._times[time] = start, since
        return start + since, _offset(parts["z"]) if "z" in parts else None


def _letters(pattern: str) -> list[str]:
    return DIRECTIVE.findall(pattern.replace("%%", ""))


def _regex(pattern: str) -> str:
    letters = _letters(pattern)
    unknown = [letter for letter in letters if letter not in DIRECTIVES]
    known = " ".join(f"%{letter}" for letter in DIRECTIVES)
    if unknown or pattern.replace("%%", "").count("%") != len(letters):
        raise ValueError(f"is no form of date: it may be {' or '.join(WORDS)}, or made of {known} %%")
    if len(set(letters)) != len(letters):
        raise ValueError("names the same part of a date twice")
    have = [sum(letter in letters for letter in part) for part in ("d", "mbB", "Yy")]
    if have != [1, 1, 1]:
        raise ValueError("must have one day (%d), one month (%m, %b or %B) and one year (%Y or %y)")
    if ("I" in letters) != ("p" in letters) or {"H", "I"} <= set(letters):
        raise ValueError("must have %H, or %I together with %p")
    return "".join(map(_part, TOKEN.findall(pattern)))


def _part(piece: str) -> str:
    if piece.isspace():
        return BLANKS
    return re.escape(piece) if len(piece) == 1 else DIRECTIVES.get(piece[1], "%")


def _day(parts: dict[str, str]) -> int:
    if "Y" in parts:
        year = int(parts["Y"])
    else:
        year = int(parts["y"])
        year += 1900 if year >= 69 else 2000
    if "m" in parts:
        month = int(parts["m"])
    elif "b" in parts:
        month = SHORT_MONTHS.index(parts["b"][:3].lower()) + 1
    else:
        month = MONTHS.index(parts["B"].lower()) + 1
    return (datetime(year, month, int(parts["d"])) - EPOCH).days * DAY  # noqa: DTZ001 (see EPOCH)


def _time_of_day(parts: dict[str, str]) -> int:
    hour = int(parts.get("H", "0"))
    if "I" in parts:
        hour = int(parts["I"]) % 12 + (12 if parts["p"].lower() == "pm" else 0)
    return hour * 3600 + int(parts.get("M", "0")) * 60 + int(parts.get("S", "0"))


def _offset(text: str) -> int:
    if text in "Zz":
        return 0
    digits = text[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return -seconds if text[0] == "-" else seconds


class _Zone:
    """Turns local seconds into instants; days on which no clock changes are remembered with their offset."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._steady: dict[int, int | None] = {}

    def instant(self, local: int) -> tuple[int, bool]:
        day = local // DAY
        try:
            offset = self._steady[day]
        except KeyError:
            offset = self._steady[day] = self._offset_all(day)
        if offset is not None:
            return local - offset, False
        before, after = self._offsets(local)
        if before < after:
            raise Unreadable(
                f"did not exist in {self._zone.key}, where the clocks went forward over it: correct it, "
                "or name beside the file the time zone that the desk writes in"
            )
        return local - before, before > after

    def _offset_all(self, day: int) -> int | None:
        offsets = {*self._offsets(day * DAY), *self._offsets((day + 1) * DAY)}
        return offsets.pop() if len(offsets) == 1 else None

    def _offsets(self, local: int) -> tuple[int, int]:
        """The zone's offset at a local moment as the clock showed it first and, if it came twice, the second time."""
        moment = (EPOCH + timedelta(seconds=local)).replace(tzinfo=self._zone)
        first, second = moment.utcoffset(), moment.replace(fold=1).utcoffset()
        assert first is not None and second is not None
        return round(first.total_seconds()), round(second.total_seconds())
