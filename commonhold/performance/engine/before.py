"""A figure that was published before Commonhold, as it stood there; nothing here can verify it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from commonhold.figures import Figure, Span
from commonhold.govuk.printing import counted, quantity

NOT_VERIFIABLE: Final = "not verifiable here"
MONTH: Final = "month"


class Basis(StrEnum):
    """Whether a figure published before was counted as ours is."""

    SAME = "counted as our definition says"
    OTHER = "counted otherwise"
    UNKNOWN = "nobody knows how it was counted"


@dataclass(frozen=True, slots=True)
class Published:
    """A figure published before: of what, its numbers as they stood there, how it was counted, where it stood."""

    number: int
    measure: str
    span: Span
    scope: Mapping[str, str | None]
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    basis: Basis
    basis_words: str
    published_in: str

    @property
    def exact(self) -> Fraction:
        """Its value; a share from its counts where they were published."""
        if self.numerator is not None:
            return Fraction(self.numerator) / Fraction(self.denominator or 1)
        return Fraction(self.value or 0)

    def printed(self, unit: str) -> str:
        """The figure in words, its counts first, for they are what was counted."""
        if self.numerator is not None and self.denominator is not None:
            return (
                f"{counted(float(self.numerator))} of {counted(float(self.denominator))}, {quantity(self.exact, unit)}"
            )
        return quantity(self.exact, unit)

    def is_of(self, figure: Figure) -> bool:
        """Whether a figure of ours is of the same measure and scope."""
        scope = {word: value for word, value in figure.scope.items() if word != MONTH}
        return figure.measure == self.measure and scope == dict(self.scope)
