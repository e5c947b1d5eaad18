"""Check an exported record of Commonhold offline, with Python's standard library alone (3.9 or later).

Usage: python verify_commonhold.py EXPORT.zip [--checkpoint FILE]... [--key NAME=FILE]... [--json]

Everything is computed again from the stored values, never taken from stored hashes (rule L3). Hashes follow RFC 6962
(leaf = SHA-256(00 || entry), node = SHA-256(01 || left || right)), an entry's bytes RFC 8785, checkpoints C2SP's
tlog-checkpoint, signatures Ed25519 (RFC 8032). Leaves with 0 where the record is whole, 1 where it is not, 2 where a
file given cannot be read. What it cannot find: an entry that was never made (rule L4).
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
import zipfile
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

LARGEST_WHOLE_NUMBER = 2**53 - 1
"""Beyond this RFC 8785's numbers are no longer exact; money and measures travel as text."""

LONGEST_LINE = 8 * 2**20
LARGEST_EXPORT = 8 * 2**30
LARGEST_CHECKPOINT = 64 * 2**10
LARGEST_DIRECTORY = 8 * 2**20
"""Bounds on what a hostile zip can make this program hold or read: bytes, unpacked but for the zip's own directory."""

DEEPEST = 100
MOST_PROBLEMS = 100
CHUNK = 2**20

ENTRIES = "entries.jsonl"
DIGESTS = "digests.txt"
README = "README.txt"
PROGRAM = "verify_commonhold.py"
CHECKPOINTS = "checkpoints/"
CONTENTS = "contents/"


# Canonical bytes (RFC 8785)

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile(r'["\\\x00-\x1f]')


def canonical(value: Any) -> bytes:
    """The one byte form of a JSON value without fractions (RFC 8785): sorted keys, no spaces, UTF-8.

    Raises ValueError for a fraction, a whole number beyond 2**53 - 1, text that is not Unicode, or very deep nesting.
    """
    return _text(value, DEEPEST).encode()


def _text(value: Any, deeper: int) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if abs(value) > LARGEST_WHOLE_NUMBER:
            raise ValueError(f"{value} is too large for a canonical number; write it as text.")
        return str(int(value))
    if isinstance(value, str):
        return f'"{_TO_ESCAPE.sub(_escaped, value)}"'
    if not deeper:
        raise ValueError("it is nested too deeply")
    if isinstance(value, (list, tuple)):
        return f"[{','.join([_text(item, deeper - 1) for item in value])}]"
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("The keys of a canonical object are text.")
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join([f"{_text(key, 1)}:{_text(value[key], deeper - 1)}" for key in keys]) + "}"
    raise ValueError(f"{type(value).__name__} has no canonical form here; write fractions as text.")


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    return _ESCAPES.get(character) or f"\\u{ord(character):04x}"


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(number := int(digits)) > LARGEST_WHOLE_NUMBER:
        raise ValueError("a number is too large")
    return number


def _no_fraction(digits: str) -> Any:
    raise ValueError("a number is not whole")


_READER = json.JSONDecoder(parse_int=_whole, parse_float=_no_fraction, parse_constant=_no_fraction)
_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)
# Only beyond these does the order of code points, which the quick writer follows, differ from that of UTF-16.
_BEYOND = re.compile("[\ue000-\U0010ffff]")


def canonical_again(value: Any) -> bytes:
    """The canonical form of a value that was read from JSON: the same, quicker, and it refuses nothing."""
    text = _WRITER.encode(value)
    return canonical(value) if _BEYOND.search(text) else text.encode()


def parse_canonical(line: bytes) -> Any:
    """The JSON value that a line holds. Raises ValueError, in words, where the line is not that value's one form."""
    try:
        value = _READER.decode(line.decode())
        again = canonical_again(value)
    except UnicodeError:
        raise ValueError("it is not UTF-8 text") from None
    except json.JSONDecodeError as problem:
        raise ValueError(f"it is not JSON ({problem.msg}, column {problem.colno})") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if again != line:
        raise ValueError("it is not in the one form that its hash is made of (RFC 8785)")
    return value


# The Merkle log (RFC 6962)


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


def extend(edge: list[bytes], size: int, leaf: bytes) -> None:
    """Put one more leaf at the open edge of a log of `size`: finished subtrees are joined."""
    while size & 1:
        leaf = hash_of_nodes(edge.pop(), leaf)
        size >>= 1
    edge.append(leaf)


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` shows that `leaf` stands at `index` (from 0) of the log with this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    digest, place, last = leaf, index, size - 1
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            digest = hash_of_nodes(sibling, digest)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            digest = hash_of_nodes(digest, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and digest == root


def is_continued(earlier: int, size: int, proof: Sequence[bytes], root_then: bytes, root_now: bytes) -> bool:
    """Whether `proof` shows that a log of `earlier` entries is the beginning of one of `size` (RFC 9162, 2.1.4.2)."""
    if not 0 < earlier <= size:
        return False
    if earlier == size:
        return not proof and root_then == root_now
    nodes = list(proof)
    if earlier & (earlier - 1) == 0:
        nodes.insert(0, root_then)
    if not nodes:
        return False
    place, last = earlier - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    then = now = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            then, now = hash_of_nodes(node, then), hash_of_nodes(node, now)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            now = hash_of_nodes(now, node)
        place, last = place >> 1, last >> 1
    return last == 0 and then == root_then and now == root_now


# Checkpoints (C2SP tlog-checkpoint, signed-note)

DASH = "\u2014"


@dataclass(frozen=True)
class Signature:
    """One signature line of a checkpoint: by whom, and four bytes that say by which key."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True)
class Checkpoint:
    """How long a log was and its root then, perhaps signed."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[Signature, ...] = ()
    text: bytes = b""


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """An unsigned checkpoint: origin, size, root, and the blank line after which signatures go."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n\n"


def parse_checkpoint(data: bytes) -> Checkpoint:
    """Read a checkpoint, signed or not, even where Windows changed its line ends. Raises ValueError in words."""
    if len(data) > LARGEST_CHECKPOINT:
        raise ValueError("it is too large for a checkpoint")
    try:
        note = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
    if any(character < " " and character != "\n" for character in note):
        raise ValueError("it holds control characters")
    text, _, below = note.rstrip("\n").partition("\n\n")
    lines = text.split("\n")
    if len(lines) < 3 or not all(lines) or not lines[0].isprintable():
        raise ValueError("a checkpoint is an origin, a size and a root, each on a line of its own")
    if not re.fullmatch("0|[1-9][0-9]{0,15}", lines[1]):
        raise ValueError("its second line is not a size")
    root = _base64(lines[2])
    if root is None or len(root) != 32:
        raise ValueError("its third line is not a root")
    signed = below.split("\n") if below else []
    return Checkpoint(lines[0], int(lines[1]), root, tuple(map(_signature, signed)), f"{text}\n".encode())


def _signature(line: str) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    signature = _base64(encoded)
    if dash != DASH or not name or "+" in name or signature is None or len(signature) < 5:
        raise ValueError("a line below the blank one is not a signature")
    return Signature(name, signature[:4], signature[4:])


def _base64(text: str) -> bytes | None:
    try:
        decoded = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    return decoded if base64.b64encode(decoded).decode() == text else None


# Signatures (Ed25519, RFC 8032)

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]
_NEUTRAL: _Point = (0, 1, 1, 0)


def _added(a: _Point, b: _Point) -> _Point:
    left = (a[1] - a[0]) * (b[1] - b[0]) % _P
    right = (a[1] + a[0]) * (b[1] + b[0]) % _P
    both, twice = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2] % _P
    e, f, g, h = right - left, twice - both, twice + both, right + left
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(number: int, point: _Point) -> _Point:
    product = _NEUTRAL
    while number:
        if number & 1:
            product = _added(product, point)
        point = _added(point, point)
        number >>= 1
    return product


def _point(data: bytes) -> _Point | None:
    y = int.from_bytes(data, "little")
    odd, y = y >> 255, y & (2**255 - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P or (x == 0 and odd):
        return None
    x = _P - x if x & 1 != odd else x
    return x, y, 1, x * y % _P


def _encoded(point: _Point) -> bytes:
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


_BASE = _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this is the Ed25519 signature of the holder of this public key under this message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, scalar = _point(public), int.from_bytes(signature[32:], "little")
    if key is None or _BASE is None or scalar >= _L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    minus_key = (_P - key[0], key[1], 1, _P - key[3])
    return _encoded(_added(_times(scalar, _BASE), _times(challenge, minus_key))) == signature[:32]


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes by which a note's signature line names its key."""
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def parse_key(name: str, data: bytes) -> bytes:
    """An Ed25519 public key: a note's "NAME+ID+KEY", a PEM file, or 32 bytes plain, in hexadecimal or base64.

    Raises ValueError in words.
    """
    if len(data) == 32:
        return data
    try:
        text = data[:4096].decode("ascii").strip()
    except UnicodeDecodeError:
        raise ValueError("it is not a public key") from None
    if re.fullmatch("[0-9a-fA-F]{64}", text):
        return bytes.fromhex(text)
    if text.startswith("-----BEGIN PUBLIC KEY-----"):
        der = _base64("".join(text.split("\n")[1:-1]).replace("\r", "")) or b""
        if len(der) == 44 and der.startswith(bytes.fromhex("302a300506032b6570032100")):
            return der[12:]
        raise ValueError("it is not an Ed25519 public key")
    named, _, rest = text.rpartition("+")
    key = _base64(rest)
    if not named:
        if key is None or len(key) != 32:
            raise ValueError("it is not an Ed25519 public key")
        return key
    if key is None or len(key) != 33 or key[0] != 1:
        raise ValueError("it is not an Ed25519 public key")
    if named != f"{name}+{key_id(name, key[1:]).hex()}":
        raise ValueError(f"it is not a key of {name}")
    return key[1:]


# Entries

FIELDS = ("v", "number", "at", "post", "kind", "subject", "facts", "because")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_DIGEST = re.compile("[0-9a-f]{64}")
_SALT = re.compile("[0-9a-f]{32}")


def salted_digest(salt: str, value: Any) -> str:
    """What an entry holds of a value that it does not show: SHA-256 over a salt of its own and the canonical value."""
    return hashlib.sha256(bytes.fromhex(salt) + canonical(value)).hexdigest()


def _is_digest_of(salt: str, value: Any, digest: str) -> bool:
    try:
        return salted_digest(salt, value) == digest
    except ValueError:
        return False


def entry_bytes(entry: Mapping[str, Any]) -> bytes:
    """The bytes of an entry that its place in the log commits to."""
    return canonical({key: entry[key] for key in FIELDS})


def parse_entry(line: bytes) -> dict[str, Any]:
    """One line of entries.jsonl. Raises ValueError, in words, where it is not an entry in its one form."""
    entry = parse_canonical(line)
    if not isinstance(entry, dict) or entry.keys() != set(FIELDS):
        raise ValueError(f"it does not hold just what an entry holds ({', '.join(FIELDS)})")
    if type(entry["v"]) is not int or entry["v"] != 1:
        raise ValueError("it is of a version that this program does not know")
    if type(entry["number"]) is not int or entry["number"] < 1:
        raise ValueError("its number is not a whole number from 1")
    if not all(isinstance(entry[key], str) for key in ("at", "post", "kind", "subject")) or not entry["kind"]:
        raise ValueError("its instant, post, kind or subject is not text")
    if not _is_instant(entry["at"]):
        raise ValueError("its instant is not written as the record writes instants")
    causes = entry["because"]
    if not isinstance(causes, list) or not all(type(cause) is int for cause in causes):
        raise ValueError("its causes are not a list of entry numbers")
    facts = entry["facts"]
    digests = facts.get("digests", {}) if isinstance(facts, dict) else None
    if not isinstance(digests, dict) or not all(isinstance(d, str) and _DIGEST.fullmatch(d) for d in digests.values()):
        raise ValueError("its facts do not hold digests as the record writes them")
    return entry


def _is_instant(text: str) -> bool:
    if not _INSTANT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text[:-1])
    except ValueError:
        return False
    return True


# Reading an export


class Unreadable(Exception):
    """The zip, or a file in it, cannot be read further; says why."""


class _Bounded:
    """A file of which nobody reads more than a zip's directory may hold at once: not even the zip's own reader."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        # Without this a small zip with a directory of millions of names takes all memory before anything is checked.
        if size > LARGEST_DIRECTORY:
            raise Unreadable("the list of files in it is too large")
        return self._file.read(size)


_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, NotImplementedError)
"""What Python's zip reader raises on files that are damaged or made to harm."""


class Export:
    """The files of an exported zip, opened with bounds; what is odd about them is told to `odd`."""

    def __init__(self, file: BinaryIO) -> None:
        self._left = LARGEST_EXPORT
        self.odd: list[str] = []
        try:
            self._zip = zipfile.ZipFile(_Bounded(file))
        except _BROKEN:
            raise Unreadable("it is not a zip file, or it is damaged") from None
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in self._zip.infolist():
            self._take_in(member)

    def _take_in(self, member: zipfile.ZipInfo) -> None:
        # What stood in the directory before a NUL was cut off, or a backslash was turned, is another name than seen.
        name = member.orig_filename
        if name.endswith("/") and member.file_size == 0:
            return
        if not name.isprintable() or name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            self.odd.append(f"the zip holds a file with a dangerous name ({name[:80]!r})")
        elif name in self._members:
            self.odd.append(f"the zip holds {name} twice")
        elif member.flag_bits & 1:
            self.odd.append(f"in the zip, {name} is encrypted")
        elif member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            self.odd.append(f"in the zip, {name} is compressed in a way that this program does not read")
        else:
            self._members[name] = member

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def names(self, folder: str = "") -> list[str]:
        return sorted(name for name in self._members if name.startswith(folder))

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a file. Raises Unreadable where it is damaged or more than an export holds."""
        try:
            with self._zip.open(self._members[name]) as file:
                while chunk := file.read(CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise Unreadable("the zip unpacks to more than this program reads")
                    yield chunk
        except _BROKEN:
            raise Unreadable(f"{name} is damaged") from None

    def read(self, name: str, limit: int) -> bytes:
        """A small file as a whole. Raises Unreadable where it is larger than `limit`."""
        data = bytearray()
        for chunk in self.chunks(name):
            data += chunk
            if len(data) > limit:
                raise Unreadable(f"{name} is too large")
        return bytes(data)

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file without their ends. Raises Unreadable where one is too long or the last has no end."""
        rest = b""
        for chunk in self.chunks(name):
            lines = (rest + chunk).split(b"\n")
            rest = lines.pop()
            if len(rest) > LONGEST_LINE:
                raise Unreadable(f"a line of {name} is too long")
            yield from lines
        if rest:
            raise Unreadable(f"{name} ends in the middle of a line")


# Verification


@dataclass(frozen=True)
class Problem:
    """Something that is not as it must be, and the entry it was found at, where it is one entry's."""

    entry: int | None
    problem: str

    def __str__(self) -> str:
        return self.problem if self.entry is None else f"Entry {self.entry}: {self.problem}"


@dataclass
class Report:
    """What was found: the record is whole where there is no problem."""

    origin: str = ""
    entries: int = 0
    root: bytes = b""
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unlisted: int = 0

    @property
    def ok(self) -> bool:
        return not self.problems

    def found(self, entry: int | None, problem: str) -> None:
        # Twice what is listed: what is found last may be of an earlier entry.
        if len(self.problems) < 2 * MOST_PROBLEMS:
            self.problems.append(Problem(entry, problem))
        else:
            self.unlisted += 1

    def put_in_order(self) -> None:
        """The first entry with a problem first; what is no single entry's, last."""
        self.problems.sort(key=lambda found: (found.entry is None, found.entry))
        self.unlisted += len(self.problems[MOST_PROBLEMS:])
        del self.problems[MOST_PROBLEMS:]

    def plain(self) -> dict[str, Any]:
        """The report as one JSON document."""
        return {
            "ok": self.ok,
            "entries": self.entries,
            "root": base64.b64encode(self.root).decode() or None,
            "problems": [{"entry": problem.entry, "problem": problem.problem} for problem in self.problems],
            "unlisted_problems": self.unlisted,
            "origin": self.origin,
            "notes": self.notes,
        }

    def words(self) -> str:
        """The report for people."""
        lines = [f"{self.entries:,} entries of {self.origin or 'an unnamed log'}, root {self.plain()['root']}"]
        lines = lines if self.root else []
        if self.ok:
            lines.insert(0, "The record is whole.")
        else:
            lines = ["The record is NOT whole.", *map(str, self.problems), *lines]
        if self.unlisted:
            lines.append(f"{self.unlisted:,} more problems are not listed.")
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])


def verify(
    file: BinaryIO, checkpoints: Mapping[str, Checkpoint] | None = None, keys: Mapping[str, bytes] | None = None
) -> Report:
    """Verify an exported zip: that its entries are one whole log which continues each kept checkpoint (by its name).

    `keys` are Ed25519 public keys by name: the export's checkpoint must bear a good signature of each.
    """
    report = Report()
    try:
        _Verification(Export(file), dict(checkpoints or {}), dict(keys or {}), report).run()
    except Unreadable as problem:
        report.found(None, f"The export cannot be read: {problem}.")
    report.put_in_order()
    return report


class _Verification:
    """One pass over the entries, with digests and contents read beside them."""

    def __init__(self, export: Export, kept: dict[str, Checkpoint], keys: dict[str, bytes], report: Report) -> None:
        self.export, self.kept, self.keys, self.report = export, kept, keys, report
        self.own: dict[str, Checkpoint] = {}
        self.roots: dict[int, bytes | None] = {}
        self.expected, self.last_at, self.last_number = 1, "", 0
        self.named: set[int] = set()
        self.unlike_digests = array("Q")
        self.held = self.checked = 0

    def run(self) -> None:
        for odd in self.export.odd:
            self.report.found(None, f"{odd[0].upper()}{odd[1:]}.")
        self._read_own_checkpoints()
        self._compare_origins()
        self.roots = {c.size: None for c in (*self.own.values(), *self.kept.values())}
        if ENTRIES in self.export:
            self._read_entries()
            self._compare_roots()
        else:
            self.report.found(None, f"The export holds no {ENTRIES}.")
        self._check_signatures()
        self._say_more()

    @property
    def head(self) -> Checkpoint | None:
        return max(self.own.values(), key=lambda checkpoint: checkpoint.size, default=None)

    def _read_own_checkpoints(self) -> None:
        for name in self.export.names(CHECKPOINTS):
            try:
                self.own[name] = parse_checkpoint(self.export.read(name, LARGEST_CHECKPOINT))
            except ValueError as problem:
                self.report.found(None, f"{name} is not a checkpoint: {problem}.")
        if self.head is None:
            self.report.found(None, "The export holds no checkpoint: nothing says how long the record is.")
        else:
            self.report.origin = self.head.origin

    def _compare_origins(self) -> None:
        for name, checkpoint in list(self.own.items()):
            if checkpoint.origin != self.report.origin:
                self.report.found(None, f"{name} in the export belongs to another log ({checkpoint.origin}).")
                del self.own[name]
        for name, checkpoint in list(self.kept.items()):
            if self.report.origin and checkpoint.origin != self.report.origin:
                self.report.found(
                    None,
                    f"This checkpoint belongs to another log: {name} is of {checkpoint.origin}, the export of"
                    f" {self.report.origin}.",
                )
                del self.kept[name]

    # Entries

    def _read_entries(self) -> None:
        report, roots = self.report, self.roots
        edge: list[bytes] = []
        size = 0
        digests, contents = self._digests(), _Ahead(self._contents())
        if 0 in roots:
            roots[0] = root_of_edge(edge)
        try:
            for line, following in _with_next(self.export.lines(ENTRIES)):
                leaf = hash_of_leaf(line)
                extend(edge, size, leaf)
                size += 1
                if size in roots:
                    roots[size] = root_of_edge(edge)
                try:
                    entry = parse_entry(line)
                except ValueError as problem:
                    self._found(self.expected, f"it cannot be read (line {size}): {problem}.")
                    self.expected += 1
                    continue
                if self._is_in_place(entry, following):
                    self._check_digest(digests, entry["number"], leaf)
                    self._check_contents(contents, entry)
        except Unreadable as problem:
            self._found(self.expected, f"the entries cannot be read from here on: {problem}.")
        report.entries, report.root = size, root_of_edge(edge)
        for number, _ in contents:
            if self.head is None or number > self.head.size:
                self._found(number, "the export holds contents for an entry that is not there.")

    def _found(self, entry: int, problem: str) -> None:
        self.named.add(entry)
        self.report.found(entry, problem)

    def _is_in_place(self, entry: dict[str, Any], following: bytes) -> bool:
        number = entry["number"]
        last_and_lower = not following and number < self.expected
        if number != self.expected and (last_and_lower or _number(following) == self.expected + 1):
            self._found(self.expected, f"in its place stands one that bears the number {number}.")
            self.expected += 1
            return False
        if number < self.expected:
            self._found(number, f"it stands again, or out of its place, after entry {self.last_number}.")
            return False
        if number > self.expected:
            missing = f"entries {self.expected} to {number - 1} are" if number - 1 > self.expected else "it is"
            self._found(self.expected, f"{missing} missing: after entry {self.expected - 1} comes {number}.")
        self.expected, self.last_number = number + 1, number
        if entry["at"] < self.last_at:
            self._found(number, f"its instant, {entry['at']}, is before that of the entry before it, {self.last_at}.")
        self.last_at = max(self.last_at, entry["at"])
        before = 0
        for cause in entry["because"]:
            if not before < cause < number:
                self._found(number, f"it names {cause} as a cause; causes are earlier entries, each once, in order.")
                break
            before = cause
        return True

    # The digests beside the entries: they prove nothing, but they tell which entry was changed

    def _digests(self) -> Iterator[tuple[int, bytes]]:
        if DIGESTS not in self.export:
            return
        try:
            for number, line in enumerate(self.export.lines(DIGESTS), start=1):
                yield number, bytes.fromhex(line.decode("ascii"))
        except (Unreadable, ValueError) as problem:
            self.report.found(None, f"{DIGESTS} cannot be read: {problem}.")

    def _check_digest(self, digests: Iterator[tuple[int, bytes]], number: int, leaf: bytes) -> None:
        for place, digest in digests:
            if place == number:
                if digest != leaf:
                    self.unlike_digests.append(number)
                return

    # Contents: the values that entries hold salted digests of

    def _contents(self) -> Iterator[tuple[int, Any]]:
        last = 0
        for place, line in self._lines_of_contents():
            try:
                held = parse_canonical(line)
                if not isinstance(held, dict) or held.keys() != {"entry", "contents"}:
                    raise ValueError("it does not hold an entry's number and contents")
                number, contents = held["entry"], held["contents"]
                if type(number) is not int or not isinstance(contents, dict):
                    raise ValueError("it does not hold an entry's number and contents")
            except ValueError as problem:
                self.report.found(None, f"{place}: {problem}.")
                continue
            if number <= last:
                self._found(number, f"its contents stand twice, or out of their place ({place}).")
                continue
            last = number
            yield number, contents

    def _lines_of_contents(self) -> Iterator[tuple[str, bytes]]:
        try:
            for name in self.export.names(CONTENTS):
                for count, line in enumerate(self.export.lines(name), start=1):
                    yield f"{name}, line {count}", line
        except Unreadable as problem:
            self.report.found(None, f"The contents cannot be read further: {problem}.")

    def _check_contents(self, waiting: _Ahead, entry: dict[str, Any]) -> None:
        number, digests = entry["number"], entry["facts"].get("digests", {})
        self.held += len(digests)
        for contents in waiting.up_to(number):
            for name, held in contents.items():
                self.checked += 1
                if name not in digests:
                    self._found(number, f"the export holds {name!r} for it, of which the entry knows nothing.")
                elif not isinstance(held, dict) or held.keys() != {"salt", "value"}:
                    self._found(number, f"the export holds no value and salt for {name!r}.")
                elif not isinstance(held["salt"], str) or not _SALT.fullmatch(held["salt"]):
                    self._found(number, f"the salt of {name!r} is not one.")
                elif not _is_digest_of(held["salt"], held["value"], digests[name]):
                    self._found(number, f"{name!r} is not what was entered: its value or its salt was changed.")

    # What the checkpoints say

    def _compare_roots(self) -> None:
        kept = [(f"the checkpoint {name}", checkpoint) for name, checkpoint in self.kept.items()]
        own = [("the export's checkpoint", checkpoint) for checkpoint in self.own.values()]
        wrong = []
        for name, checkpoint in sorted((*own, *kept), key=lambda pair: pair[1].size):
            if checkpoint.size > self.report.entries:
                self._say_missing(name, checkpoint.size)
            elif self.roots[checkpoint.size] != checkpoint.root:
                wrong.append((name, checkpoint.size))
        # Whoever rewrote the record made its own checkpoint anew: once one that was kept is not met, only those count.
        trusted = kept if {name for name, _ in wrong} & {name for name, _ in kept} else [*own, *kept]
        agreeing = self._agreeing(trusted, min((size for _, size in wrong), default=None))
        for name, checkpoint in self.kept.items():
            if self.roots[checkpoint.size] == checkpoint.root:
                self.report.notes.append(f"it continues the checkpoint {name}, of {checkpoint.size:,} entries.")
        if self.head is not None and self.head.size < self.report.entries:
            self._found(self.head.size + 1, "it stands after the end that the export's checkpoint gives.")
        for number in self.unlike_digests:
            if number > agreeing:
                self._found(number, "it was changed: its text is not what was entered.")
            else:
                self._found(number, f"its line in {DIGESTS} was changed; the entry itself agrees with the checkpoint.")
        for name, size in wrong:
            self._say_wrong(name, size, agreeing)

    def _agreeing(self, checkpoints: Iterable[tuple[str, Checkpoint]], below: int | None) -> int:
        """The most entries that one of these checkpoints stands for and that are so."""
        sizes = [
            checkpoint.size
            for _, checkpoint in checkpoints
            if checkpoint.size <= self.report.entries
            and (below is None or checkpoint.size < below)
            and self.roots[checkpoint.size] == checkpoint.root
        ]
        return max(sizes, default=0)

    def _say_missing(self, name: str, size: int) -> None:
        first = self.report.entries + 1
        if first not in self.named:
            which = f"entries {first} to {size} are" if size > first else "it is"
            self._found(first, f"{which} missing: {name} stands for {size:,} entries.")

    def _say_wrong(self, name: str, size: int, agreeing: int) -> None:
        if size == 0:
            self.report.found(None, f"{name} is of an empty log and its root is not that of one.")
            return
        first = agreeing + 1
        among = f"among the entries from {first} to {size} something" if size > first else f"entry {size}"
        self.report.found(
            None,
            f"The first {size:,} entries are not those that {name} stands for: {among} was changed, added or removed.",
        )

    def _check_signatures(self) -> None:
        head = self.head
        for name, public in self.keys.items():
            by_key = key_id(name, public)
            for where, checkpoint in (("the export's checkpoint", head), *self.kept.items()):
                if checkpoint is None:
                    continue
                signed = [s for s in checkpoint.signatures if s.name == name and s.key_id == by_key]
                if not signed and checkpoint is head:
                    other = any(s.name == name for s in checkpoint.signatures)
                    how = f"signed by another key of {name}" if other else f"not signed by {name}"
                    self.report.found(None, f"The export's checkpoint is {how}.")
                elif not all(is_signed(public, checkpoint.text, s.signature) for s in signed):
                    self.report.found(None, f"The signature of {name} under {where} is wrong.")

    def _say_more(self) -> None:
        report, head = self.report, self.head
        if head is not None and not head.signatures:
            report.notes.append("the export's checkpoint is not signed; compare it with one you kept.")
        elif head is not None and not self.keys:
            report.notes.append("no key was given, so the signatures under the checkpoint were not checked.")
        if self.held:
            report.notes.append(
                f"the entries hold {self.held:,} salted digests; this export holds the values of {self.checked:,}."
            )
        known = {ENTRIES, DIGESTS, README, PROGRAM}
        others = [n for n in self.export.names() if n not in known and not n.startswith((CHECKPOINTS, CONTENTS))]
        if others:
            report.notes.append(f"not part of the record and not looked at: {', '.join(others[:5])[:200]}.")


def _with_next(lines: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Each line with the one that follows it, empty after the last. A line before damage is still given."""
    line = next(lines, None)
    while line is not None:
        broken = None
        try:
            following = next(lines, None)
        except Unreadable as problem:
            broken, following = problem, None
        yield line, following or b""
        if broken:
            raise broken
        line = following


def _number(line: bytes) -> int | None:
    found = re.search(rb'"number":([0-9]{1,16}),', line)
    return int(found.group(1)) if found else None


class _Ahead:
    """Contents in order of entry, of which the next is looked at before it is taken."""

    def __init__(self, items: Iterator[tuple[int, Any]]) -> None:
        self._items = items
        self._next = next(items, None)

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        while self._next is not None:
            yield self._next
            self._next = next(self._items, None)

    def up_to(self, number: int) -> Iterator[Any]:
        """The contents for this entry; those for entries that are missing, and named as such, are passed over."""
        for waiting, contents in self:
            if waiting > number:
                return
            if waiting == number:
                yield contents


# The command line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command, the same for this file and for `commonhold verify-ledger`."""
    parser.add_argument("file", metavar="EXPORT.zip", help="what `commonhold export-ledger` or the record's page gave")
    parser.add_argument(
        "--checkpoint", action="append", default=[], metavar="FILE", help="a checkpoint kept earlier; may be repeated"
    )
    parser.add_argument(
        "--key", action="append", default=[], metavar="NAME=FILE", help="who must have signed; may be repeated"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def answer(file: str, checkpoint: Sequence[str], key: Sequence[str], as_json: bool) -> tuple[str, bool]:
    """What the command prints, and whether the record is whole. Raises ValueError where a given file cannot be read."""
    kept = {name: _given(name, parse_checkpoint) for name in checkpoint}
    keys = {}
    for pair in key:
        name, equals, path = pair.partition("=")
        if not (name and equals and path):
            raise ValueError(f"{pair}: write a key as NAME=FILE.")
        keys[name] = _given(path, lambda data, name=name: parse_key(name, data))
    try:
        with open(file, "rb") as export:  # noqa: PTH123
            report = verify(export, kept, keys)
    except OSError as problem:
        raise ValueError(f"{file} cannot be read: {problem.strerror}.") from None
    return (json.dumps(report.plain(), indent=2) if as_json else report.words()), report.ok


def _given(path: str, parse: Any) -> Any:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return parse(file.read(LARGEST_CHECKPOINT + 1))
    except OSError as problem:
        raise ValueError(f"{path} cannot be read: {problem.strerror}.") from None
    except ValueError as problem:
        raise ValueError(f"{path} cannot be used: {problem}.") from None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Check an exported record of Commonhold offline.",
        epilog=f"Example: python {PROGRAM} record.zip --checkpoint kept-in-july.txt",
    )
    add_arguments(parser)
    options = parser.parse_args(arguments)
    try:
        text, whole = answer(options.file, options.checkpoint, options.key, options.json)
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 2
    # Where output is piped on Windows, a name in another script would otherwise end in a traceback.
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # it is a text stream
    print(text)
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
