"""What everybody was told before: no publication may give away, by subtracting periods, what one keeps back (F8).

A count that adds up over a period is the way between two days. Whoever knows the ways from April to July, from April to
May and from May to June knows the way from June to July. So a figure that would join what was told until now is looked
at first: every period whose count it lets a reader work out must be one that could have been shown.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, TypeAlias

from commonhold.figures import Figure
from commonhold.performance.engine.brought.measures import BUILT_IN
from commonhold.performance.engine.measures import MEASURES, definition
from commonhold.performance.engine.measures.definition import Nature
from commonhold.performance.engine.smallnumbers import FEWEST, counts, is_kept_back

About: TypeAlias = tuple[str, tuple[tuple[str, str | None], ...]]
Ends: TypeAlias = tuple[date, date]

ADDS_UP: Final = (Nature.FLOW, Nature.SHARE, Nature.TIME)
"""Measures whose tickets of two periods that follow each other are those of both: all but stocks."""


class Told:
    """The figures that everybody was told, and those that were kept back, by measure and scope."""

    def __init__(self, figures: Iterable[Figure] = ()) -> None:
        self._ways: dict[About, dict[date, dict[date, int]]] = defaultdict(lambda: defaultdict(dict))
        self._kept_back: dict[About, set[Ends]] = defaultdict(set)
        self.add(figures)

    def add(self, figures: Iterable[Figure]) -> None:
        """Remember what was told, or kept back."""
        for figure in figures:
            begin, end = _ends(figure)
            if is_kept_back(figure):
                self._kept_back[_about(figure)].add((begin, end))
            elif figure.value is not None and _adds_up(figure):
                count = counts(figure)[0]
                ways = self._ways[_about(figure)]
                ways[begin][end], ways[end][begin] = count, -count

    def gives_away(self, figure: Figure) -> bool:
        """Whether telling this figure would tell a small group, or one that was kept back. A nought tells of nobody."""
        count, (begin, end), kept_back = counts(figure)[0], _ends(figure), self._kept_back[_about(figure)]
        if not count:
            return False
        if (begin, end) in kept_back:
            return True
        if not _adds_up(figure):
            return False
        before, after = self._reached(figure, begin), self._reached(figure, end)
        if end in before:
            return False
        worked_out = ((x, y, abs(count + on - back)) for x, back in before.items() for y, on in after.items())
        return any(0 < found < FEWEST or (min(x, y), max(x, y)) in kept_back for x, y, found in worked_out)

    def _reached(self, figure: Figure, day: date) -> dict[date, int]:
        """The days whose distance from a day can be worked out from what was told, with that distance."""
        ways = self._ways[_about(figure)]
        reached, waiting = {day: 0}, [day]
        while waiting:
            place = waiting.pop()
            for following, count in ways.get(place, {}).items():
                if following not in reached:
                    reached[following] = reached[place] + count
                    waiting.append(following)
        return reached


def _about(figure: Figure) -> About:
    return figure.measure, tuple(figure.scope.items())


def _ends(figure: Figure) -> Ends:
    return figure.period.first, figure.period.last + timedelta(days=1)


def _adds_up(figure: Figure) -> bool:
    if figure.measure in MEASURES:
        return definition(figure.measure).nature in ADDS_UP
    # Of a measure of the partnership's own nobody knows here how it adds up: it is kept as safe as one that does.
    fed = BUILT_IN.get(figure.measure)
    return fed is None or not fed.adding.is_stock
