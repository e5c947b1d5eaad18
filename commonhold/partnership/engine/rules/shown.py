"""A rule as people read it: small tables that a page prints, and two versions side by side."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of words under their headings."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """One row of two versions: what it is about, what each version says, and whether they differ."""

    label: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


def side_by_side(before: Sequence[Table], after: Sequence[Table]) -> tuple[Beside, ...]:
    """Every row of both, in the order of the later version; a row that one of them lacks is empty there."""
    old, new = _by_label(before), _by_label(after)
    labels = [*new, *(label for label in old if label not in new)]
    return tuple(Beside(label, old.get(label, ""), new.get(label, "")) for label in labels)


def _by_label(tables: Sequence[Table]) -> dict[str, str]:
    several = len(tables) > 1
    return {
        f"{table.caption}: {row[0]}" if several else row[0]: "; ".join(word for word in row[1:] if word)
        for table in tables
        for row in table.rows
    }
