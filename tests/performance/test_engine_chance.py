"""Garwood's exact interval against his closed forms, published tables, and the definition itself to fifty digits."""

from decimal import Decimal, localcontext
from math import factorial, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.performance.engine.chance import gamma_point, interval

# Chi-square points as printed in statistical tables, to the digits printed: (degrees of freedom, upper weight, point).
TABLE = [
    (1, 0.05, 3.841),
    (2, 0.05, 5.991),
    (10, 0.05, 18.307),
    (10, 0.95, 3.940),
    (20, 0.025, 34.170),
    (20, 0.975, 9.591),
    (30, 0.01, 50.892),
    (100, 0.05, 124.342),
    (100, 0.95, 77.929),
]

# 95% limits of a Poisson mean as tabulated since Garwood (1936).
GARWOOD = [
    (0, 0.000, 3.689),
    (1, 0.025, 5.572),
    (2, 0.242, 7.225),
    (3, 0.619, 8.767),
    (5, 1.623, 11.668),
    (10, 4.795, 18.390),
    (20, 12.217, 30.888),
    (50, 37.111, 65.919),
    (100, 81.364, 121.627),
]


@pytest.mark.parametrize(("degrees", "weight", "point"), TABLE)
def test_chi_square_points_as_tabulated(degrees: int, weight: float, point: float) -> None:
    upper = weight < 0.5
    found = 2 * gamma_point(degrees / 2, weight if upper else 1 - weight, upper=upper)
    assert found == pytest.approx(point, abs=0.0006)


@pytest.mark.parametrize(("count", "low", "high"), GARWOOD)
def test_limits_as_garwood_tabulated_them(count: int, low: float, high: float) -> None:
    assert interval(count, 0.05) == pytest.approx((low, high), abs=0.0006)


@pytest.mark.parametrize("doubt", [0.5, 0.05, 0.05 / 3, 0.05 / 33, 1e-9])
def test_closed_forms(doubt: float) -> None:
    # Of nought seen, the upper limit is -ln(doubt/2); of one seen, the lower is -ln(1 - doubt/2).
    assert interval(0, doubt)[0] == 0
    assert interval(0, doubt)[1] == pytest.approx(-log(doubt / 2), rel=1e-12)
    exact = -(1 - Decimal(doubt) / 2).ln()
    assert interval(1, doubt)[0] == pytest.approx(float(exact), rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2_000), st.floats(1e-6, 0.5))
def test_each_limit_leaves_half_the_doubt_to_fifty_digits(count: int, doubt: float) -> None:
    with localcontext() as context:
        context.prec = 60
        low, high = (Decimal(limit) for limit in interval(count, doubt))
        tail = Decimal(doubt) / 2
        # The chance of at most this count at the upper limit, and of at least this count at the lower.
        assert _off(_at_most(count, high) - tail, high, count) < 1e-10
        if count:
            assert _off(1 - _at_most(count - 1, low) - tail, low, count - 1) < 1e-10


def _at_most(count: int, mean: Decimal) -> Decimal:
    term = total = Decimal(1)
    for n in range(1, count + 1):
        term *= mean / n
        total += term
    return total * (-mean).exp()


def _off(chance: Decimal, mean: Decimal, count: int) -> Decimal:
    """How far the limit is from where the chance would be right, as a part of itself."""
    slope = (-mean).exp() * mean**count / factorial(count)
    return abs(chance / slope / mean)


@given(st.integers(0, 400), st.floats(1e-4, 0.4))
def test_limits_enclose_the_count_and_widen_with_certainty(count: int, doubt: float) -> None:
    low, high = interval(count, doubt)
    wider = interval(count, doubt / 2)
    assert wider[0] <= low <= count < high < wider[1]


def test_large_counts_come_near_the_normal_approximation() -> None:
    low, high = interval(1_000_000, 0.05)
    assert (low - 1_000_000) / 1_000 == pytest.approx(-1.96, abs=0.005)
    assert (high - 1_000_000) / 1_000 == pytest.approx(1.96, abs=0.005)
