"""A desk's export, from the bytes as they came to chunks of plain mapped rows, and the reduced file kept as evidence.

Only the columns that the mapping names are kept, people keyed (D1); rows that cannot be read are listed by line and
left out, and more of them than tolerated refuse the file.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import attrgetter
from typing import Any, BinaryIO, Final
from zoneinfo import ZoneInfo

from commonhold.demand.engine import moments, rows
from commonhold.demand.engine.asking import wishes
from commonhold.demand.engine.causes import causes
from commonhold.demand.engine.chunk import Chunk as Chunk
from commonhold.demand.engine.chunk import digests, said_in
from commonhold.demand.engine.layout import Fault, Reader, lay_out, problem
from commonhold.demand.engine.mapping import Mapping
from commonhold.demand.engine.partners import PartnerMap
from commonhold.demand.engine.reduction import Reduction
from commonhold.demand.engine.rows import NO_LIMITS, Block, Limits, Problem, named, shown
from commonhold.demand.engine.together import APART, Together
from commonhold.refusals import Refused

CHUNK: Final = 20_000
LISTED: Final = 10_000
LINES_NAMED, WORDS_NAMED = 500, 500
UNLISTED: Final = {
    "partner": ("in the map of partners", "it has no partner", "they have no partner"),
    "team": ("named under [teams]", "the shared service answers for it", "the shared service answers for them"),
    "priority": ("named under [priorities]", "it is no priority", "they are no priorities"),
    "hold_reason": ("named under [hold_reasons]", 'it counts as "other"', 'they count as "other"'),
}
"""Where a word of a column is missing, and what follows for one and for several."""


@dataclass(frozen=True)
class Report:
    """What became of a file: digests, counts, the rows left out and why, what to know, what would prove more.

    Of a file that was looked through in part, all but digests, `rows` and rows that are no rows of the table is about
    the first `looked_at` rows.
    """

    sha256: str
    original_sha256: str
    size: int
    unpacked: int
    encoding: str
    delimiter: str
    time_zone: str | None
    rows: int
    looked_at: int
    kept: int
    refused_rows: int
    refused: tuple[Problem, ...]
    warnings: tuple[str, ...]
    ask_the_desk_for: tuple[str, ...]


class TooManyBadRows(Refused):
    """More rows cannot be read than are tolerated; `problems` says each cause once, `refused` lists the rows."""

    def __init__(self, message: str, refused: Sequence[Problem]) -> None:
        super().__init__(message, map(str, causes(refused)))
        self.refused = tuple(refused)


def too_many(bad: int, rows: int, tolerate: float, refused: Sequence[Problem], among: str = "") -> TooManyBadRows:
    """That so many of the rows, or of the first of them, cannot be read."""
    which = f"The {among or 'only'} row" if rows == 1 else f"{bad:,} of the {f'{among} ' if among else ''}{rows:,} rows"
    return TooManyBadRows(
        f"{which} cannot be read, more than the {tolerate * 100:g}% that is tolerated, so nothing was taken from this "
        "file.",
        refused,
    )


@dataclass(slots=True)
class _Lines:
    """Lines to be named in a warning, the first of them by number."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, lines: list[int]) -> None:
        self.count += len(lines)
        self.first += lines[: LINES_NAMED - len(self.first)]

    def __str__(self) -> str:
        more = f" and {self.count - len(self.first):,} more" if self.count > len(self.first) else ""
        return ", ".join(map(str, self.first)) + more


class Intake:
    """One file being read: iterate over `chunks()` to the end, then `report` says what became of it.

    The stream must be able to go back to its start. `evidence` receives the reduced file as it is read. A file that was
    reduced before is said to be so with `already_reduced`: its people are keyed and stay as they are. Where `parties`
    are given, a row that names another partner is refused. Once `look_at` rows are read, the others are only reduced.
    """

    def __init__(
        self,
        stream: BinaryIO,
        mapping: Mapping,
        *,
        key: bytes,
        partners: PartnerMap | None = None,
        parties: Collection[str] | None = None,
        time_zone: str | None = None,
        tolerate: float = 0.01,
        evidence: BinaryIO | None = None,
        limits: Limits = NO_LIMITS,
        already_reduced: bool = False,
        look_at: int | None = None,
    ) -> None:
        if not 0 <= tolerate <= 1:
            raise Refused("The share of bad rows to tolerate is a number from 0 to 1.")
        self._stream, self._mapping, self._tolerate, self._look_at = stream, mapping, tolerate, look_at
        self._zone = _zone(time_zone or mapping.time_zone)
        self._table = rows.examine(stream, mapping.columns.values(), limits)
        self._layout = lay_out(
            mapping,
            self._table,
            zone=self._zone,
            partners=partners,
            parties=parties,
            key=key,
            already_reduced=already_reduced,
        )
        headings = self._table.headings
        self._reduction = Reduction([headings[place] for place in self._layout.kept], evidence)
        self._read = self._rows = self._looked_at = self._refused_rows = 0
        self._refused: list[Problem] = []
        self._twice: defaultdict[str, _Lines] = defaultdict(_Lines)
        self._ignored: Counter[str] = Counter()
        self._left_out: Counter[tuple[int, str]] = Counter()
        self._together = Together() if mapping.several_rows else None
        self._report: Report | None = None

    @property
    def columns(self) -> frozenset[str]:
        """Which of our columns the file has, by our names; an optional one that is not there counts as not mapped."""
        return frozenset(self._mapping.columns) - frozenset(self._layout.absent)

    @property
    def report(self) -> Report:
        if self._report is None:
            raise ValueError("The file has not been read to its end.")
        return self._report

    @property
    def share_read(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return min(1.0, self._read / self._table.file.unpacked)

    def chunks(self) -> Iterator[Chunk]:
        """The good rows in the file's order, some thousands at a time. Refused once there are too many bad ones."""
        waiting: defaultdict[str, list[Any]] = defaultdict(list)
        for block in rows.blocks(self._stream, self._table):
            if self._look_at is not None and self._rows >= self._look_at:
                self._pass_over(block)
                continue
            taken = self._take(block)
            for name, values in (self._together.take(taken) if self._together else taken).items():
                waiting[name] += values
            if len(waiting["line"]) >= CHUNK:
                yield Chunk.of(self._mapping.kind, waiting)
                waiting.clear()
        for name, values in (self._together.rest() if self._together else {}).items():
            waiting[name] += values
        self._judge(still_to_come=0)
        self._report = self._reported()
        if waiting["line"]:
            yield Chunk.of(self._mapping.kind, waiting)

    def _pass_over(self, block: Block) -> None:
        """Only reduce the block's rows: what their cells say is not looked at."""
        self._layout.person.forget()
        self._reduce({place: block.column(place) for place in self._layout.kept})
        self._refuse(block, {}, ())

    def _take(self, block: Block) -> dict[str, list[Any]]:
        """The block's good rows as columns of ours; the others are listed, and all go into the reduced file."""
        readers = self._layout.readers
        for reader in readers:
            reader.column.forget()
        lines = list(block.lines)
        columns = {place: block.column(place) for place in self._layout.kept}
        self._reduce(columns)
        lines, columns = self._without_left_out(lines, columns)
        values = {reader.field: [*map(reader.column.__getitem__, columns[reader.place])] for reader in readers}
        wrong = self._layout.wrong(columns, values)
        self._note_apart(wrong, columns, values)
        self._refuse(block, wrong, lines)
        self._looked_at = self._rows
        if wrong:
            good = [row not in wrong for row in range(len(lines))]
            lines = list(compress(lines, good))
            columns = {place: list(compress(column, good)) for place, column in columns.items()}
            values = {name: list(compress(column, good)) for name, column in values.items()}
        self._note_marked(lines, columns)
        said = {reader.field: [*map(reader.column.texts.__getitem__, columns[reader.place])] for reader in readers}
        unsaid = [""] * len(lines)
        return {
            "line": lines,
            "digest": digests([said.get(name, unsaid) for name in said_in(self._mapping.kind)]),
            **values,
        }

    def _reduce(self, columns: dict[int, list[str]]) -> None:
        kept = list(columns.values())
        # A row with nothing in any kept column would be a line without content, which is not a row.
        if "" in kept[0]:
            full = [*map(any, zip(*kept, strict=True))]
            kept = [list(compress(column, full)) for column in kept]
        people, person = self._layout.people, self._layout.person
        pairs = zip(columns, kept, strict=True)
        self._reduction.write([person.reduced(column) if place in people else column for place, column in pairs])

    def _without_left_out(
        self, lines: list[int], columns: dict[int, list[str]]
    ) -> tuple[list[int], dict[int, list[str]]]:
        out = self._layout.left_out(columns)
        if not out:
            return lines, columns
        self._left_out.update(out.values())
        stay = [row not in out for row in range(len(lines))]
        return list(compress(lines, stay)), {place: list(compress(cells, stay)) for place, cells in columns.items()}

    def _note_apart(
        self, wrong: dict[int, list[Fault]], columns: dict[int, list[str]], values: dict[str, list[Any]]
    ) -> None:
        if self._together is None:
            return
        reader = next(reader for reader in self._layout.readers if reader.field == "reference")
        for row in self._together.apart(values["reference"]):
            wrong[row].append(reader.fault(columns[reader.place][row], APART))

    def _refuse(self, block: Block, wrong: dict[int, list[Fault]], lines: Sequence[int]) -> None:
        found = [*block.problems, *(problem(lines[row], faults) for row, faults in wrong.items())]
        found.sort(key=attrgetter("line"))
        self._refused += found[: LISTED - len(self._refused)]
        self._refused_rows += len(found)
        self._rows += len(block) + len(block.problems)
        self._read = block.read
        self._judge(still_to_come=max(0, self._table.file.unpacked - block.read) / block.shortest)

    def _judge(self, still_to_come: float) -> None:
        """Refuse the file once no rows to come could make the bad ones few enough."""
        if self._refused_rows > self._tolerate * (self._rows + still_to_come):
            among = "first" if still_to_come else ""
            raise too_many(self._refused_rows, self._rows, self._tolerate, self._refused, among)

    def _note_marked(self, lines: list[int], columns: dict[int, list[str]]) -> None:
        for reader in self._layout.readers:
            marked = reader.column.marked
            if not marked:
                continue
            at = [row for row, cell in enumerate(columns[reader.place]) if cell in marked]
            if reader.field == "state":
                self._ignored.update(columns[reader.place][row].strip() for row in at)
            elif at:
                self._twice[reader.heading].add([lines[row] for row in at])

    def _reported(self) -> Report:
        file = self._table.file
        return Report(
            sha256=self._reduction.sha256,
            original_sha256=file.sha256,
            size=file.size,
            unpacked=file.unpacked,
            encoding=file.encoding,
            delimiter=self._table.delimiter,
            time_zone=None if self._zone is None else self._zone.key,
            rows=self._rows,
            looked_at=self._looked_at,
            kept=self._rows - self._refused_rows - self._left_out.total(),
            refused_rows=self._refused_rows,
            refused=tuple(self._refused),
            warnings=(*file.warnings, *self._warnings()),
            ask_the_desk_for=tuple(map(str, wishes(self._mapping.kind, self.columns))),
        )

    def _warnings(self) -> Iterator[str]:
        for ours in self._layout.absent:
            yield f"The file has no '{shown(self._mapping.columns[ours])}', so it says nothing of {ours}."
        for reader in self._layout.readers:
            if reader.again:
                yield (
                    f"The heading '{shown(reader.heading)}' stands {len(reader.again) + 1} times. The first is read, "
                    "and rows in which they differ are refused."
                )
        for heading in self._layout.not_there:
            yield f"The file has no '{shown(heading)}', so no row is left out for what it says there."
        for (place, word), count in sorted(self._left_out.items()):
            say = "says" if count == 1 else "say"
            yield (
                f"{_counted(count, 'row')} {say} '{shown(word)}' under '{shown(self._table.headings[place])}', "
                "which the mapping leaves out."
            )
        for word, count in sorted(self._ignored.items()):
            they_say = "it says" if count == 1 else "they say"
            yield f"The state '{shown(word)}' is ignored in {_counted(count, 'row')}; what else {they_say} counts."
        for heading, lines in self._twice.items():
            yield (
                f"{_counted(lines.count, 'moment')} of '{shown(heading)}' happened twice, when the clocks went back; "
                f"each is taken as the first: line {lines}."
            )
        for reader in self._layout.readers:
            words = reader.column.unlisted
            if words:
                yield _unlisted(reader, words)
        if self._refused_rows > len(self._refused):
            yield f"{_counted(self._refused_rows, 'row')} are refused; the first {len(self._refused):,} are listed."


def _unlisted(reader: Reader, words: Collection[str]) -> str:
    where, so_it, so_they = UNLISTED[reader.field]
    follows = f"is not {where}, so {so_it}" if len(words) == 1 else f"are not {where}, so {so_they}"
    values = f"{_counted(len(words), 'value')} of '{shown(reader.heading)}'"
    return f"{values} {follows}: {named(words, most=WORDS_NAMED)}."


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return None if name is None else moments.zone(name)
    except ValueError as why:
        raise Refused(f"'{shown(name or '')}' {why}.") from None
