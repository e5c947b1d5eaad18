"""The rule "priority_matrix": which priority an impact and an urgency give."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

from commonhold.partnership.engine.rules.targets import PRIORITIES
from commonhold.refusals import Refused


@dataclass(frozen=True, slots=True)
class PriorityMatrix:
    """A priority for every impact and urgency, both in order from the gravest."""

    impacts: tuple[str, ...]
    urgencies: tuple[str, ...]
    priorities: Mapping[tuple[str, str], str]

    def __post_init__(self) -> None:
        problems = [*_words(self.impacts, "impacts"), *_words(self.urgencies, "urgencies")]
        wanted = {(impact, urgency) for impact in self.impacts for urgency in self.urgencies}
        problems += [f"Impact {i}, urgency {u}: no priority." for i, u in sorted(wanted - set(self.priorities))]
        problems += [
            f"Impact {i}, urgency {u}: not among the impacts and urgencies."
            for i, u in sorted(set(self.priorities) - wanted)
        ]
        problems += [
            f"Impact {i}, urgency {u}: {priority!r} is no priority; use one of {', '.join(PRIORITIES)}."
            for (i, u), priority in self.priorities.items()
            if priority not in PRIORITIES
        ]
        if problems:
            raise Refused("The priority matrix cannot be used.", problems)
        object.__setattr__(self, "priorities", MappingProxyType(dict(self.priorities)))

    def find(self, impact: str, urgency: str) -> str | None:
        """The priority of an impact and an urgency; None where the matrix does not know one of them."""
        return self.priorities.get((impact, urgency))

    @classmethod
    def from_json(cls, value: object) -> Self:
        if not isinstance(value, Mapping) or set(value) != {"impacts", "urgencies", "priorities"}:
            raise Refused("The priority matrix needs impacts, urgencies and priorities, and nothing else.")
        table = value["priorities"]
        if not isinstance(table, Mapping) or not all(isinstance(row, Mapping) for row in table.values()):
            raise Refused("The priorities of the matrix are a table: for each impact, a priority for each urgency.")
        return cls(
            _list(value["impacts"], "impacts"),
            _list(value["urgencies"], "urgencies"),
            {(str(i), str(u)): str(priority) for i, row in table.items() for u, priority in row.items()},
        )

    def to_json(self) -> dict[str, Any]:
        rows = {
            impact: {urgency: self.priorities[impact, urgency] for urgency in self.urgencies} for impact in self.impacts
        }
        return {"impacts": list(self.impacts), "urgencies": list(self.urgencies), "priorities": rows}


def _list(value: object, what: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
        raise Refused(f"The {what} of the priority matrix are a list of words.")
    return tuple(value)


def _words(words: tuple[str, ...], what: str) -> list[str]:
    if not words:
        return [f"There are no {what}."]
    problems = [f"One of the {what} is empty."] if not all(word.strip() for word in words) else []
    return problems + ([f"Each of the {what} is named once only."] if len(set(words)) < len(words) else [])
