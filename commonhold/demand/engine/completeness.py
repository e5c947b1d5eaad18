"""Whether a desk's tickets are all there: gaps in its numbered references, and working days on which none was opened.

A gap proves nothing by itself - desks number what they do not export - but whoever reads a figure should know of it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final, Self

FEWEST: Final = 20
"""References that begin alike are a series from so many tickets on."""
SPARSEST: Final = 10
"""A series has one ticket in ten of its numbers at least; else its desk does not number one after another."""
LONGEST: Final = 15
"""Digits of a number in a series: longer ones are keys."""


@dataclass(frozen=True, slots=True)
class Series:
    """References of one beginning and so many digits: the lowest and the highest number, and how many there are."""

    prefix: str
    digits: int
    low: int
    high: int
    tickets: int

    def reference(self, number: int) -> str:
        return f"{self.prefix}{number:0{self.digits}}"

    @property
    def is_numbered(self) -> bool:
        """Whether its desk numbers one after another, as far as can be told."""
        return self.high - self.low + 1 <= SPARSEST * self.tickets


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of a series that no ticket has, from one to another."""

    first: int
    last: int

    @property
    def numbers(self) -> int:
        return self.last - self.first + 1


def split(reference: str) -> tuple[str, int, int] | None:
    """The beginning of a reference, how many digits it ends with, and their number; None where it ends with none."""
    prefix = reference.rstrip("0123456789")
    digits = len(reference) - len(prefix)
    return (prefix, digits, int(reference[len(prefix) :])) if 0 < digits <= LONGEST else None


def series(references: Iterable[str]) -> list[Series]:
    """The numbered series among the references of a desk, the largest first."""
    found: dict[tuple[str, int], list[int]] = {}
    for reference in references:
        parts = split(reference)
        if parts is not None:
            found.setdefault(parts[:2], []).append(parts[2])
    rows = (
        Series(prefix, digits, min(numbers), max(numbers), len(numbers))
        for (prefix, digits), numbers in found.items()
        if len(numbers) >= FEWEST
    )
    numbered = (row for row in rows if row.is_numbered)
    return sorted(numbered, key=lambda row: (-row.tickets, row.prefix, row.digits))


def gaps(of: Series, there: Collection[int]) -> list[Gap]:
    """The numbers of a series that are not there, in order."""
    missing = [number for number in range(of.low, of.high + 1) if number not in there]
    found = []
    for _, run in groupby(enumerate(missing), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in run]
        found.append(Gap(numbers[0], numbers[-1]))
    return found


def quiet(opened: Iterable[date], working: Sequence[date]) -> list[date]:
    """The working days on which no ticket was opened."""
    there = set(opened)
    return [day for day in working if day not in there]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A series with its gaps."""

    series: Series
    gaps: tuple[Gap, ...]

    @property
    def missing(self) -> int:
        return sum(gap.numbers for gap in self.gaps)

    def named(self, most: int) -> Iterator[str]:
        """The first gaps by their references."""
        for gap in self.gaps[:most]:
            first, last = self.series.reference(gap.first), self.series.reference(gap.last)
            yield first if gap.first == gap.last else f"{first} to {last}"


@dataclass(frozen=True, slots=True)
class Complete:
    """What can be told of one desk and some days: its tickets, its series, and its working days without any."""

    desk: str
    tickets: int
    numbered: tuple[Numbered, ...]
    working: int
    quiet: tuple[date, ...]

    @property
    def missing(self) -> int:
        return sum(one.missing for one in self.numbered)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"quiet": [day.isoformat() for day in self.quiet]}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        numbered = tuple(
            Numbered(Series(**one["series"]), tuple(Gap(**gap) for gap in one["gaps"])) for one in said["numbered"]
        )
        return cls(**{**said, "numbered": numbered, "quiet": tuple(map(date.fromisoformat, said["quiet"]))})

    @property
    def sentence(self) -> str:
        """Joint Service Desk: 12 of 3,400 numbers missing; 1 of 62 working days without a ticket."""
        numbers = sum(one.series.high - one.series.low + 1 for one in self.numbered)
        said = f"{self.missing:,} of {numbers:,} numbers missing" if numbers else "its references are not numbered"
        days = f"{len(self.quiet)} of {self.working} working days without a ticket"
        return f"{self.desk}: {said}; {days}"
