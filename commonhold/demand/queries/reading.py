"""A ticket file read to its end before anything is written: one that is refused has changed nothing."""

import marshal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from commonhold.demand.engine.chunk import FIELDS, Chunk
from commonhold.demand.engine.intake import Report
from commonhold.demand.queries.files import File, intake_of

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
        while True:
            try:
                columns = marshal.load(self.room)  # noqa: S302
            except EOFError:
                return
            yield Chunk(**columns)


@contextmanager
def read_whole(file: File, reduced: IO[bytes] | None, progress: Progress) -> Iterator[Whole]:
    """Read a file; `reduced` receives the evidence. Its rows stay aside until the block ends."""
    with TemporaryFile() as room:
        intake = intake_of(file, reduced)
        rows = latest = 0
        for chunk in intake.chunks():
            rows += len(chunk)
            latest = max(latest, _latest(chunk))
            marshal.dump({name: getattr(chunk, name) for name in FIELDS}, room)
            progress(intake.share_read, f"{rows:,} rows read")
        yield Whole(intake.report, intake.columns, latest, room)


def _latest(chunk: Chunk) -> int:
    """The last instant that a chunk tells of."""
    columns = (chunk.event_at, chunk.opened_at, chunk.resolved_at, chunk.closed_at)
    return max((at for column in columns for at in column if at is not None), default=0)
