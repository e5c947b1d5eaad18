"""What a pack is made of: the figures of its period, of the last report, of the same period last year, and the rest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from commonhold.figures import Figure, Span
from commonhold.performance.engine.parity import Parity

PUBLIC: Final = "public"
BOARD: Final = "board"


@dataclass(frozen=True, slots=True)
class Profile:
    """The audience: the public without the partner split, a board with it, or one partner's own people (P3)."""

    name: str
    partner: str | None = None

    @property
    def splits(self) -> bool:
        return self.name != PUBLIC

    @property
    def audience(self) -> str:
        if self.name == PUBLIC:
            return "For the public: without the split by partner."
        if self.partner is None:
            return "For the partners' boards: with the split by partner."
        return f"For {self.partner}: its own figures beside the whole service's."


@dataclass(frozen=True, slots=True)
class Held:
    """The figures of one period, found by measure and scope."""

    span: Span
    figures: Mapping[tuple[str, tuple[tuple[str, str | None], ...]], Figure]

    @classmethod
    def of(cls, span: Span, figures: Iterable[Figure]) -> "Held":
        return cls(span, {(figure.measure, tuple(sorted(figure.scope.items()))): figure for figure in figures})

    def find(self, measure: str, **scope: str | None) -> Figure | None:
        return self.figures.get((measure, tuple(sorted(scope.items()))))

    def values(self, word: str) -> list[str | None]:
        """The values of a word that figures are grouped by alone, "none" last."""
        found = {scope[0][1] for _, scope in self.figures if len(scope) == 1 and scope[0][0] == word}
        return sorted(found, key=lambda value: (value is None, value or ""))

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures.values())


@dataclass(frozen=True, slots=True)
class Urgent:
    """A P1 of the period: what happened to it on the clock; its reference only where the audience may know it."""

    reference: str
    partner: str
    service: str
    opened: datetime
    resolved: datetime | None
    used: int | None
    target: int | None
    breached: bool | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Edition:
    """One pack before it is written: everything that stands in it, and nothing that changes by itself."""

    partnership: str
    profile: Profile
    now: Held
    before: Held | None
    before_is: str
    year_ago: Held | None
    months: Sequence[tuple[Span, Figure, Figure | None]]
    parity: Parity | None
    urgent: Sequence[Urgent]
    as_of: datetime
    known_at: int
    program: str
    rules: str | None
    remarks: Sequence[str]
    files: Sequence[tuple[int, str]]
    put_right: Sequence[str]
    origin: str
    marking: str | None = None
    home: str = ""

    @property
    def span(self) -> Span:
        return self.now.span
