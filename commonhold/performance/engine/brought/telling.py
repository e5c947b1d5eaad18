"""From what somebody brought to what figures add: exact numbers in the measure's own unit."""

from fractions import Fraction

from commonhold.performance.engine.brought.choosing import Told
from commonhold.performance.engine.brought.definition import Adding, SourceMeasure
from commonhold.performance.engine.brought.given import Given


def told(given: Given, measure: SourceMeasure, number: int, version: int) -> Told:
    """What somebody brought, as figures take it."""
    factor = measure.takes.get(given.unit, Fraction(1))
    adds_by_mean = measure.adding is Adding.MEAN and given.numerator is None
    denominator = None if given.denominator is None else Fraction(given.denominator)
    brought = Fraction(next((one for one in (given.numerator, given.value) if one is not None), 0)) * factor
    if denominator is not None and measure.adding.is_share:
        denominator *= factor
    return Told(
        number=number,
        partner=given.partner,
        service=given.service,
        site=given.site,
        threshold=given.threshold,
        first=given.first,
        last=given.last,
        count=brought * denominator if adds_by_mean and denominator is not None else brought,
        denominator=denominator,
        mean=brought if adds_by_mean and denominator is None else None,
        worked_out=adds_by_mean and denominator is not None,
        grade=given.grade,
        version=version,
    )
