"""A ticket file read to its end before anything is written: one that is refused has changed nothing."""

import marshal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Final

from commonhold.demand.engine.chunk import FIELDS, Chunk
from commonhold.demand.engine.intake import Report
from commonhold.demand.queries.files import File, intake_of

LENGTH: Final = 8
"""Bytes that say how long a chunk is that stands aside."""

Progress = Callable[[float, str], None]
"""Says how far the work is, from 0 to 1, and what it does; may raise to end it."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A file that was read to its end: the report, which of our columns it has, the last instant, its rows aside."""

    report: Report
    columns: frozenset[str]
    latest: int
    room: IO[bytes]

    def chunks(self) -> Iterator[Chunk]:
        """The good rows again, as many times as asked; what stands aside is ours alone and goes with the process."""
        self.room.seek(0)
        while length := int.from_bytes(self.room.read(LENGTH)):
            yield Chunk(**marshal.loads(self.room.read(length)))  # noqa: S302


@contextmanager
def read_whole(
    file: File, reduced: IO[bytes] | None, progress: Progress, look_at: int | None = None
) -> Iterator[Whole]:
    """Read a file; `reduced` receives the evidence. Its rows, or those looked at, stay aside until the block ends."""
    with TemporaryFile() as room:
        intake = intake_of(file, reduced, look_at)
        rows = latest = 0
        for chunk in intake.chunks():
            rows += len(chunk)
            latest = max(latest, _latest(chunk))
            # Whole pieces: `marshal.load` asks the file for every value, and keeps other threads from their turn.
            columns = marshal.dumps({name: getattr(chunk, name) for name in FIELDS})
            room.write(len(columns).to_bytes(LENGTH) + columns)
            progress(intake.share_read, f"{rows:,} rows read")
        yield Whole(intake.report, intake.columns, latest, room)


def _latest(chunk: Chunk) -> int:
    """The last instant that a chunk tells of."""
    columns = (
        chunk.event_at, chunk.opened_at, chunk.resolved_at, chunk.closed_at, chunk.updated_at, chunk.held_from,
        chunk.held_to,
    )  # fmt: skip
    return max(max(filter(None, column), default=0) for column in columns)
