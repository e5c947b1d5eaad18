"""The rules that the clock reads by: the agreement's calendars and targets, made ready."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from commonhold.demand.engine.clock import Compiled, compile_rules
from commonhold.partnership.queries import Rules, rules

YEARS: Final = 3 * 366 * 86_400
USED: Final = ("calendars", "targets")


@dataclass(frozen=True, slots=True)
class ClockRules:
    """Calendars and targets with all their versions: ready for the clock, in words, and by one digest.

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
        return self.agreed.remarks(*USED, since=_instant(first), until=_instant(last))


def clock_rules(last: int, known_at: int | None = None) -> ClockRules:
    """Calendars and targets with tables for the three years before `last`: as they stand in the agreement now, or as
    an entry of this number knew them.
    """
    known = rules(_instant(last), known_at)
    in_force = [version.label for rule in USED if (version := known.in_force(rule))]
    return ClockRules(
        compiled=compile_rules(known.calendars, known.targets, max(0, last - YEARS), last),
        label=", ".join(in_force) or None,
        agreed=known,
        digest=known.digest(*USED),
        versions=tuple(tuple((v.instant, v.label) for v in known.versions.get(rule, ())) for rule in USED),
    )


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
