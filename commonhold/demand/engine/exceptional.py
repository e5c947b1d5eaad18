"""The kinds of exception, each by a stated rule that is the same for every partner and team."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

IN_BULK: Final = 20
"""So many tickets of one team stopped within one minute are closed in bulk."""
BEFORE_OPENING: Final = 1
"""Minutes before its opening from which on an event is back-dated."""
BEFORE_ENTRY: Final = 60
"""Minutes before its entry from which on a resolution is back-dated."""


class Rule(IntEnum):
    """The kinds; they are stored, so a number is never given another meaning."""

    LOWERED = 0
    RECLASSIFIED = 1
    HELD = 2
    REOPENED = 3
    IN_BULK = 4
    BEFORE_OPENING = 5
    BEFORE_ENTRY = 6


TITLES: Final[Mapping[Rule, str]] = {
    Rule.LOWERED: "Priority lowered near the target",
    Rule.RECLASSIFIED: "Reclassified near the target",
    Rule.HELD: "Put on hold near the target",
    Rule.REOPENED: "Closed and at work again",
    Rule.IN_BULK: "Closed in bulk",
    Rule.BEFORE_OPENING: "An event before the opening",
    Rule.BEFORE_ENTRY: "Resolution back-dated",
}
RULES: Final[Mapping[Rule, str]] = {
    Rule.LOWERED: "The priority was lowered, or taken away, when nine tenths of the target or more were used and "
    "it was not missed yet.",
    Rule.RECLASSIFIED: "The kind was changed when nine tenths of the target or more were used and it was not "
    "missed yet.",
    Rule.HELD: "The ticket was put on hold when nine tenths of the target or more were used and it was not missed yet.",
    Rule.REOPENED: "The ticket was resolved or closed, and was at work again afterwards.",
    Rule.IN_BULK: f"The clock was stopped by resolving or closing, within one minute with {IN_BULK} tickets or "
    "more of the same team.",
    Rule.BEFORE_OPENING: f"The history has an event {BEFORE_OPENING} minute or more before the ticket was opened.",
    Rule.BEFORE_ENTRY: f"The desk says that the ticket was resolved {BEFORE_ENTRY} minutes or more before its "
    "history says so.",
}
