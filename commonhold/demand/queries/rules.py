"""The rules that the clock reads by: the agreement's calendars and targets, made ready."""

import hashlib
from dataclasses import dataclass
from typing import Final

from commonhold.demand.engine.clock import Compiled, compile_rules

YEARS: Final = 3 * 366 * 86_400


@dataclass(frozen=True, slots=True)
class ClockRules:
    """Calendars and targets with all their versions: ready for the clock, in words, and by one digest."""

    compiled: Compiled
    label: str | None
    digest: str


def clock_rules(last: int) -> ClockRules:
    """Calendars and targets as they stand in the agreement, with tables for the three years before `last`."""
    compiled = compile_rules([], [], max(0, last - YEARS), last)
    return ClockRules(compiled, None, hashlib.sha256(b"none").hexdigest())
