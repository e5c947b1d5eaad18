"""Figures held against the aims of the agreement: which reach them, which do not and so owe an explanation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from commonhold.figures import Figure
from commonhold.partnership.engine.rules.aims import Aim, Aims
from commonhold.performance.engine.heading import Headed
from commonhold.performance.engine.report.about import About


class Result(StrEnum):
    """What comes of holding a figure against its aim."""

    REACHED = "reached"
    OFF = "off"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Against:
    """A figure beside its aim, and what words on it are about.

    `headline` is what is held against the aim: the figure, or the desk's own verdict where that heads, with our clock's
    `beside` it as the least it can be (F5).
    """

    figure: Figure
    aim: Aim
    result: Result
    headline: Figure
    about: About
    beside: str = ""

    @property
    def is_by_the_desk(self) -> bool:
        return self.headline is not self.figure


def against(
    figures: Iterable[Figure],
    aims: Aims,
    within: Mapping[str, str | None] | None = None,
    *,
    headed: Mapping[str, Headed],
    own: Mapping[str, str],
) -> list[Against]:
    """The figures that have an aim and a value, in their order: over all tickets and by priority alone, within a scope
    that is held fast, such as one partner's own.

    `headed` are the desk's own verdicts that head figures of our clock, by the evidence of those; where one does, it is
    what is held against the aim. An aim in per cent holds a share alone, any other number everything else.

    `own` are the partnership's own measures, each with what it is called.
    """
    found = []
    for figure in figures:
        aim = _aim(figure, aims, within or {})
        over = headed.get(figure.evidence)
        headline = over.figure if over else figure
        if aim is not None and headline.value is not None and aim.is_share == (headline.unit == "share"):
            about = About.of(figure, own)
            found.append(Against(figure, aim, _result(headline, aim), headline, about, over.beside if over else ""))
    return found


def _aim(figure: Figure, aims: Aims, within: Mapping[str, str | None]) -> Aim | None:
    if any(figure.scope.get(word, "") != value for word, value in within.items()):
        return None
    # A threshold is part of what is measured, as in "abandoned after 30 seconds", and not a part of it.
    narrower = {word: value for word, value in figure.scope.items() if word not in within and word != "threshold"}
    if not narrower:
        return aims.find(figure.measure)
    priority = narrower.get("priority")
    return aims.find(figure.measure, priority) if priority and len(narrower) == 1 else None


def _result(figure: Figure, aim: Aim) -> Result:
    """By the exact counts; where the sources leave a doubt, what both bounds share is certain (F5)."""
    bounds = [_exact(value, figure) for value in (figure.low, figure.high) if value is not None]
    results = {aim.is_met(value) for value in bounds or [_exact(figure.value, figure)]}
    if len(results) > 1:
        return Result.CANNOT_TELL
    return Result.REACHED if results == {True} else Result.OFF


def _exact(value: int | float | None, figure: Figure) -> Fraction:
    """A share from its counts: the bounds of one are a number of its denominator's tickets too."""
    assert value is not None
    # A count with decimals, such as 62.5 posts, has no whole number of cases to round to.
    if figure.unit == "share" and figure.denominator and isinstance(figure.denominator, int):
        return Fraction(round(value * figure.denominator), figure.denominator)
    return Fraction(value)
