"""Small numbers kept for many things that are counted from 0: a byte each, so that millions of them stay small."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from commonhold.demand.engine.columns import Longs

ROOM: Final = 1_024


class Marks:
    """A mark from 1 to 255 for each thing that has one."""

    def __init__(self) -> None:
        self._marks = bytearray()

    def __contains__(self, number: int) -> bool:
        return number < len(self._marks) and self._marks[number] != 0

    def __len__(self) -> int:
        return len(self._marks) - self._marks.count(0)

    def set(self, numbers: Sequence[int], marks: Iterable[int]) -> None:
        """Mark each of these numbers; a later mark replaces an earlier one."""
        if numbers and max(numbers) >= len(self._marks):
            self._marks.extend(bytes(2 * max(numbers) + ROOM - len(self._marks)))
        for number, mark in zip(numbers, marks, strict=False):
            self._marks[number] = mark

    @property
    def numbers(self) -> Longs:
        """The numbers that are marked, in order."""
        found: Longs = np.flatnonzero(np.frombuffer(self._marks, np.uint8))
        return found

    def counts(self) -> list[int]:
        """How many have each mark, by the mark."""
        counts: list[int] = np.bincount(np.frombuffer(self._marks, np.uint8), minlength=256).tolist()
        return counts
