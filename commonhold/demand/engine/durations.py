"""Lengths of time as desks write them, from text to seconds.

A form that names its own unit is read by it; a bare number by the unit that the mapping says. A day has 24 hours: tools
that count working days by another length write hours as well, or cannot be read so.
"""

import re
from datetime import datetime
from fractions import Fraction
from typing import Final

EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 (a length of time has no zone)
DIGITS: Final = r"(?:[0-9]{1,10}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,6})?"
NUMBER: Final = re.compile(DIGITS)
CLOCK: Final = re.compile(r"([0-9]{1,6}):([0-5][0-9])(?::([0-5][0-9]))?")
SINCE_1970: Final = re.compile(r"197[0-9]-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}")
PART: Final = re.compile(
    rf"({DIGITS})\s*(days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?![a-z])[\s,]*", re.IGNORECASE
)
SECONDS: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


def duration(text: str, unit: int) -> Fraction | None:
    """Seconds, less than nothing after a minus; None where the text is no length of time. `unit`: a bare number's."""
    sign, length = (-1, text[1:].lstrip()) if text.startswith("-") else (1, text)
    for form in (_number, _clock, _since_1970, _words):
        seconds = form(length, unit)
        if seconds is not None:
            return sign * seconds
    return None


def _number(text: str, unit: int) -> Fraction | None:
    return Fraction(text.replace(",", "")) * unit if NUMBER.fullmatch(text) else None


def _clock(text: str, unit: int) -> Fraction | None:
    """Hours and minutes, and seconds where there is a third part."""
    match = CLOCK.fullmatch(text)
    return Fraction(int(match[1]) * 3_600 + int(match[2]) * 60 + int(match[3] or 0)) if match else None


def _since_1970(text: str, unit: int) -> Fraction | None:
    """As ServiceNow stores lengths of time: the moment that lies so long after the first of 1970."""
    if not SINCE_1970.fullmatch(text):
        return None
    try:
        since = datetime.fromisoformat(text) - EPOCH
    except ValueError:
        return None
    return Fraction(since.days * 86_400 + since.seconds)


def _words(text: str, unit: int) -> Fraction | None:
    """Such as "1 Day 8 Hours" or "2h 5m"; each unit once, the larger first."""
    at, total, last = 0, Fraction(0), 86_401
    while at < len(text):
        part = PART.match(text, at)
        if part is None or (size := SECONDS[part[2][0].lower()]) >= last:
            return None
        at, last = part.end(), size
        total += Fraction(part[1].replace(",", "")) * size
    return total if at else None
