"""How far a report is: part by part, what is there and what it waits for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commonhold.performance.engine.report.about import PARTS, About


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that a part of the report needs: what, whether it is there, and whom it waits for where it is not."""

    about: About
    what: str
    there: bool
    waits_for: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the report with what it needs."""

    name: str
    pieces: Sequence[Piece]

    @property
    def title(self) -> str:
        return PARTS[self.name]

    @property
    def waiting(self) -> list[Piece]:
        return [piece for piece in self.pieces if not piece.there]


def by_part(pieces: Iterable[Piece]) -> list[Part]:
    """The parts that need something, in the pack's order."""
    found: dict[str, list[Piece]] = {name: [] for name in PARTS}
    for piece in pieces:
        found[piece.about.part].append(piece)
    return [Part(name, needed) for name, needed in found.items() if needed]


def percent_ready(parts: Iterable[Part]) -> int:
    """The share of the pieces that are there, in whole per cent, rounded down: 100 only where nothing is missing."""
    pieces = [piece for part in parts for piece in part.pieces]
    return 100 * sum(piece.there for piece in pieces) // len(pieces) if pieces else 100
