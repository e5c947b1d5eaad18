"""Exact control limits of funnel plots: of a share by the binomial, of a ratio by the Poisson distribution.

After D. J. Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics in Medicine 24 (2005),
appendix A.1. A limit lies between two whole counts, where the exact chance would be what is asked for; so a result lies
beyond it just where the exact chance of one as far out is smaller. His upper limit is read from below; here it is the
lower one seen from the other end, so that being beyond it means the same on both sides.
"""

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from math import fsum, inf
from typing import Final

SMALLEST: Final = 1e-25
"""Beside the likeliest count, one so much rarer adds nothing to any chance that is looked at here."""

Weights = tuple[int, tuple[float, ...], tuple[float, ...]]
"""The chances of counts that follow each other: the first of them, the chance of it and all below, of it and above."""


def binomial_limits(of: int, rate: float, tail: float) -> tuple[float, float]:
    """The shares of so many between which a result lies, but for a chance of `tail` on each side; 0 < rate < 1."""
    low, high = _between(_binomial(of, rate), tail, of)
    return low / of, high / of


def poisson_limits(expected: float, tail: float) -> tuple[float, float]:
    """The ratios of observed to expected between which a count lies, but for a chance of `tail` on each side."""
    low, high = _between(_poisson(expected), tail, inf)
    return low / expected, high / expected


def binomial_tails(count: int, of: int, rate: float) -> tuple[float, float]:
    """The exact chance of so few or fewer, and of so many or more."""
    return _tails(count, _binomial(of, rate))


def poisson_tails(count: int, expected: float) -> tuple[float, float]:
    """The exact chance of so few or fewer, and of so many or more."""
    return _tails(count, _poisson(expected))


def _tails(count: int, weights: Weights) -> tuple[float, float]:
    first, below, above = weights
    place = count - first
    if place < 0:
        return 0.0, 1.0
    if place >= len(below):
        return 1.0, 0.0
    return below[place], above[place]


def _between(weights: Weights, tail: float, most: float) -> tuple[float, float]:
    """The least and the most count that is no surprise, each between two whole numbers."""
    first, below, above = weights
    return _point(first, below, tail), _from_above(first, above, tail, most)


def _point(first: int, below: tuple[float, ...], tail: float) -> float:
    """Where the chance of so few or fewer would be `tail`, on the straight line between two counts."""
    place = bisect_left(below, tail)
    chance = below[place] - (below[place - 1] if place else 0.0)
    # A count below nought does not occur: even none at all is no surprise there.
    return max(0.0, first + place - (below[place] - tail) / chance)


def _from_above(first: int, above: tuple[float, ...], tail: float, most: float) -> float:
    turned = above[::-1]
    place = bisect_left(turned, tail)
    chance = turned[place] - (turned[place - 1] if place else 0.0)
    return min(most, first + len(above) - 1 - place + (turned[place] - tail) / chance)


@lru_cache(maxsize=4_096)
def _binomial(of: int, rate: float) -> Weights:
    odds = rate / (1 - rate)
    mode = min(int((of + 1) * rate), of)
    up = _chain((of - n) / (n + 1) * odds for n in range(mode, of))
    down = _chain(n / (of - n + 1) / odds for n in range(mode, 0, -1))
    return _weighed(mode, down, up)


@lru_cache(maxsize=4_096)
def _poisson(expected: float) -> Weights:
    mode = int(expected)
    up = _chain(expected / (mode + step) for step in _counting())
    down = _chain(n / expected for n in range(mode, 0, -1))
    return _weighed(mode, down, up)


def _counting() -> Iterator[int]:
    step = 0
    while True:
        step += 1
        yield step


def _chain(factors: Iterator[float]) -> list[float]:
    """How likely each next count is beside the likeliest, until that is nothing."""
    found: list[float] = []
    weight = 1.0
    for factor in factors:
        weight *= factor
        if weight < SMALLEST:
            break
        found.append(weight)
    return found


def _weighed(mode: int, down: list[float], up: list[float]) -> Weights:
    weights = [*reversed(down), 1.0, *up]
    whole = fsum(weights)
    return mode - len(down), _summed(weights, whole), _summed(weights[::-1], whole)[::-1]


def _summed(weights: list[float], whole: float) -> tuple[float, ...]:
    """The running sums, from the rarest on, so that nothing small is lost beside something large."""
    total, found = 0.0, []
    for weight in weights:
        total += weight
        found.append(min(total / whole, 1.0))
    found[-1] = 1.0
    return tuple(found)
