"""From hostile bytes to text: what a file really is, unpacked while streaming, in one encoding from end to end.

A first pass over the whole file settles its digest, encoding and soundness, so that nothing is taken from a file which
turns out broken at its end. Only pieces are ever in memory.
"""

import codecs
import hashlib
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from commonhold.refusals import Refused

PIECE = 1 << 16
HEAD = 1 << 20

GROWTH = 200
# A bomb must stop early, yet a dense opening is no bomb: below this size only the file as a whole is judged.
JUDGED_FROM = 1 << 24
# bgzip packs 64 kB to a part; a part of a few bytes serves only to exhaust the reader.
FEW_PARTS, LEAST_PART = 100, 1000

GZIP = b"\x1f\x8b"
AS_CSV = "Open it in the program it came from and choose Save as, CSV."
ASK = "Ask the desk for the same report as CSV."
REPACK = "Unpack it, or pack it with gzip."
OTHER_FORMATS = (
    (b"PK\x03\x04", "an Excel workbook or a zip file", AS_CSV),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook", AS_CSV),
    (b"%PDF-", "a PDF", ASK),
    (b"{\\rtf", "a word-processed document", ASK),
    (b"SQLite format 3\x00", "a database", ASK),
    (b"PAR1", "a Parquet file", ASK),
    (b"\x89PNG", "a picture", ASK),
    (b"\xff\xd8\xff", "a picture", ASK),
    (b"BZh", "packed with bzip2", REPACK),
    (b"\xfd7zXZ\x00", "packed with xz", REPACK),
    (b"7z\xbc\xaf\x27\x1c", "packed with 7-Zip", REPACK),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", REPACK),
)
HTML = re.compile(rb"\s*<(?:!doctype|!--|\?xml|html|head|body|table|div|script)\b", re.IGNORECASE)
JSON = re.compile(r'\s*(?:\{\s*["}]|\[\s*[\[{\]])')
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")

Tally = Callable[[bytes], object]


@dataclass(frozen=True)
class Limits:
    """The most bytes that an upload may have, as it comes and unpacked; None is no limit."""

    size: int | None = None
    unpacked: int | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True)
class File:
    """What the first pass found: the digest of the bytes as they came, how many they are, and how to read them."""

    sha256: str
    size: int
    unpacked: int
    encoding: str
    head: str
    warnings: tuple[str, ...]

    @property
    def is_json(self) -> bool:
        return JSON.match(self.head) is not None


def examine(stream: BinaryIO, limits: Limits = NO_LIMITS) -> File:
    """Read the stream once from its start and say what it is, or refuse it in plain words."""
    original = hashlib.sha256()
    size = unpacked = 0
    head = bytearray()
    encoding = _Encoding()

    def tally(came: bytes) -> None:
        nonlocal size
        size += len(came)
        original.update(came)
        if limits.size is not None and size > limits.size:
            raise Refused(f"The file is larger than {_megabytes(limits.size)}, the most that can be taken here.")

    for piece in pieces(stream, tally):
        if not unpacked:
            _refuse_other_formats(piece)
        nul = piece.find(0)
        if nul >= 0:
            raise _nul(stream, piece, unpacked + nul)
        encoding.follow(piece, unpacked)
        unpacked += len(piece)
        if limits.unpacked is not None and unpacked > limits.unpacked:
            raise Refused(f"Unpacked, the file passes {_megabytes(limits.unpacked)}, the most that can be taken here.")
        head += piece[: HEAD - len(head)]
    marked = head.startswith(codecs.BOM_UTF8)
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise Refused("The file is empty. Fill it, or export it again.")
    name, warnings = encoding.settle(stream, unpacked, marked=marked)
    opening = codecs.getincrementaldecoder(name)().decode(bytes(head))
    return File(original.hexdigest(), size, unpacked, name, opening, warnings)


def texts(stream: BinaryIO, file: File) -> Iterator[str]:
    """An examined stream again from its start, as text, a piece at a time; refused if it is no longer what it was."""
    decoder = codecs.getincrementaldecoder(file.encoding)()
    original = hashlib.sha256()
    try:
        for piece in pieces(stream, original.update):
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise _changed() from None
    if original.hexdigest() != file.sha256:
        raise _changed()


def pieces(stream: BinaryIO, tally: Tally | None = None) -> Iterator[bytes]:
    """The stream from its start, unpacked where it is gzip; `tally` is shown the bytes as they came."""
    stream.seek(0)
    came = _chunks(stream, tally)
    first = next(came, b"")
    if first.startswith(GZIP):
        return _inflated(chain((first,), came))
    return chain((first,), came)


def _chunks(stream: BinaryIO, tally: Tally | None) -> Iterator[bytes]:
    while chunk := _read(stream):
        if tally is not None:
            tally(chunk)
        yield chunk


def _read(stream: BinaryIO) -> bytes:
    """As much as a piece, however little the stream gives at a time: what a file is shows in its first bytes."""
    chunk = stream.read(PIECE)
    while 0 < len(chunk) < PIECE and (more := stream.read(PIECE - len(chunk))):
        chunk += more
    return chunk


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack gzip, one part after another, watching how much comes out of how little."""
    came = given = parts = 0
    part = zlib.decompressobj(wbits=31)
    for chunk in packed:
        came += len(chunk)
        left = chunk
        while left:
            if part.eof:
                left = left.lstrip(b"\0")  # padding between and after parts
                if not left:
                    break
                parts += 1
                if parts > FEW_PARTS and given < parts * LEAST_PART:
                    raise Refused("The gzip file is made of very many tiny parts. Unpack it and pack it again.")
                part = zlib.decompressobj(wbits=31)
            piece = _inflate(part, left)
            left = part.unused_data if part.eof else part.unconsumed_tail
            given += len(piece)
            if given > JUDGED_FROM and given > GROWTH * (came - len(left)):
                raise _bomb()
            yield piece
    while not part.eof and (piece := _inflate(part, b"")):
        given += len(piece)
        yield piece
    if not part.eof:
        raise Refused("The gzip file is cut short. Copy or export it again.")
    if given > GROWTH * came:
        raise _bomb()


def _inflate(part: "zlib._Decompress", packed: bytes) -> bytes:
    try:
        return part.decompress(packed, PIECE)
    except zlib.error:
        raise Refused("The gzip file is damaged and cannot be unpacked. Copy or export it again.") from None


def _bomb() -> Refused:
    return Refused(
        f"Unpacked, the file grows more than {GROWTH}-fold, which no ticket export does. Unpack it and give the CSV."
    )


class _Encoding:
    """UTF-8 if the whole file is, else Windows-1252 if the whole file can be; nothing is ever replaced."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._waiting = 0
        self._not_utf8: int | None = None
        self._not_cp1252: int | None = None

    def follow(self, piece: bytes, offset: int) -> None:
        if piece.isascii() and not self._waiting:
            return
        if self._not_cp1252 is None and (found := NOT_CP1252.search(piece)):
            self._not_cp1252 = offset + found.start()
        if self._not_utf8 is None:
            self._decode(piece, offset)

    def _decode(self, piece: bytes, offset: int, *, final: bool = False) -> None:
        try:
            self._decoder.decode(piece, final)
        except UnicodeDecodeError as error:
            self._not_utf8 = offset - self._waiting + error.start
            self._waiting = 0
        else:
            self._waiting = len(self._decoder.getstate()[0])

    def settle(self, stream: BinaryIO, size: int, *, marked: bool) -> tuple[str, tuple[str, ...]]:
        if self._not_utf8 is None:
            self._decode(b"", size, final=True)
        if self._not_utf8 is None:
            return ("utf-8-sig" if marked else "utf-8"), ()
        line = _line_at(stream, self._not_utf8)
        if marked:
            raise Refused(f"The file says that it is UTF-8, but line {line} is not. Save it again as CSV UTF-8.")
        if self._not_cp1252 is not None:
            raise Refused(
                f"The file is neither UTF-8 (line {line} is not) nor Windows-1252 "
                f"(line {_line_at(stream, self._not_cp1252)} is not). Save it again as CSV UTF-8."
            )
        warning = f"The file is not UTF-8 (line {line} is not), so all of it was read as Windows-1252."
        return "cp1252", (f"{warning} If names look wrong, save it again as CSV UTF-8.",)


def _refuse_other_formats(start: bytes) -> None:
    for mark, what, remedy in OTHER_FORMATS:
        if start.startswith(mark):
            raise Refused(f"This is {what}, not CSV. {remedy}")
    if start.startswith(GZIP):
        raise Refused("This is packed with gzip twice. Unpack it once.")
    if start.startswith(UTF_16_MARKS):
        raise _utf_16()
    if HTML.match(start):
        raise Refused(f"This is a web page or XML, not CSV; perhaps a sign-in page was saved. {ASK}")


def _changed() -> Refused:
    return Refused("The file changed while it was being read. Give it again.")


def _nul(stream: BinaryIO, piece: bytes, offset: int) -> Refused:
    if piece[:1000].count(0) * 3 >= len(piece[:1000]):
        return _utf_16()
    line = _line_at(stream, offset)
    return Refused(f"Line {line} holds a NUL byte, which no CSV file has. The file may be damaged: export it again.")


def _utf_16() -> Refused:
    return Refused("The file is UTF-16, which some programs call Unicode text. Save it again as CSV UTF-8.")


def _line_at(stream: BinaryIO, offset: int) -> int:
    """The physical line, counted from 1, that holds the byte at this offset of the unpacked file."""
    line, after_return = 1, False
    for piece in pieces(stream):
        part = piece[:offset]
        line += part.count(b"\n") + part.count(b"\r") - part.count(b"\r\n") - (after_return and part.startswith(b"\n"))
        after_return = part.endswith(b"\r")
        offset -= len(part)
        if not offset:
            break
    return line


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB"
