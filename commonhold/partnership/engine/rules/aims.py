"""The rule "aims": what the partners want a measure to reach; a figure that does not reach its aim owes an explanation.

An aim is at least or at most a number: a percentage, written "90%", or a plain one, written "3500". It is of a measure
over all tickets, or of those of one priority. Whether there is such a measure is known where measures are.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, Self

from commonhold.partnership.engine.rules.targets import PRIORITIES
from commonhold.refusals import Refused

AT_LEAST: Final = "at_least"
AT_MOST: Final = "at_most"
MEASURE: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
NUMBER: Final = re.compile(r"\d{1,12}(\.\d{1,6})?%?")


@dataclass(frozen=True, slots=True)
class Aim:
    """At least, or at most, this number; `number` is as the agreement writes it."""

    how: str
    number: str

    def __post_init__(self) -> None:
        if self.how not in (AT_LEAST, AT_MOST):
            raise ValueError(f"{self.how!r} is neither {AT_LEAST} nor {AT_MOST}")
        if not NUMBER.fullmatch(self.number):
            raise ValueError(f'{self.number!r} is no number; write it like "90%" or "3500"')
        if self.is_share and self.bound > 1:
            raise ValueError(f"{self.number} is more than all of them")

    @property
    def is_share(self) -> bool:
        return self.number.endswith("%")

    @property
    def bound(self) -> Fraction:
        """The number itself, a percentage as a share from 0 to 1."""
        return Fraction(self.number.rstrip("%")) / (100 if self.is_share else 1)

    @property
    def words(self) -> str:
        return f"{self.how.replace('_', ' ')} {self.number}"

    def is_met(self, value: Fraction) -> bool:
        """Whether an exact value reaches it."""
        return value >= self.bound if self.how == AT_LEAST else value <= self.bound

    def to_json(self) -> dict[str, str]:
        return {self.how: self.number}


@dataclass(frozen=True, slots=True)
class Aims:
    """The aims by measure, and by priority within a measure."""

    general: Mapping[str, Aim] = field(default_factory=dict)
    by_priority: Mapping[str, Mapping[str, Aim]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named = {measure: MappingProxyType(dict(aims)) for measure, aims in self.by_priority.items() if aims}
        object.__setattr__(self, "general", MappingProxyType(dict(self.general)))
        object.__setattr__(self, "by_priority", MappingProxyType(named))

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(sorted({*self.general, *self.by_priority}))

    def find(self, measure: str, priority: str | None = None) -> Aim | None:
        """The aim of a measure, over everything or of one priority; an aim over everything is not each priority's."""
        if priority is None:
            return self.general.get(measure)
        return self.by_priority.get(measure, {}).get(priority)

    @classmethod
    def from_json(cls, value: object) -> Self:
        """The rule as its JSON or a `start` file's [aims] says it, refused with all its problems at once."""
        problems: list[str] = []
        general: dict[str, Aim] = {}
        by_priority: dict[str, dict[str, Aim]] = {}
        if not isinstance(value, Mapping) or not value:
            raise Refused('The aims are a table: [aims.within_target] with at_least = "90%", for each measure.')
        for measure, said in value.items():
            if not MEASURE.fullmatch(str(measure)) or not isinstance(said, Mapping) or not said:
                problems.append(f'[aims.{measure}] must be a measure with at_least or at_most, such as "90%".')
                continue
            for key, inside in said.items():
                if key in PRIORITIES and (aim := _aim(inside, f"aims.{measure}.{key}", problems.append)):
                    by_priority.setdefault(measure, {})[key] = aim
            own = {key: number for key, number in said.items() if key not in PRIORITIES}
            if own and (aim := _aim(own, f"aims.{measure}", problems.append)):
                general[measure] = aim
        if problems:
            raise Refused("The aims cannot be used.", problems)
        return cls(general, by_priority)

    def to_json(self) -> dict[str, Any]:
        """The same form as JSON: equal aims, equal JSON."""
        return {
            measure: {
                **(self.general[measure].to_json() if measure in self.general else {}),
                **{
                    priority: self.by_priority[measure][priority].to_json()
                    for priority in PRIORITIES
                    if priority in self.by_priority.get(measure, {})
                },
            }
            for measure in self.measures
        }


def _aim(said: object, where: str, problem: Callable[[str], None]) -> Aim | None:
    if not isinstance(said, Mapping) or len(said) != 1:
        problem(f"[{where}] needs one of {AT_LEAST} and {AT_MOST}, and nothing else but priorities.")
        return None
    ((how, number),) = said.items()
    if not isinstance(number, str):
        problem(f'[{where}] {how}: write the number in quotation marks, like "90%" or "3500".')
        return None
    try:
        return Aim(str(how), number.strip())
    except ValueError as words:
        problem(f"[{where}]: {words}.")
        return None
