"""Names the rows of tables in a tagged PDF. typst tags the header row; the first cell of each row stays a data cell.

PDF/UA-1 (7.5) asks that row headers be tagged as what they are. typst 0.15 writes its objects plainly, one after the
other, so the cells of the first column are retagged and the table of offsets is written anew.
"""

import re
from typing import Final

FIRST_CELL: Final = re.compile(rb"/S/TD(/P \d+ 0 R)/A\[<</O/Table/Headers\[\(U\d+x0y\d+\)\]")
OTHER_CELL: Final = re.compile(rb"(/S/TD/P \d+ 0 R/A\[<</O/Table)/Headers\[[^\]]*\]")
OFFSET: Final = re.compile(rb"(\d{10})( \d{5} n)")
END: Final = re.compile(
    rb"xref\n0 (?P<count>\d+)\n(?P<offsets>(?:\d{10} \d{5} [nf] ?\r?\n)+)trailer(?P<trailer>.*?)startxref\n\d+\n%%EOF",
    re.DOTALL,
)


def name_rows(pdf: bytes) -> bytes:
    """The same file with the first cell of every row of a table as the header of that row."""
    end = END.search(pdf)
    if end is None:
        raise ValueError("This PDF is not laid out as typst 0.15 lays it out.")
    starts = sorted(int(offset[1]) for offset in OFFSET.finditer(end["offsets"]))
    written = bytearray(pdf[: starts[0]])
    moved: dict[int, int] = {}
    for start, stop in zip(starts, [*starts[1:], end.start()], strict=True):
        moved[start] = len(written)
        written += _retagged(pdf[start:stop])
    offsets = OFFSET.sub(lambda offset: b"%010d%b" % (moved[int(offset[1])], offset[2]), end["offsets"])
    table = b"xref\n0 %b\n%btrailer%b" % (end["count"], offsets, end["trailer"])
    return bytes(written) + table + b"startxref\n%d\n%%%%EOF" % len(written)


def _retagged(piece: bytes) -> bytes:
    """An object, a cell among them: the header of its row, or found by its row's and column's headers (their scope)."""
    if b"<</Type/StructElem" not in piece[:40]:
        return piece
    return OTHER_CELL.sub(rb"\1", FIRST_CELL.sub(rb"/S/TH\1/A[<</O/Table/Scope/Row", piece))
