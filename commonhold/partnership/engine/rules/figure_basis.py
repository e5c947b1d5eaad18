"""The rule "figure_basis": which basis heads a published figure of tickets whose holds nothing proves (F5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from commonhold.refusals import Refused

SOURCE: Final = "source"
OURS: Final = "ours"


@dataclass(frozen=True, slots=True)
class FigureBasis:
    """The basis for tickets graded none: the desk's own verdict (source), or ours as the least it can be (ours)."""

    graded_none: str

    def __post_init__(self) -> None:
        if self.graded_none not in (SOURCE, OURS):
            raise Refused(f"The figure basis is {self.graded_none!r}; graded_none is {SOURCE!r} or {OURS!r}.")

    @classmethod
    def from_json(cls, value: object) -> Self:
        if not isinstance(value, Mapping) or set(value) != {"graded_none"}:
            raise Refused(f"The figure basis needs graded_none = {SOURCE!r} or {OURS!r}, and nothing else.")
        return cls(str(value["graded_none"]))

    def to_json(self) -> dict[str, Any]:
        return {"graded_none": self.graded_none}
