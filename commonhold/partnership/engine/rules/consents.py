"""The rule "consent": how many partners must consent before a change of a shared rule takes effect (R2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from commonhold.partnership.engine.consent import Needed
from commonhold.refusals import Refused

EVERY_PARTNER: Final = "every partner"


@dataclass(frozen=True, slots=True)
class Consents:
    """The number of partners that must consent; None: every one of them."""

    number: int | None

    def __post_init__(self) -> None:
        if self.number is not None and not 1 <= self.number <= 1000:
            raise Refused(f"A change needs the consent of at least one partner, so needed cannot be {self.number}.")

    def among(self, parties: Iterable[str]) -> Needed:
        """What the rule asks for of those who are party to the agreement."""
        return Needed(frozenset(parties), self.number)

    @classmethod
    def from_json(cls, value: object) -> Self:
        if not isinstance(value, Mapping) or set(value) != {"needed"}:
            raise Refused(f"The rule on consent needs needed, a whole number or {EVERY_PARTNER!r}, and nothing else.")
        needed = value["needed"]
        if needed == EVERY_PARTNER:
            return cls(None)
        if type(needed) is not int:
            raise Refused(f"needed is a whole number or {EVERY_PARTNER!r}; it is {needed!r}.")
        return cls(needed)

    def to_json(self) -> dict[str, Any]:
        return {"needed": EVERY_PARTNER if self.number is None else self.number}
