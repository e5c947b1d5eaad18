"""The reduced file: the columns that the mapping names, in the file's order, cells as they came, people keyed (D1).

UTF-8, LF, comma, quotation marks only where they are needed; its SHA-256 is of these bytes. Reducing it again gives it.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import BinaryIO

NEEDS_QUOTES = re.compile('[,"\\n\\r]')


class Reduction:
    """Writes the reduced file as columns of cells come in, to `out` where there is one, and knows its digest."""

    def __init__(self, headings: Sequence[str], out: BinaryIO | None) -> None:
        self._sha256 = hashlib.sha256()
        self._out = out
        self.write([[heading] for heading in headings])

    def write(self, columns: Sequence[list[str]]) -> None:
        """Add a row for each place in the columns, which are of one length."""
        if not columns[0]:
            return
        text = _joined(columns)
        if not _plain(text, len(columns[0]), len(columns)):
            text = _joined([_quoted(column) for column in columns])
        written = (text + "\n").encode()
        self._sha256.update(written)
        if self._out is not None:
            self._out.write(written)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()


def _joined(columns: Sequence[list[str]]) -> str:
    return "\n".join(map(",".join, zip(*columns, strict=True)))


def _plain(text: str, rows: int, columns: int) -> bool:
    """Whether no cell holds a character that would need quotation marks: there are only those that we put in."""
    commas, newlines = rows * (columns - 1), rows - 1
    return text.count(",") == commas and text.count("\n") == newlines and '"' not in text and "\r" not in text


def _quoted(cells: list[str]) -> list[str]:
    if not NEEDS_QUOTES.search("".join(cells)):
        return cells
    return ['"' + cell.replace('"', '""') + '"' if NEEDS_QUOTES.search(cell) else cell for cell in cells]
