"""A number that remembers where it came from: value, unit, period, scope, counts, versions and evidence (rules F1-F3).

One rounding rule for the whole product: half to even, on the exact value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any, Final

FEW = 20
"""Percentages of fewer events than this are printed with their counts first (F1)."""

COUNTED_BY_US, COUNTED_BY_SOURCE, STATED = "counted by us", "counted by the source", "stated"
WHO_COUNTED: Final = (COUNTED_BY_US, COUNTED_BY_SOURCE, STATED)
"""What stands behind a number that tickets do not give, the best first; in a figure's `grade_mix`, of how many."""
TOLD_IN_PART: Final = "told in part"
"""How a note begins that says of which days, or of which part of the service, nothing was brought."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a period, first and last included, as days of Europe/London."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"A period cannot end on {self.last} before it begins on {self.first}.")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_month(self) -> bool:
        """Whether the period is one whole calendar month."""
        return self.first.day == 1 and self.last == self.first.replace(day=_days_in_month(self.first))

    @property
    def months(self) -> Fraction:
        """How many months the period holds; a part of a month counts by its days."""
        whole = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        return (
            whole
            + Fraction(self.last.day, _days_in_month(self.last))
            - Fraction(self.first.day - 1, _days_in_month(self.first))
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with everything that is needed to read it, check it and compute it again (F1, F5, F7).

    `value` is None where it cannot be known, and `reason` says why; `notes` say what was left out or treated apart.
    Rates are from 0 to 1 with their counts. `low` and `high` stand where the sources leave a doubt.
    `evidence` is a reference that the site turns into an address.
    """

    measure: str
    value: int | float | None
    unit: str
    period: Span
    definition: str
    as_of: datetime
    known_at: int
    program: str
    evidence: str
    numerator: int | float | None = None
    denominator: int | float | None = None
    low: int | float | None = None
    high: int | float | None = None
    scope: Mapping[str, str | None] = field(default_factory=dict)
    rule_version: str | None = None
    grade_mix: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The form that the command line prints; see docs/guide/commands/figures.md."""
        return {
            "measure": self.measure,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "period": {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()},
            "scope": dict(self.scope),
            "definition": self.definition,
            "rule_version": self.rule_version,
            "as_of": self.as_of.isoformat(),
            "known_at": self.known_at,
            "program": self.program,
            "grade_mix": dict(self.grade_mix),
            "evidence": self.evidence,
            "reason": self.reason,
            "notes": list(self.notes),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Figure":
        """A figure from the form in which it is kept and printed; what else is said there of it is left aside."""
        plain = {one.name: kept[one.name] for one in fields(cls) if one.name in kept}
        period = plain.pop("period")
        span = Span(date.fromisoformat(period["from"]), date.fromisoformat(period["to"]))
        as_of = datetime.fromisoformat(plain.pop("as_of"))
        return cls(**plain | {"period": span, "as_of": as_of, "notes": tuple(plain.get("notes", ()))})


def rounded(value: int | float | Decimal | Fraction, places: int) -> Decimal:
    """The value to so many decimal places, half to even on the exact value (F3)."""
    exact = Fraction(value)
    scaled = exact * 10**places
    whole = scaled.numerator // scaled.denominator
    rest = scaled - whole
    if rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2):
        whole += 1
    return Decimal(whole).scaleb(-places).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)


def share(numerator: int | float, denominator: int | float) -> Fraction:
    """The exact share of two counts; a count with decimals, such as 4.1 posts, is what its decimals say."""
    return _exact(numerator) / _exact(denominator)


def percentage(numerator: int, denominator: int, places: int = 1) -> Decimal:
    """A share as a percentage, rounded once from the exact counts."""
    return rounded(Fraction(numerator, denominator) * 100, places)


def per_month(count: int | float, period: Span) -> Fraction:
    """A count divided by the months of its period: what periods of unequal length are compared by (F2)."""
    return _exact(count) / period.months


def _exact(count: int | float) -> Fraction:
    return Fraction(count) if isinstance(count, int) else Fraction(str(count))


def _days_in_month(day: date) -> int:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (following - date(day.year, day.month, 1)).days
