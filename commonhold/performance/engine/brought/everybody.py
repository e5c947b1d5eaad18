"""Figures of readings in a publication for everybody: small numbers kept back, and what would give them away (F8)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from commonhold.performance.engine.brought.counting import Counted
from commonhold.performance.engine.smallnumbers import FEWEST, READINGS_KEPT_BACK, counts, without
from commonhold.performance.engine.told import Told


def for_everybody(counted: Sequence[Counted], told: Told) -> list[Counted]:
    """The figures of one period, in their order: of the whole service, by threshold, and by service.

    Kept back are small groups, a figure that only one partner's readings make, one that what was told before would let
    somebody subtract from, and a threshold that lies so close to the one before that a small group lies between.
    """
    back = {one.figure.evidence for one in counted if _is_small(one) or _is_one_partner_s(one)}
    back |= {one.figure.evidence for one in counted if told.gives_away(one.figure)}
    back |= _too_close(counted, back)
    back |= _parts(counted, back)
    shown = [
        replace(one, figure=without(one.figure, READINGS_KEPT_BACK), public_notes=())
        if one.figure.evidence in back
        else replace(one, figure=replace(one.figure, notes=tuple(one.public_notes)))
        for one in counted
    ]
    told.add(one.figure for one in shown)
    return shown


def _is_small(one: Counted) -> bool:
    return one.figure.value is not None and 0 < counts(one.figure)[0] < FEWEST


def _is_one_partner_s(one: Counted) -> bool:
    """A figure of the whole service that only one partner brought readings for is that partner's own."""
    return len(one.partners) == 1 and "" not in one.partners


def _too_close(counted: Iterable[Counted], back: set[str]) -> set[str]:
    """Of thresholds that hold each other, those from which the one shown before differs by a small group."""
    chains: dict[tuple[str, tuple[str, ...]], list[Counted]] = defaultdict(list)
    for one in counted:
        if "threshold" in one.figure.scope and one.figure.value is not None and one.figure.evidence not in back:
            rest = tuple(value or "" for word, value in one.figure.scope.items() if word != "threshold")
            chains[one.figure.measure, rest].append(one)
    found: set[str] = set()
    for chain in chains.values():
        shown: int | None = None
        for one in sorted(chain, key=lambda one: int(one.figure.scope["threshold"] or 0)):
            count = counts(one.figure)[-1]
            if shown is not None and 0 < abs(shown - count) < FEWEST:
                found.add(one.figure.evidence)
            else:
                shown = count
    return found


def _parts(counted: Iterable[Counted], back: set[str]) -> set[str]:
    """Services of a measure of which one service is kept back: the others would give it away by subtraction."""
    kept = {one.figure.measure for one in counted if one.figure.evidence in back and "service" in one.figure.scope}
    return {one.figure.evidence for one in counted if "service" in one.figure.scope and one.figure.measure in kept}
