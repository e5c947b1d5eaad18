"""Figures with the disputed tickets, without them, and with the disputed fact as a partner says.

A record of an extract is of one ticket and no other, so some can be taken out and others put in their place: what comes
out is the extract of the tickets that are left, or of the tickets as they would be told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from commonhold.demand.engine.columns import Bools, Longs
from commonhold.figures import Figure
from commonhold.govuk.printing import printed
from commonhold.performance.engine import parity
from commonhold.performance.engine.extract import Extract
from commonhold.performance.engine.groups import COMPARED, Names, Scope, Stamp, figures
from commonhold.performance.engine.measures import MEASURES, definition

GROUPINGS: Final[tuple[tuple[str, ...], ...]] = ((), ("partner",))
"""The groupings whose figures are kept ready for each dispute."""
Touch = tuple[str, str | None, bool, bool]
"""In short that a figure of a kept grouping is touched: its measure, its partner, whether it is of one, and whether it
would be another one as disputed."""
HEADLINES: Final = (
    "within_target",
    "tickets_opened",
    "tickets_resolved",
    "resolution_hours_median",
    "working_minutes_median",
    "open_at_end",
    "breached_open",
    "minutes_used",
)
"""The measures that a list, a report and a pack show beside a dispute, as far as it touches them."""
VERDICT: Final = "within_target"
NOBODY: Final = "no such tickets"


@dataclass(frozen=True, slots=True)
class Value:
    """A figure as it is read one way, its counts, and in words; without a value it says why."""

    value: int | float | None
    numerator: int | float | None
    denominator: int | float | None
    low: int | float | None
    high: int | float | None
    words: str

    @classmethod
    def of(cls, figure: Figure | None) -> "Value":
        if figure is None:
            return cls(None, None, None, None, None, NOBODY)
        said = printed(figure)
        beside = f" ({said.beside})" if said.beside else ""
        doubt = f", {said.range}" if said.range else ""
        why = f": {said.reason}" if said.reason else ""
        counts = figure.value, figure.numerator, figure.denominator, figure.low, figure.high
        return cls(*counts, f"{said.headline}{beside}{doubt}{why}")

    def as_json(self) -> dict[str, Any]:
        return {**{name: getattr(self, name) for name in COMPARED}, "words": self.words}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Value":
        return cls(**kept)

    def differs(self, other: "Value") -> bool:
        return any(getattr(self, name) != getattr(other, name) for name in COMPARED)


@dataclass(frozen=True, slots=True)
class Beside:
    """One figure three ways: as it stands, without the disputed tickets, and as disputed."""

    measure: str
    scope: Scope
    stands: Value
    without: Value
    disputed: Value

    @property
    def title(self) -> str:
        return definition(self.measure).title

    @property
    def unit(self) -> str:
        return definition(self.measure).unit

    @property
    def is_touched(self) -> bool:
        return self.changes or self.stands.differs(self.without)

    @property
    def changes(self) -> bool:
        """Whether the figure itself would be another one as disputed."""
        return self.stands.differs(self.disputed)

    @property
    def points(self) -> float | None:
        """By how many percentage points it would be another share as disputed; None where that cannot be said."""
        if self.unit != "share" or self.stands.value is None or self.disputed.value is None:
            return None
        return float(self.disputed.value - self.stands.value) * 100

    @property
    def touch(self) -> Touch:
        return self.measure, self.scope.get("partner"), bool(self.scope), self.changes

    def as_json(self) -> dict[str, Any]:
        values = {name: getattr(self, name).as_json() for name in ("stands", "without", "disputed")}
        return {"measure": self.measure, "scope": dict(self.scope), **values}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Beside":
        values = {name: Value.from_json(kept[name]) for name in ("stands", "without", "disputed")}
        return cls(kept["measure"], kept["scope"], **values)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What parity says of a partner three ways; `asked` is the measure asked for, empty for the basis that fits all."""

    asked: str
    partner: str | None
    stands: str
    without: str
    disputed: str

    @property
    def changes(self) -> bool:
        return not self.stands == self.without == self.disputed

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Disputed:
    """An extract three ways. `ids` are the disputed tickets, in order; `patch` the records of these as disputed."""

    stands: Extract
    ids: Longs
    patch: Extract

    @property
    def without(self) -> Extract:
        return without(self.stands, self.ids)

    @property
    def disputed(self) -> Extract:
        return as_disputed(self.stands, self.ids, self.patch)

    @property
    def tickets(self) -> int:
        """How many of the disputed tickets matter to the period, as they stand or as disputed."""
        return len(np.union1d(np.intersect1d(self.stands.records["id"], self.ids), self.patch.records["id"]))

    def beside(self, measures: Iterable[str], by: Sequence[str], names: Names, stamp: Stamp) -> list[Beside]:
        """The figures of these measures by some words that the dispute touches, in the order of figures."""
        wanted = list(measures)
        found = [
            {(one.measure, tuple(one.scope.items())): one for one in figures([extract], wanted, by, names, stamp)}
            for extract in (self.stands, self.without, self.disputed)
        ]
        keys = dict.fromkeys(key for one in found for key in one)
        all_of_them = (
            Beside(measure, dict(scope), *(Value.of(one.get((measure, scope))) for one in found))
            for measure, scope in keys
        )
        return [one for one in all_of_them if one.is_touched]

    def kept(self, names: Names, stamp: Stamp) -> list[Beside]:
        """Those of every measure that pages show."""
        return [one for by in GROUPINGS for one in self.beside(MEASURES, by, names, stamp)] if self.tickets else []

    def sentences(self, names: Names) -> list[Sentence]:
        """What parity says of each partner, by each basis that can be asked for."""
        if not self.tickets:
            return []
        ways = self.stands, self.without, self.disputed
        return [one for asked in ("", *parity.MEASURES) for one in _sentences(asked, ways, names)]


def without(extract: Extract, ids: Longs) -> Extract:
    """The extract of the tickets that are left."""
    return _of(extract, ~np.isin(extract.records["id"], ids))


def as_disputed(extract: Extract, ids: Longs, patch: Extract) -> Extract:
    """The extract with the records of a patch in place of those of the disputed tickets."""
    left = without(extract, ids)
    records = np.concatenate([left.records, patch.records])
    order = np.argsort(records["id"], kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    shares = np.concatenate([left.shares, patch.shares])
    shares["record"][len(left.shares) :] += len(left.records)
    shares["record"] = place[shares["record"]]
    shares = shares[np.lexsort((shares["party"], shares["team"], shares["record"]))]
    return replace(extract, records=records[order], shares=shares)


def _of(extract: Extract, kept: Bools) -> Extract:
    shares = extract.shares[kept[extract.shares["record"]]].copy()
    shares["record"] = (np.cumsum(kept) - 1)[shares["record"]]
    return replace(extract, records=extract.records[kept], shares=shares)


def _sentences(asked: str, ways: Sequence[Extract], names: Names) -> list[Sentence]:
    said = [_said(asked, extract, names) for extract in ways]
    partners = dict.fromkeys(partner for one in said for partner in one)
    found = (Sentence(asked, partner, *(one.get(partner, NOBODY) for one in said)) for partner in partners)
    return [one for one in found if one.partner or one.changes]


def _said(asked: str, extract: Extract, names: Names) -> dict[str | None, str]:
    """By partner the sentence about it; where none can be compared, the reason stands for all."""
    found = parity.parity(extract, asked, names) if asked else parity.on_one_basis(extract, names)
    if found.reason:
        return {None: found.reason}
    return {standing.partner: standing.sentence for standing in found.partners}
