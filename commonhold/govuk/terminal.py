"""A table on the terminal: in columns for people, as CSV or as JSON for programs."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from commonhold.govuk.formats import in_london
from commonhold.govuk.tables import UNWRITABLE, Cell, csv_lines

TABLE: Final = "table"
FORMATS: Final = (TABLE, "csv", "json")
WIDEST: Final = 40
"""Characters of a cell that stand in a column; more are cut off, and are whole in the other two formats."""


def lines(kind: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The table, line by line. The keys of a JSON document are the headings in small letters with underlines."""
    if kind == "csv":
        yield from (line.lstrip("\ufeff").rstrip("\r\n") for line in csv_lines(headings, rows))
    elif kind == "json":
        keys = [re.sub(r"[^a-z0-9]+", "_", heading.lower().replace("'", "")).strip("_") for heading in headings]
        found = [dict(zip(keys, map(_for_json, row), strict=True)) for row in rows]
        yield json.dumps(found, ensure_ascii=False, indent=1)
    else:
        yield from _in_columns([list(headings), *([_in_words(cell) for cell in row] for row in rows)])


def _in_columns(table: Sequence[Sequence[str]]) -> Iterator[str]:
    shown = [[cell if len(cell) <= WIDEST else f"{cell[: WIDEST - 1]}…" for cell in row] for row in table]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _in_words(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return f"{in_london(cell):%Y-%m-%d %H:%M}"
    # What a terminal would obey instead of print is no part of any word.
    return UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", " ".join(str(cell).split()))


def _for_json(cell: Cell) -> Any:
    return (
        cell
        if cell is None or isinstance(cell, (bool, int, str))
        else cell.isoformat()
        if isinstance(cell, datetime)
        else str(cell)
    )
