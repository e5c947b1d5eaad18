"""In which forms the dates of a file are probably written, from its cells, and how each is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from commonhold.demand.engine import moments
from commonhold.demand.engine.moments import Moments, Unreadable

FORMS: Final = (
    "iso",
    *("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M"),
    *("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d/%b/%y %I:%M %p", "%d/%b/%y %H:%M", "%d/%b/%Y %I:%M %p"),
    *("%d %b %Y %H:%M:%S", "%d %b %Y %H:%M", "%d %B %Y %H:%M", "%d-%b-%Y %H:%M:%S", "%d-%b-%Y %H:%M"),
    *("%d %b, %Y %I:%M %p", "%b %d, %Y %H:%M", "%b %d, %Y %I:%M %p", "%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M %p"),
    *("%d/%m/%y %H:%M", "%d/%m/%Y", "%d-%m-%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p"),
    *("%m/%d/%Y %I:%M %p", "%m/%d/%Y", "epoch-ms"),
)
"""Forms that desks write, the likeliest first: in Britain the day comes before the month."""

DAY_FIRST, MONTH_FIRST = "%d/%m", "%m/%d"


@dataclass(frozen=True, slots=True)
class Example:
    """A cell as it stands in the file, the instant that it is read as, or why it is none; whether it was ambiguous."""

    cell: str
    instant: datetime | None
    problem: str = ""
    twice: bool = False


def proposed(cells: Sequence[str]) -> list[str]:
    """The fewest forms that read these cells, those that read most first; empty where none reads any."""
    left, found = list(cells), list[str]()
    readers = {name: moments.form(name) for name in FORMS}
    while left:
        read = {name: sum(_reads(reader, cell) for cell in left) for name, reader in readers.items()}
        best = max(FORMS, key=lambda name: read[name])
        if not read[best]:
            break
        found.append(best)
        left = [cell for cell in left if not _reads(readers[best], cell)]
    return found


def could_be_month_first(cells: Sequence[str], forms: Sequence[str]) -> bool:
    """Whether every cell could be read with the month first as well, so that only the desk can say which is meant."""
    turned = [form.replace(DAY_FIRST, MONTH_FIRST) for form in forms if form.startswith(DAY_FIRST)]
    if not cells or len(turned) != len(forms):
        return False
    readers = [moments.form(form) for form in turned]
    return all(any(_reads(reader, cell) for reader in readers) for cell in cells)


def say_their_offset(cells: Sequence[str], forms: Sequence[str]) -> bool:
    """Whether every cell says its offset from UTC, so that no zone is needed."""
    reader = Moments(forms, None)
    return bool(cells) and all(example.instant is not None for example in _examples(cells, reader))


def examples(cells: Sequence[str], forms: Sequence[str], zone: str | None) -> list[Example]:
    """How each of these cells is read."""
    return _examples(cells, Moments(forms, ZoneInfo(zone) if zone else None))


def _examples(cells: Sequence[str], reader: Moments) -> list[Example]:
    found = []
    for cell in cells:
        try:
            instant, twice = reader.read(cell)
        except Unreadable as why:
            found.append(Example(cell, None, str(why)))
        else:
            found.append(Example(cell, datetime.fromtimestamp(instant, UTC), twice=twice))
    return found


def _reads(reader: moments._Form, cell: str) -> bool:
    local = reader.local(cell)
    return local is not None and moments.FIRST <= local[0] < moments.LAST
