"""Which verdict heads a figure of tickets whose holds nothing proves: the desk's own, or our clock's (F5).

A rule of the agreement says it. Where the desk's own heads it is named so, with ours beside it as the least it can be.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from commonhold.figures import Figure
from commonhold.govuk.printing import quantity
from commonhold.partnership.engine.rules.figure_basis import OURS as OURS_ALL_THE_SAME

OURS: Final = "within_target"
DESKS: Final = "source_verdict_met"


@dataclass(frozen=True, slots=True)
class Headed:
    """The desk's own verdict where it heads, and what stands beside it of our clock's."""

    figure: Figure
    beside: str


def could_head(ours: Figure | None, desks: Figure | None, whole: Figure | None = None) -> bool:
    """Whether the desk's own verdict heads these figures of one scope unless the agreement says otherwise: nothing
    proves the holds of most of the tickets, or our clock has no verdict to give.

    What is told to the public may leave out what sources prove; then it is as of the `whole` service.
    """
    if ours is None or desks is None or not desks.denominator:
        return False
    if not ours.denominator:
        return True
    mix = ours if ours.grade_mix or whole is None else whole
    return mix.grade_mix.get("none", 0) * 2 > sum(mix.grade_mix.values())


def desks_head(ours: Figure | None, desks: Figure | None, graded_none: str | None, whole: Figure | None = None) -> bool:
    """The same, where the agreement says `graded_none`, or nothing."""
    if not could_head(ours, desks, whole):
        return False
    return graded_none != OURS_ALL_THE_SAME or not (ours and ours.denominator)


def pairs(ours: Iterable[Figure], desks: Iterable[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Figures of both verdicts of one period and scope."""
    found = {_about(figure): figure for figure in desks}
    for figure in ours:
        if (other := found.get(_about(figure))) is not None:
            yield figure, other


def headed(figures: Iterable[Figure], graded_none: Callable[[], str | None]) -> dict[str, Headed]:
    """By the evidence of our clock's figures the desk's own that head them; the agreement is asked where it matters."""
    listed = list(figures)
    ours, desks = ([one for one in listed if one.measure == name] for name in (OURS, DESKS))
    whole = next((one for one in ours if not one.scope), None)
    possible = [(our, their) for our, their in pairs(ours, desks) if could_head(our, their, whole)]
    if not possible:
        return {}
    basis = graded_none()
    return {our.evidence: Headed(their, beside(our)) for our, their in possible if desks_head(our, their, basis, whole)}


def _about(figure: Figure) -> tuple[object, ...]:
    return figure.period, tuple(sorted(figure.scope.items(), key=str))


def beside(ours: Figure) -> str:
    """Our clock's verdict beside the desk's own: the least that it can be."""
    if ours.value is None:
        return ""
    return f"by our clock at least {quantity(ours.value if ours.low is None else ours.low, ours.unit)}"
