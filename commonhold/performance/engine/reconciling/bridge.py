"""The bridge from one figure to another: what each cause changes, ticket by ticket, so that the effects add up exactly.

Between our list and theirs stand lists in which one cause after another is theirs. A ticket is listed under a cause
where that cause changes what it brings to the figure; a later cause takes what is left. The effect of a cause is the
value of the figure after it less the value before, as rational numbers, so that all effects together are the difference
and a remainder cannot hide. A ticket that both sides count alike is listed under no cause.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Self

import numpy as np

from commonhold.demand.engine.columns import Bools, Columns, Longs
from commonhold.performance.engine.counting import Count, Point, Shape, Share, whole
from commonhold.performance.engine.reconciling.causes import ORDER, Cause
from commonhold.refusals import Refused

NOTHING: Final = "counts no ticket in this period and scope, so there is no figure to explain"


@dataclass(frozen=True, slots=True)
class Records(Columns):
    """What each ticket brings to a figure: whether it counts, whether its numerator counts it, and its amount.

    The amount is in seconds, or a count, and 0 where a measure has none. What does not count brings nothing.
    """

    counted: Bools
    met: Bools
    amount: Longs

    @classmethod
    def of(cls, counted: Bools, met: Bools, amount: Longs) -> Self:
        """The records, with nothing brought where nothing counts."""
        return cls(counted, met & counted, np.where(counted, amount, 0))

    def differ(self, other: Self) -> Bools:
        """Which tickets bring something else on the other side."""
        differing: Bools = (self.counted != other.counted) | (self.met != other.met) | (self.amount != other.amount)
        return differing

    def with_(self, which: Bools, other: Self) -> "Records":
        """These, but those of the other for some tickets."""
        return Records(*(np.where(which, theirs, ours) for ours, theirs in zip(self.all, other.all, strict=True)))

    @property
    def all(self) -> tuple[Bools, Bools, Longs]:
        return self.counted, self.met, self.amount


@dataclass(frozen=True, slots=True)
class Weighing:
    """How the records of tickets make a figure: a count, a share, a point of a distribution, or a total.

    `per` seconds make one of the figure's unit; a point lies `tenths` of the way through the tickets in order.
    """

    kind: str
    per: int = 1
    tenths: int = 5
    rounds: bool = False

    @classmethod
    def of(cls, shape: Shape) -> Self:
        if isinstance(shape, Count):
            return cls("count")
        if isinstance(shape, Share):
            return cls("share")
        if isinstance(shape, Point):
            return cls("point", shape.per, shape.tenths, shape.divided is whole)
        return cls("total", shape.per)

    def value(self, records: Records) -> Fraction | None:
        """The figure of these records as an exact number; None where it is of nothing."""
        count = int(records.counted.sum())
        if self.kind == "count":
            return Fraction(count)
        if self.kind == "total":
            return Fraction(int(records.amount.sum()), self.per)
        if count == 0:
            return None
        if self.kind == "share":
            return Fraction(int(records.met.sum()), count)
        return self._point(np.sort(records.amount[records.counted]))

    def _point(self, ordered: Longs) -> Fraction:
        along = (len(ordered) - 1) * self.tenths
        below, above = int(ordered[along // 10]), int(ordered[min(along // 10 + 1, len(ordered) - 1)])
        exact = Fraction(below * 10 + (above - below) * (along % 10), 10 * self.per)
        return Fraction(round(exact)) if self.rounds else exact


@dataclass(frozen=True, slots=True)
class Line:
    """What one cause does: the places of the tickets that it changes, its effect, and the figure after it."""

    cause: Cause
    tickets: Longs
    effect: Fraction
    after: Fraction


@dataclass(frozen=True, slots=True)
class Bridge:
    """From our figure to theirs, cause by cause. `left_over` is what no cause tells: 0 where all is explained.

    `alike` are tickets that both count alike, `differing` those that they do not.
    """

    ours: Fraction
    theirs: Fraction
    lines: tuple[Line, ...]
    alike: int
    differing: int
    left_over: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if self.ours + sum((line.effect for line in self.lines), Fraction(0)) + self.left_over != self.theirs:
            raise ValueError("The effects of the causes are not the difference of the two figures.")

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left over."""
        return self.left_over == 0

    def held_to(self, ours: Fraction, theirs: Fraction) -> "Bridge":
        """The same bridge between figures that were computed on their own; what they are otherwise is left over."""
        otherwise = (theirs - self.theirs) - (ours - self.ours)
        return replace(self, ours=ours, theirs=theirs, left_over=self.left_over + otherwise)

    def stated(self, value: Fraction, half: Fraction) -> "Bridge":
        """The same bridge on to a figure as somebody wrote it, exact to within `half` of its last place.

        What lies within that is rounding; what lies beyond is left over and said to be so.
        """
        further = value - self.theirs
        if abs(further) > half:
            return replace(self, theirs=value, left_over=further)
        if not further:
            return self
        line = Line(Cause.ROUNDING, np.zeros(0, np.int64), further, value)
        return replace(self, theirs=value, lines=(*self.lines, line))


def bridge(weighing: Weighing, ours: Records, path: Iterable[tuple[Cause, Records]], theirs: Records) -> Bridge:
    """The bridge from our records to theirs over those of the path, in its order.

    What the path leaves between its last records and theirs is a cause of its own, which opens onto its tickets: their
    own reckoning. Refused where one side has no figure.
    """
    value, end = weighing.value(ours), weighing.value(theirs)
    if value is None or end is None:
        raise Refused(f"{'Our side' if value is None else 'The other side'} {NOTHING}.")
    differing = ours.differ(theirs)
    begins, records, lines = value, ours, []
    places = {cause: place for place, cause in enumerate(ORDER)}
    last = -1
    for cause, reached in (*path, (Cause.OWN, theirs)):
        if places[cause] <= last:
            raise ValueError(f"The cause {cause} does not stand in its order.")
        last = places[cause]
        # Who ends as they began were never apart, whatever two causes did to them on the way.
        after = records.with_(differing, reached)
        moved = np.flatnonzero(records.differ(after))
        if not len(moved):
            continue
        found = weighing.value(after)
        # Where a cause leaves no ticket to count there is no figure to move: the next one takes the whole effect.
        further = value if found is None else found
        lines.append(Line(cause, moved, further - value, further))
        value, records = further, after
    count = int(differing.sum())
    both = int((ours.counted & ~differing).sum())
    return Bridge(begins, end, tuple(lines), both, count)
