"""The rules that the clock reads by: the agreement's calendars and targets, made ready."""

from typing import Final

from commonhold.demand.engine.clock import Compiled, compile_rules

YEARS: Final = 3 * 366 * 86_400


def clock_rules(last: int, known_at: int | None = None) -> Compiled:
    """Calendars and targets as known at an entry (None: now), with tables for the three years before `last`."""
    return compile_rules([], [], max(0, last - YEARS), last)
