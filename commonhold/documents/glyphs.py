"""The packaged typeface (Source Sans Pro 3.006, SIL Open Font License), and which characters it can draw.

PDF/UA forbids a character that is not drawn, so one that the typeface lacks is written as its number.
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent / "fonts"


def drawable(text: str) -> str:
    """The text with each character that the typeface lacks written as its number; what draws nothing is left out."""
    known = characters()
    return text if known.issuperset(map(ord, text)) else "".join(_drawable(c, known) for c in text)


@cache
def characters() -> frozenset[int]:
    """The code points that every weight of the typeface draws; those that only steer a text are not among them."""
    mapped = (frozenset(_mapped(path.read_bytes())) for path in sorted(FOLDER.glob("*.ttf")))
    return frozenset(code for code in frozenset.intersection(*mapped) if unicodedata.category(chr(code)) != "Cf")


def _drawable(character: str, known: frozenset[int]) -> str:
    if ord(character) in known:
        return character
    unseen = unicodedata.category(character) == "Cf" or "VARIATION SELECTOR" in unicodedata.name(character, "")
    return "" if unseen else f"[U+{ord(character):04X}]"


def _mapped(font: bytes) -> Iterator[int]:
    """The code points of a font's character map (the OpenType table `cmap`, format 12)."""
    tables = {font[at : at + 4]: struct.unpack(">I", font[at + 8 : at + 12])[0] for at in _records(font, 4, 12, 16)}
    start: int = tables[b"cmap"]
    for at in _records(font, start + 2, start + 4, 8):
        subtable = start + struct.unpack(">I", font[at + 4 : at + 8])[0]
        if font[subtable : subtable + 2] == b"\x00\x0c":
            (groups,) = struct.unpack(">I", font[subtable + 12 : subtable + 16])
            for group in range(groups):
                first, last, _ = struct.unpack(">III", font[subtable + 16 + 12 * group : subtable + 28 + 12 * group])
                yield from range(first, last + 1)


def _records(font: bytes, count_at: int, first: int, size: int) -> range:
    (count,) = struct.unpack(">H", font[count_at : count_at + 2])
    return range(first, first + count * size, size)
