"""From text to rows: any of the delimiters, newlines and quotations that desks export, with the physical line of each.

Records of a JSON file are rows as well; the number of a record, from 1, stands for its line. A row that cannot be read
is listed by line and left out; a file whose rows cannot be told apart is refused as a whole. The rules of quotation are
those of Python's csv module, which does the careful part.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import attrgetter
from typing import BinaryIO

from commonhold.demand.engine import records, unpack
from commonhold.demand.engine.unpack import NO_LIMITS as NO_LIMITS
from commonhold.demand.engine.unpack import File
from commonhold.demand.engine.unpack import Limits as Limits
from commonhold.refusals import Refused

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
RECORDS = "JSON"
"""Stands for the delimiter of a file that holds records."""

RECORDS_AT_ONCE, SHORTEST_RECORD = 2_000, len("{},")
# The csv module itself gives up on a cell beyond 131,072 characters; a row must end before it can fill the memory.
CELL_LIMIT, ROW_LIMIT, COLUMN_LIMIT = 100_000, 2_000_000, 2_000
# A spreadsheet may end in a million lines of bare delimiters.
BLANK_LIMIT = 2_000_000
SHOWN, NAMED = 80, 40
LARGE = f"A cell has more than {CELL_LIMIT:,} characters. Leave its column out of the export, or the row."
# Control characters, and those that are not seen but change how what stands beside them is.
HALF = re.compile("[\ud800-\udfff]")
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row was left out: the physical line where it starts, the file's own heading, the cell, and what to do."""

    line: int
    column: str
    value: str
    problem: str

    def __str__(self) -> str:
        at = f"Line {self.line}, {self.column}" if self.column else f"Line {self.line}"
        return f"{at}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Table:
    """An examined file whose heading line is understood."""

    file: File
    delimiter: str
    headings: tuple[str, ...]

    def places(self, heading: str) -> list[int]:
        """Where a heading stands; more than one place if it is repeated."""
        return [place for place, found in enumerate(self.headings) if tidy(found) == heading]


@dataclass(frozen=True, slots=True)
class Block:
    """Some good rows, the physical line of each, and the rows beside them that cannot be taken.

    `cells` holds the rows one after another, each of `width` cells; `read` is how many characters of the file have been
    read so far, `shortest` how many a row has at the least.
    """

    lines: Sequence[int]
    cells: list[str]
    width: int
    read: int
    problems: Sequence[Problem] = ()
    is_records: bool = False

    @property
    def shortest(self) -> int:
        # No row is shorter than its delimiters and the end of its line; a record names only what it has.
        return SHORTEST_RECORD if self.is_records else self.width

    def __len__(self) -> int:
        return len(self.lines)

    def column(self, place: int) -> list[str]:
        return self.cells[place :: self.width]


def examine(stream: BinaryIO, wanted: Collection[str] = (), limits: Limits = NO_LIMITS) -> Table:
    """Read the whole stream once, and find the delimiter under which most of the `wanted` headings are there."""
    file = unpack.examine(stream, limits)
    if file.is_json:
        return Table(file, RECORDS, _names(stream, file))
    found = {delimiter: _headings(file.head, delimiter) for delimiter in DELIMITERS}

    def fitness(delimiter: str) -> tuple[int, int]:
        return len(set(wanted) & set(map(tidy, found[delimiter]))), len(found[delimiter])

    headings = found[best := max(found, key=fitness)]
    if len(headings) < 2:
        raise Refused(
            f"No comma, semicolon or tab divides the heading line, which begins '{shown(file.head.lstrip())}'. "
            "Save the table as CSV with its column headings in the first line."
        )
    if len(headings) > COLUMN_LIMIT:
        raise Refused(f"The heading line has {len(headings):,} columns; at most {COLUMN_LIMIT:,} can be read.")
    return Table(file, best, tuple(headings))


def blocks(stream: BinaryIO, table: Table) -> Iterator[Block]:
    """The rows after the heading line, in the file's order, a block at a time."""
    if table.delimiter == RECORDS:
        yield from _records(stream, table)
        return
    lines = _Lines(unpack.texts(stream, table.file))
    reader = csv.reader(lines, delimiter=table.delimiter)
    next(record for record in reader if any(record))
    rows = 0
    while lines.left():
        # Most blocks of most files need no care: they have no quotation mark at all, or no cell runs over its line.
        block = _split(lines, table) if lines.plain() else _line_by_line(lines, table)
        if block is None:
            block = _read(lines, reader, table)
        rows += len(block) + len(block.problems)
        if lines.blank > BLANK_LIMIT:
            raise Refused(f"More than {BLANK_LIMIT:,} lines have no content at all. Export the file again.")
        yield block
    if not rows:
        raise Refused("The file has a heading line but no rows. Add them, or export it again.")


def _names(stream: BinaryIO, file: File) -> tuple[str, ...]:
    """The names that the records of a file have, in the order in which they come."""
    found: dict[str, None] = {}
    for record, _ in records.records(unpack.texts(stream, file)):
        if isinstance(record, dict):
            found.update(dict.fromkeys(record))
        if len(found) > COLUMN_LIMIT:
            raise Refused(f"The records have more than {COLUMN_LIMIT:,} different names, the most that can be read.")
    if not found:
        raise Refused("The file holds no records: perhaps the search that it answers found nothing. Export it again.")
    return tuple(found)


def _records(stream: BinaryIO, table: Table) -> Iterator[Block]:
    numbered = enumerate(records.records(unpack.texts(stream, table.file)), start=1)
    while some := list(islice(numbered, RECORDS_AT_ONCE)):
        lines: list[int] = []
        cells: list[str] = []
        problems: list[Problem] = []
        for number, (record, _) in some:
            if problem := _wrong_with(record, number):
                problems.append(problem)
            elif isinstance(record, dict) and any(record.values()):
                lines.append(number)
                cells += [record.get(heading, "") for heading in table.headings]
        yield Block(lines, cells, len(table.headings), some[-1][1][1], problems, is_records=True)


def _wrong_with(record: records.Record, number: int) -> Problem | None:
    if not isinstance(record, dict):
        return Problem(number, shown(str(record)), "", "The record has two different values under this name.")
    whole = "".join(chain.from_iterable(record.items()))
    if len(whole) > CELL_LIMIT:
        large = next((heading for heading, cell in record.items() if len(cell) > CELL_LIMIT), None)
        if large is not None:
            return Problem(number, shown(large), "", LARGE)
    if not _can_be_kept(whole):
        return Problem(number, "", "", "The record holds a NUL or half a character, which no text can keep.")
    return None


def _can_be_kept(text: str) -> bool:
    if text.isascii():
        return "\0" not in text
    return "\0" not in text and not HALF.search(text)


def tidy(text: str) -> str:
    """A word as it is compared: without blanks around it, in Unicode's composed form, case as it is."""
    text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def shown(value: str) -> str:
    """A cell as a message may show it: short, on one line, without characters that act on a screen."""
    cut = value if len(value) <= SHOWN else value[:SHOWN] + "…"
    return UNSEEN.sub("\N{REPLACEMENT CHARACTER}", cut)


def named(values: Collection[str], most: int = NAMED) -> str:
    """A list of names as a message may show it."""
    names = ", ".join(f"'{shown(value)}'" for value in islice(values, most))
    return names if len(values) <= most else f"{names} and {len(values) - most:,} more"


def ended(sentence: str) -> str:
    """A sentence with its full stop, unless it ends in a question."""
    return sentence if sentence.endswith("?") else f"{sentence}."


def _headings(head: str, delimiter: str) -> list[str]:
    try:
        return next(
            (record for record in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter) if any(record)), []
        )
    except csv.Error:
        return []


class _Lines:
    """The physical lines of a text, which the csv module pulls one by one and a plain block takes all together.

    `taken` holds the lines of the row at hand, for finding out what is wrong with it.
    """

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self._begun = ""
        self._block = ""
        self._lines: list[str] = []
        self._at = 0
        self.number = 0
        self.loaded = 0
        self.blank = 0
        self.ended = False
        self.taken: list[str] = []
        self.spent = 0

    def read(self) -> int:
        """How many characters were given."""
        return self.loaded - sum(map(len, self._lines[self._at :])) - len(self._block)

    def left(self) -> bool:
        return self.in_hand() or bool(self._block) or self._load()

    def in_hand(self) -> bool:
        return self._at < len(self._lines)

    def plain(self) -> bool:
        """Whether what comes next is a whole block in which a line is a row."""
        return not self.in_hand() and '"' not in self._block

    def whole(self) -> list[str]:
        text, self._block = self._block, ""
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        lines = text.removesuffix("\n").split("\n")
        self.number += len(lines)
        return lines

    def ahead(self) -> list[str]:
        """The lines of the block that comes next, with their ends; none if part of it was given already."""
        if self.in_hand():
            return []
        self._lines, self._at, self._block = list(io.StringIO(self._block, newline="")), 0, ""
        return self._lines

    def skip(self) -> None:
        """Count the lines in hand as given."""
        self.number += len(self._lines) - self._at
        self._at = len(self._lines)

    def begin_row(self) -> int:
        self.taken.clear()
        self.spent = 0
        return self.number + 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self.in_hand():
            if not self._block and not self._load():
                self.ended = True
                raise StopIteration
            self.ahead()
        line = self._lines[self._at]
        self._at += 1
        self.number += 1
        self.spent += len(line)
        self.taken.append(line)
        if self.spent > ROW_LIMIT:
            raise csv.Error("row larger than row limit")
        return line

    def _load(self) -> bool:
        for text in self._texts:
            self._begun += text
            end = _end_of_last_line(self._begun)
            if end:
                self._block, self._begun = self._begun[:end], self._begun[end:]
                break
            if len(self._begun) > ROW_LIMIT:
                raise Refused(
                    f"After line {self.number} more than {ROW_LIMIT:,} characters come without the end of a line. "
                    "This is not a table of tickets; export it again as CSV."
                )
        else:
            self._block, self._begun = self._begun, ""
        self.loaded += len(self._block)
        return bool(self._block)


def _end_of_last_line(text: str) -> int:
    # A carriage return at the very end may be the first half of CRLF.
    return max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1


def _split(lines: _Lines, table: Table) -> Block:
    """A block without quotation marks, taken apart all at once where every line is what it should be."""
    first, delimiter, width = lines.number + 1, table.delimiter, len(table.headings)
    whole = lines.whole()
    numbers = range(first, first + len(whole))
    longest = max(map(len, whole))
    if {line.count(delimiter) for line in whole} == {width - 1} and longest <= CELL_LIMIT:
        cells = delimiter.join(whole).split(delimiter)
        if all(cells[::width]):
            return Block(numbers, cells, width, lines.read())
    return _block(numbers, numbers, [line.split(delimiter) for line in whole], longest, lines, table)


def _line_by_line(lines: _Lines, table: Table) -> Block | None:
    """A block in which every line is a row, read all at once; None if it is not so."""
    whole = lines.ahead()
    first = lines.number + 1
    try:
        rows = list(csv.reader(whole, delimiter=table.delimiter))
    except csv.Error:
        return None
    if not whole or len(rows) < len(whole) or _followed(whole[-1:], 0, table.delimiter).opened is not None:
        return None
    lines.skip()
    numbers = range(first, first + len(rows))
    return _block(numbers, numbers, rows, max(map(len, whole)), lines, table)


def _read(lines: _Lines, reader: Iterator[list[str]], table: Table) -> Block:
    """What is left of a block, or a new one, row by row; the last row may reach into the next block."""
    starts: list[int] = []
    ends: list[int] = []
    rows: list[list[str]] = []
    problems: list[Problem] = []
    longest = 0
    loaded = lines.loaded
    while True:
        start = lines.begin_row()
        try:
            row = next(reader)
        except csv.Error:
            problems.append(_too_large(lines, start, table.delimiter))
        else:
            if lines.ended:
                raise _unclosed(_followed(lines.taken, start, table.delimiter))
            starts.append(start)
            ends.append(lines.number)
            rows.append(row)
            longest = max(longest, lines.spent)
        if not lines.in_hand() or lines.loaded > loaded:
            return _block(starts, ends, rows, longest, lines, table, problems)


def _block(
    starts: Sequence[int],
    ends: Sequence[int],
    rows: list[list[str]],
    longest: int,
    lines: _Lines,
    table: Table,
    problems: Sequence[Problem] = (),
) -> Block:
    """Keep the rows that have a cell for each heading; list the others; pass over lines without any content."""
    width = len(table.headings)
    cells = list(chain.from_iterable(rows))
    if set(map(len, rows)) == {width} and all(cells[::width]) and longest <= CELL_LIMIT:
        return Block(starts, cells, width, lines.read(), problems)
    kept: list[int] = []
    cells = []
    found = list(problems)
    for start, end, row in zip(starts, ends, rows, strict=True):
        if not any(row):
            lines.blank += 1
        elif len(row) != width:
            found.append(Problem(start, "", "", _miscounted(len(row), width, start, end, table.delimiter)))
        elif (largest := max(row, key=len)) and len(largest) > CELL_LIMIT:
            found.append(Problem(start, shown(table.headings[row.index(largest)]), "", LARGE))
        else:
            kept.append(start)
            cells += row
    found.sort(key=attrgetter("line"))
    return Block(kept, cells, width, lines.read(), found)


def _miscounted(cells: int, width: int, start: int, end: int, delimiter: str) -> str:
    words = f"The row has {cells:,} {'cell' if cells == 1 else 'cells'} where the heading line has {width:,}."
    if end > start:
        return f"{words} It runs on to line {end}: a quotation mark may be missing or one too many."
    return f"{words} A cell that holds a {DELIMITERS[delimiter]} must stand in quotation marks."


def _too_large(lines: _Lines, start: int, delimiter: str) -> Problem:
    """Pass over the rest of a row that the csv module gave up on, so that no text inside it is taken for rows."""
    quotes = _followed(lines.taken, start, delimiter)
    while quotes.opened and lines.spent <= ROW_LIMIT:
        try:
            quotes.follow(next(lines), lines.number)
        except (StopIteration, csv.Error):
            break
    if quotes.opened:
        raise _unclosed(quotes)
    return Problem(start, "", "", LARGE)


def _followed(lines: Iterable[str], start: int, delimiter: str) -> "_Quotes":
    quotes = _Quotes(delimiter)
    for number, line in enumerate(lines, start):
        quotes.follow(line, number)
    return quotes


def _unclosed(quotes: "_Quotes") -> Refused:
    return Refused(
        f"The quotation mark opened in line {quotes.opened} is not closed, so the rows after it cannot be told apart. "
        "Close it, or double it if it belongs to the text."
    )


class _Quotes:
    """Follows quotation marks as the csv module does, and knows the line in which the open one was opened."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self.opened: int | None = None

    def follow(self, line: str, number: int) -> None:
        at = 0
        while True:
            if self.opened is None:
                if not line.startswith('"', at):
                    at = line.find(self._delimiter, at) + 1
                    if not at:
                        return
                    continue
                self.opened = number
                at += 1
            at = line.find('"', at) + 1
            if not at:
                return
            if line.startswith('"', at):
                at += 1
                continue
            self.opened = None
            at = line.find(self._delimiter, at) + 1
            if not at:
                return
