"""A file of readings line by line as it came, before anybody checks what it says: our own columns and no other (D1)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Self

from commonhold.demand.engine import rows
from commonhold.demand.engine.rows import Limits, Problem, named, tidy
from commonhold.performance.engine.brought.given import COLUMNS, COUNTS
from commonhold.refusals import Refused

LIMITS: Final = Limits(size=10_000_000, unpacked=10_000_000)
MOST_ROWS: Final = 20_000
NEEDED: Final = ("measure", "partner", "service", "from", "to", "unit", "source", "note")
OPTIONAL: Final = ("site", "threshold", "grade")


@dataclass(frozen=True, slots=True)
class Lines:
    """The digest of a file's bytes; its rows, each its line and its cells under `columns`; what is no row at all, and
    what else to know of the file.
    """

    original_sha256: str
    columns: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]
    problems: Sequence[Problem]
    warnings: Sequence[str]

    def __len__(self) -> int:
        return len(self.rows) + len(self.problems)

    def __iter__(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        return ((line, dict(zip(self.columns, cells, strict=True))) for line, cells in self.rows)

    def kept(self) -> bytes:
        """As it waits for a worker: a JSON document."""
        said = {
            "original_sha256": self.original_sha256,
            "columns": self.columns,
            "rows": self.rows,
            "problems": [(one.line, one.column, one.value, one.problem) for one in self.problems],
            "warnings": self.warnings,
        }
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_kept(cls, kept: bytes) -> Self:
        said: dict[str, Any] = json.loads(kept)
        return cls(**{**said, "problems": [Problem(*one) for one in said["problems"]]})


def lines_of(stream: BinaryIO, limits: Limits = LIMITS) -> Lines:
    """Read a file to its end: UTF-8 or cp1252, any delimiter that spreadsheets write, also gzipped."""
    table = rows.examine(stream, COLUMNS, limits)
    places = _places(table.headings)
    found: list[tuple[int, Sequence[str]]] = []
    problems: list[Problem] = []
    for block in rows.blocks(stream, table):
        problems += block.problems
        if len(found) + len(problems) + len(block) > MOST_ROWS:
            raise Refused(f"The file has more than {MOST_ROWS:,} rows. Bring it in parts.")
        columns = [map(tidy, block.column(place)) for place in places.values()]
        found += zip(block.lines, zip(*columns, strict=True), strict=True)
    return Lines(table.file.sha256, tuple(places), found, problems, tuple(table.file.warnings))


def _places(headings: Sequence[str]) -> dict[str, int]:
    tidied = [tidy(heading).casefold() for heading in headings]
    repeated = sorted({heading for heading in tidied if heading in COLUMNS and tidied.count(heading) > 1})
    if repeated:
        raise Refused(f"These columns stand there twice: {named(repeated)}. Leave one of each.")
    missing = [name for name in NEEDED if name not in tidied]
    if not set(COUNTS[:1] + COUNTS[2:]) & set(tidied):
        missing.append("numerator (with denominator) or value")
    if missing:
        raise Refused(
            f"The file has no column {named(missing)}. The columns are {', '.join(COLUMNS)}; "
            f"{', '.join(OPTIONAL)} may be left out, and a cell may be empty."
        )
    return {name: tidied.index(name) for name in COLUMNS if name in tidied}
