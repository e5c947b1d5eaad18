"""A table of a document: columns of a kind, and cells of text that may lead to evidence."""

from dataclasses import dataclass
from typing import Literal

from commonhold.documents.engine.words import check_address, check_id, needed, printable

Kind = Literal["text", "short", "number", "digest"]
"""How a column is set: text wraps, a short one (a date, a reference) does not, numbers stand to the right, a digest may
be broken anywhere."""

BRIEF = 24
"""Characters of a column that gets all the width it needs where another one has more to say."""

NARROW = 40
"""Characters that a line of a table on a phone holds."""

PAGE = 90
"""Characters that a line of a small table on a page holds."""


WORDS = 24
"""Characters by which a column of text shares the width of a crowded table, at the most."""

ON_ONE_LINE = (26, 16)
"""Characters of a number that stand on one line in a crowded table, and where the words beside it need the room."""

EASE = 0.65
"""Which part of the width that they ask for the columns of a crowded table should have."""


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    kind: Kind = "text"

    def __post_init__(self) -> None:
        needed(heading=self.heading)


@dataclass(frozen=True, slots=True)
class Exact:
    """The value that a cell prints, unrounded, in its unit, with the counts behind it; a share is from 0 to 1."""

    value: int | float | None
    numerator: int | float | None = None
    denominator: int | float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """Text or a number already printed; with an address it leads to its evidence. `exact` is what it prints."""

    text: str
    address: str | None = None
    strong: bool = False
    exact: Exact | None = None

    def __post_init__(self) -> None:
        if self.address is not None:
            check_address(self.address)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a caption. The first column names its rows, `total` is the last, `nothing` is said instead of rows."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str | Cell, ...], ...]
    total: tuple[str | Cell, ...] | None = None
    note: str = ""
    nothing: str = "None."
    id: str | None = None

    def __post_init__(self) -> None:
        needed(caption=self.caption)
        if not self.columns:
            raise ValueError(f"The table {self.caption!r} has no columns.")
        if any(len(row) != len(self.columns) for row in (*self.rows, self.total or self.columns)):
            raise ValueError(f"A row of the table {self.caption!r} has not one cell for each column.")
        if self.id is not None:
            check_id(self.id)

    def cells(self) -> tuple[tuple[Cell, ...], ...]:
        return tuple(_cells(row) for row in self.rows)

    def totals(self) -> tuple[Cell, ...]:
        return _cells(self.total or ())

    def shares(self) -> tuple[int, ...]:
        """How the columns of text share the width, by their longest cell; 0 for a column as wide as it needs. In a
        crowded table numbers with words beside them share it too, and stand on two lines or more.
        """
        if self.is_crowded():
            tried = [self._wrapped(most) for most in ON_ONE_LINE]
            return next((shares for shares in tried if self._is_eased(shares)), tried[-1])
        wanted = [
            min(max(self._lengths(at)), 60) if column.kind in ("text", "digest") else 0
            for at, column in enumerate(self.columns)
        ]
        return tuple(0 if share <= BRIEF and share < max(wanted) else share for share in wanted)

    def fits_a_phone(self) -> bool:
        """Whether the columns stand beside each other on a phone; if not, each row is shown as a list there."""
        return sum(self._least(at) + 2 for at in range(len(self.columns))) <= NARROW

    def brief(self) -> tuple[bool, ...]:
        """For each column, whether its cells stand beside their heading on a phone, not below it."""
        return tuple(
            column.kind in ("short", "number") or max(self._lengths(at)) <= BRIEF
            for at, column in enumerate(self.columns)
        )

    def is_compact(self) -> bool:
        """Whether the columns need less than a page's width; beside a chart they are then drawn together."""
        return sum(max(self._lengths(at)) + 3 for at in range(len(self.columns))) <= PAGE

    def is_crowded(self) -> bool:
        """Whether numbers with words beside them, on one line each, leave other columns less than they need."""
        sets = [0 if self._wraps(at) else self._widest(at) for at in range(len(self.columns))]
        wanted = sum(2 + (one or min(self._widest(at), BRIEF)) for at, one in enumerate(sets))
        return max(sets) > ON_ONE_LINE[0] and wanted > PAGE

    def _wrapped(self, most: int) -> tuple[int, ...]:
        """How the columns share the width where numbers of more characters than these stand on two lines or more."""
        widest = [self._widest(at) for at in range(len(self.columns))]
        return tuple(
            min(wide, WORDS) if self._wraps(at) else wide // 2 + 2 if wide > most else 0
            for at, wide in enumerate(widest)
        )

    def _is_eased(self, shares: tuple[int, ...]) -> bool:
        rest = PAGE - sum(2 + (0 if share else self._widest(at)) for at, share in enumerate(shares))
        return rest >= EASE * sum(shares)

    def _widest(self, at: int) -> int:
        """Characters of the longest cell of a column, or of the longest word of its heading."""
        return max(*self._lengths(at)[1:], *map(len, self.columns[at].heading.split()), 0)

    def _wraps(self, at: int) -> bool:
        return self.columns[at].kind in ("text", "digest")

    def _lengths(self, at: int) -> list[int]:
        rows = (*self.cells(), *([self.totals()] if self.total else []))
        return [len(self.columns[at].heading), *(len(printable(row[at].text)) for row in rows)]

    def _least(self, at: int) -> int:
        words = max(len(word) for word in self.columns[at].heading.split())
        if self.columns[at].kind in ("short", "number"):
            return max(words, *self._lengths(at)[1:], 0)
        return max(words, min(max(self._lengths(at)), 16))


def _cells(row: tuple[str | Cell, ...]) -> tuple[Cell, ...]:
    return tuple(Cell(cell) if isinstance(cell, str) else cell for cell in row)
