"""Control limits beside exact sums of fractions, the closed forms at both ends, and the intervals of parity."""

from fractions import Fraction
from math import comb, exp, factorial, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.performance.engine.chance import interval
from commonhold.performance.engine.limits import (
    binomial_limits,
    binomial_tails,
    poisson_limits,
    poisson_tails,
)

SIZES = st.integers(1, 60)
RATES = st.integers(1, 199).map(lambda n: Fraction(n, 200))
TAILS = st.sampled_from((Fraction(1, 40), Fraction(1, 1000), Fraction(1, 240)))


def at_most(count: int, of: int, rate: Fraction) -> Fraction:
    """The exact chance of so few or fewer."""
    return sum((comb(of, n) * rate**n * (1 - rate) ** (of - n) for n in range(count + 1)), Fraction())


def slow_limit(of: int, rate: Fraction, tail: Fraction) -> Fraction:
    """The lower limit as Spiegelhalter's appendix has it: the first count with that chance, less a part of one."""
    r = next(r for r in range(of + 1) if at_most(r, of, rate) >= tail)
    here = at_most(r, of, rate)
    before = at_most(r - 1, of, rate) if r else Fraction()
    return max(Fraction(), r - (here - tail) / (here - before)) / of


@given(SIZES, RATES, TAILS)
def test_binomial_limits_are_those_of_exact_sums(of: int, rate: Fraction, tail: Fraction) -> None:
    low, high = binomial_limits(of, float(rate), float(tail))

    assert low == pytest.approx(float(slow_limit(of, rate, tail)), abs=1e-9)
    assert high == pytest.approx(float(1 - slow_limit(of, 1 - rate, tail)), abs=1e-9)


@given(SIZES, RATES, TAILS, st.data())
def test_a_share_lies_beyond_a_limit_just_where_its_exact_chance_is_smaller(
    of: int, rate: Fraction, tail: Fraction, data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, of))
    few, many = at_most(count, of, rate), 1 - (at_most(count - 1, of, rate) if count else Fraction())
    low, high = binomial_limits(of, float(rate), float(tail))

    assert binomial_tails(count, of, float(rate)) == (
        pytest.approx(float(few), rel=1e-9),
        pytest.approx(float(many), rel=1e-9),
    )
    if abs(few / tail - 1) > Fraction(1, 10**9):
        assert (count / of < low) == (few < tail)
    if abs(many / tail - 1) > Fraction(1, 10**9):
        assert (count / of > high) == (many < tail)


@pytest.mark.parametrize("of", [5, 20, 200])
def test_none_and_all_come_with_the_chance_of_their_closed_form(of: int) -> None:
    assert binomial_tails(0, of, 0.2)[0] == pytest.approx(0.8**of, rel=1e-12)
    assert binomial_tails(of, of, 0.9)[1] == pytest.approx(0.9**of, rel=1e-12)


@given(st.integers(0, 40), st.integers(1, 4_000).map(lambda n: n / 100))
def test_chances_of_a_count_are_those_of_the_sum(count: int, expected: float) -> None:
    below = sum(exp(-expected) * expected**n / factorial(n) for n in range(count + 1))
    few, many = poisson_tails(count, expected)

    assert few == pytest.approx(below, rel=1e-9, abs=1e-15)
    assert many == pytest.approx(1 - below + exp(-expected) * expected**count / factorial(count), abs=1e-9)


@given(st.integers(0, 300), st.integers(10, 30_000).map(lambda n: n / 100), st.sampled_from((0.05, 0.002, 0.05 / 3)))
def test_a_ratio_lies_beyond_its_limits_where_parity_s_interval_leaves_out_one(
    observed: int, expected: float, doubt: float
) -> None:
    few, many = poisson_tails(observed, expected)
    low, high = interval(observed, doubt)

    if abs(low / expected - 1) > 1e-9 and abs(high / expected - 1) > 1e-9:
        assert (low > expected) == (many < doubt / 2)
        assert (high < expected) == (few < doubt / 2)
    limit_low, limit_high = poisson_limits(expected, doubt / 2)
    if min(abs(few / (doubt / 2) - 1), abs(many / (doubt / 2) - 1)) > 1e-9:
        assert (observed / expected < limit_low) == (few < doubt / 2)
        assert (observed / expected > limit_high) == (many < doubt / 2)


@given(SIZES, RATES, TAILS)
def test_what_is_met_and_what_is_missed_have_limits_that_mirror_each_other(
    of: int, rate: Fraction, tail: Fraction
) -> None:
    low, high = binomial_limits(of, float(rate), float(tail))
    missed = binomial_limits(of, float(1 - rate), float(tail))

    assert (1 - high, 1 - low) == (pytest.approx(missed[0], abs=1e-9), pytest.approx(missed[1], abs=1e-9))


def test_of_a_million_the_limits_are_nearly_normal_and_narrower_than_of_a_thousand() -> None:
    low, high = binomial_limits(1_000_000, 0.85, 0.025)
    away = 1.959964 * sqrt(0.85 * 0.15 / 1_000_000)

    assert (low, high) == (pytest.approx(0.85 - away, abs=1e-6), pytest.approx(0.85 + away, abs=1e-6))
    of_a_thousand = binomial_limits(1_000, 0.85, 0.025)
    assert of_a_thousand[0] < low < 0.85 < high < of_a_thousand[1]
