"""Readings as figures: whole readings are added within a period, and what cannot be added is not.

Which days are told, which are missing, what crosses the period's edge or would count twice, and who counted, stand in
the figure's notes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from commonhold.figures import Figure, Span
from commonhold.performance.engine import periods
from commonhold.performance.engine.brought.choosing import Chosen, Told, choose
from commonhold.performance.engine.brought.definition import WORDS, Adding, Grade, SourceMeasure
from commonhold.performance.engine.brought.notes import notes
from commonhold.performance.engine.references import Reference
from commonhold.refusals import Refused

MONTH: Final = "month"

Scope = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every figure of one computation carries: when it is read, what was known, by which program."""

    as_of: datetime
    known_at: int
    program: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure, the readings that are in it, and whether they tell of every day that it is about.

    `absent` names the parts of the service of which nothing is told in these days, though readings do at other times.
    """

    figure: Figure
    readings: Sequence[int]
    is_whole: bool
    public_notes: Sequence[str] = field(default=())
    partners: frozenset[str] = frozenset()
    """Whose readings are in it; "" where a reading is of the whole service."""
    absent: Sequence[str] = ()


def check(by: Iterable[str]) -> None:
    """Refuse words by which readings cannot be told apart."""
    given = list(by)
    for word in given:
        if word not in (*WORDS, MONTH):
            raise Refused(
                f"Readings are not known by {word}, so figures made of them cannot be grouped by it. Choose from: "
                f"{', '.join((*WORDS, MONTH))}."
            )
    if len(set(given)) < len(given):
        raise Refused("A word to group by is given twice.")


def figures(measure: SourceMeasure, told: Sequence[Told], span: Span, by: Sequence[str], stamp: Stamp) -> list[Counted]:
    """The figures of a measure over some days, one for each value that its readings have of the words in `by`.

    A month's figure is that of the month as a period of its own.
    """
    check(by)
    words = [word for word in by if word != MONTH]
    found = []
    for part, mark in _parts(span, stamp) if MONTH in by else [(span, stamp)]:
        near = [one for one in told if one.first <= part.last and part.first <= one.last]
        inside_of = _by_values(told, words)
        scopes = _scopes(near, words) if words else [{}]
        for scope in scopes:
            inside = inside_of.get(tuple(scope.values()), [])
            full = {word: f"{part.first:%Y-%m}" if word == MONTH else scope[word] for word in by}
            found.append(_figure(measure, choose(measure, inside, part, mark.as_of.date()), part, full, mark))
    found.sort(key=lambda one: [(value is None, value or "") for value in one.figure.scope.values()])
    return found


def one_figure(measure: SourceMeasure, told: Sequence[Told], span: Span, scope: Scope, stamp: Stamp) -> Counted | None:
    """The figure of one scope, computed again; None where no reading is of it."""
    found = figures(measure, told, span, tuple(scope), stamp)
    return next((one for one in found if dict(one.figure.scope) == dict(scope)), None)


def _parts(span: Span, stamp: Stamp) -> Iterator[tuple[Span, Stamp]]:
    """The months of a period, each read at its own end, or at the period's instant where that is earlier or after it;
    without those that begin after it.
    """
    is_later = stamp.as_of > periods.period(span).read_at
    for part in months(span):
        if part.first <= stamp.as_of.date():
            ends = periods.period(part).read_at
            yield part, stamp if is_later else replace(stamp, as_of=min(stamp.as_of, ends))


def months(span: Span) -> Iterator[Span]:
    """The calendar months of a period, the first and the last of which may be parts."""
    first = span.first
    while first <= span.last:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        last = min(following - timedelta(days=1), span.last)
        yield Span(first, last)
        first = following


def _by_values(told: Iterable[Told], words: Sequence[str]) -> dict[tuple[str | None, ...], list[Told]]:
    found: dict[tuple[str | None, ...], list[Told]] = {}
    for one in told:
        found.setdefault(tuple(one.word(word) for word in words), []).append(one)
    return found


def _scopes(told: Iterable[Told], words: Sequence[str]) -> list[dict[str, str | None]]:
    """The values that occur; a reading that leaves a word open tells of no value of it."""
    found = {tuple(one.word(word) for word in words) for one in told}
    return [dict(zip(words, values, strict=True)) for values in sorted(v for v in found if all(v))]


def _figure(measure: SourceMeasure, chosen: Chosen, span: Span, scope: Scope, stamp: Stamp) -> Counted:
    value, numerator, denominator, reason = _value(measure, chosen)
    said, public = notes(measure, chosen, span)
    figure = Figure(
        measure=measure.name,
        value=value,
        unit=measure.unit,
        period=span,
        definition=str(measure),
        as_of=stamp.as_of,
        known_at=stamp.known_at,
        program=stamp.program,
        evidence=str(Reference(str(measure), span, scope, stamp.as_of, stamp.known_at)),
        numerator=numerator,
        denominator=denominator,
        scope=scope,
        grade_mix={grade.value: sum(one.grade is grade for one in chosen.used) for grade in Grade},
        reason=reason,
        notes=said,
    )
    partners = frozenset(one.partner for one in chosen.used)
    absent = tuple(", ".join(one.named) or "the whole service" for one in chosen.absent)
    return Counted(figure, [one.number for one in chosen.used], chosen.is_whole, public, partners, absent)


def _value(
    measure: SourceMeasure, chosen: Chosen
) -> tuple[int | float | None, int | float | None, int | float | None, str | None]:
    """Value, numerator, denominator and, where there is no value, why."""
    if chosen.reason:
        return None, None, None, chosen.reason
    used = chosen.used
    if not measure.adding.divides:
        total = _number(sum((one.count for one in used), Fraction(0)))
        return total, total, None, None
    if len(used) == 1 and used[0].denominator is None:
        return _number(used[0].mean or Fraction(0)), None, None, None
    above = sum((one.count for one in used), Fraction(0))
    below = sum((one.denominator or Fraction(0) for one in used), Fraction(0))
    if not below:
        return None, _number(above), 0, f"there were no {measure.denominator or 'cases'}"
    if measure.adding is Adding.MEAN:
        return float(above / below), None, _number(below), None
    return float(above / below), _number(above), _number(below), None


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
