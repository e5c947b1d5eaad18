"""What P2 and P3 tickets are about: the categories with most of each, and the same ones of other periods."""

from collections.abc import Iterable, Sequence
from typing import Final

from commonhold.figures import Figure

BY: Final = ("category", "priority")
MEASURES: Final = ("tickets_opened", "within_target", "source_verdict_met")
RANKED: Final = "tickets_opened"
PRIORITIES: Final = ("P2", "P3")
IN_PACKS: Final = 10
ON_PAGES: Final = 25
"""Categories of each priority that a pack, and a page, shows."""

Scope = tuple[tuple[str, str | None], ...]


def trimmed(figures: Iterable[Figure], most: int) -> list[Figure]:
    """The figures, of those by category only the ones of the categories with the most tickets; in their order."""
    listed = list(figures)
    kept = {_scope(figure) for priority in PRIORITIES for figure in ranked(listed, priority)[:most]}
    return [figure for figure in listed if not is_by_category(figure) or _scope(figure) in kept]


def like(figures: Iterable[Figure], others: Iterable[Figure]) -> list[Figure]:
    """The figures, of those by category only the ones that the others have as well."""
    kept = {_scope(figure) for figure in others if is_by_category(figure)}
    return [figure for figure in figures if not is_by_category(figure) or _scope(figure) in kept]


def ranked(figures: Iterable[Figure], priority: str) -> Sequence[Figure]:
    """How many tickets of a priority were opened in each category, the most first; what is kept back has no rank."""
    found = [
        figure
        for figure in figures
        if figure.measure == RANKED and figure.value and is_by_category(figure) and figure.scope["priority"] == priority
    ]
    return sorted(found, key=lambda figure: (-(figure.value or 0), _named(figure.scope["category"])))


def is_by_category(figure: Figure) -> bool:
    """Whether a figure is of one category."""
    return "category" in figure.scope


def _scope(figure: Figure) -> Scope:
    return tuple(sorted(figure.scope.items()))


def _named(category: str | None) -> tuple[bool, str]:
    return category is None, category or ""
