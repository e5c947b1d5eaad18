"""A figure in the words that a page prints: value, counts, how sure (F1, F5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol

from commonhold.figures import FEW, TOLD_IN_PART, WHO_COUNTED, Span, rounded, share
from commonhold.govuk import formats
from commonhold.govuk.formats import Days, Exact

NOT_KNOWN: Final = "not known"
NOT_SHOWN: Final = "not shown"
BEHIND: Final = {
    "score": ("return", "returns"),
    "seconds a call": ("call", "calls"),
    "minutes a visit": ("visit", "visits"),
}
"""What the denominator of a mean counts, by its unit."""
SINGULAR: Final = {
    "tickets": "ticket",
    "reopenings": "reopening",
    "calls": "call",
    "visits": "visit",
    "actions": "action",
    "months": "month",
    "days": "day",
    "people": "person",
}


class Measured(Protocol):
    """What is asked of a figure here; `commonhold.figures.Figure` answers it."""

    @property
    def value(self) -> int | float | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def numerator(self) -> int | float | None: ...
    @property
    def denominator(self) -> int | float | None: ...
    @property
    def low(self) -> int | float | None: ...
    @property
    def high(self) -> int | float | None: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def period(self) -> Days: ...
    @property
    def evidence(self) -> str: ...
    @property
    def grade_mix(self) -> Mapping[str, int]: ...
    @property
    def notes(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure's parts: the headline, what stands beside it, how sure it is, or why it is not known."""

    headline: str
    beside: str = ""
    range: str = ""
    reason: str = ""
    known: bool = True
    counted_by: str = ""
    """Who counted, of a figure that tickets do not give."""


def printed(figure: Measured) -> Printed:
    """The figure in words. A percentage of fewer than 20 events leads with its counts (F1)."""
    if figure.value is None:
        return _unknown(figure.reason or "")
    counts = ""
    value = quantity(_exact(figure), figure.unit)
    if figure.numerator is not None and figure.denominator is not None:
        counts = f"{counted(figure.numerator)} of {counted(figure.denominator)}"
        if figure.unit == "share" and figure.denominator < FEW:
            value, counts = counts, value
    elif figure.denominator is not None and (behind := BEHIND.get(figure.unit)):
        counts = f"{counted(figure.denominator)} {behind[0] if figure.denominator == 1 else behind[1]}"
    return Printed(value, beside=counts, range=_range(figure), counted_by=_counted_by(figure))


def _counted_by(figure: Measured) -> str:
    """Who counted, of several the weakest; and that not all was brought."""
    by = [word for word in WHO_COUNTED if figure.grade_mix.get(word)]
    said = f"partly {by[-1]}" if len(by) > 1 else "".join(by)
    in_part = any(note.startswith(TOLD_IN_PART) for note in figure.notes)
    return ", ".join(filter(None, (said, TOLD_IN_PART if in_part else "")))


def counted(count: int | float) -> str:
    """A count, with its decimals where it has some: 1,824, or 4.5 posts."""
    return formats.number(count, 0 if count == int(count) else 1)


def _unknown(reason: str) -> Printed:
    """What is kept back is known, so it says that it is not shown."""
    said, _, why = reason.partition(": ")
    if said.startswith(NOT_SHOWN):
        return Printed(said, reason=why, known=False)
    return Printed(NOT_KNOWN, reason=reason, known=False)


def quantity(value: Exact, unit: str) -> str:
    """A value with its unit: 92.4%, 1,824 tickets, 22.1 hours, 4 hours 10 minutes."""
    match unit:
        case "share":
            return f"{formats.number(Fraction(value) * 100, _places(Fraction(value)))}%"
        case "minutes":
            return formats.duration(value)
        case "percentage points":
            return formats.points(Fraction(value) / 100)
        case "pounds":
            return formats.money(value)
        case "ratio":
            return formats.number(value, 2)
        case "score":
            return formats.number(value, 1)
    places = 0 if Fraction(value).denominator == 1 and unit != "hours" else 1
    return f"{formats.number(value, places)} {SINGULAR.get(unit, unit) if value == 1 else unit}"


def _places(share: Fraction) -> int:
    """One decimal place, or as many as keep nearly all from reading as all: 99.96%, not 100.0%. At most three."""
    nearly = 0 < share < 1
    return next((n for n in (1, 2) if not nearly or rounded(share * 100, n) not in (0, 100)), 3)


def _exact(figure: Measured) -> Exact:
    # A share is divided anew from its counts: its value as a float may lie beside the exact one, and round wrongly.
    if figure.unit == "share" and figure.numerator is not None and figure.denominator:
        return share(figure.numerator, figure.denominator)
    assert figure.value is not None
    return figure.value


def _range(figure: Measured) -> str:
    low, high = (None if end is None else quantity(end, figure.unit) for end in (figure.low, figure.high))
    if low is None or high is None:
        return f"at least {low}" if low else f"at most {high}" if high else ""
    return "" if low == high else f"between {low} and {high}"


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a small bar chart: what it is, its figure, and how far it reaches in hundredths of the scale."""

    label: str
    figure: Measured
    length: str
    low: str
    spread: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Rows drawn to one scale, and where a mark, such as a target, stands on it."""

    rows: tuple[Bar, ...]
    mark: str

    @property
    def period(self) -> Span:
        """From the first day that any of its figures is about to the last."""
        periods = [row.figure.period for row in self.rows]
        return Span(min(one.first for one in periods), max(one.last for one in periods))


def bars(rows: Iterable[tuple[str, Measured]], mark: Exact | None = None) -> Bars:
    """Shares are drawn to the whole, everything else to the largest value there is."""
    drawn = tuple(rows)
    reached = [Fraction(v) for _, figure in drawn for v in (figure.value, figure.high) if v is not None]
    shares = bool(drawn) and all(figure.unit == "share" for _, figure in drawn)
    top = Fraction(1) if shares else max([*reached, Fraction(mark or 0)]) or Fraction(1)
    return Bars(tuple(_bar(*row, top) for row in drawn), "" if mark is None else _hundredths(mark, top))


def _bar(label: str, figure: Measured, top: Fraction) -> Bar:
    low, high = figure.low, figure.high
    if figure.value is None or low is None or high is None or low >= high:
        return Bar(label, figure, _hundredths(figure.value or 0, top), low="", spread="")
    return Bar(
        label,
        figure,
        _hundredths(figure.value, top),
        low=_hundredths(low, top),
        spread=_hundredths(Fraction(high) - Fraction(low), top),
    )


def _hundredths(value: Exact, top: Fraction) -> str:
    within = min(max(Fraction(value) / top, Fraction(0)), Fraction(1))
    return f"{rounded(within * 100, 2):f}"
