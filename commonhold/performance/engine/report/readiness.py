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
    NEWER = "newer figures"
    FILES = "files"
    READINGS = "readings"
    ACCOUNTS = "accounts"
    DISPUTES = "disputes"


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that a part of the report needs: what, whether it is there, and whom it waits for where it is not.

    `partner` is who queried, of a query; `count` how many things of a kind it stands for, and `address` where they are.
    """

    about: About
    what: str
    there: bool
    waits_for: str = ""
    needed: Needed = Needed.FIGURES
    partner: str = ""
    count: int = 1
    address: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the report with what it needs."""

    name: str
    pieces: Sequence[Piece]

    @property
    def title(self) -> str:
        return PARTS.get(self.name) or self.pieces[0].about.called

    @property
    def percent(self) -> int:
        """How far it is by itself, as `percent_ready` says of all."""
        return percent_ready([self])

    @property
    def waiting(self) -> list[Piece]:
        return [piece for piece in self.pieces if not piece.there]

    def in_words(self, *, writes: bool) -> str:
        """What is there and what is missing, as somebody reads it who `writes` the report's words or does not."""
        return ", ".join(self._said("your words" if writes else "the officers' words"))

    def _said(self, whose: str) -> Iterator[str]:
        for needed, what in ((Needed.FIGURES, "figures"), (Needed.READINGS, "readings")):
            pieces = [piece for piece in self.pieces if piece.needed is needed]
            lacking = sum(piece.count for piece in pieces if not piece.there)
            if pieces and needed is Needed.READINGS and lacking and any(piece.there for piece in pieces):
                yield f"{plural(lacking, 'part')} of its readings missing"
            elif pieces:
                yield f"{what} not in yet" if lacking else f"{what} in"
        yield from (words.format(plural(count, kind)) for count, kind, words in self._counted(whose))
        asked = Counter(piece.partner for piece in self.waiting if piece.needed is Needed.ANSWERS)
        yield from (f"{partner} queried {plural(count, 'figure')}" for partner, count in sorted(asked.items()))
        if not self.waiting and not any(piece.needed in (Needed.FIGURES, Needed.READINGS) for piece in self.pieces):
            yield "nothing is missing"

    def _counted(self, whose: str) -> Iterator[tuple[int, str, str]]:
        kinds = (
            (Needed.NEWER, "figure", "more has become known since"),
            (Needed.FILES, "file", "files do not tell of its last days"),
            (Needed.ACCOUNTS, "account", "{} not written or not signed off"),
            (Needed.DISPUTES, "dispute", "{} not answered"),
            (Needed.WORDS, "figure", f"{whose} on {{}} missing"),
            (Needed.SIGNATURE, "draft", "{} to be signed off"),
        )
        for needed, kind, words in kinds:
            count = sum(piece.count for piece in self.waiting if piece.needed is needed)
            if count:
                yield count, kind, words


def by_part(pieces: Iterable[Piece]) -> list[Part]:
    """The parts that need something, in the pack's order."""
    found: dict[str, list[Piece]] = {}
    for piece in sorted(pieces, key=lambda piece: piece.about.place):
        found.setdefault(piece.about.part, []).append(piece)
    return [Part(name, needed) for name, needed in found.items()]


def percent_ready(parts: Iterable[Part]) -> int:
    """The share of what is needed that is there, in whole per cent, rounded down: 100 only where nothing is missing."""
    pieces = [piece for part in parts for piece in part.pieces]
    needed = sum(piece.count for piece in pieces)
    return 100 * sum(piece.count for piece in pieces if piece.there) // needed if needed else 100
