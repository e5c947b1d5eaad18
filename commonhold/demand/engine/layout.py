"""Where the mapped columns stand in one file, what reads each of them, and what is wrong with which cell."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from commonhold.demand.engine import cells
from commonhold.demand.engine.cells import Bad, Column, Person
from commonhold.demand.engine.mapping import Mapping
from commonhold.demand.engine.moments import Moments
from commonhold.demand.engine.partners import PartnerMap
from commonhold.demand.engine.rows import Problem, Table, ended, named, shown, tidy
from commonhold.refusals import Refused

DIFFERING: Final = "differs from what another column of this name says: rename the one that is meant"
# In a history events may come in any order (C10); in one row about a ticket, an end before its beginning is a slip.
WHEN: Final = {"events": "event_at", "tickets": "opened_at", "holds": "held_from"}
BEGINNINGS: Final = {
    ("tickets", "resolved_at"): "opened_at",
    ("tickets", "closed_at"): "opened_at",
    ("holds", "held_to"): "held_from",
}
IN_WORDS: Final = {"held_from": "the hold began"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell of a row."""

    heading: str
    cell: str
    words: str

    def __str__(self) -> str:
        return f"'{shown(self.cell)}' {self.words}" if self.cell.strip() else f"the cell {self.words}"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one column of the file as one of ours; `again` are other columns of the same name."""

    field: str
    heading: str
    column: Column
    place: int
    again: tuple[int, ...] = ()
    needed: bool = False
    beginning: str | None = None

    def fault(self, cell: str, words: str) -> Fault:
        return Fault(self.heading, "" if self.column.secret else cell, words)


@dataclass(frozen=True)
class Layout:
    """The readers of a file's columns; `kept` are the places of the columns that are evidence, `people` those keyed.

    `leave_out` are, by place, the words by which a row says nothing of its ticket, `not_there` such headings that the
    file has not.
    """

    readers: tuple[Reader, ...]
    kept: tuple[int, ...]
    people: frozenset[int]
    person: Person
    absent: tuple[str, ...]
    leave_out: tuple[tuple[int, frozenset[str]], ...]
    not_there: tuple[str, ...]

    def left_out(self, columns: dict[int, list[str]]) -> dict[int, tuple[int, str]]:
        """The rows that the mapping leaves out, each with the place and the word for which it does."""
        found: dict[int, tuple[int, str]] = {}
        for place, words in self.leave_out:
            cells = columns[place]
            out = {cell for cell in set(cells) if tidy(cell) in words}
            if out:
                found.update((row, (place, tidy(cell))) for row, cell in enumerate(cells) if cell in out)
        return found

    def wrong(self, columns: dict[int, list[str]], values: dict[str, list[Any]]) -> dict[int, list[Fault]]:
        """The faults of each bad row of a block."""
        wrong: defaultdict[int, list[Fault]] = defaultdict(list)
        for reader in self.readers:
            for row, fault in _faults(reader, columns, values):
                wrong[row].append(fault)
        return wrong


def lay_out(
    mapping: Mapping,
    table: Table,
    *,
    zone: ZoneInfo | None,
    partners: PartnerMap | None,
    parties: Collection[str] | None,
    key: bytes,
    already_reduced: bool,
) -> Layout:
    """Find the mapped columns in the file; one that the mapping needs and the file does not have refuses it."""
    places = {ours: table.places(theirs) for ours, theirs in mapping.columns.items()}
    absent = {ours for ours, found in places.items() if not found}
    out = {heading: table.places(heading) for heading in mapping.leave_out}
    missing = sorted(mapping.columns[ours] for ours in absent - mapping.optional)
    if mapping.several_rows:
        # Rows of other clocks would be counted as if they were the ticket's.
        missing += [heading for heading, at in out.items() if not at]
    if missing:
        raise Refused(
            f"The file has no column {named(missing)}, which the mapping {mapping.called} names. "
            f"Its columns are {named(table.headings)}. Export what is missing, or use the mapping that fits."
        )
    found = {ours: at for ours, at in places.items() if at}
    person = (cells.Keyed if already_reduced else cells.Person)(mapping.missing, key)
    dates = cells.Moment(mapping.missing, Moments(mapping.dates, zone))
    return Layout(
        readers=tuple(_readers(mapping, found, person, dates, partners, parties)),
        kept=tuple(sorted({place for at in (*found.values(), *out.values()) for place in at})),
        people=frozenset(found.get("assignee", ())),
        person=person,
        absent=tuple(sorted(absent)),
        leave_out=tuple((place, mapping.leave_out[heading]) for heading, at in out.items() for place in at),
        not_there=tuple(sorted(heading for heading, at in out.items() if not at)),
    )


def _readers(
    mapping: Mapping,
    places: dict[str, list[int]],
    person: Person,
    dates: cells.Moment,
    partners: PartnerMap | None,
    parties: Collection[str] | None,
) -> Iterator[Reader]:
    for ours, (place, *again) in places.items():
        heading = mapping.columns[ours]
        column = person if ours == "assignee" else cells.column(ours, mapping, dates, partners, parties)
        needed, beginning = ours == WHEN[mapping.kind], BEGINNINGS.get((mapping.kind, ours))
        yield Reader(ours, heading, column, place, tuple(again), needed, beginning)
        if ours == "team":
            yield Reader("responsible", heading, cells.Responsible(mapping), place)
        if ours == "state" and "hold_reason" not in mapping.columns:
            # The words of some desks say in one what the ticket waits for.
            yield Reader(
                "hold_reason", heading, cells.Word("hold_reason", mapping.missing, mapping.hold_reasons), place
            )


def _faults(reader: Reader, columns: dict[int, list[str]], values: dict[str, list[Any]]) -> Iterator[tuple[int, Fault]]:
    read, told = columns[reader.place], values[reader.field]
    if reader.column.bad:
        for row, value in enumerate(told):
            if type(value) is Bad:
                yield row, reader.fault(read[row], value)
    if reader.needed and None in told:
        for row, value in enumerate(told):
            if value is None:
                yield row, reader.fault("", "is blank: without this date the row says nothing")
    for place in reader.again:
        for row, (cell, other) in enumerate(zip(read, columns[place], strict=True)):
            if cell != other and tidy(cell) != tidy(other):
                yield row, reader.fault(cell, DIFFERING)
    if reader.beginning is not None:
        for row, (began, ended) in enumerate(zip(values[reader.beginning], told, strict=True)):
            if type(began) is int and type(ended) is int and ended < began:
                yield (
                    row,
                    reader.fault(
                        read[row],
                        f"is before {IN_WORDS.get(reader.beginning, reader.beginning)}: put one of them right",
                    ),
                )


def problem(line: int, faults: list[Fault]) -> Problem:
    """One problem for a row: its first bad cell, and in words the others."""
    first, *others = faults
    also = "".join(f" Also {shown(fault.heading)}: {ended(str(fault))}" for fault in others)
    return Problem(line, shown(first.heading), shown(first.cell), f"{ended(str(first))}{also}")
