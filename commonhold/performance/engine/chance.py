"""The exact interval of a count that comes by chance (Garwood, Biometrika 28, 1936).

Its ends are points of gamma distributions, found here from the incomplete gamma function by series and continued
fraction, and by steps that are never allowed outside the interval known to hold the answer.
"""

from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, sqrt
from typing import Final

CLOSE: Final = 1e-14


@lru_cache(maxsize=65_536)
def interval(count: int, doubt: float) -> tuple[float, float]:
    """The means for which a count like this one is no surprise: wrong at most `doubt` of the time, half on each side.

    Below the first, so high a count comes with a chance under doubt/2; above the second, so low a count does.
    """
    low = 0.0 if count == 0 else gamma_point(count, doubt / 2, upper=False)
    return low, gamma_point(count + 1, doubt / 2, upper=True)


def gamma_point(shape: float, tail: float, *, upper: bool) -> float:
    """Where the gamma distribution of this shape has `tail` of its weight: above the point if `upper`, else below."""
    low, high = 0.0, inf
    x = _first_guess(shape, tail, upper)
    for _ in range(200):
        weight = _weights(shape, x)[upper]
        too_far_right = (weight < tail) if upper else (weight > tail)
        low, high = (low, x) if too_far_right else (x, high)
        # Newton's step on the logarithm of the tail, which is nearly straight far out.
        slope = _density(shape, x) / weight if weight > 0 else 0.0
        step = log(weight / tail) / slope if slope > 0 else 0.0
        following = x + step if upper else x - step
        if not low < following < high:
            following = (low + high) / 2 if high < inf else 2 * x
        if abs(following - x) <= CLOSE * x:
            return following
        x = following
    return x


def _first_guess(shape: float, tail: float, upper: bool) -> float:
    """Wilson and Hilferty: the cube root of a gamma variable is nearly normal."""
    t = sqrt(-2 * log(tail))
    z = t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t**3)
    spread = (z if upper else -z) / (3 * sqrt(shape))
    root = 1 - 1 / (9 * shape) + spread
    small = exp((log(tail) + lgamma(shape + 1)) / shape) if not upper else shape + z * sqrt(shape)
    return shape * root**3 if root > 0.2 else max(small, 1e-300)


def _weights(shape: float, x: float) -> tuple[float, float]:
    """The weight of the gamma distribution below x and above x, the smaller of the two computed and not subtracted."""
    if x < shape + 1:
        below = min(_series(shape, x), 1.0)
        return below, 1 - below
    above = min(_fraction(shape, x), 1.0)
    return 1 - above, above


def _series(shape: float, x: float) -> float:
    term = total = 1 / shape
    divisor = shape
    while term > total * 1e-17:
        divisor += 1
        term *= x / divisor
        total += term
    return total * x * _density(shape, x)


def _fraction(shape: float, x: float) -> float:
    """Lentz's way through the continued fraction of the upper tail."""
    tiny = 1e-300
    b = x + 1 - shape
    c, d = 1 / tiny, 1 / b
    value = d
    for n in range(1, 1_000_000):
        a = -n * (n - shape)
        b += 2
        d = a * d + b or tiny
        c = b + a / c or tiny
        d = 1 / d
        value *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return value * x * _density(shape, x)


def _density(shape: float, x: float) -> float:
    """x**(shape-1) e**-x / gamma(shape), with the large parts cancelled before they are rounded."""
    if shape < 20:
        return exp((shape - 1) * log(x) - x - lgamma(shape))
    away = (x - shape) / shape
    return exp(-shape * (away - log1p(away)) - _stirling(shape)) * sqrt(shape / 6.283185307179586) / x


def _stirling(shape: float) -> float:
    """What Stirling's formula for the logarithm of gamma(shape) leaves out."""
    inverse = 1 / shape
    square = inverse * inverse
    return inverse * (
        1 / 12
        - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - square * 691 / 360360))))
    )
