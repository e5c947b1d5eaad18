"""The rule "calendars": the opening hours and bank holidays that the partners agreed on (C1, C3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

from commonhold.refusals import Refused
from commonhold.workdays import Calendar, calendars_as_json, calendars_from_json, read_calendars


@dataclass(frozen=True, slots=True)
class Calendars:
    """Calendars by name, all of one time zone and one list of bank holidays."""

    by_name: Mapping[str, Calendar]

    def __post_init__(self) -> None:
        if not self.by_name:
            raise Refused("There is no calendar. Add one: without opening hours no clock can run.")
        if any(name != calendar.name for name, calendar in self.by_name.items()):
            raise Refused("Each calendar must stand under its own name.")
        if len({(c.time_zone, c.division, c.holidays) for c in self.by_name.values()}) > 1:
            raise Refused("All calendars of the agreement must share one time zone and one list of bank holidays.")
        object.__setattr__(self, "by_name", MappingProxyType(dict(self.by_name)))

    @classmethod
    def from_toml(cls, text: str, source: str) -> Self:
        """The rule that a calendars file says; `source` is what a refusal calls the file."""
        return cls(read_calendars(text, source))

    @classmethod
    def from_json(cls, value: object) -> Self:
        return cls(calendars_from_json(value))

    def to_json(self) -> dict[str, Any]:
        return calendars_as_json(self.by_name)
