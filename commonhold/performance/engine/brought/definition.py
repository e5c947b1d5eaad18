"""What a measure that is fed by readings says of itself, and how its readings add up.

A reading is a number for some days of one measure, of a partner, a service and a site, or of all of them where one is
left open. It is a fact about its own days: figures add whole readings and never divide one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from commonhold.figures import COUNTED_BY_SOURCE, COUNTED_BY_US, STATED
from commonhold.performance.engine.nature import Nature

OWN: Final = "own_"
"""How the name of every measure of the partnership's own begins."""

WORDS: Final = ("partner", "service", "site", "threshold")
"""What readings can be told apart by, beside their days, as scopes spell it."""


class Adding(StrEnum):
    """How the readings of a period come to one figure."""

    SUM = "sum"  # counts add up
    SHARE = "share"  # numerators and denominators add up, apart
    MEAN = "mean"  # the same, in the measure's own unit; a mean without its count is not added
    STOCK = "stock"  # a count at the end of its days: the last one of each partner, service and site
    STOCK_SHARE = "stock share"  # the same, as a share

    @property
    def is_stock(self) -> bool:
        return self in (Adding.STOCK, Adding.STOCK_SHARE)

    @property
    def is_share(self) -> bool:
        return self in (Adding.SHARE, Adding.STOCK_SHARE)

    @property
    def divides(self) -> bool:
        """Whether a reading has a denominator."""
        return self.is_share or self is Adding.MEAN


NATURES: Final[Mapping[Adding, Nature]] = {
    Adding.SUM: Nature.FLOW,
    Adding.SHARE: Nature.SHARE,
    Adding.MEAN: Nature.TIME,
    Adding.STOCK: Nature.STOCK,
    Adding.STOCK_SHARE: Nature.SHARE,
}


class Grade(StrEnum):
    """Who counted: what stands behind a number, beside every figure that it is in."""

    OURS = COUNTED_BY_US
    SOURCE = COUNTED_BY_SOURCE
    STATED = STATED


@dataclass(frozen=True, slots=True)
class SourceMeasure:
    """A measure in plain words, how its readings add up, and in which units they may be brought.

    `takes` are the units that a reading may name, each with what a number in it is multiplied by. `threshold`, where a
    reading must state one, says in words what it is, with {n} for the number; readings of two thresholds are two
    things and are never added. `behind` is what a mean's denominator counts.
    """

    name: str
    version: int
    title: str
    unit: str
    adding: Adding
    better: str | None
    formula: str
    leaves_out: str
    source: str
    takes: Mapping[str, Fraction]
    numerator: str | None = None
    denominator: str | None = None
    threshold: str | None = None
    highest: bool = False
    """Whether the threshold is the highest value there is, as the top of a scale is."""
    behind: str = ""
    ruled: bool = field(default=False, init=False)

    def __str__(self) -> str:
        return f"{self.name}.v{self.version}"

    @property
    def nature(self) -> Nature:
        return NATURES[self.adding]

    def at(self, threshold: int) -> str:
        """The threshold in words."""
        return (self.threshold or "{n}").format(n=f"{threshold:,}")


@dataclass(frozen=True, slots=True)
class Definitions:
    """Every version of every measure that readings feed, by name: from which day it is in force, the first first."""

    versions: Mapping[str, Sequence[tuple[date, SourceMeasure]]]

    def on(self, name: str, day: date) -> SourceMeasure | None:
        """The version in force on a day; before any, the first."""
        known = self.versions.get(name, ())
        begun = [measure for since, measure in known if since <= day]
        return begun[-1] if begun else known[0][1] if known else None
