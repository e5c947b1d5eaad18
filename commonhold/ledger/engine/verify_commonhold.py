"""Check an exported record of Commonhold offline, with Python's standard library alone.

Usage: python verify_commonhold.py EXPORT.zip [--checkpoint FILE]... [--json]

Hashes follow RFC 6962 (leaf = SHA-256(00 || entry), node = SHA-256(01 || left || right)); an entry's bytes follow
RFC 8785. Everything is computed again from the stored values, never taken from stored hashes.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

LARGEST_WHOLE_NUMBER = 2**53 - 1
"""Beyond this RFC 8785's numbers are no longer exact; money and measures travel as text."""

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile(r'["\\\x00-\x1f]')


def canonical(value: Any) -> bytes:
    """The one byte form of a JSON value without fractions (RFC 8785): sorted keys, no spaces, UTF-8.

    Raises ValueError for a fraction, a whole number beyond 2**53 - 1 or text that is not Unicode.
    """
    return _text(value).encode()


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        if abs(value) > LARGEST_WHOLE_NUMBER:
            raise ValueError(f"{value} is too large for a canonical number; write it as text.")
        return str(value)
    if isinstance(value, str):
        return f'"{_TO_ESCAPE.sub(_escaped, value)}"'
    if isinstance(value, (list, tuple)):
        return f"[{','.join(map(_text, value))}]"
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("The keys of a canonical object are text.")
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_text(key)}:{_text(value[key])}" for key in keys) + "}"
    raise ValueError(f"{type(value).__name__} has no canonical form here; write fractions as text.")


def _escaped(match: "re.Match[str]") -> str:
    character = match.group()
    return _ESCAPES.get(character) or f"\\u{ord(character):04x}"


def hash_of_leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def hash_of_nodes(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of_edge(edge: Iterable[bytes]) -> bytes:
    """The root over an open edge, largest subtree first; of an empty log, the hash of nothing (RFC 6962, 2.1)."""
    subtrees = list(edge)
    if not subtrees:
        return hashlib.sha256(b"").digest()
    digest = subtrees.pop()
    while subtrees:
        digest = hash_of_nodes(subtrees.pop(), digest)
    return digest


def salted_digest(salt: str, value: Any) -> str:
    """What an entry holds of a value that it does not show: SHA-256 over a salt of its own and the canonical value."""
    return hashlib.sha256(bytes.fromhex(salt) + canonical(value)).hexdigest()


def entry_bytes(entry: dict[str, Any]) -> bytes:
    """The bytes of an entry that its place in the log commits to."""
    return canonical({key: entry[key] for key in ("v", "number", "at", "post", "kind", "subject", "facts", "because")})


def parse_entry(line: bytes) -> dict[str, Any]:
    """One line of entries.jsonl. Raises ValueError where it is not an entry."""
    entry = json.loads(line)
    if not isinstance(entry, dict):
        raise ValueError("An entry is a JSON object.")
    return entry
