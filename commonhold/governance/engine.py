"""Rules of meetings on plain values: when an update is due, and which meeting an update reached (V3)."""

from collections.abc import Iterable
from datetime import date


def due_on(rule: str, day: date | None, held: date, meetings: Iterable[date], reached: Iterable[date]) -> date | None:
    """The day on which an update is due; None where none is, or where that meeting is not called yet.

    Asked for at the next meeting, it is due at the first one after `held`, and after each meeting that an update
    reached at the one that follows. Asked for by a date, it is due once.
    """
    served = list(reached)
    if rule == "date":
        return None if served else day
    if rule == "next_meeting":
        last = max([held, *served])
        return min((meeting for meeting in meetings if meeting > last), default=None)
    return None


def reaches(made: date, meetings: Iterable[date]) -> date:
    """The day that an update in words reaches: the next meeting on or after it was made, else that day itself."""
    return min((meeting for meeting in meetings if meeting >= made), default=made)
