"""A funnel plot as plain values: results by their size within control limits, drawn at once on page and paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from commonhold.documents.engine.words import needed

Where = Literal["within", "between", "above", "below", "cannot tell"]
"""Within both pairs of limits, between the pairs, beyond both, or the sources leave it open."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One result: how much it rests on, its value on the scale, and where it lies among the limits."""

    label: str
    across: float
    value: float
    where: Where = "within"

    def __post_init__(self) -> None:
        needed(label=self.label)


@dataclass(frozen=True, slots=True)
class Limit:
    """The limits at one size: the outer and the inner one below, the inner and the outer one above."""

    across: float
    values: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Funnel:
    """Dots within limits around a centre. `unit` stands above the scale of values, `size` below that of sizes.

    `centre_name` says what the centre is, `inner` and `outer` what the pairs of limits are called. `percent` prints
    values, which are shares, as percentages.
    """

    dots: tuple[Dot, ...]
    limits: tuple[Limit, ...]
    centre: float
    centre_name: str
    unit: str
    size: str
    inner: str
    outer: str
    percent: bool = False

    def __post_init__(self) -> None:
        needed(centre=self.centre_name, unit=self.unit, size=self.size, inner_limits=self.inner, outer=self.outer)
        if not self.dots or len(self.limits) < 2:
            raise ValueError("A funnel plot has a result and limits on both sides of it.")

    @property
    def is_logarithmic(self) -> bool:
        """Whether sizes are so different that each tenfold takes the same room across."""
        sizes = [dot.across for dot in self.dots]
        return max(sizes) >= 20 * min(sizes) > 0

    def most_telling(self) -> Sequence[Dot]:
        """The dots in the order in which they are named: those beyond the limits first, then the largest."""
        order = {"above": 0, "below": 0, "between": 1, "cannot tell": 2, "within": 3}
        return sorted(self.dots, key=lambda dot: (order[dot.where], -dot.across, dot.label))
