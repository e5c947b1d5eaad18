"""The tables of a document as one workbook (Office Open XML, ECMA-376), written here to the last byte.

It goes out with a digest, so the same tables have to be the same bytes on every machine: nothing in it is compressed,
which differs from one library to the next, nothing bears a date, and no library chooses how XML is spelt.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from commonhold.documents.engine.sheets import Sheet, Value

NONE: Final = (1980, 1, 1, 0, 0, 0)
"""The date of every part: the first that an archive can bear."""
HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
BOLD: Final = 1
PERCENT: Final = 2
WRAPPED: Final = 3
CONTENTS: Final = "Tables in this file"

STYLES: Final = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">'
    '<alignment wrapText="1" vertical="top"/></xf>'
    '<xf numFmtId="10" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
    '<alignment wrapText="1" vertical="top"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(frozen=True, slots=True)
class Taken:
    """One table of a workbook, read again."""

    place: str
    name: str
    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook, read again: what it is about, and its tables by their place in the document."""

    about: Mapping[str, Value]
    tables: Mapping[str, Taken]


def workbook(about: Mapping[str, Value], sheets: Sequence[Sheet]) -> bytes:
    """The workbook: first what it is about and which tables it has, then each table on a sheet of its own."""
    names = ["About", *(sheet.name for sheet in sheets)]
    parts = {
        "[Content_Types].xml": _types(len(names)),
        "_rels/.rels": _related([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _book(names),
        "xl/_rels/workbook.xml.rels": _related(
            [*(("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(names) + 1)), ("styles", "styles.xml")]
        ),
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": _about(about, sheets),
        **{f"xl/worksheets/sheet{at}.xml": _sheet(sheet) for at, sheet in enumerate(sheets, 2)},
    }
    written = BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as archive:
        for name, content in parts.items():
            part = ZipInfo(name, date_time=NONE)
            # The machine that an archive says it was made on.
            part.create_system, part.external_attr = 0, 0o600 << 16
            archive.writestr(part, f"{HEAD}{content}".encode())
    return written.getvalue()


def opened(content: bytes) -> Workbook:
    """A workbook that was written here, read again."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    about, named = _read_about(book["About"].iter_rows(values_only=True))
    tables = {}
    for place, (name, caption) in named.items():
        headings, *rows = (tuple(row) for row in book[name].iter_rows(values_only=True))
        wide = len(headings)
        # Cells without a value at the end of a row are not written.
        full = tuple((*row, *[None] * (wide - len(row))) for row in rows)
        tables[place] = Taken(place, name, caption, tuple(str(heading) for heading in headings), full)
    return Workbook(about, tables)


def _read_about(rows: Iterable[Sequence[Value]]) -> tuple[dict[str, Value], dict[str, tuple[str, str]]]:
    """What the first sheet says, and its tables by place, each with its sheet and its caption."""
    about: dict[str, Value] = {}
    named: dict[str, tuple[str, str]] = {}
    listing = False
    for row in rows:
        first, second, third = (*row, None, None, None)[:3]
        if first == CONTENTS:
            listing = True
        elif listing and third:
            named[str(third)] = str(first), str(second)
        elif first and not listing:
            about[str(first)] = second
    return about, named


def _about(about: Mapping[str, Value], sheets: Sequence[Sheet]) -> str:
    rows: list[list[tuple[Value, int]]] = [[(name, BOLD), (value, WRAPPED)] for name, value in about.items()]
    rows.append([(CONTENTS, BOLD), ("What it is", BOLD), ("Its place in the document", BOLD), ("Note", BOLD)])
    rows += [
        [(sheet.name, WRAPPED), (sheet.caption, WRAPPED), (sheet.place, WRAPPED), (sheet.note or None, WRAPPED)]
        for sheet in sheets
    ]
    return _worksheet(rows, (28, 90, 32, 60), frozen=False)


def _sheet(sheet: Sheet) -> str:
    rows: list[list[tuple[Value, int]]] = [[(heading, BOLD) for heading in sheet.headings]]
    rows += [
        [(value, PERCENT if at in sheet.shares and not isinstance(value, str) else 0) for at, value in enumerate(row)]
        for row in sheet.rows
    ]
    widest = [max((len(str(row[at][0] or "")) for row in rows), default=0) for at in range(len(sheet.headings))]
    return _worksheet(rows, tuple(min(max(wide + 2, 12), 48) for wide in widest), frozen=True)


def _worksheet(rows: list[list[tuple[Value, int]]], widths: tuple[int, ...], *, frozen: bool) -> str:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(widths, 1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' if frozen else ""
    written = "".join(f'<row r="{at}">{"".join(_cells(at, row))}</row>' for at, row in enumerate(rows, 1))
    return (
        f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{written}</sheetData></worksheet>"
    )


def _cells(row: int, values: Sequence[tuple[Value, int]]) -> Iterator[str]:
    for at, (value, style) in enumerate(values):
        where = f'r="{_letters(at)}{row}" s="{style}"'
        if value is None:
            continue
        if isinstance(value, str):
            yield f'<c {where} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        else:
            yield f"<c {where}><v>{value!r}</v></c>"


def _letters(at: int) -> str:
    found = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        found = chr(65 + rest) + found
    return found


def _types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{kind}.worksheet+xml"/>'
        for at in range(1, sheets + 1)
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>{parts}</Types>'
    )


def _related(parts: Iterable[tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="rId{at}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(parts, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def _book(names: Sequence[str]) -> str:
    inside = "".join(
        f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(names, 1)
    )
    return f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{inside}</sheets></workbook>'
