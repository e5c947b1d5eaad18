"""Several rows for a ticket, one for each of its clocks, as one: a total of holds and one verdict.

Clocks that ran one after another each held the ticket at other times, so their totals add up. Of clocks that ran at
once the same holds may be in each, so only the largest total is proven. The desk's verdict is met where none was
missed.
"""

from collections import defaultdict
from collections.abc import Iterator
from hashlib import blake2b
from itertools import groupby
from typing import Any, Final

from commonhold.demand.engine.mapping import CLOCKS

Rows = dict[str, list[Any]]
"""Columns of one length by our names."""

APART: Final = (
    "stands apart from the other rows of its ticket: sort the export by this column, for several rows are one ticket"
)


class Together:
    """Puts the rows of each ticket together, which stand beside one another in the file but may lie in two blocks."""

    def __init__(self) -> None:
        self._waiting: Rows = defaultdict(list)
        self._last: str | None = None
        self._seen: set[int] = set()

    def apart(self, references: list[Any]) -> Iterator[int]:
        """The places of rows whose ticket was told of before, with another ticket's row in between."""
        for place, reference in enumerate(references):
            if type(reference) is not str or reference == self._last:
                continue
            number = _number(reference.encode())
            if number in self._seen:
                yield place
                continue
            self._seen.add(number)
            self._last = reference

    def take(self, rows: Rows) -> Rows:
        """The tickets that are whole with these rows; the last one waits for what comes after."""
        for name, values in rows.items():
            self._waiting[name] += values
        references = self._waiting["reference"]
        whole = len(references)
        while whole and references[whole - 1] == references[-1]:
            whole -= 1
        taken = {name: values[:whole] for name, values in self._waiting.items()}
        for values in self._waiting.values():
            del values[:whole]
        return _merged(taken)

    def rest(self) -> Rows:
        """What waits at the end of the file."""
        taken, self._waiting = dict(self._waiting), defaultdict(list)
        return _merged(taken)


def _merged(rows: Rows) -> Rows:
    clocks = [rows.pop(name, []) for name in CLOCKS]
    if not rows:
        return {}
    merged: Rows = {name: [] for name in rows}
    places = range(len(rows["reference"]))
    for _, group in groupby(places, rows["reference"].__getitem__):
        together = list(group)
        # What the ticket itself is stands in each of its rows; the clock that began last was read last.
        newest = max(together, key=lambda place: (clocks[0][place] or 0, place))
        for name, values in rows.items():
            merged[name].append(values[newest])
        merged["line"][-1] = rows["line"][together[0]]
        if "held_minutes" in rows:
            merged["held_minutes"][-1] = _held([(*(c[p] for c in clocks), rows["held_minutes"][p]) for p in together])
        if "source_verdict" in rows:
            merged["source_verdict"][-1] = _verdict([rows["source_verdict"][place] for place in together])
        if len(together) > 1:
            said = [*(rows["digest"][p] for p in together), *(merged[n][-1] for n in ("held_minutes",) if n in rows)]
            merged["digest"][-1] = _number(repr(said).encode())
    return merged


def _held(clocks: list[tuple[int | None, int | None, int | None]]) -> int | None:
    """The total of what is proven: of clocks that ran at once the largest, of others the sum; None: nobody says."""
    total: int | None = None
    until, most = None, None
    for begins, ends, held in sorted(clocks, key=lambda clock: clock[0] or 0):
        if until is not None and (begins or 0) >= until:
            total = _sum(total, most)
            most = None
        most = held if most is None or (held is not None and held > most) else most
        end = ends if ends is not None else 1 << 62
        until = end if until is None or end > until else until
    return _sum(total, most)


def _sum(total: int | None, more: int | None) -> int | None:
    return more if total is None else total + (more or 0)


def _verdict(verdicts: list[bool | None]) -> bool | None:
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _number(text: bytes) -> int:
    """A signed 64-bit number, as databases hold it."""
    return int.from_bytes(blake2b(text, digest_size=8).digest(), signed=True)
