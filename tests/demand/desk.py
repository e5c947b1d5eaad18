"""A desk's month, small enough to be known by heart: what the pages of tickets are tested on."""

from typing import Any

from tests.demand.bringing import bring, events

LINES = (
    # reference, at, state, priority, kind, team, partner, service, category
    "SD1,2026-06-01T08:00Z,open,P3,incident,Service Desk,Southmere,Email,Fault",
    "SD1,2026-06-01T12:00Z,resolved,P3,incident,Service Desk,Southmere,Email,Fault",
    "SD2,2026-06-02T08:00Z,open,P1,incident,Networks,Northgate,Network,Fault",
    "SD2,2026-06-02T20:00Z,resolved,P1,incident,Networks,Northgate,Network,Fault",
    "SD3,2026-06-10T08:00Z,open,P3,request,Service Desk,Southmere,Printing,Access",
    "SD3,2026-06-10T09:00Z,on_hold,P3,request,Service Desk,Southmere,Printing,Access",
    "SD4,2026-06-30T09:00Z,open,P4,incident,Networks,Eastwell Vale,Network,Fault",
    "SD5,2026-06-29T09:00Z,open,P3,incident,Service Desk,Northgate,Email,Question",
    "SD5,2026-06-29T10:00Z,on_hold,P3,incident,Service Desk,Northgate,Email,Question",
    "SD5,2026-06-30T15:00Z,in_progress,P3,incident,Service Desk,Northgate,Email,Question",
    "SD6,2026-06-30T23:30Z,open,,change,,,,",
)


def bring_a_month() -> dict[str, Any]:
    """Six tickets of June: two of Southmere, two of Northgate, one of Eastwell Vale, one of nobody."""
    return bring(events(*LINES))


def many(count: int, day: str = "2026-05-04") -> str:
    """As many tickets of Southmere's, opened a minute after one another."""
    lines = (
        f"M{n:04},{day}T{9 + n // 60:02}:{n % 60:02}Z,open,P4,change,Moves,Southmere,Desktop,Move" for n in range(count)
    )
    return events(*lines)
