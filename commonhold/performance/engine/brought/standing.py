"""Which readings stand beside each other: of one measure, partner, service, site and threshold, no day is told twice.

The very same days again are no overlap but a correction, which names the reading that it puts right, and why (F6).
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from commonhold.demand.engine.rows import Problem
from commonhold.performance.engine.brought.definition import Adding
from commonhold.performance.engine.brought.given import Given
from commonhold.performance.engine.brought.measures import BUILT_IN

About: TypeAlias = tuple[str, str, str, str, int | None]
"""Measure, partner, service, site, threshold: readings of one of these tell of days one after the other."""

SAID: Final = ("numerator", "denominator", "value", "unit", "source", "grade", "note")
"""What a reading says of its days: where any of it is other than before, it is a correction."""


@dataclass(frozen=True, slots=True)
class Stood:
    """A reading that stands already: its number, and what it says."""

    number: int
    given: Given


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows by what they do: new ones, corrections with the number that each puts right, those that say nothing new, and
    those that cannot stand.
    """

    new: Sequence[Given]
    corrections: Sequence[tuple[Given, int]]
    unchanged: Sequence[Given]
    problems: Sequence[Problem]


def about(given: Given) -> About:
    return given.measure, given.partner, given.service, given.site, given.threshold


def sort(given: Iterable[Given], standing: Iterable[Stood], *, why: str) -> Sorted:
    """What each row would do beside what stands. `why` is the reason for corrections; without one they are refused."""
    there: dict[About, list[Stood]] = defaultdict(list)
    for one in sorted(standing, key=lambda one: one.given.first):
        there[about(one.given)].append(one)
    earlier: dict[About, list[Given]] = defaultdict(list)
    new: list[Given] = []
    corrections: list[tuple[Given, int]] = []
    unchanged: list[Given] = []
    problems: list[Problem] = []
    for row in given:
        key = about(row)
        touched = _touched(row, there[key])
        twin = _twin(row, earlier[key])
        found = list(_clashes(row, twin, touched, why))
        if twin is None:
            insort(earlier[key], row, key=_first)
        if found:
            problems += found
        elif not touched:
            new.append(row)
        elif _same(row, touched[0].given):
            unchanged.append(row)
        else:
            corrections.append((row, touched[0].number))
    return Sorted(new, corrections, unchanged, problems)


def _first(given: Given) -> date:
    return given.first


def _touched(row: Given, there: Sequence[Stood]) -> list[Stood]:
    """Of readings that stand one after the other, in the order of their days, those that a row overlaps."""
    end = bisect_right(there, row.last, key=lambda one: one.given.first)
    found = []
    while end and there[end - 1].given.last >= row.first:
        end -= 1
        found.append(there[end])
    return found[::-1]


def _twin(row: Given, earlier: Sequence[Given]) -> Given | None:
    """The row further up that a row overlaps, of rows one after the other in the order of their days."""
    end = bisect_right(earlier, row.last, key=_first)
    return earlier[end - 1] if end and earlier[end - 1].last >= row.first else None


def _clashes(row: Given, twin: Given | None, touched: Sequence[Stood], why: str) -> Iterator[Problem]:
    if twin is not None:
        yield Problem(row.line, "from", "", f"Its days are told by line {twin.line} of this file already. Keep one.")
        return
    other = next((one for one in touched if (one.given.first, one.given.last) != (row.first, row.last)), None)
    if other is not None:
        yield Problem(
            row.line, "from", "",
            f"Reading {other.number} tells of {_days(other.given.first, other.given.last)}, so some of its days would "
            "count twice. Bring the same days to correct that reading, or take it back first.",
        )  # fmt: skip
    elif touched and not _same(row, touched[0].given) and not why:
        yield Problem(
            row.line, "value", "",
            f"Reading {touched[0].number} tells of the same days and says {words(touched[0].given)}; this one says "
            f"{words(row)}. Say why it is corrected: --reason on the command line, or the reason on the form.",
        )  # fmt: skip


def words(given: Given) -> str:
    """The number of a reading in words, as it was brought: 40 of 1,200 calls; 68,134 seconds over 1,793 calls; scores
    of 354 in all, from 77 returns; a mean score of 4.6.
    """
    measure = BUILT_IN.get(given.measure)
    if measure is not None and measure.adding is Adding.MEAN:
        number = given.value if given.numerator is None else given.numerator
        behind = f"{_plain(given.denominator)} {measure.behind}{'' if given.denominator == 1 else 's'}"
        if given.unit == "score":
            mean = given.numerator is None
            told = f"a mean score of {_plain(number)}" if mean else f"scores of {_plain(number)} in all"
            return told if given.denominator is None else f"{told}, from {behind}"
        over = f" over {behind}" if given.denominator is not None else ""
        return f"{_plain(number)} {given.unit}{over}"
    of = "" if given.denominator is None else f" of {_plain(given.denominator)}"
    if given.value is not None:
        return f"{_plain(given.value)} {given.unit}{of}"
    return f"{_plain(given.numerator)}{of} {given.unit}"


def _plain(number: Decimal | None) -> str:
    text = f"{number or Decimal(0):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _same(a: Given, b: Given) -> bool:
    return all(getattr(a, part) == getattr(b, part) for part in SAID)


def _days(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first} to {last}"
