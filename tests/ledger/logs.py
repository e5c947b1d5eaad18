"""Logs and exports made from plain values, for tests that alter them."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from commonhold.ledger.engine.bundle import zipped
from commonhold.ledger.engine.verify_commonhold import (
    Checkpoint,
    Report,
    canonical,
    checkpoint_text,
    entry_bytes,
    extend,
    hash_of_leaf,
    parse_checkpoint,
    root_of_edge,
    salted_digest,
    verify,
)

BEGAN = datetime(2026, 7, 21, 11, 0, tzinfo=UTC)
ORIGIN = "commonhold/0123456789abcdef"


@dataclass
class Log:
    """Entries with the contents behind them, and the checkpoints taken of them."""

    entries: list[dict[str, Any]]
    contents: dict[int, dict[str, dict[str, Any]]] = field(default_factory=dict)
    origin: str = ORIGIN

    @property
    def lines(self) -> list[bytes]:
        return [entry_bytes(entry) for entry in self.entries]

    def checkpoint(self, size: int | None = None) -> str:
        lines = self.lines[: len(self.entries) if size is None else size]
        return checkpoint_text(self.origin, len(lines), root_of(lines))

    def kept(self, size: int) -> Checkpoint:
        return parse_checkpoint(self.checkpoint(size).encode())

    def files(self) -> dict[str, bytes]:
        """The files of an export of this log."""
        lines = self.lines
        held = [{"entry": number, "contents": self.contents[number]} for number in sorted(self.contents)]
        return {
            f"checkpoints/{len(lines)}.txt": self.checkpoint().encode(),
            "entries.jsonl": written(lines),
            "digests.txt": written(hash_of_leaf(line).hex().encode() for line in lines),
            "contents/000000001.jsonl": written(map(canonical, held)),
        }

    def export(self, **changed: bytes | None) -> bytes:
        return zip_of({**self.files(), **changed})


def written(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def root_of(lines: Iterable[bytes]) -> bytes:
    edge: list[bytes] = []
    for size, line in enumerate(lines):
        extend(edge, size, hash_of_leaf(line))
    return root_of_edge(edge)


def log_of(size: int) -> Log:
    """A log of this many entries, each because of the one before it, with two values behind every entry."""
    log = Log([])
    for number in range(1, size + 1):
        values = {"title": f"Paper {number} \u2013 \u00a3{number}m", "files": [f"{number:064x}"]}
        held = {name: {"salt": f"{number:031x}{i}", "value": value} for i, (name, value) in enumerate(values.items())}
        log.contents[number] = held
        log.entries.append(
            {
                "v": 1,
                "number": number,
                "at": f"{BEGAN + timedelta(minutes=number):%Y-%m-%dT%H:%M:%S.%fZ}",
                "post": "clerk-of-southmere",
                "kind": "paper.submitted",
                "subject": f"paper/{number}",
                "facts": {
                    "pages": number,
                    "digests": {name: salted_digest(h["salt"], h["value"]) for name, h in held.items()},
                },
                "because": [number - 1] if number > 1 else [],
            }
        )
    return log


def zip_of(files: Mapping[str, bytes | None]) -> bytes:
    return b"".join(zipped(((name, [data]) for name, data in files.items() if data is not None), at=BEGAN, entries=1))


def any_zip_of(files: Iterable[tuple[str | zipfile.ZipInfo, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip as somebody else's program may write it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return made.getvalue()


def verified(export: bytes, kept: Mapping[str, Checkpoint] | None = None, **keys: bytes) -> Report:
    return verify(io.BytesIO(export), kept, keys)
