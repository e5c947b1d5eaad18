"""The rule "communication_plan": who is told of a grave incident, how, and within how many minutes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from commonhold.refusals import Refused

LONGEST_NAME: Final = 100
MOST_AUDIENCES: Final = 50
MOST_MINUTES: Final = 31 * 24 * 60
"""A month: news that may come later than that is no news."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told, through which channel, and within how many minutes of detection.

    `in_hours` counts for incidents that are detected while the plan's calendar is open, `out_of_hours` for the others;
    None where the plan does not ask that they be told.
    """

    name: str
    channel: str
    in_hours: int | None
    out_of_hours: int | None

    def within(self, *, open_hours: bool) -> int | None:
        """The minutes within which they are to be told."""
        return self.in_hours if open_hours else self.out_of_hours


@dataclass(frozen=True, slots=True)
class CommunicationPlan:
    """The audiences of the plan, soonest first, and the calendar that says which hours are office hours."""

    calendar: str
    audiences: tuple[Audience, ...]

    def __post_init__(self) -> None:
        problems = [] if self.calendar.strip() else ["The plan names no calendar."]
        if not self.audiences:
            problems.append("There is nobody in the plan.")
        if len(self.audiences) > MOST_AUDIENCES:
            problems.append(f"The plan has more than {MOST_AUDIENCES} audiences.")
        folded = [audience.name.casefold() for audience in self.audiences]
        problems += [f"{name!r} is listed twice." for name in sorted({n for n in folded if folded.count(n) > 1})]
        for audience in self.audiences:
            problems += _wrong(audience)
        if problems:
            raise Refused("The communication plan cannot be used.", problems)
        ordered = sorted(self.audiences, key=lambda one: (_soonest(one), one.name))
        object.__setattr__(self, "audiences", tuple(ordered))

    def check_against(self, calendars: Mapping[str, object]) -> None:
        """Refuse a plan by a calendar that the agreement does not have."""
        if self.calendar not in calendars:
            raise Refused(
                f"The communication plan names a calendar that is not there: {self.calendar}. "
                f"Add it, or use one of {', '.join(calendars)}."
            )

    @classmethod
    def from_json(cls, value: object) -> Self:
        if not isinstance(value, Mapping) or set(value) != {"calendar", "audiences"}:
            raise Refused("The communication plan needs a calendar and audiences, and nothing else.")
        said = value["audiences"]
        if not isinstance(said, Mapping) or not isinstance(value["calendar"], str):
            raise Refused("The calendar is the name of one; audiences are a table, each with its channel and minutes.")
        problems = [
            f"{name}: needs channel, a text, and in_hours, out_of_hours or both, whole numbers of minutes."
            for name, audience in said.items()
            if not _is_audience(audience)
        ]
        if problems:
            raise Refused("The communication plan cannot be used.", problems)
        audiences = (
            Audience(" ".join(str(name).split()), one["channel"].strip(), one.get("in_hours"), one.get("out_of_hours"))
            for name, one in said.items()
        )
        return cls(value["calendar"], tuple(audiences))

    def to_json(self) -> dict[str, Any]:
        return {"calendar": self.calendar, "audiences": {one.name: _said(one) for one in self.audiences}}


def _said(audience: Audience) -> dict[str, Any]:
    minutes = {"in_hours": audience.in_hours, "out_of_hours": audience.out_of_hours}
    return {"channel": audience.channel, **{name: number for name, number in minutes.items() if number is not None}}


def _is_audience(said: object) -> bool:
    return (
        isinstance(said, Mapping)
        and {"channel"} < set(said) <= {"channel", "in_hours", "out_of_hours"}
        and isinstance(said["channel"], str)
        and all(type(minutes) is int for name, minutes in said.items() if name != "channel")
    )


def _wrong(audience: Audience) -> list[str]:
    wrong = []
    if not audience.name or len(audience.name) > LONGEST_NAME:
        wrong.append(f"An audience has a name of at most {LONGEST_NAME} characters.")
    if not audience.channel or len(audience.channel) > LONGEST_NAME:
        wrong.append(f"{audience.name}: say through which channel, in at most {LONGEST_NAME} characters.")
    given = [minutes for minutes in (audience.in_hours, audience.out_of_hours) if minutes is not None]
    if not given or any(not 0 < minutes <= MOST_MINUTES for minutes in given):
        wrong.append(f"{audience.name}: say within how many minutes, from 1 to {MOST_MINUTES:,}.")
    return wrong


def _soonest(audience: Audience) -> int:
    return min(minutes for minutes in (audience.in_hours, audience.out_of_hours) if minutes is not None)
