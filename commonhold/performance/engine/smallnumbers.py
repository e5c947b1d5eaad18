"""Small numbers kept back from the public: groups of fewer than five tickets, and what subtraction would give (F8).

A table with its totals is a network: every number is a pipe between the sum that contains it and the sum it is part of.
A number kept back can be worked out unless some other flow of whole tickets through the pipes kept back leaves every
published number as it is; so pipes are kept back in rings, the lightest that will do.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from math import ceil
from typing import Final, TypeAlias

from commonhold.figures import Figure
from commonhold.refusals import Refused

FEWEST: Final = 5
"""A group of fewer tickets is not shown; a group of none is, for it speaks of nobody."""

KEPT_BACK: Final = "not shown: a group of fewer than five tickets, or one that would give away what is not shown"
"""The same words for the small group and for those that protect it, or they would tell which is which."""

READINGS_KEPT_BACK: Final = "not shown: readings that count fewer than five, or that would give away what is not shown"
"""The words for figures of readings, which need not be of tickets."""

HIDDEN: Final = "not shown in this publication"

TOTAL: Final = "\0total"
"""Stands in a cell for a word that is summed over."""

Cell: TypeAlias = tuple[str | None, ...]

TOTALS_LAST: Final = 10**9
NOUGHTS_LAST: Final = 10**12


@dataclass(frozen=True, slots=True)
class Pipe:
    """One number of a table: from the sum it is part of to the sum beyond, and the counts that add up along it."""

    cell: Cell
    tail: Cell
    head: Cell
    counts: tuple[int, ...]

    @property
    def weight(self) -> int:
        """What is lost by keeping it back."""
        last = NOUGHTS_LAST if self.counts[0] == 0 else TOTALS_LAST if TOTAL in self.cell else 0
        return last + self.counts[0] + 1

    def can_shrink(self, layer: int) -> bool:
        """Whether a reader can think it smaller: noughts are published, so tickets kept back are at least one."""
        return self.counts[layer] > (1 if layer == 0 else 0)


def kept_back(table: Mapping[Cell, Sequence[int]], hidden: Iterable[Cell] = ()) -> frozenset[Cell]:
    """The cells that are not to be published, totals among them.

    `table` holds the inner cells, of one or two words each: first the count of tickets, which decides, then any other
    counts that are published with it and add up alike. `hidden` are cells left out for another reason, which nobody
    may work out either.
    """
    pipes = _network(table)
    back = {pipe.cell for pipe in pipes if 0 < pipe.counts[0] < FEWEST} | set(hidden)
    while (more := _wide_enough(pipes, _in_rings(pipes, back))) != back:
        back = more
    return frozenset(back)


def for_the_public(figures: Sequence[Figure], hidden: Iterable[Mapping[str, str | None]] = ()) -> list[Figure]:
    """The figures of one measure and period as the public may see them: by one or two words, with all their totals.

    A total is the same figure without the word that it sums over. `hidden` are scopes that a publication leaves out.
    """
    words: tuple[str, ...] = max((tuple(figure.scope) for figure in figures), key=len, default=())
    if not words:
        return [without(figure, KEPT_BACK) if 0 < counts(figure)[0] < FEWEST else figure for figure in figures]
    cells = {_cell(figure.scope, words): figure for figure in figures}
    left_out = {_cell(scope, words) for scope in hidden}
    back = kept_back({cell: counts(figure) for cell, figure in cells.items() if TOTAL not in cell}, left_out)
    return [
        figure if cell not in back else without(figure, HIDDEN if cell in left_out else KEPT_BACK)
        for cell, figure in cells.items()
    ]


def _network(table: Mapping[Cell, Sequence[int]]) -> list[Pipe]:
    """The pipes of a table and its totals, in a lasting order."""
    sizes = {len(cell) for cell in table}
    if not sizes <= {1, 2}:
        raise Refused("Small numbers can be kept back in tables by one word or two, not more.")
    sums: dict[Cell, list[int]] = {}
    for cell, counts in table.items():
        for total in _totals(cell):
            known = sums.setdefault(total, [0] * len(counts))
            known[:] = [a + b for a, b in zip(known, counts, strict=True)]
    everything = {**{cell: list(counts) for cell, counts in table.items()}, **sums}
    ordered = sorted(everything, key=lambda cell: [(value is None, value or "") for value in cell])
    return [Pipe(cell, *_ends(cell), tuple(everything[cell])) for cell in ordered]


def _totals(cell: Cell) -> Iterator[Cell]:
    yield (TOTAL,) * len(cell)
    if len(cell) == 2:
        yield cell[0], TOTAL
        yield TOTAL, cell[1]


def _ends(cell: Cell) -> tuple[Cell, Cell]:
    """The grand total flows into the rows, a row's total into its cells, these into columns, and back round."""
    rows: Cell = ("rows",)
    columns: Cell = ("columns",)
    if all(value == TOTAL for value in cell):
        return columns, rows
    if len(cell) == 1:
        return rows, columns
    row, column = cell
    if column == TOTAL:
        return rows, ("row", row)
    if row == TOTAL:
        return ("column", column), columns
    return ("row", row), ("column", column)


def _in_rings(pipes: Sequence[Pipe], back: set[Cell]) -> set[Cell]:
    """The cells kept back, with others added until each lies on a ring in every layer of counts."""
    back = set(back)
    for layer in range(len(pipes[0].counts) if pipes else 0):
        for pipe in pipes:
            if pipe.cell in back:
                back |= _ring(pipes, pipe, back, layer)
    return back


def _ring(pipes: Sequence[Pipe], pipe: Pipe, back: set[Cell], layer: int) -> set[Cell]:
    """The cells of the lightest ring through a pipe: as it grows or, where it can be thought smaller, as it shrinks."""
    ways = [_way(pipes, pipe, pipe.head, pipe.tail, back, layer)]
    if pipe.can_shrink(layer):
        ways.append(_way(pipes, pipe, pipe.tail, pipe.head, back, layer))
    found = [way for way in ways if way is not None]
    return min(found, key=lambda way: way[0])[1] if found else set()


def _way(
    pipes: Sequence[Pipe], without: Pipe, begin: Cell, end: Cell, back: set[Cell], layer: int
) -> tuple[int, set[Cell]] | None:
    """The lightest way between two sums: along a pipe it grows, against it it shrinks; pipes kept back are free."""
    exits: dict[Cell, list[tuple[Cell, Pipe]]] = {}
    for pipe in pipes:
        if pipe is not without:
            exits.setdefault(pipe.tail, []).append((pipe.head, pipe))
            if pipe.can_shrink(layer):
                exits.setdefault(pipe.head, []).append((pipe.tail, pipe))
    waiting: list[tuple[int, int, Cell, frozenset[Cell]]] = [(0, 0, begin, frozenset())]
    done: set[Cell] = set()
    pushed = 0
    while waiting:
        weight, _, place, used = heappop(waiting)
        if place == end:
            return weight, set(used)
        if place in done:
            continue
        done.add(place)
        for following, pipe in exits.get(place, ()):
            if following not in done:
                pushed += 1
                further = weight if pipe.cell in back else weight + pipe.weight
                heappush(waiting, (further, pushed, following, used | {pipe.cell}))
    return None


def _wide_enough(pipes: Sequence[Pipe], back: set[Cell]) -> set[Cell]:
    """What is kept back of one sum comes to five tickets at least, since it can be had by subtraction as a whole."""
    back = set(back)
    for place in sorted({pipe.tail for pipe in pipes}, key=str):
        flows_in = [pipe for pipe in pipes if pipe.head == place]
        flows_out = [pipe for pipe in pipes if pipe.tail == place]
        for side, other in ((flows_in, flows_out), (flows_out, flows_in)):
            while 0 < sum(pipe.counts[0] for pipe in side if pipe.cell in back) < FEWEST and not any(
                pipe.cell in back for pipe in other
            ):
                shown = [pipe for pipe in (*side, *other) if pipe.cell not in back]
                back.add(min(shown, key=lambda pipe: pipe.weight).cell)
    return back


def _cell(scope: Mapping[str, str | None], words: Sequence[str]) -> Cell:
    if set(scope) - set(words):
        raise Refused("These figures are not one table: they are grouped by different words.")
    return tuple(scope.get(word) if word in scope else TOTAL for word in words)


def counts(figure: Figure) -> tuple[int, ...]:
    """The tickets behind a figure, then its other counts."""
    if figure.denominator is None:
        return (ceil(figure.numerator or 0),)
    return (ceil(figure.denominator), ceil((figure.value or 0) if figure.numerator is None else figure.numerator))


def is_kept_back(figure: Figure) -> bool:
    """Whether a figure of a publication is kept back as small, or as what would give a small one away."""
    return says_kept_back(figure.reason)


def says_kept_back(reason: str | None) -> bool:
    """Whether these words say that a figure is kept back. Packs of old say of readings what is said of tickets."""
    return reason in (KEPT_BACK, READINGS_KEPT_BACK)


def without(figure: Figure, reason: str) -> Figure:
    """The figure with the reason in place of everything that was counted."""
    return replace(
        figure, value=None, numerator=None, denominator=None, low=None, high=None, grade_mix={}, notes=(), reason=reason
    )
