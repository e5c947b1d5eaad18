"""What a measure says of itself, beside the numbered function that computes it.

A published definition is never edited: a better one is a new number, and the old one stays to recompute old figures.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from commonhold.performance.engine.counting import Shape
from commonhold.performance.engine.extract import Extract
from commonhold.performance.engine.nature import Nature as Nature

Rule: TypeAlias = Callable[[Extract], Shape]


class Need(StrEnum):
    """What must be known of a ticket before the measure can count it."""

    TARGET = "target"
    CALENDAR = "calendar"
    HOLDS = "holds"
    HISTORY = "history"
    VERDICT = "verdict"


RULED = frozenset({Need.TARGET, Need.CALENDAR})
"""Figures that need one of these rest on versions of rules, and name them."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A measure in plain words, and the function with its number."""

    name: str
    version: int
    title: str
    unit: str
    nature: Nature
    better: str | None
    formula: str
    leaves_out: str
    source: str
    rule: Rule
    numerator: str | None = None
    denominator: str | None = None
    needs: frozenset[Need] = frozenset()

    def __str__(self) -> str:
        return f"{self.name}.v{self.version}"

    @property
    def ruled(self) -> bool:
        return bool(self.needs & RULED)
