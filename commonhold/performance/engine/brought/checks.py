"""Whether a reading says what its measure needs: counts, threshold, unit, days. Each problem names what to do."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from commonhold.performance.engine.brought.definition import Adding, SourceMeasure
from commonhold.performance.engine.brought.given import Given
from commonhold.performance.engine.periods import FIRST_YEAR
from commonhold.refusals import Refused

WHOLE: Final = frozenset({"calls", "visits", "surveys", "devices", "backups", "systems", "actions"})
"""Units of which there is no half."""

LONGEST_DAYS: Final = 366
LONGEST_REASON: Final = 1_000

Wrong = tuple[str, str]


def trimmed(reason: str) -> str:
    """Why something is corrected or taken back, without blanks around it. Refused where it is too long."""
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused(f"A reason has at most {LONGEST_REASON:,} characters.")
    return reason.strip()


def wrong_with(given: Given, measure: SourceMeasure, today: date) -> Iterator[Wrong]:
    """What is wrong with a reading, by column."""
    yield from _days(given, today)
    yield from _unit(given, measure)
    yield from _threshold(given, measure)
    yield from _counts(given, measure)


def _days(given: Given, today: date) -> Iterator[Wrong]:
    if given.last < given.first:
        yield "to", f"The last day, {given.last}, lies before the first, {given.first}."
    elif given.last > today:
        yield "to", f"The reading goes to {given.last}, which is yet to come. Bring it when its days are over."
    elif given.first.year < FIRST_YEAR:
        yield "from", f"A reading lies in the year {FIRST_YEAR} or later."
    elif (given.last - given.first).days >= LONGEST_DAYS:
        yield "to", f"A reading is of at most {LONGEST_DAYS} days. Bring one for each year, or better for each month."


def _unit(given: Given, measure: SourceMeasure) -> Iterator[Wrong]:
    if given.unit not in measure.takes:
        yield "unit", f"{measure.name} is brought in {' or '.join(measure.takes)}. Write that as the unit."
    elif given.unit in WHOLE:
        counts = {"numerator": given.numerator, "denominator": given.denominator, "value": given.value}
        for column, count in counts.items():
            if count is not None and count != int(count) and not (column == "value" and measure.adding is Adding.MEAN):
                yield column, f"{given.unit.capitalize()} are whole numbers."


def _threshold(given: Given, measure: SourceMeasure) -> Iterator[Wrong]:
    if measure.threshold is None:
        if given.threshold is not None:
            yield "threshold", f"{measure.name} has no threshold. Leave it empty."
    elif given.threshold is None:
        words = measure.threshold.format(n="N")
        yield "threshold", f"{measure.name} counts what was {words}. Write N as the threshold: there is no usual one."
    elif measure.highest and not given.threshold:
        yield "threshold", "A scale has a top above nought."


def _counts(given: Given, measure: SourceMeasure) -> Iterator[Wrong]:
    if measure.adding is Adding.MEAN:
        yield from _mean(given, measure)
    elif measure.adding.divides:
        yield from _share(given, measure)
    elif given.denominator is not None:
        yield "denominator", f"{measure.name} is a count, which has no denominator. Leave it empty."
    elif (given.numerator is None) == (given.value is None):
        yield "value", f"Give the number of {measure.unit} once, as value or as numerator."


def _share(given: Given, measure: SourceMeasure) -> Iterator[Wrong]:
    if given.numerator is None or given.denominator is None:
        column = "denominator" if given.denominator is None else "numerator"
        yield (
            column,
            (
                f"{measure.name} needs both counts: {measure.numerator}, of {measure.denominator}. A percentage alone "
                "cannot be added to another."
            ),
        )
    elif given.value is not None:
        yield "value", "Give the two counts; the share follows from them. Leave value empty."
    elif given.numerator > given.denominator:
        yield "numerator", f"{given.numerator} cannot be part of {given.denominator}."


def _mean(given: Given, measure: SourceMeasure) -> Iterator[Wrong]:
    if (given.numerator is None) == (given.value is None):
        yield "value", f"Give {measure.numerator or 'the sum'} as numerator, or the mean as value; one of the two."
    elif given.numerator is not None and given.denominator is None:
        yield "denominator", f"{measure.name} needs its denominator, {measure.denominator or 'the number of cases'}."
    elif given.denominator == 0:
        yield "denominator", f"There is no mean of nothing. Leave the row out where there were no {measure.unit}s."
    elif measure.highest and given.threshold is not None and _highest(given) > given.threshold:
        yield "value", f"A mean cannot be above {given.threshold}, the top of its scale."


def _highest(given: Given) -> Decimal:
    if given.value is not None:
        return given.value
    return (given.numerator or Decimal(0)) / (given.denominator or Decimal(1))
