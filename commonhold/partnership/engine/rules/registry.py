"""The kinds of shared rule (R1): each name with its value, what it is for, and how it reads. A new one is a line."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

from commonhold.partnership.engine.rules import rendering
from commonhold.partnership.engine.rules.aims import Aims
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.communication_plan import CommunicationPlan
from commonhold.partnership.engine.rules.consents import Consents
from commonhold.partnership.engine.rules.figure_basis import FigureBasis
from commonhold.partnership.engine.rules.hold_reasons import HoldReasons
from commonhold.partnership.engine.rules.priority_matrix import PriorityMatrix
from commonhold.partnership.engine.rules.provisional import Provisional
from commonhold.partnership.engine.rules.shown import Table
from commonhold.partnership.engine.rules.targets import Targets
from commonhold.refusals import Refused


class Ruled(Protocol):
    """What a version of a rule says, checked."""

    def to_json(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rule: its name in data, its title and what it lays down in plain words, how it is read and shown."""

    name: str
    title: str
    says: str
    from_json: Callable[[Any], Ruled]
    shown: Callable[[Any], tuple[Table, ...]]
    once_found_by_consent_only: bool = False
    """Whether nothing but consent changes it once it is set, although a partner has not confirmed it yet."""


KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind(
            "calendars",
            "Calendars",
            "The opening hours and bank holidays that the clock counts by.",
            Calendars.from_json,
            rendering.calendars,
        ),
        Kind(
            "targets",
            "Targets",
            "Within how many minutes, counted by which calendar, a ticket of a priority and kind is to be resolved.",
            Targets.from_form,
            rendering.targets,
        ),
        Kind(
            "priority_matrix",
            "Priority matrix",
            "Which priority a ticket has by its impact and its urgency.",
            PriorityMatrix.from_json,
            rendering.priority_matrix,
        ),
        Kind(
            "hold_reasons",
            "Hold reasons",
            "For which reasons a hold pauses a ticket's clock; for the others its minutes count as used.",
            HoldReasons.from_json,
            rendering.hold_reasons,
        ),
        Kind(
            "figure_basis",
            "Figure basis",
            "Which verdict heads a published figure of tickets for which nothing proves when they were on hold.",
            FigureBasis.from_json,
            rendering.figure_basis,
        ),
        Kind(
            "communication_plan",
            "Communication plan",
            "Who is told of a grave incident, how, and within how many minutes of its detection.",
            CommunicationPlan.from_json,
            rendering.communication_plan,
        ),
        Kind(
            "aims",
            "Aims",
            "What the partners want a measure to reach; a figure that does not reach it owes an explanation.",
            Aims.from_json,
            rendering.aims,
        ),
        Kind(
            "provisional",
            "Provisional figures",
            "For how many working days partners can query a period's figures before they are published.",
            Provisional.from_json,
            rendering.provisional,
        ),
        Kind(
            "consent",
            "Consent to changes",
            "How many partners must consent before a change of a shared rule takes effect.",
            Consents.from_json,
            rendering.consents,
            once_found_by_consent_only=True,
        ),
    )
}


def kind(name: str) -> Kind:
    """The kind of rule of this name. Refuses a name that there is no rule of."""
    if name not in KINDS:
        raise Refused(f"There is no rule {name!r}. The rules are {', '.join(KINDS)}.")
    return KINDS[name]


def read(name: str, value: object) -> Ruled:
    """The checked value of a rule that its JSON says. Refuses, with every problem, what cannot be read."""
    return _read(name, json.dumps(value, sort_keys=True))


@lru_cache(maxsize=256)
def _read(name: str, text: str) -> Ruled:
    # Values are frozen, and a version is read by every page that its rule matters to.
    return kind(name).from_json(json.loads(text))


def check_together(values: Mapping[str, Ruled]) -> None:
    """Refuse rules that cannot be in force at once: targets, or a plan, by a calendar that there is not."""
    calendars, targets, plan = (values.get(name) for name in ("calendars", "targets", "communication_plan"))
    if isinstance(targets, Targets):
        if not isinstance(calendars, Calendars):
            raise Refused("Targets are counted by calendars, and none are in force by then. Enter the calendars first.")
        targets.check_against(calendars.by_name)
    if isinstance(plan, CommunicationPlan):
        if not isinstance(calendars, Calendars):
            raise Refused(
                "A communication plan tells office hours by a calendar, and none is in force by then. "
                "Enter the calendars first."
            )
        plan.check_against(calendars.by_name)
