"""The rules that the clock reads by: the agreement's calendars, targets and hold reasons, made ready."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from commonhold.demand.engine.clock import Compiled, compile_rules
from commonhold.partnership.queries import Rules, rules

YEARS: Final = 3 * 366 * 86_400
NEEDED: Final = ("calendars", "targets")
HOLDS: Final = "hold_reasons"
"""A rule that is read where there is one: without it every hold pauses the clock, and nothing need be said."""

USED: Final = (*NEEDED, HOLDS)


@dataclass(frozen=True, slots=True)
class ClockRules:
    """Calendars, targets and hold reasons with all their versions: ready for the clock, in words, and by one digest.

    `label` names the versions in force at the last instant, None where nothing is agreed; `agreed` are the rules
    themselves; `versions` are those of each rule with the second since 1970 from which it holds, in order.
    """

    compiled: Compiled
    label: str | None
    agreed: Rules = field(compare=False, repr=False)
    digest: str
    versions: tuple[tuple[tuple[int, str], ...], ...] = ()

    def in_force(self, first: int, last: int) -> str | None:
        """The versions in force at some time from one instant to another, None where nothing was agreed then."""
        named = [
            label
            for versions in self.versions
            for place, (since, label) in enumerate(versions)
            if since <= last and (place + 1 == len(versions) or versions[place + 1][0] > first)
        ]
        return ", ".join(named) or None

    def remarks(self, first: int, last: int) -> tuple[str, ...]:
        """What stands beside whatever is read by the versions in force from one instant to another (R0)."""
        return beside(self.agreed, _instant(first), _instant(last))


def beside(agreed: Rules, since: datetime, until: datetime) -> tuple[str, ...]:
    """What stands beside whatever the clock read by the rules in force from one instant to another (R0)."""
    read = USED if agreed.used(HOLDS, since, until) else NEEDED
    return agreed.remarks(*read, since=since, until=until)


def clock_rules(last: int, known_at: int | None = None, *, agreed: Rules | None = None) -> ClockRules:
    """The rules of the clock with tables for the three years before `last`: as they stand in the agreement now, or as
    an entry of this number knew them, or as they were read already.
    """
    known = replace(agreed, at=_instant(last)) if agreed else rules(_instant(last), known_at)
    in_force = [version.label for rule in USED if (version := known.in_force(rule))]
    return ClockRules(
        compiled=compile_rules(known.calendars, known.targets, max(0, last - YEARS), last, known.hold_reasons),
        label=", ".join(in_force) or None,
        agreed=known,
        digest=known.digest(*(USED if HOLDS in known.versions else NEEDED)),
        versions=tuple(tuple((v.instant, v.label) for v in known.versions.get(rule, ())) for rule in USED),
    )


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
