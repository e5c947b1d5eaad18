"""The causes by which two figures of one thing differ, in the order in which they are applied.

What says which tickets there are comes first, then what says when, then what a ticket is, then what its clock counts.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Cause(StrEnum):
    """A cause, by the word that files and addresses use."""

    ONLY = "only"
    BASIS = "basis"
    ZONE = "zone"
    DATES = "dates"
    CANCELLED = "cancelled"
    KIND = "kind"
    PARTNER = "partner"
    PRIORITY = "priority"
    NAMES = "names"
    RESPONSIBLE = "responsible"
    HOLDS = "holds"
    STATES = "states"
    CALENDAR = "calendar"
    TARGET = "target"
    REASONS = "reasons"
    PUT_RIGHT = "put-right"
    VERDICT = "verdict"
    READ_AT = "read-at"
    DEFINITION = "definition"
    OWN = "own"
    ROUNDING = "rounding"


@dataclass(frozen=True, slots=True)
class Said:
    """How a cause is called, and what it is."""

    title: str
    words: str


CAUSES: Final[dict[Cause, Said]] = {
    Cause.ONLY: Said("In one list only", "The ticket is known to one side and not to the other."),
    Cause.BASIS: Said(
        "Date basis", "One side counts a ticket on the day it was resolved, the other when it was opened or closed."
    ),
    Cause.ZONE: Said("Time zone", "The same moment is written, or its day is taken, in another time zone."),
    Cause.DATES: Said("Other dates", "The two sides give another opening, resolution or closing."),
    Cause.CANCELLED: Said("Cancelled", "One side has the ticket as cancelled, or counts cancelled tickets."),
    Cause.KIND: Said("Kind", "The two sides give the ticket another kind, or one side leaves tickets of its kind out."),
    Cause.PARTNER: Said("Partner", "The two sides give the ticket to different partners."),
    Cause.PRIORITY: Said("Priority", "The two sides give the ticket another priority, and so another target."),
    Cause.NAMES: Said("Team, service or category", "The two sides name another team, service or category."),
    Cause.RESPONSIBLE: Said("Responsible party", "Another party answers for a team that had the ticket."),
    Cause.HOLDS: Said("Holds", "The time on hold is told differently, or is not taken out of the clock."),
    Cause.STATES: Said("History", "The two sides tell another course of states, or one of them tells none."),
    Cause.CALENDAR: Said("Calendar", "The clock runs in other opening hours."),
    Cause.TARGET: Said("Target", "Another target is in force, or none."),
    Cause.REASONS: Said("Hold reasons", "Another version of the agreement says which holds stop the clock."),
    Cause.PUT_RIGHT: Said(
        "Corrections and exclusions", "The ticket was put right or left out on the record on one side only."
    ),
    Cause.VERDICT: Said("The desk's verdict", "One side takes the desk's own flag, the other reads the clock."),
    Cause.READ_AT: Said("Read at another instant", "The clocks are read at two instants."),
    Cause.DEFINITION: Said("Definition", "The two figures are counted by two versions of the measure."),
    Cause.OWN: Said("Their own reckoning", "All facts are the same, and the answer is another."),
    Cause.ROUNDING: Said("Rounding", "The other figure is written to fewer places."),
}

ORDER: Final = tuple(CAUSES)
