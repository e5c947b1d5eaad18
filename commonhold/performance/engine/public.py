"""What everybody may see of a period's figures: no group of fewer than five tickets, nor what gives one away (F8).

All tables of a publication are dealt with at once. By priority a group is shown in every measure or in none, since
measures share their tickets; a small whole takes its parts with it. What is only a count beside a figure, such as how
many tickets were left out, is said without its number. What was told of other periods counts as well: see `told.py`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from commonhold.figures import Figure
from commonhold.performance.engine.smallnumbers import (
    FEWEST,
    HIDDEN,
    KEPT_BACK,
    TOTAL,
    Cell,
    counts,
    for_the_public,
    kept_back,
    without,
)
from commonhold.performance.engine.told import Told

COUNT: Final = re.compile(r"^[\d,]+ (?=[a-z])")
PLURAL: Final = (("ticket has", "tickets have"), ("ticket is", "tickets are"), ("and is", "and are"), ("its", "their"))

Measures = Mapping[str, Sequence[Figure]]


def for_everybody(figures: Sequence[Figure], told: Told | None = None) -> list[Figure]:
    """The figures of one period in a publication for everybody, in their order.

    They are those of the whole service, and tables by one word or by two, each with its totals among the others.
    `told` is what everybody was told before, and is told these figures.
    """
    told = told or Told()
    given = {figure.evidence for figure in figures if told.gives_away(figure)}
    tables = _tables(figures)
    whole = {figure.measure: figure for figure in figures if not figure.scope}
    small = {measure for measure, figure in whole.items() if _is_small(figure) or figure.evidence in given}
    back = {whole[measure].evidence for measure in small}
    for words, measures in tables.items():
        for measure in measures:
            if measure in small:
                back |= {figure.evidence for figure in measures[measure]}
        shown = {measure: cells for measure, cells in measures.items() if measure not in small}
        if words == ("priority",):
            back |= _alike(shown, given)
        elif len(words) == 1:
            for measure, cells in shown.items():
                back |= _apart(whole.get(measure), cells, given)
    for words, measures in tables.items():
        if len(words) == 2:
            for measure, cells in measures.items():
                back |= _within(tables, measure, words, cells, back, given)
    public = [without(figure, KEPT_BACK) if figure.evidence in back else without_counts(figure) for figure in figures]
    told.add(public)
    return public


def for_everybody_by_month(months: Sequence[Figure], told: Told | None = None) -> list[Figure]:
    """The figures of one measure month by month: all of them, or none where a month is small, since they add up."""
    told = told or Told()
    if any(_is_small(month) or told.gives_away(month) for month in months):
        return []
    told.add(months)
    return [without_counts(month) for month in months]


def _tables(figures: Iterable[Figure]) -> dict[tuple[str, ...], dict[str, list[Figure]]]:
    """The figures that are parts of the whole, by the words of their scope and then by measure."""
    found: dict[tuple[str, ...], dict[str, list[Figure]]] = defaultdict(lambda: defaultdict(list))
    for figure in figures:
        if figure.scope:
            found[tuple(figure.scope)][figure.measure].append(figure)
    return found


def _is_small(figure: Figure) -> bool:
    return 0 < counts(figure)[0] < FEWEST


def _alike(measures: Measures, given: set[str]) -> set[str]:
    """Groups by one word that are shown in every measure or in none: what one keeps back the others do."""
    tables = {measure: {_value(cell): counts(cell) for cell in cells} for measure, cells in measures.items()}
    back: set[Cell] = {_value(cell) for cells in measures.values() for cell in cells if cell.evidence in given}
    before = None
    while back != before:
        before = set(back)
        for table in tables.values():
            # A nought that is kept back protects nobody and needs no protection.
            hidden = {cell for cell in back if cell in table and table[cell][0]}
            found = kept_back(table, hidden) if table else frozenset()
            back |= set(table) if (TOTAL,) in found else found
    return {cell.evidence for cells in measures.values() for cell in cells if _value(cell) in back}


def _apart(total: Figure | None, cells: Sequence[Figure], given: set[str]) -> set[str]:
    """What a table of one measure keeps back; where not even its total could be shown, all its parts go instead."""
    shown = for_the_public([*([total] if total else []), *cells], [c.scope for c in cells if c.evidence in given])
    back = {figure.evidence for figure in shown if figure.reason in (KEPT_BACK, HIDDEN)}
    if total and total.evidence in back:
        return {cell.evidence for cell in cells}
    return back


def _within(
    tables: Mapping[tuple[str, ...], Measures],
    measure: str,
    words: tuple[str, ...],
    cells: Sequence[Figure],
    back: set[str],
    given: set[str],
) -> set[str]:
    """What the parts of groups keep back, such as P1 by responsible party: all of it where the group itself goes."""
    found: set[str] = set()
    totals = {_value(total): total for total in tables.get(words[1:], {}).get(measure, ())}
    for value in dict.fromkeys(cell.scope[words[1]] for cell in cells):
        parts = [cell for cell in cells if cell.scope[words[1]] == value]
        total = totals.get((value,))
        gone = total is None or total.evidence in back
        found |= {part.evidence for part in parts} if gone else _apart(total, parts, given)
    return found


def _value(figure: Figure) -> Cell:
    return tuple(figure.scope.values())


def without_counts(figure: Figure) -> Figure:
    """The figure with what is said beside it in words that give no number away."""
    small = any(0 < n < FEWEST for n in figure.grade_mix.values())
    mix = {} if figure.scope or small else figure.grade_mix
    return replace(figure, grade_mix=mix, notes=tuple(map(_in_words, figure.notes)))


def _in_words(note: str) -> str:
    """The note without its numbers: "1 ticket has no target" becomes "some tickets have no target"."""
    said = COUNT.sub("some ", note.partition(": ")[0] if ": " in note else note)
    for one, many in PLURAL:
        said = re.sub(rf"\b{one}\b", many, said)
    return said
