"""The four shapes of a measure - a count, a share, a point of a distribution, a total - and their values by group.

Counts are exact; a share is divided once, from its counts; a point of a distribution lies on the straight line between
the two order statistics around it, and is divided once, from whole seconds; in minutes it is a whole number.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from commonhold.demand.engine.columns import Bools, Grade, Longs
from commonhold.performance.engine.extract import Bit, Extract

Number: TypeAlias = int | float
Index: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Aside:
    """Records that a measure leaves out or treats apart, and the words that say so.

    `words` speak of n tickets ("{n} {tickets} {have} no target"). Where `needed` is given and no other ticket is left
    in a group, the figure has no value and `needed` is the reason; "{them}" stands for the tickets of its scope.
    """

    which: Bools
    words: str
    needed: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many tickets; between `surely` and `perhaps` where the sources leave a doubt (F5).

    `among` are the tickets of which it could be told, where that is not all of them.
    """

    counted: Bools
    among: Bools | None = None
    surely: Bools | None = None
    perhaps: Bools | None = None
    asides: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the tickets counted; between `surely` and `perhaps` where the sources leave a doubt (F5)."""

    counted: Bools
    met: Bools
    nothing: str
    surely: Bools | None = None
    perhaps: Bools | None = None
    asides: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """The value below which so many tenths of the tickets lie; `per` seconds make one of its unit.

    `divided` is how its seconds become a value: exactly, or rounded to a whole number.
    """

    counted: Bools
    seconds: Longs
    tenths: int
    per: int
    nothing: str
    divided: Callable[[int, int], Number]
    least: Longs | None = None
    most: Longs | None = None
    asides: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of an amount over the tickets counted; `of_shares` where it is summed over those who held them.

    `among` are the tickets of which it could be told, where that is not all of them; `missing` is why nothing is known.
    Where the sources leave a doubt the sum lies between those of `least` and `most` over the tickets `bounded` (F5).
    """

    counted: Bools
    amount: Longs
    per: int
    among: Bools | None = None
    of_shares: bool = False
    bounded: Bools | None = None
    least: Longs | None = None
    most: Longs | None = None
    asides: tuple[Aside, ...] = ()
    missing: str | None = None


Shape: TypeAlias = Count | Share | Point | Total


@dataclass(frozen=True, slots=True)
class Groups:
    """Which group each record, and each share of a record, is in; groups count from 0."""

    of_records: Index
    of_shares: Index
    number: int


@dataclass(frozen=True, slots=True)
class Counted:
    """The value of a measure in one group, with the counts behind it."""

    value: Number | None
    numerator: int | None
    denominator: int | None
    low: Number | None
    high: Number | None
    grades: tuple[int, ...]
    notes: tuple[str, ...]
    reason: str | None


EXCLUDED_WORDS: Final = "{n} {tickets} {are} excluded on the record"
CORRECTED: Final = "corrected on the record"
CORRECTED_WORDS: Final = "{n} {tickets} {are} " + CORRECTED


def by_group(shape: Shape, extract: Extract, groups: Groups) -> list[Counted]:
    """The value of a measure in every group. Tickets excluded on the record count nowhere, and a note says how many; a
    note says as well how many of those counted are corrected there (F6).
    """
    tally = _Tally(extract, groups, ~extract.has(Bit.EXCLUDED))
    found = _of_shape(shape, tally)
    corrected = shape.counted & extract.has(Bit.CORRECTED)
    if not corrected.any():
        return found
    counts = tally.holding(corrected) if isinstance(shape, Total) and shape.of_shares else tally.count(corrected)
    return [
        replace(one, notes=(*one.notes, said(CORRECTED_WORDS, n))) if n else one
        for one, n in zip(found, counts, strict=True)
    ]


def concerned(shape: Shape) -> Bools:
    """The tickets that a measure counts or treats apart, those excluded on the record among them."""
    found = shape.counted.copy()
    for aside in shape.asides:
        found |= aside.which
    return found


def _of_shape(shape: Shape, tally: "_Tally") -> list[Counted]:
    if isinstance(shape, Count):
        return _counts(shape, tally)
    if isinstance(shape, Share):
        return _shares(shape, tally)
    if isinstance(shape, Point):
        return _points(shape, tally)
    return _totals(shape, tally)


class _Tally:
    """Sums over the groups of one extract."""

    def __init__(self, extract: Extract, groups: Groups, kept: Bools) -> None:
        self.extract, self.groups, self.kept = extract, groups, kept

    def count(self, which: Bools) -> list[int]:
        return self._number(self.groups.of_records[which & self.kept])

    def total(self, which: Bools, amount: Longs) -> list[int]:
        rows = which & self.kept
        return self._sum(self.groups.of_records[rows], amount[rows])

    def shared(self, which: Bools, amount: Longs) -> list[int]:
        rows = (which & self.kept)[self.extract.shares["record"]]
        return self._sum(self.groups.of_shares[rows], amount[rows])

    def shared_grades(self, which: Bools) -> list[tuple[int, ...]]:
        """The grades of the tickets behind the shares of each group, each ticket once in a group."""
        shares, records = self.extract.shares, len(which) or 1
        # A share of nothing stands for what may have been used, and is nobody's.
        used = (shares["seconds"] > 0) | (shares["least"] == shares["most"])
        rows = (which & self.kept)[shares["record"]] & used
        pairs = np.sort(self.groups.of_shares[rows] * records + shares["record"][rows])
        once = pairs[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
        return self._grades(once // records, once % records)

    def holding(self, which: Bools) -> list[int]:
        """How many tickets each group held a share of, each ticket once in a group."""
        return [sum(mix) for mix in self.shared_grades(which)]

    def grades(self, which: Bools) -> list[tuple[int, ...]]:
        rows = np.flatnonzero(which & self.kept)
        return self._grades(self.groups.of_records[rows], rows)

    def _grades(self, groups: Index, records: Index) -> list[tuple[int, ...]]:
        size = len(Grade)
        keys = groups * size + self.extract.records["grade"][records]
        table = np.bincount(keys, minlength=self.groups.number * size).reshape(-1, size)
        return [tuple(row) for row in table.tolist()]

    def notes(self, shape: Shape) -> list[list[str]]:
        notes: list[list[str]] = [[] for _ in range(self.groups.number)]
        spoken = [(aside.which & self.kept, aside.words) for aside in shape.asides]
        spoken.append((concerned(shape) & ~self.kept, EXCLUDED_WORDS))
        for rows, words in spoken:
            if rows.any():
                for group, n in enumerate(self._number(self.groups.of_records[rows])):
                    if n:
                        notes[group].append(said(words, n))
        return notes

    def lacking(self, asides: tuple[Aside, ...]) -> list[str | None]:
        """Per group, the reason of the first aside that needs something its tickets have not."""
        reasons: list[str | None] = [None] * self.groups.number
        for aside in asides:
            if aside.needed is not None:
                for group, n in enumerate(self.count(aside.which)):
                    if n and reasons[group] is None:
                        reasons[group] = aside.needed
        return reasons

    def _number(self, groups: Index) -> list[int]:
        return [int(n) for n in np.bincount(groups, minlength=self.groups.number)]

    def _sum(self, groups: Index, amounts: Longs) -> list[int]:
        # Not bincount's weights: those are floating point, and these sums are exact.
        sums = np.zeros(self.groups.number, np.int64)
        np.add.at(sums, groups, amounts)
        return [int(total) for total in sums]


def said(words: str, n: int) -> str:
    """The words for so many tickets, in the singular for one."""
    return words.format(
        n=n,
        tickets="ticket" if n == 1 else "tickets",
        are="is" if n == 1 else "are",
        have="has" if n == 1 else "have",
        their="its" if n == 1 else "their",
    )


def _counts(shape: Count, tally: _Tally) -> list[Counted]:
    counts, grades = tally.count(shape.counted), tally.grades(shape.counted)
    notes, lacking = tally.notes(shape), tally.lacking(shape.asides)
    low = counts if shape.surely is None else tally.count(shape.surely)
    high = counts if shape.perhaps is None else tally.count(shape.perhaps)
    among = counts if shape.among is None else tally.count(shape.among)
    found = []
    for group, n in enumerate(counts):
        if among[group] == 0 and lacking[group] is not None:
            found.append(Counted(None, None, None, None, None, grades[group], tuple(notes[group]), lacking[group]))
            continue
        bounds = _bounds(low[group], high[group])
        found.append(Counted(n, n, None, *bounds, grades[group], tuple(notes[group]), None))
    return found


def _shares(shape: Share, tally: _Tally) -> list[Counted]:
    of, met = tally.count(shape.counted), tally.count(shape.counted & shape.met)
    grades = tally.grades(shape.counted)
    notes, lacking = tally.notes(shape), tally.lacking(shape.asides)
    low = met if shape.surely is None else tally.count(shape.counted & shape.surely)
    high = met if shape.perhaps is None else tally.count(shape.counted & shape.perhaps)
    found = []
    for group, n in enumerate(of):
        if n == 0:
            reason = lacking[group] or shape.nothing
            found.append(Counted(None, 0, 0, None, None, grades[group], tuple(notes[group]), reason))
            continue
        bounds = _bounds(low[group] / n, high[group] / n)
        found.append(Counted(met[group] / n, met[group], n, *bounds, grades[group], tuple(notes[group]), None))
    return found


def _points(shape: Point, tally: _Tally) -> list[Counted]:
    rows = shape.counted & tally.kept
    groups = tally.groups.of_records[rows]
    of = tally.count(shape.counted)
    seconds = shape.seconds[rows]
    values = _order_point(groups, seconds, of, shape)
    low, high = (
        values
        if bound is None or np.array_equal(bound[rows], seconds)
        else _order_point(groups, bound[rows], of, shape)
        for bound in (shape.least, shape.most)
    )
    grades = tally.grades(shape.counted)
    notes, lacking = tally.notes(shape), tally.lacking(shape.asides)
    found = []
    for group, value in enumerate(values):
        reason = (lacking[group] or shape.nothing) if value is None else None
        bounds = _bounds(low[group], high[group])
        found.append(Counted(value, None, of[group], *bounds, grades[group], tuple(notes[group]), reason))
    return found


def _bounds(low: Number | None, high: Number | None) -> tuple[Number | None, Number | None]:
    """Low and high, where the sources leave a doubt between them."""
    return (low, high) if low != high else (None, None)


def _order_point(groups: Index, seconds: Longs, of: list[int], shape: Point) -> list[Number | None]:
    """By group, the value at `tenths` of the way through the ordered seconds."""
    # One sort of one key: a group's seconds stand together, in order.
    least = int(seconds.min()) if len(seconds) else 0
    width = int(seconds.max()) - least + 1 if len(seconds) else 1
    ordered = np.sort(groups * width + (seconds - least)) % width + least
    n = np.array(of, np.int64)
    filled = n > 0
    begins = (np.cumsum(n) - n)[filled]
    along = (n[filled] - 1) * shape.tenths
    below = begins + along // 10
    above = np.minimum(below + 1, begins + n[filled] - 1)
    tenfold = ordered[below] * 10 + (ordered[above] - ordered[below]) * (along % 10)
    values: list[Number | None] = [None] * len(of)
    for group, value in zip(np.flatnonzero(filled).tolist(), tenfold.tolist(), strict=True):
        values[group] = shape.divided(value, 10 * shape.per)
    return values


def _totals(shape: Total, tally: _Tally) -> list[Counted]:
    if shape.missing is not None:
        return [Counted(None, None, None, None, None, (0,) * len(Grade), (), shape.missing)] * tally.groups.number
    if shape.of_shares:
        totals, grades = tally.shared(shape.counted, shape.amount), tally.shared_grades(shape.counted)
    else:
        totals, grades = tally.total(shape.counted, shape.amount), tally.grades(shape.counted)
    low, high = (totals if bound is None else _bound(shape, tally, bound) for bound in (shape.least, shape.most))
    notes, lacking = tally.notes(shape), tally.lacking(shape.asides)
    among = tally.count(shape.counted if shape.among is None else shape.among)
    found = []
    for group, (total, mix) in enumerate(zip(totals, grades, strict=True)):
        n = sum(mix)
        reason = lacking[group] if n == 0 and among[group] == 0 else None
        value = None if reason else exact(total, shape.per)
        bounds = _bounds(exact(low[group], shape.per), exact(high[group], shape.per))
        found.append(Counted(value, None, n, *bounds, mix, tuple(notes[group]), reason))
    return found


def _bound(shape: Total, tally: _Tally, bound: Longs) -> list[int]:
    which = shape.counted if shape.bounded is None else shape.bounded
    return tally.shared(which, bound) if shape.of_shares else tally.total(which, bound)


def exact(total: int, per: int) -> Number:
    """A number of seconds in a larger unit, a whole number where it is one."""
    return total // per if total % per == 0 else total / per


def whole(total: int, per: int) -> Number:
    """A number of seconds in a larger unit, rounded to a whole number, half to even."""
    return round(Fraction(total, per))
