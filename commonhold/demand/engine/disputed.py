"""What a partner disputes: a class of tickets by what they have in common, as data and in words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import Any, Final

from commonhold.figures import Span
from commonhold.govuk.formats import period
from commonhold.partnership.engine.rules.hold_reasons import REASONS
from commonhold.refusals import Refused

LONGEST: Final = timedelta(days=366)
"""Of so many days of opening, counted as the list of tickets counts them, a class can be at most."""
FIRST_YEAR, LAST_YEAR = 1900, 2999
"""The clock reads no other years."""
FEWEST: Final = 5
"""Of fewer tickets, none included, the number is not said to those who may not see all of them."""
FEWER: Final = "fewer than five"
ENOUGH: Final = "at least five"
"""What they are told of more: classes of neighbouring days would tell the tickets of a day by subtraction."""
NOT_GIVEN: Final = "not_given"
"""How a class spells the holds that are given no reason."""
DAYS: Final = frozenset({"opened_from", "opened_to", "resolved_from", "resolved_to"})


@dataclass(frozen=True, slots=True)
class Class:
    """Tickets opened on some days, the last one included, that are alike in what else is named; empty for "any".

    Words are those of the addresses of the list of tickets: a partner's slug, `p2`, `incident`, names of desk, team and
    service. `reason` is one of REASONS, or NOT_GIVEN, and means tickets with such a hold in their history.
    """

    opened_from: date
    opened_to: date
    resolved_from: date | None = None
    resolved_to: date | None = None
    desk: str = ""
    partner: str = ""
    priority: str = ""
    kind: str = ""
    team: str = ""
    service: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        named = (self.opened_from, self.opened_to, self.resolved_from, self.resolved_to)
        if not all(FIRST_YEAR <= day.year <= LAST_YEAR for day in named if day):
            raise Refused(f"Name days from the year {FIRST_YEAR} to the year {LAST_YEAR}.")
        if self.opened_to < self.opened_from:
            raise Refused("The last day of opening must not be before the first.")
        if self.opened_to - self.opened_from >= LONGEST:
            raise Refused(
                f"A class is of tickets opened within {LONGEST.days} days at most. Name fewer days, or raise a dispute "
                "for each year."
            )
        if self.resolved_from and self.resolved_to and self.resolved_to < self.resolved_from:
            raise Refused("The last day of resolution must not be before the first.")
        if self.reason not in ("", NOT_GIVEN, *REASONS):
            raise Refused(f"There is no hold reason '{self.reason}'.")

    def as_json(self) -> dict[str, str]:
        """What is kept of it: only what is named."""
        said = asdict(self)
        return {name: value.isoformat() if name in DAYS else value for name, value in said.items() if value}

    @classmethod
    def from_json(cls, kept: Mapping[str, str]) -> "Class":
        known = {one.name for one in fields(cls)}
        said: dict[str, Any] = {
            name: date.fromisoformat(value) if name in DAYS else value for name, value in kept.items() if name in known
        }
        return cls(**said)

    @property
    def opened(self) -> Span:
        return Span(self.opened_from, self.opened_to)

    def in_words(self, partner: str) -> str:
        """The class as people say it; `partner` is the name of the partner that it names."""
        whose = {"": "Tickets", "none": "Tickets of no partner"}.get(self.partner, f"Tickets of {partner}")
        parts = [f"{whose} opened {_days(self.opened)}"]
        if self.resolved_from or self.resolved_to:
            parts.append(f"resolved {_between(self.resolved_from, self.resolved_to)}")
        if self.priority:
            parts.append("without a priority" if self.priority == "none" else self.priority.upper())
        parts += [self.kind] if self.kind else []
        parts += [f"{word} {getattr(self, word)}" for word in ("team", "service", "desk") if getattr(self, word)]
        if self.reason:
            given = self.reason == NOT_GIVEN
            parts.append("on hold with no reason given" if given else f"on hold {self.reason.replace('_', ' ')}")
        return ", ".join(parts)


def _days(span: Span) -> str:
    return f"on {period(span)}" if span.first == span.last else f"in {period(span)}"


def _between(first: date | None, last: date | None) -> str:
    if first and last:
        return _days(Span(first, last))
    if first:
        return f"from {period(Span(first, first))}"
    return f"until {period(Span(last, last))}" if last else ""
