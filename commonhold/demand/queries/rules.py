"""The rules that the clock reads by: the agreement's calendars and targets, made ready."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from commonhold.demand.engine.clock import Compiled, compile_rules
from commonhold.partnership.queries import rules

YEARS: Final = 3 * 366 * 86_400
USED: Final = ("calendars", "targets")


@dataclass(frozen=True, slots=True)
class ClockRules:
    """Calendars and targets with all their versions: ready for the clock, in words, and by one digest.

    `label` names the versions in force at the last instant, None where nothing is agreed; `remarks` say what partners
    have not confirmed.
    """

    compiled: Compiled
    label: str | None
    remarks: tuple[str, ...]
    digest: str


def clock_rules(last: int) -> ClockRules:
    """Calendars and targets as they stand in the agreement, with tables for the three years before `last`."""
    known = rules(datetime.fromtimestamp(last, UTC))
    in_force = [version.label for rule in USED if (version := known.in_force(rule))]
    return ClockRules(
        compiled=compile_rules(known.calendars, known.targets, max(0, last - YEARS), last),
        label=", ".join(in_force) or None,
        remarks=known.remarks(*USED),
        digest=known.digest(*USED),
    )
