"""The events that a history tells of tickets new to us, aside as columns: their clocks are read from what was just
gathered, without asking the database for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any, Final

import numpy as np

from commonhold.demand.engine.columns import NEVER, NONE, Ints, Longs

SAID: Final = {
    # our column, in the order in which it stands aside, and what stands for nothing
    "ticket": NONE,
    "at": NEVER,
    "state": NONE,
    "hold_reason": NONE,
    "priority": 0,
    "kind": 0,
    "team": 0,
    "partner": 0,
    "service": 0,
    "category": 0,
    "opened": NEVER,
    "resolved": NEVER,
    "closed": NEVER,
    "verdict": NONE,
    "reopenings": NONE,
}
"""What clocks are read from where a history tells of a ticket."""


class FirstTold:
    """Rows of whole numbers in a file that is ours alone; in memory only whose they are."""

    def __init__(self, room: IO[bytes]) -> None:
        self._room = room
        self._tickets: list[Ints] = []

    def add(self, columns: Mapping[str, Sequence[Any]], *, after: int) -> None:
        """Put aside the events of tickets with numbers above `after`, in the order in which the file tells them."""
        rows = np.stack([_numbers(columns[name], nothing) for name, nothing in SAID.items()], axis=1)
        rows = rows[rows[:, 0] > after]
        self._room.write(rows.tobytes())
        self._tickets.append(rows[:, 0].astype(np.int32))

    @property
    def tickets(self) -> Ints:
        """The tickets that events were put aside of, in order."""
        return np.unique(self._all())

    def parts(self, size: int) -> Iterator[dict[str, Longs]]:
        """The events of so many tickets at a time, by ticket and instant, as the file tells them at one (C10)."""
        tickets = self._all()
        by_ticket = np.argsort(tickets, kind="stable")
        begins = np.flatnonzero(np.diff(tickets[by_ticket], prepend=NONE))
        self._room.flush()
        for first in range(0, len(begins), size):
            until = begins[first + size] if first + size < len(begins) else len(by_ticket)
            yield self._read(by_ticket[begins[first] : until])

    def _all(self) -> Ints:
        self._tickets = [np.concatenate([np.empty(0, np.int32), *self._tickets])]
        return self._tickets[0]

    def _read(self, places: Longs) -> dict[str, Longs]:
        # Mapped anew for each part, so that no more of the file than a part counts as memory of the process.
        rows = np.memmap(self._room, np.int64, "r").reshape(-1, len(SAID))[places].T
        ticket, at = rows[:2]
        return dict(zip(SAID, rows[:, np.lexsort((at, ticket))], strict=True))


@contextmanager
def first_told() -> Iterator[FirstTold]:
    """Room for events, which goes with the block."""
    with TemporaryFile() as room:
        yield FirstTold(room)


def _numbers(column: Sequence[Any], nothing: int) -> Longs:
    if None in column:
        return np.array([nothing if value is None else value for value in column], np.int64)
    return np.array(column, np.int64)
