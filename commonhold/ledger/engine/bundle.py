"""An export of the record as one zip, written as it is read: the same record and reader give the same bytes (L3)."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

TOLD = 64 * 2**10
"""How many bytes are gathered before they are handed on."""

LARGE = 4_000_000
"""Entries beyond which a file of the zip may pass 2 GiB and needs the zip's larger form."""

README = """\
The record of {origin}
{entries} entries, the last of {at}. Made for {reader}.

What this is
  entries.jsonl           the record: one entry a line, in order. Each entry holds what kind of act it was, when, in
                          which post, about what (a reference) and because of which earlier entries. It holds no
                          personal data and no text that is not public: of these it holds salted digests only.
  checkpoints/            how long the record was and its root hash, in three lines. KEEP THIS FILE somewhere that the
                          people who run the service cannot change. It is what proves, later, that nothing was
                          rewritten.
  contents/               the values behind the digests, with their salts, as far as this reader may see them.
  digests.txt             the hash of each entry, one a line. It proves nothing by itself; it helps to say which entry
                          was changed.
  verify_commonhold.py    a program that checks all this. It needs Python 3.9 or later and nothing else: no network, no
                          Commonhold. It is the same in every export; a partner can give you its own copy.

How to check it
  python3 verify_commonhold.py THIS-FILE.zip
  python3 verify_commonhold.py THIS-FILE.zip --checkpoint A-CHECKPOINT-YOU-KEPT.txt

What it cannot show
  An act that was never recorded leaves no trace here. A record that was rewritten before you kept your first
  checkpoint cannot be told from an honest one. This is evidence, not prevention: keep a checkpoint of every export,
  and compare it with what other partners kept.
"""


def readme(*, origin: str, entries: int, at: datetime, reader: str) -> bytes:
    """README.txt of an export."""
    when = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return README.format(origin=origin, entries=f"{entries:,}", at=when, reader=reader).encode()


def zipped(files: Iterable[tuple[str, Iterable[bytes]]], *, at: datetime, entries: int) -> Iterator[bytes]:
    """The bytes of a zip of these files, each given in pieces; every file bears the instant `at`."""
    sink = _Sink()
    moment = max(at.astimezone(UTC), datetime(1980, 1, 1, tzinfo=UTC)).timetuple()[:6]
    with zipfile.ZipFile(sink, "w") as archive:
        for name, pieces in files:
            info = zipfile.ZipInfo(name, moment)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100644 << 16
            with archive.open(info, "w", force_zip64=entries > LARGE) as file:
                for piece in pieces:
                    file.write(piece)
                    if sink.size > TOLD:
                        yield sink.take()
    yield sink.take()


class _Sink:
    """What a zip is written to from front to back, and taken from as it grows."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def write(self, piece: Any, /) -> int:
        self._pieces.append(bytes(piece))
        self.size += len(self._pieces[-1])
        return len(self._pieces[-1])

    def flush(self) -> None:
        """Nothing waits anywhere."""

    def close(self) -> None:
        """What was written is taken, not closed."""

    def take(self) -> bytes:
        taken, self._pieces, self.size = b"".join(self._pieces), [], 0
        return taken
