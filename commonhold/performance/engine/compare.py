"""Two periods side by side: per month where their lengths differ (F2), in percentage points for shares (F3).

A comparison whose basis is unknown is refused, and so is one of two different measures: both would be a number about
nothing. Values stay exact until they are printed, by one rounding rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from commonhold.figures import FEW, Figure, Span, rounded, share
from commonhold.performance.engine.groups import MONTH
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.measures.definition import Nature
from commonhold.refusals import Refused


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a figure of ours, or a published one; what nobody stated is None.

    `definition` and `scope` say what was counted; the value of a share is from 0 to 1.
    """

    value: Fraction
    nature: Nature
    definition: str
    period: Span | None
    numerator: int | float | None = None
    denominator: int | float | None = None
    scope: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def monthly(self) -> Fraction:
        if self.period is None:
            raise Refused("The days of a period must be known before its figure can be given per month.")
        return self.value / self.period.months


@dataclass(frozen=True, slots=True)
class Comparison:
    """From `then` to `now`: `points` for shares, else `percent` (None from nothing), and the sentence that says it."""

    now: Fraction
    then: Fraction
    per_month: bool
    points: Fraction | None
    percent: Fraction | None
    sentence: str


def side(figure: Figure, nature: Nature | None = None) -> Side:
    """A figure of ours as one side of a comparison; one without a value is refused, with its reason.

    `nature` is said of a figure that tickets do not feed.
    """
    if figure.value is None:
        raise Refused(f"There is nothing to compare: {figure.reason}.")
    nature = nature or definition(figure.definition).nature
    of, scope = (figure.numerator, figure.denominator), _lasting(figure.scope)
    value = share(figure.numerator or 0, figure.denominator or 1) if nature is Nature.SHARE else figure.value
    return Side(Fraction(value), nature, figure.definition, figure.period, *of, scope)


def compare(now: Side, then: Side) -> Comparison:
    """What changed from `then` to `now`; refused unless both speak of the same thing and each one's basis is known."""
    _check(now, then)
    if now.nature is Nature.SHARE:
        return _in_points(now, then)
    apart = now.nature is Nature.FLOW and _months(now) != _months(then)
    new, old = (now.monthly, then.monthly) if apart else (now.value, then.value)
    percent = (new - old) / old * 100 if old else None
    return Comparison(new, old, apart, None, percent, _said(now, then, new, old, percent, apart))


def _check(now: Side, then: Side) -> None:
    if now.definition != then.definition:
        raise Refused(f"{now.definition} and {then.definition} are two measures: they are not compared.")
    if dict(now.scope) != dict(then.scope):
        raise Refused("The two figures are not of the same scope, so they are not compared.")
    for one in (now, then):
        if one.nature is Nature.FLOW and one.period is None:
            raise Refused(
                f"The period of {_number(one.value)} is not known: say its first and last day before comparing it."
            )
        if one.nature is Nature.SHARE and not 0 <= one.value <= 1:
            raise Refused("A share lies between 0 and 1.")


def _in_points(now: Side, then: Side) -> Comparison:
    points = (now.value - then.value) * 100
    amount = rounded(abs(points), 1)
    change = "unchanged" if amount == 0 else f"{'up' if points > 0 else 'down'} {_bare(amount)} percentage points"
    sentence = f"{_share(now)} against {_share(then)}: {change}."
    return Comparison(now.value, then.value, False, points, None, sentence)


def _said(now: Side, then: Side, new: Fraction, old: Fraction, percent: Fraction | None, apart: bool) -> str:
    if percent is None:
        change = "unchanged" if new == old else "there were none before"
    else:
        amount = _bare(rounded(abs(percent), 1))
        change = "unchanged" if amount == 0 else f"{'up' if percent > 0 else 'down'} {amount}%"
    if not apart:
        return f"{_number(new)} against {_number(old)}: {change}."
    return (
        f"{_number(new)} a month against {_number(old)}: {change}. The periods are of different lengths "
        f"({_number(now.value)} in {_length(now)} against {_number(then.value)} in {_length(then)}), "
        "so they are compared per month."
    )


def _share(one: Side) -> str:
    """A percentage with its counts; the counts first where they are few (F1)."""
    percent = f"{rounded(one.value * 100, 1)}%"
    if one.denominator is None:
        return percent
    counts = f"{one.numerator:,} of {one.denominator:,}"
    return f"{counts} ({percent})" if one.denominator < FEW else f"{percent} ({counts})"


def _number(value: Fraction) -> str:
    return f"{_bare(rounded(value, 2)):,}"


def _bare(value: Decimal) -> Decimal:
    """Without noughts behind the point."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _months(one: Side) -> Fraction | None:
    return None if one.period is None else one.period.months


def _length(one: Side) -> str:
    months = _months(one)
    if months is None:
        return "a period of unknown length"
    return f"{_number(months)} {'month' if months == 1 else 'months'}"


def _lasting(scope: Mapping[str, str | None]) -> Mapping[str, str | None]:
    """The scope without the month, which the period says already."""
    return {word: value for word, value in scope.items() if word != MONTH}
