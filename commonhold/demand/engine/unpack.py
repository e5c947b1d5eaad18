"""From hostile bytes to text: what the file really is, unpacked while streaming, in one encoding from end to end.

A first pass over the whole file settles its digests, encoding and soundness, so nothing is taken from a file that turns out broken at its end.
"""

import codecs
import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from commonhold.refusals import Refused

PIECE = 1 << 17
HEAD = 1 << 20
# A bomb must stop early and a dense opening must not be taken for one: below this size only the whole file is judged.
GROWTH, GROWTH_COUNTED_FROM = 200, 1 << 24

GZIP = b"\x1f\x8b"
SAVE_AS_CSV = "Open it in the program it came from and choose Save as, CSV (comma delimited)."
NOT_TABLES = (
    (b"PK\x03\x04", "an Excel workbook or a zip file", SAVE_AS_CSV),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook", SAVE_AS_CSV),
    (b"%PDF-", "a PDF", "Ask the desk for the same report as CSV."),
    (b"{\\rtf", "a word-processed document", "Ask the desk for the same report as CSV."),
    (b"SQLite format 3\x00", "a database", "Ask the desk for the same report as CSV."),
    (b"PAR1", "a Parquet file", "Ask the desk for the same report as CSV."),
    (b"BZh", "packed with bzip2", "Unpack it, or pack it with gzip."),
    (b"\xfd7zXZ\x00", "packed with xz", "Unpack it, or pack it with gzip."),
    (b"7z\xbc\xaf\x27\x1c", "packed with 7-Zip", "Unpack it, or pack it with gzip."),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", "Unpack it, or pack it with gzip."),
    (b"\x89PNG", "a picture", "Ask the desk for the same report as CSV."),
    (b"\xff\xd8\xff", "a picture", "Ask the desk for the same report as CSV."),
)
HTML = re.compile(rb"\s*<(?:!doctype|!--|\?xml|html|head|body|table|div|script)\b", re.IGNORECASE)
JSON = re.compile(rb'\s*(?:\{\s*["}]|\[\s*[\[{\]])')
UTF_16_OR_32 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
NOT_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True)
class Limits:
    """The most bytes an upload may have, as it comes and unpacked; None: no limit."""

    size: int | None = None
    unpacked: int | None = None


@dataclass(frozen=True)
class File:
    """What the first pass found: the digest of the bytes as they came, how large they are, and how to read them."""

    sha256: str
    size: int
    unpacked: int
    encoding: str
    head: str
    warnings: tuple[str, ...] = ()


def examine(stream: BinaryIO, limits: Limits | None = None) -> File:
    """Read the whole stream once and say what it is, or refuse it; the stream must be able to go back to its start."""
    limits = limits or Limits()
    first = _first_piece(stream)
    _refuse_other_formats(first)
    original = hashlib.sha256()
    encoding = _Encoding()
    head, size, unpacked = bytearray(), 0, 0

    def tally(came: bytes) -> None:
        nonlocal size
        size += len(came)
        original.update(came)
        if limits.size is not None and size > limits.size:
            raise Refused(f"The file is larger than {_megabytes(limits.size)}, the most that can be uploaded.")

    for piece in pieces(stream, tally):
        if not unpacked:
            _refuse_other_formats(piece, packed=first.startswith(GZIP))
        nul = piece.find(0)
        if nul >= 0:
            _refuse_nul(stream, unpacked + nul, piece)
        encoding.follow(piece, unpacked)
        unpacked += len(piece)
        if limits.unpacked is not None and unpacked > limits.unpacked:
            raise Refused(f"Unpacked, the file is larger than {_megabytes(limits.unpacked)}, the most that can be uploaded.")
        if len(head) < HEAD:
            head += piece[: HEAD - len(head)]
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise Refused("The file is empty. Export it from the desk again.")
    name, warnings = encoding.settle(stream, unpacked, with_mark=head.startswith(codecs.BOM_UTF8))
    opening = codecs.getincrementaldecoder(name)().decode(bytes(head))
    return File(original.hexdigest(), size, unpacked, name, opening, warnings)


def texts(stream: BinaryIO, encoding: str) -> Iterator[str]:
    """The examined stream again from its start, as text, a piece at a time."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in pieces(stream):
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise Refused("The file changed while it was being read. Give it again.") from None


def pieces(stream: BinaryIO, tally: "Tally | None" = None) -> Iterator[bytes]:
    """The stream from its start, unpacked if it is gzip, never more than a piece in memory; `tally` sees the bytes as they came."""
    stream.seek(0)
    came = _chunks(stream, tally)
    first = next(came, b"")
    if first.startswith(GZIP):
        yield from _inflated(first, came)
    else:
        yield first
        yield from came


def _first_piece(stream: BinaryIO) -> bytes:
    stream.seek(0)
    return stream.read(512)
