"""How far a report is: part by part, what is there and what it waits for."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from commonhold.govuk.formats import plural
from commonhold.performance.engine.report.about import PARTS, About


class Needed(StrEnum):
    """What kind of thing a part of a report needs."""

    FIGURES = "figures"
    WORDS = "words"
    SIGNATURE = "signature"
    ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that a part of the report needs: what, whether it is there, and whom it waits for where it is not.

    `partner` is who queried, of a query.
    """

    about: About
    what: str
    there: bool
    waits_for: str = ""
    needed: Needed = Needed.FIGURES
    partner: str = ""


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

    def in_words(self, *, writes: bool) -> str:
        """What is there and what is missing, as somebody reads it who `writes` the report's words or does not."""
        return ", ".join(self._said("your words" if writes else "the officers' words"))

    def _said(self, whose: str) -> Iterator[str]:
        figures = [piece for piece in self.pieces if piece.needed is Needed.FIGURES]
        if figures:
            yield "figures in" if all(piece.there for piece in figures) else "figures not in yet"
        words = sum(piece.needed is Needed.WORDS for piece in self.waiting)
        if words:
            yield f"{whose} on {plural(words, 'figure')} missing"
        drafts = sum(piece.needed is Needed.SIGNATURE for piece in self.waiting)
        if drafts:
            yield f"{plural(drafts, 'draft')} to be signed off"
        asked = Counter(piece.partner for piece in self.waiting if piece.needed is Needed.ANSWERS)
        yield from (f"{partner} queried {plural(count, 'figure')}" for partner, count in sorted(asked.items()))
        if not figures and not self.waiting:
            yield "nothing is missing"


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
