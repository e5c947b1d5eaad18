"""Words of a document: text that is always taken literally, and the addresses that it may lead to."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

ADDRESS: Final = re.compile(r"[!#-;=?-\[\]_a-z~]+")
"""ASCII without space, quotes, angle brackets, backslash, caret, grave accent, braces and bar (RFC 3986)."""

OUTSIDE: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?([/?#]|$)")

ID: Final = re.compile(r"[a-z][a-z0-9-]*")

TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that make other text read in another order than it is written."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text, set strongly or not, that may lead to an address."""

    text: str
    strong: bool = False
    address: str | None = None

    def __post_init__(self) -> None:
        if self.address is not None:
            check_address(self.address)


Words = str | Run | tuple["str | Run", ...]
"""What a paragraph, an item of a list or a definition says: text, a run, or several of them."""


def runs(words: Words) -> tuple[Run, ...]:
    if isinstance(words, tuple):
        return tuple(Run(part) if isinstance(part, str) else part for part in words)
    return (Run(words),) if isinstance(words, str) else (words,)


def plain(words: Words) -> str:
    return "".join(run.text for run in runs(words))


def needed(**fields: str) -> None:
    """Refuse a part of a document that leaves out what a reader needs."""
    for name, text in fields.items():
        if not printable(text).strip():
            raise ValueError(f"{name.replace('_', ' ').capitalize()} is missing.")


def printable(text: str) -> str:
    """The text as a page can hold it: every kind of white space a space, what no page may hold U+FFFD."""
    return "".join(_printable(character) for character in text) if not text.isprintable() else text


def check_id(name: str) -> None:
    if not ID.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a place: small letters, digits and hyphens, a letter first.")


def check_address(address: str) -> None:
    """Refuse an address that is not http(s), not within the site and not a place in the document."""
    path, _, _ = address.partition("?")
    inside = not address.startswith("//") and ":" not in path.split("/")[0]
    if address.startswith("#"):
        check_id(address[1:])
    elif not ADDRESS.fullmatch(address) or not (inside or OUTSIDE.match(address)):
        raise ValueError(f"{address!r} is no address that a document may lead to.")


def _printable(character: str) -> str:
    kind = unicodedata.category(character)
    if character in "\t\n\r\v\f\x85" or kind in ("Zl", "Zp"):
        return " "
    noncharacter = (ord(character) & 0xFFFE) == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    return "\ufffd" if kind in ("Cc", "Cs") or noncharacter or character in TURNING else character
