"""Who was told of an incident, held against the communication plan in force when it was detected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from commonhold.demand.engine.incidents.cascade import LATE, MISSING, Held, Said, against, is_open
from commonhold.demand.models import Telling
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.queries import Rules, Version

NO_PLAN: Final = "No communication plan was in force then, so nothing says who was to be told by when."
NO_CALENDAR: Final = "The plan's calendar is not among those in force then, so office hours cannot be told."


@dataclass(frozen=True, slots=True)
class Cascade:
    """The log against the plan; `without` says why there is none to hold it against.

    `open_hours` is whether the incident was detected in the plan's hours.
    """

    plan: Version | None
    open_hours: bool
    lines: tuple[Held, ...]
    without: str = ""

    @property
    def late(self) -> int:
        return sum(line.result == LATE for line in self.lines)

    @property
    def missing(self) -> int:
        return sum(line.result == MISSING for line in self.lines)

    @property
    def asked(self) -> int:
        """How many audiences were to be told by now or later."""
        return sum(line.due is not None for line in self.lines)

    @property
    def sentence(self) -> str:
        """What the plan asked for and what came of it, in one sentence."""
        if self.without:
            return self.without
        if not self.asked:
            return "The plan asks for nobody to be told at that hour."
        said = f"{self.asked - self.late - self.missing} of {self.asked} told in time or not due yet"
        more = [f"{self.late} late"] if self.late else []
        more += [f"{self.missing} not told"] if self.missing else []
        return f"{said}; {', '.join(more)}." if more else f"{said}."


def cascade(detected: datetime, tellings: Sequence[Telling], agreed: Rules, now: datetime) -> Cascade:
    """The log of an incident, its lines that stand, against the plan in force when it was detected."""
    said = [Said(one.audience, one.channel, one.told_at) for one in tellings]
    version, plan = agreed.in_force("communication_plan", detected), agreed.communication_plan(detected)
    if version is None or plan is None:
        return Cascade(None, False, (), NO_PLAN)
    calendars = agreed.value("calendars", detected)
    calendar = calendars.by_name.get(plan.calendar) if isinstance(calendars, Calendars) else None
    if calendar is None:
        return Cascade(version, False, (), NO_CALENDAR)
    open_hours = is_open(calendar, detected)
    return Cascade(
        version, open_hours, tuple(against(plan, open_hours=open_hours, detected=detected, said=said, now=now))
    )
