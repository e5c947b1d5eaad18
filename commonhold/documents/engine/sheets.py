"""The tables of a document as sheets: what each cell prints taken apart into values, so that nothing is typed again."""

from collections.abc import Iterator
from dataclasses import dataclass
from re import ASCII
from re import compile as pattern
from typing import Final

from commonhold.documents.engine.charts import Bars, Chart
from commonhold.documents.engine.document import Document
from commonhold.documents.engine.tables import Cell, Table
from commonhold.documents.engine.words import printable

Value = str | int | float | None

NUMBER: Final = pattern(r"[-\N{MINUS SIGN}]?\d{1,3}(,\d{3})*(\.\d+)?", ASCII)
PERCENT: Final = pattern(r"(\d+(\.\d+)?)%", ASCII)
SHARE: Final = "share"
TICKETS: Final = "tickets"
DASHES: Final = ("\N{EN DASH}", "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table under the number that the document gives it, with the place that links to it lead to.

    A share is from 0 to 1; where a value has counts behind it, they stand in columns of their own, and where rows are
    of other units than tickets a last column says of which.
    """

    place: str
    name: str
    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    shares: frozenset[int]
    """The columns that hold shares."""
    note: str = ""


def sheets(document: Document) -> list[Sheet]:
    """Every table of a document and every chart's, in their order."""
    return list(_sheets(document))


def place_of(block: Table | Chart | Bars) -> str:
    """The name that a table, or a chart's table, is asked for by; empty where it has none."""
    if isinstance(block, Bars):
        return ""
    return (block.id or (block.table.id if isinstance(block, Chart) else "")) or ""


def _sheets(document: Document) -> Iterator[Sheet]:
    for block, number in document.numbered():
        if isinstance(block, Table | Chart) and (place := place_of(block)):
            table = block if isinstance(block, Table) else block.table
            note = " ".join(filter(None, (table.note, block.note if isinstance(block, Chart) else "")))
            yield _sheet(table, place, number, note)


def _sheet(table: Table, place: str, number: str, note: str) -> Sheet:
    rows = [*table.cells(), *([table.totals()] if table.total else [])]
    headings: list[str] = []
    columns: list[list[Value]] = []
    shares = set()
    for at, column in enumerate(table.columns):
        cells = [row[at] for row in rows]
        typed = [_value(cell, is_number=column.kind == "number") for cell in cells]
        if any(_is_share(cell) for cell in cells):
            shares.add(len(columns))
        headings.append(column.heading)
        columns.append(typed)
        if any(cell.exact and None not in (cell.exact.numerator, cell.exact.denominator) for cell in cells):
            headings += [f"{column.heading}: counted", f"{column.heading}: of"]
            behind = [cell.exact if cell.exact and cell.exact.denominator is not None else None for cell in cells]
            columns.append([exact.numerator if exact else None for exact in behind])
            columns.append([exact.denominator if exact else None for exact in behind])
    units = [next((cell.exact.unit for cell in row if cell.exact), None) for row in rows]
    if set(units) - {None, TICKETS}:
        headings.append("Unit")
        columns.append(list(units))
    return Sheet(
        place=place,
        name=number,
        caption=printable(table.caption),
        headings=tuple(map(printable, headings)),
        rows=tuple(zip(*columns, strict=True)),
        shares=frozenset(shares),
        note=printable(note),
    )


def _value(cell: Cell, *, is_number: bool) -> Value:
    if cell.exact is not None and cell.exact.value is not None:
        return cell.exact.value
    text = printable(cell.text)
    if text in DASHES:
        return None
    if is_number and NUMBER.fullmatch(text):
        plain = text.replace(",", "").replace("\N{MINUS SIGN}", "-")
        return float(plain) if "." in plain else int(plain)
    if is_number and (found := PERCENT.fullmatch(text)):
        return float(found[1]) / 100
    return text


def _is_share(cell: Cell) -> bool:
    if cell.exact is not None:
        return cell.exact.unit == SHARE
    return bool(PERCENT.fullmatch(cell.text))
