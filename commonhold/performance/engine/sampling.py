"""Drawing a sample by a stated seed: anybody who has the list of tickets and the seed draws the same one.

The tickets are put in the order of the SHA-256 of seed, desk and reference, and the first ones are the sample. No
chance is involved that could be tried again until it suits, and a larger sample of the same seed begins with the
smaller one.
"""

import hashlib
import heapq
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

ALGORITHM: Final = "sha256-order.v1"
"""The name of this way of drawing: a better one would have another."""
MOST: Final = 500
"""Tickets of one sample: what somebody can look at."""


@dataclass(frozen=True, slots=True)
class Drawable:
    """A ticket that can be drawn: what it is called, and by which number it is found."""

    desk: str
    reference: str
    number: int


def place(seed: str, desk: str, reference: str) -> str:
    """Where a ticket stands in the order of a seed: SHA-256 of a JSON list of the three, in UTF-8, as hexadecimal."""
    said = json.dumps([seed, desk, reference], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def drawn(seed: str, tickets: Iterable[Drawable], size: int) -> list[Drawable]:
    """The sample of this size, in the order in which it was drawn."""
    return heapq.nsmallest(size, tickets, key=lambda one: place(seed, one.desk, one.reference))


def digest(sample: Sequence[Drawable]) -> str:
    """SHA-256 of a sample: a line of JSON for each ticket, desk and reference, in the order drawn."""
    lines = (json.dumps([one.desk, one.reference], ensure_ascii=False, separators=(",", ":")) for one in sample)
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")).hexdigest()
