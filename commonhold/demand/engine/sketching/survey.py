"""A file read once for the columns that were chosen: reduced to them (D1), words counted, some dates kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO, Final

from commonhold.demand.engine import cells, rows
from commonhold.demand.engine.mapping import Mapping
from commonhold.demand.engine.reduction import Reduction
from commonhold.demand.engine.rows import NO_LIMITS, Limits, Table, tidy
from commonhold.refusals import Refused

COUNTED: Final = ("state", "hold_reason", "priority", "kind", "team", "partner", "source_verdict")
"""Our columns whose words are shown with how often they stand."""

DATES: Final = ("event_at", "opened_at", "resolved_at", "closed_at", "updated_at", "clock_from", "clock_to")
MOST_WORDS: Final = 5_000
MOST_SAMPLES: Final = 200
FIRST_ROWS: Final = 5
LONGEST_SHOWN: Final = 40


@dataclass(slots=True)
class Survey:
    """What a file says under the chosen columns: how often each word stands, some cells of each date, how many rows."""

    original_sha256: str
    rows: int = 0
    left_out: int = 0
    sha256: str = ""
    words: dict[str, Counter[str]] = field(default_factory=dict)
    samples: dict[str, list[str]] = field(default_factory=dict)


def first_rows(stream: BinaryIO, limits: Limits = NO_LIMITS) -> tuple[Table, list[list[str]]]:
    """The headings of a file and its first rows, their cells cut short; nothing of it is kept."""
    table = rows.examine(stream, (), limits)
    some: list[list[str]] = []
    for block in rows.blocks(stream, table):
        columns = [block.column(place) for place in range(len(table.headings))]
        some += [list(row) for row in islice(zip(*columns, strict=True), FIRST_ROWS - len(some))]
        if len(some) >= FIRST_ROWS:
            break
    return table, [[_short(cell) for cell in row] for row in some]


def surveyed(stream: BinaryIO, mapping: Mapping, *, key: bytes, out: BinaryIO, limits: Limits = NO_LIMITS) -> Survey:
    """Read the whole file for the columns that a mapping names; `out` receives the reduced file, people keyed.

    Of the mapping nothing counts but its columns and the words that mean nothing.
    """
    wanted = [*mapping.columns.values(), *mapping.leave_out]
    table = rows.examine(stream, wanted, limits)
    lacking = [heading for heading in dict.fromkeys(wanted) if not table.places(heading)]
    if lacking:
        raise Refused(f"This file has no {rows.named(lacking)}. Choose the file that you began with.")
    places = {ours: table.places(heading)[0] for ours, heading in mapping.columns.items()}
    kept = sorted({place for heading in wanted for place in table.places(heading)})
    people = set(table.places(mapping.columns["assignee"])) if "assignee" in mapping.columns else set()
    person = cells.Person(mapping.missing, key)
    reduction = Reduction([table.headings[place] for place in kept], out)
    found = Survey(table.file.sha256)
    found.words = {ours: Counter() for ours in COUNTED if ours in places}
    found.samples = {ours: [] for ours in (*DATES, "held_minutes") if ours in places}
    for block in rows.blocks(stream, table):
        columns = {place: block.column(place) for place in kept}
        person.forget()
        _reduce(reduction, columns, people, person)
        for ours, counted in found.words.items():
            _count(counted, columns[places[ours]])
        for ours, samples in found.samples.items():
            _sample(samples, columns[places[ours]], mapping.missing)
        found.rows += len(block)
        found.left_out += len(block.problems)
    found.sha256 = reduction.sha256
    return found


def _reduce(reduction: Reduction, columns: dict[int, list[str]], people: set[int], person: cells.Person) -> None:
    whole = [*map(any, zip(*columns.values(), strict=True))]
    kept = {
        place: column if all(whole) else [cell for cell, full in zip(column, whole, strict=True) if full]
        for place, column in columns.items()
    }
    reduction.write([person.reduced(column) if place in people else column for place, column in kept.items()])


def _count(counted: Counter[str], column: Sequence[str]) -> None:
    for cell, times in Counter(column).items():
        word = tidy(cell)[: cells.LONGEST_NAME]
        if word and (word in counted or len(counted) < MOST_WORDS):
            counted[word] += times


def _sample(samples: list[str], column: Sequence[str], missing: frozenset[str]) -> None:
    for cell in dict.fromkeys(column):
        if len(samples) >= MOST_SAMPLES:
            return
        text = tidy(cell)[:100]
        if text not in missing and text not in samples:
            samples.append(text)


def _short(cell: str) -> str:
    text = rows.shown(tidy(cell))
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
