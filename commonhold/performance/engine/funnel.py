"""Results by their size within the limits of chance: funnel plots of shares, and of observed against expected (P2).

A share is held against the whole service's by the binomial distribution; the ratio of what was observed to what the
same mix of work would bring, which is the one that compares like with like, against 1 by the Poisson distribution.
Limits are Spiegelhalter's at 95% and 99.8%. They are those of one look; who is said to differ is judged as parity
judges, with doubt shared out among all that are compared. That points spread more widely than chance explains is said
and not corrected: limits are never widened.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, fsum, log
from typing import Final

from commonhold.documents.engine.funnels import Where
from commonhold.figures import FEW, Figure
from commonhold.performance.engine.chance import gamma_point
from commonhold.performance.engine.limits import binomial_limits, binomial_tails, poisson_limits, poisson_tails

INNER: Final = 0.025
OUTER: Final = 0.001
"""The chance on each side of the limits at 95% and at 99.8%."""
DOUBT: Final = 0.05
"""How often one or another of those compared may wrongly be said to differ; shared out among them all."""
LEAST: Final = 5
"""Results expected in all, of fewer of which no plot tells anything."""
STEPS: Final = 40
"""Sizes at which the limits are worked out to be drawn."""
SHARE: Final = "share"
RATIO: Final = "ratio"

Limits = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Counted:
    """One result before it is judged: so many of so many, or so many where so many would be expected.

    `ends` are the fewest and the most it can be, each with what the whole would then be, where sources leave a doubt;
    `open` says that they leave too much of one, whatever the limits.
    """

    name: str
    observed: int
    size: float
    ends: tuple[tuple[int, float], ...] = ()
    open: bool = False
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One result among the limits of its own size: the outer, inner, inner and outer one, from below."""

    name: str
    observed: int
    size: float
    value: float
    limits: Limits
    where: Where
    above: bool
    differs: bool
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """How widely the points spread beside chance: the sum of their squared distances, its degrees of freedom, and what
    it exceeds by chance one time in twenty.
    """

    squares: float
    freedom: int
    usual: float

    @property
    def dispersion(self) -> float:
        """How many times as widely as chance alone would have it; 1 is what chance gives."""
        return self.squares / self.freedom

    @property
    def is_wide(self) -> bool:
        return self.squares > self.usual


@dataclass(frozen=True, slots=True)
class Funnel:
    """The points around a centre; `doubt` is that of each one's verdict, after it is shared out among all."""

    kind: str
    centre: float
    points: tuple[Point, ...]
    doubt: float
    spread: Spread | None

    def curve(self) -> list[tuple[float, Limits]]:
        """The limits from the smallest size to beyond the largest, at sizes a like factor apart."""
        sizes = [point.size for point in self.points]
        least, most = min(sizes) * 0.8, max(sizes) * 1.08
        if self.kind == SHARE:
            least, most = max(1, floor(least)), ceil(most)
        step = log(most / least) / (STEPS - 1)
        at = [least * exp(step * n) for n in range(STEPS)]
        if self.kind == SHARE:
            at = [float(size) for size in dict.fromkeys(map(round, at))]
        return [(size, limits(self.kind, self.centre, size)) for size in at]


def limits(kind: str, centre: float, size: float) -> Limits:
    """The limits at one size, from below: outer, inner, inner, outer."""
    of = _share_limits if kind == SHARE else _ratio_limits
    (outer_low, outer_high), (low, high) = of(centre, size, OUTER), of(centre, size, INNER)
    return outer_low, low, high, outer_high


def _share_limits(centre: float, size: float, tail: float) -> tuple[float, float]:
    return binomial_limits(int(size), centre, tail)


def _ratio_limits(_: float, size: float, tail: float) -> tuple[float, float]:
    return poisson_limits(size, tail)


def shares(counted: Sequence[Counted], met: int, of: int) -> Funnel | None:
    """The shares around the whole service's, which is `met` of `of`; None where there is too little to compare."""
    rate = met / of if of else 0.0
    kept = [one for one in counted if one.size > 0]
    if len(kept) < 2 or of < FEW or not 0 < rate < 1:
        return None

    def tails(one: Counted, observed: int, centre: float) -> tuple[float, float]:
        return binomial_tails(observed, int(one.size), centre) if 0 < centre < 1 else (1.0, 1.0)

    spread = [(one.observed - one.size * rate) ** 2 / (one.size * rate * (1 - rate)) for one in kept]
    return _funnel(SHARE, rate, kept, tails, spread)


def ratios(counted: Sequence[Counted]) -> Funnel | None:
    """The ratios of observed to expected around 1; None where there is too little to compare."""
    kept = [one for one in counted if one.size > 0]
    if len(kept) < 2 or fsum(one.size for one in kept) < LEAST:
        return None

    def tails(one: Counted, observed: int, expected: float) -> tuple[float, float]:
        return poisson_tails(observed, expected) if expected > 0 else (1.0, 1.0)

    return _funnel(RATIO, 1.0, kept, tails, [(one.observed - one.size) ** 2 / one.size for one in kept])


def of_figures(figures: Iterable[Figure], whole: Figure, word: str, unnamed: str) -> list[Counted]:
    """The shares of figures by a word, each with the ends of what the sources leave open (F5)."""
    listed = [figure for figure in figures if figure.value is not None and figure.denominator]
    most, least = _end(whole, "high"), _end(whole, "low")
    total = int(whole.denominator or 0)

    def ends(figure: Figure) -> tuple[tuple[int, float], ...]:
        low, high = _end(figure, "low"), _end(figure, "high")
        if not total or (low == high and least == most):
            return ()
        # Its own tickets as few in time as can be and all others as many, and the reverse.
        return (low, (most - high + low) / total), (high, (least - low + high) / total)

    return [
        Counted(
            figure.scope[word] or unnamed,
            int(figure.numerator or 0),
            int(figure.denominator or 0),
            ends(figure),
            evidence=figure.evidence,
        )
        for figure in listed
    ]


def _end(figure: Figure, end: str) -> int:
    """The fewest, or the most, of a share's tickets that can have counted."""
    value = getattr(figure, end)
    return int(figure.numerator or 0) if value is None else round(value * (figure.denominator or 0))


def _funnel(
    kind: str,
    centre: float,
    kept: Sequence[Counted],
    tails: Callable[[Counted, int, float], tuple[float, float]],
    squares: list[float],
) -> Funnel:
    doubt = DOUBT / len(kept)
    points = tuple(_point(kind, centre, one, tails, doubt) for one in kept)
    freedom = len(kept) - 1
    usual = 2 * gamma_point(freedom / 2, DOUBT, upper=True)
    return Funnel(kind, centre, points, doubt, Spread(fsum(squares), freedom, usual))


def _point(
    kind: str,
    centre: float,
    one: Counted,
    tails: Callable[[Counted, int, float], tuple[float, float]],
    doubt: float,
) -> Point:
    own = one.size if kind == RATIO else centre
    cases = [tails(one, one.observed, own), *(tails(one, *end) for end in one.ends)]
    places = {_where(case) for case in cases}
    verdicts = {_side(case, doubt / 2) for case in cases}
    is_open = one.open or len(places) > 1
    value = one.observed / one.size
    return Point(
        name=one.name,
        observed=one.observed,
        size=one.size,
        value=value,
        limits=limits(kind, centre, one.size),
        where="cannot tell" if is_open else places.pop(),
        above=value > centre,
        differs=not one.open and len(verdicts) == 1 and verdicts != {0},
        evidence=one.evidence,
    )


def _where(tails: tuple[float, float]) -> Where:
    if side := _side(tails, OUTER):
        return "above" if side > 0 else "below"
    return "between" if _side(tails, INNER) else "within"


def _side(tails: tuple[float, float], tail: float) -> int:
    """Whether so few, or so many, come with a smaller chance than that."""
    few, many = tails
    return -1 if few < tail else 1 if many < tail else 0
