"""Rules of meetings on plain values: when an update is due."""

from collections.abc import Sequence
from datetime import date


def due_on(
    rule: str, day: date | None, held: date, meetings: Sequence[date], papers: Sequence[date], words: Sequence[date]
) -> date | None:
    """The day on which an update is due; None where none is, or where that meeting is not called yet.

    `papers` are the days of the meetings that papers reported to, `words` the days on which an update was given in
    words alone. Asked for at the next meeting, it is due at the first one after the body last heard of it. Asked for by
    a date, a paper answers it whenever it comes, words only from that day on: an early note does not end the matter.
    """
    if rule == "date" and day is not None:
        return None if papers or any(given >= day for given in words) else day
    if rule == "next_meeting":
        heard = max([held, *papers, *words])
        return min((meeting for meeting in meetings if meeting > heard), default=None)
    return None
