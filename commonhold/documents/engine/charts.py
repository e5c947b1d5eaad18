"""Charts and big numbers of a document. No chart can be made without what U2 asks for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from commonhold.documents.engine.funnels import Funnel
from commonhold.documents.engine.tables import Table
from commonhold.documents.engine.words import check_address, check_id, needed

Spec = Mapping[str, Any]
"""A Vega-Lite specification with its data inside."""

Verdict = Literal["none", "better", "worse", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart drawn twice: for a page, and for a phone."""

    wide: Spec
    narrow: Spec

    def __post_init__(self) -> None:
        for spec in (self.wide, self.narrow):
            if "url" in set(_keys(spec)):
                raise ValueError("A chart holds its data itself and names no address.")


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with all that is needed to read it, its text alternative, and the same figures as a table."""

    picture: Picture | Funnel
    title: str
    unit: str
    period: str
    scope: str
    alternative: str
    table: Table
    note: str = ""
    id: str | None = None

    def __post_init__(self) -> None:
        needed(
            title=self.title,
            unit=self.unit,
            period=self.period,
            scope=self.scope,
            text_alternative=self.alternative,
        )
        if not self.table.rows:
            raise ValueError(f"The chart {self.title!r} has no data table.")
        if self.id is not None:
            check_id(self.id)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a strip: a value with its interval, printed, and in words."""

    label: str
    value: float
    low: float
    high: float
    printed: str
    sentence: str
    difference: Verdict = "none"
    address: str | None = None

    def __post_init__(self) -> None:
        needed(label=self.label, printed_value=self.printed, sentence=self.sentence)
        if not 0 <= self.low <= self.value <= self.high:
            raise ValueError(f"{self.label}: {self.value} does not lie between {self.low} and {self.high}.")
        if self.address is not None:
            check_address(self.address)


@dataclass(frozen=True, slots=True)
class Bars:
    """A small strip, one row for each partner: where its value and interval lie beside the reference."""

    title: str
    unit: str
    period: str
    scope: str
    heading: str
    bars: tuple[Bar, ...]
    reference: float = 1.0
    reference_name: str = "as expected"
    note: str = ""
    id: str | None = None

    def __post_init__(self) -> None:
        needed(title=self.title, unit=self.unit, period=self.period, scope=self.scope, heading=self.heading)
        if not self.bars:
            raise ValueError(f"The strip {self.title!r} has no rows.")
        if self.id is not None:
            check_id(self.id)

    @property
    def remark(self) -> str:
        return f"The upright line is {self.reference_name}. {self.note}".strip()

    @property
    def largest(self) -> float:
        """Where the scale ends: at twice the reference, or further where a value lies beyond."""
        return max(2 * self.reference, *(bar.value for bar in self.bars))


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number to remember: what it is, its value, the counts behind it, and in one sentence how it compares, where
    there is something to compare it with.
    """

    label: str
    value: str
    comparison: str = ""
    detail: str = ""
    address: str | None = None

    def __post_init__(self) -> None:
        needed(label=self.label, value=self.value)
        if self.address is not None:
            check_address(self.address)


@dataclass(frozen=True, slots=True)
class KeyFigures:
    figures: tuple[KeyFigure, ...]

    def __post_init__(self) -> None:
        if not self.figures:
            raise ValueError("A summary has at least one figure.")


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inside in value.items():
            yield key
            yield from _keys(inside)
    elif isinstance(value, list | tuple):
        for inside in value:
            yield from _keys(inside)
