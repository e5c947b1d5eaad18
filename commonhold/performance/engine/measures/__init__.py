"""The table of measures: every definition by its name, and every version of it by its number."""

from collections.abc import Mapping
from typing import Final

from commonhold.performance.engine.measures import backlog, durations, targets, volumes
from commonhold.performance.engine.measures.definition import Definition
from commonhold.refusals import Refused

ALL: Final[tuple[Definition, ...]] = (
    *volumes.DEFINITIONS,
    *backlog.DEFINITIONS,
    *durations.DEFINITIONS,
    *targets.DEFINITIONS,
)

ORDER: Final = (
    "tickets_opened",
    "tickets_resolved",
    "tickets_closed",
    "closed_without_resolution",
    "open_at_end",
    "unclosed_at_end",
    "aged_open",
    "aged_open_90",
    "untriaged_open",
    "resolution_hours_median",
    "resolution_hours_p90",
    "working_minutes_median",
    "working_minutes_p90",
    "within_target",
    "breached_open",
    "on_hold_tickets",
    "on_hold_minutes",
    "reopened_tickets",
    "reopenings",
    "reassigned_tickets",
    "minutes_used",
    "source_verdict_met",
    "verdict_differs",
)

NUMBERED: Final[Mapping[str, Definition]] = {str(definition): definition for definition in ALL}

MEASURES: Final[Mapping[str, Definition]] = {
    name: max((d for d in ALL if d.name == name), key=lambda d: d.version) for name in ORDER
}
"""The newest version of every measure, in the order in which they are shown."""


def definition(name: str) -> Definition:
    """The measure of this name: its newest version, or the one that the name ends with (`within_target.v1`)."""
    found = MEASURES.get(name) or NUMBERED.get(name)
    if found is None:
        raise Refused(f"There is no measure called '{name}'. Choose from: {', '.join(MEASURES)}.")
    return found
