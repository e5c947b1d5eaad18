"""Rules of meetings on plain values: when an update is due, and who owes it."""

from collections.abc import Sequence
from datetime import date


def due_on(rule: str, day: date | None, held: date, later: Sequence[date]) -> date | None:
    """The day on which an update is due: the date named, or the body's next meeting after `held`; None if unknown."""
    if rule == "date":
        return day
    if rule == "next_meeting":
        return min((meeting for meeting in later if meeting > held), default=None)
    return None
