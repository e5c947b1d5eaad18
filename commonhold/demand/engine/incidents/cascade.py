"""When each audience was told of an incident, held against the plan in force when it was detected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from commonhold.demand.engine.incidents.account import minutes_between
from commonhold.partnership.engine.rules.communication_plan import Audience, CommunicationPlan
from commonhold.workdays import Calendar, zone

IN_TIME: Final = "in time"
LATE: Final = "late"
MISSING: Final = "not told"
NOT_YET: Final = "not due yet"
NOT_ASKED: Final = "not asked for"
BEYOND: Final = "beyond the plan"


@dataclass(frozen=True, slots=True)
class Said:
    """That an audience was told: when, and how."""

    audience: str
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """An audience against the plan: by when it was to be told, when it was, and what that comes to.

    `minutes` are from detection; `late` is how many after those of the plan.
    """

    audience: str
    channel: str
    due: datetime | None
    told: datetime | None
    minutes: int | None
    result: str
    late: int = 0


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether a calendar is open at an instant."""
    local = at.astimezone(zone(calendar.time_zone))
    minute = local.hour * 60 + local.minute
    return any(window.opens <= minute < window.closes for window in calendar.windows_on(local.date()))


def against(
    plan: CommunicationPlan, *, open_hours: bool, detected: datetime, said: Sequence[Said], now: datetime
) -> list[Held]:
    """Every audience of the plan with the first time it was told since detection, then those beyond the plan.

    What was said before the incident was detected is no news of it, and is listed beyond the plan.
    """
    first: dict[str, Said] = {}
    for one in sorted(said, key=lambda one: one.at):
        if one.at >= detected:
            first.setdefault(one.audience.casefold(), one)
    found = [
        _held(audience, audience.within(open_hours=open_hours), first.get(audience.name.casefold()), detected, now)
        for audience in plan.audiences
    ]
    planned = {audience.name.casefold() for audience in plan.audiences}
    others = [one for one in said if one.audience.casefold() not in planned or one.at < detected]
    return found + [
        Held(one.audience, one.channel, None, one.at, minutes_between(detected, one.at), BEYOND) for one in others
    ]


def _held(audience: Audience, within: int | None, said: Said | None, detected: datetime, now: datetime) -> Held:
    due = None if within is None else detected + timedelta(minutes=within)
    channel = said.channel if said else audience.channel
    minutes = minutes_between(detected, said.at) if said else None
    at = said.at if said else None
    if due is None:
        return Held(audience.name, channel, None, at, minutes, NOT_ASKED)
    if at is None:
        return Held(audience.name, channel, due, None, None, MISSING if now > due else NOT_YET)
    late = max(0, -(-int((at - due).total_seconds()) // 60))
    return Held(audience.name, channel, due, at, minutes, LATE if late else IN_TIME, late)
