"""A table to take away, as CSV or as a spreadsheet. Text that a spreadsheet would run as a formula is made plain text;
numbers and dates stay what they are.
"""

import csv
import math
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, Final, Literal, Protocol, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.utils.text import slugify

from commonhold.figures import rounded
from commonhold.govuk.formats import in_london
from commonhold.refusals import Refused

Cell: TypeAlias = str | int | float | Decimal | Fraction | date | datetime | bool | None
Kind: TypeAlias = Literal["csv", "xlsx"]

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
BEGINNINGS: Final = frozenset(FORMULA)
UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MOST_ROWS: Final = 1_048_576
MOST_DIGITS: Final = 15
PIECE: Final = 2**15
"""Characters that are sent at once."""
WRITTEN: Final = datetime(2000, 1, 1)  # noqa: DTZ001  # an archive knows no time zones
"""What every spreadsheet says of when it was written."""
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Says(Protocol):
    """A column that says what is in it."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def says(self) -> str: ...


def download(
    kind: str,
    name: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    about: Mapping[str, Cell] | None = None,
    columns: Iterable[Says] = (),
) -> StreamingHttpResponse | FileResponse:
    """Answer the table as a file of that kind. `about` says what it is - definition, period, scope, as of, known at,
    who may see it, its address - and is the first sheet of a spreadsheet, with what its columns say where they do.
    """
    if kind == "csv":
        written = in_pieces(csv_lines(headings, rows))
        # A generator: rows are read while they are sent, so a hundred thousand of them need no room here.
        response: StreamingHttpResponse = StreamingHttpResponse(written, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{safe_name(name)}.csv"'
        return response
    if kind == "xlsx":
        book = spreadsheet(headings, rows, about or {}, columns)
        return FileResponse(book, as_attachment=True, filename=f"{safe_name(name)}.xlsx", content_type=XLSX)
    raise Http404(f"There is no table of the kind {kind!r}; there are csv and xlsx.")


def in_pieces(lines: Iterable[str]) -> Iterator[str]:
    """Lines joined to pieces of some size: each that is sent costs the server a turn."""
    kept: list[str] = []
    length = 0
    for line in lines:
        kept.append(line)
        length += len(line)
        if length >= PIECE:
            yield "".join(kept)
            kept, length = [], 0
    if kept:
        yield "".join(kept)


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """RFC 4180 in UTF-8, with the mark that Excel needs to see that it is. Text is always quoted."""
    lines = _Lines()
    writer = csv.writer(lines, quoting=csv.QUOTE_NONNUMERIC)
    yield "\ufeff" + writer.writerow([neutral(heading) for heading in headings])
    for row in rows:
        yield writer.writerow([_for_csv(cell) for cell in row])


def spreadsheet(
    headings: Sequence[str], rows: Iterable[Sequence[Cell]], about: Mapping[str, Cell], columns: Iterable[Says] = ()
) -> IO[bytes]:
    """A workbook with two sheets, what it is about and the table; written row by row.

    The same table is the same bytes: no part of it bears the time at which it was written.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.packaging.core import DocumentProperties
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook(write_only=True)
    first, sheet = book.create_sheet("About"), book.create_sheet("Table")
    first.column_dimensions["A"].width, first.column_dimensions["B"].width = 28, 90
    for key, value in about.items():
        first.append([neutral(key), _for_sheet(value)])
    for column in columns:
        unit = f", in {column.unit}" if column.unit else ""
        first.append([f"Column {column.name}", f"{column.says} ({column.type}{unit})"])
    sheet.freeze_panes = "A2"
    bold = []
    for at, heading in enumerate(headings, 1):
        sheet.column_dimensions[get_column_letter(at)].width = min(max(len(heading) + 4, 14), 60)
        bold.append(WriteOnlyCell(sheet, value=neutral(heading)))
        bold[-1].font = Font(bold=True)
    sheet.append(bold)
    try:
        for at, row in enumerate(rows, 2):
            if at > MOST_ROWS:
                raise Refused(f"A spreadsheet holds {MOST_ROWS:,} rows and this table has more. Take it as CSV.")
            sheet.append([_for_sheet(cell) for cell in row])
    except Exception:
        for begun in (first, sheet):
            begun.close()
        raise
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    book.properties = DocumentProperties(creator="Commonhold", created=WRITTEN, modified=WRITTEN)
    ExcelWriter(book, _Undated(file, "w", ZIP_DEFLATED)).save()
    file.seek(0)
    return file


class _Undated(ZipFile):
    """An archive each of whose parts bears the same date."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *given: Any, **named: Any) -> None:
        super().writestr(_part(zinfo_or_arcname), data)

    def write(self, filename: Any, arcname: Any = None, *given: Any, **named: Any) -> None:
        part = _part(arcname)
        # Told beforehand, so that one of more than two gigabytes is written as such.
        part.file_size = Path(filename).stat().st_size
        with Path(filename).open("rb") as file, self.open(part, "w") as written:
            shutil.copyfileobj(file, written)


def _part(name: str) -> ZipInfo:
    part = ZipInfo(name, date_time=WRITTEN.timetuple()[:6])
    part.compress_type = ZIP_DEFLATED
    return part


def neutral(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before what could begin one."""
    # Most text is plain, and there may be a million cells of it.
    if text[:1] not in BEGINNINGS and text.isprintable():
        return text
    written = UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return f"'{written}" if written.startswith(FORMULA) else written


def safe_name(name: str) -> str:
    """Letters, digits and hyphens: a name for a file on any machine."""
    return slugify(name)[:100].strip("-") or "table"


class _Lines:
    """What csv writes to: it hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _for_csv(cell: Cell) -> Any:
    if cell is None:
        return ""
    known = OF_A_TYPE.get(type(cell))
    return known(cell) if known else _of_any_type(cell)


def _of_any_type(cell: Cell) -> Any:
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case str():
            return neutral(cell)
        case datetime():
            return in_london(cell).isoformat()
        case date():
            return cell.isoformat()
        case Decimal() | Fraction():
            return _Plain(_decimal(cell))
        case float() if not math.isfinite(cell):
            return ""
        case _:
            return cell


OF_A_TYPE: Final[Mapping[type, Callable[[Any], Any]]] = {
    str: neutral,
    int: int,
    bool: lambda cell: "TRUE" if cell else "FALSE",
    datetime: lambda cell: in_london(cell).isoformat(),
}
"""How cells of the commonest types are written: looked up, where there may be a million."""


def _for_sheet(cell: Cell) -> Any:
    match cell:
        case str():
            return neutral(cell)
        case datetime():
            # Sheets know no time zones: the hour is London's.
            return in_london(cell).replace(tzinfo=None)
        case Fraction():
            return _decimal(cell)
        case int() if not isinstance(cell, bool) and abs(cell) >= 10**MOST_DIGITS:
            return str(cell)
        case float() if not math.isfinite(cell):
            return None
        case _:
            return cell


def _decimal(value: Decimal | Fraction) -> Decimal:
    return value if isinstance(value, Decimal) else rounded(value, 0 if value.denominator == 1 else 6)


class _Plain(Decimal):
    """A decimal that is written out, never with an exponent."""

    def __str__(self) -> str:
        return f"{self:f}"
