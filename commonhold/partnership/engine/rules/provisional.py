"""The rule "provisional": for how many working days a period's figures stand open to the partners' queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Self

from commonhold.refusals import Refused
from commonhold.workdays import DIVISIONS, bank_holidays, nth_working_day

MOST_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class Provisional:
    """So many working days; working days are Monday to Friday and no bank holiday of this nation."""

    working_days: int
    holidays: str

    def __post_init__(self) -> None:
        if not 0 < self.working_days <= MOST_DAYS:
            raise Refused(
                f"Provisional for {self.working_days} working days: the number must be from 1 to {MOST_DAYS}."
            )
        if self.holidays not in DIVISIONS:
            raise Refused(f"{self.holidays!r} has no list of bank holidays; use one of {', '.join(DIVISIONS)}.")

    def until(self, day: date) -> date:
        """The last day on which figures that were laid open on a day can be queried; that day itself not counted."""
        return nth_working_day(self.working_days, day, bank_holidays(self.holidays))

    @classmethod
    def from_json(cls, value: object) -> Self:
        if not isinstance(value, Mapping) or set(value) != {"working_days", "holidays"}:
            raise Refused('The rule needs working_days = 5 and holidays = "GB-ENG", and nothing else.')
        days, nation = value["working_days"], value["holidays"]
        if type(days) is not int or not isinstance(nation, str):
            raise Refused("working_days is a whole number, and holidays the nation whose bank holidays count.")
        return cls(days, nation)

    def to_json(self) -> dict[str, Any]:
        return {"working_days": self.working_days, "holidays": self.holidays}
