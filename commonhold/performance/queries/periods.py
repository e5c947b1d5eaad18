"""Periods as they were computed: found by what they rest on, never computed by a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db.models import Min

from commonhold import __version__
from commonhold.demand.engine.clock import Histories
from commonhold.demand.models import Reckoning
from commonhold.demand.queries import columns
from commonhold.demand.queries.knowledge import Knowledge, knowledge
from commonhold.demand.queries.names import Named, names
from commonhold.demand.queries.rules import USED, ClockRules, clock_rules
from commonhold.figures import Span
from commonhold.ledger.models import Entry
from commonhold.performance.engine import periods, reading
from commonhold.performance.engine.extract import Extract, from_bytes
from commonhold.performance.engine.groups import Names, Stamp
from commonhold.performance.models import Period
from commonhold.refusals import Refused

RULED: Final = ("rule.found", "rule.changed", "rule.confirmed", "rule.disputed")
"""The kinds of entries that change what the clock reads by, or how far the partners stand behind it."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What figures rest on beside their period: what is known, the rules, and the names.

    `entry` is the newest entry that any of it comes from, so that it alone says what was known (F7).
    """

    entry: int
    known: Knowledge
    rules: ClockRules
    named: Named

    @property
    def names(self) -> Names:
        return _for_groups(self.named)

    def stamp(self, period: periods.Period) -> Stamp:
        """What figures of a period carry: the versions of rules are those in force within it (R3)."""
        return Stamp(self.entry, __version__, self.rules.in_force(period.start, period.as_of))


def basis(known_at: str | int | None = None) -> Basis:
    """What figures rest on now, or as known at an entry or an instant: tickets and rules alike."""
    known = knowledge(known_at)
    entry = max(known.entry, _last_rule(known_at))
    return Basis(entry, known, clock_rules(known.through, entry), names())


def _last_rule(known_at: str | int | None) -> int:
    """The number of the last entry about the calendars or targets, 0 where there is none."""
    entries = Entry.objects.filter(kind__in=RULED, facts__rule__in=USED)
    if known_at is not None:
        text = str(known_at)
        until = {"number__lte": int(text)} if text.isdigit() else {"at__lte": datetime.fromisoformat(text)}
        entries = entries.filter(**until)
    return entries.order_by("-number").values_list("number", flat=True).first() or 0


def names_for_groups() -> Names:
    """The names that figures are grouped by."""
    return _for_groups(names())


def _for_groups(named: Named) -> Names:
    return Names(named.partner, named.team, named.service, named.party)


def the_period(span: Span, known: Knowledge, as_of: datetime | None = None) -> periods.Period:
    """The period of these days, read at its end, at the last event, or at `as_of` where that is given."""
    instant = None if as_of is None else int(as_of.timestamp())
    found = periods.period(span, as_of=instant, last_event=known.through)
    if found.as_of < found.start:
        through = f"{periods.local(known.through):%-d %B %Y}"
        raise Refused(
            f"Nothing is known yet of the days from {span.first} to {span.last}: the files tell of what happened "
            f"until {through}."
            if as_of is None
            else f"The clock cannot be read at {as_of.isoformat()}, before the period begins on {span.first}."
        )
    return found


def whole_history(known: Knowledge) -> Span:
    """From the day of the first opening to the day of the last event known."""
    first = Reckoning.objects.known(known.batch).aggregate(first=Min("opened_at"))["first"]
    if first is None:
        raise Refused("No tickets are known yet.")
    return Span(periods.local(int(first.timestamp())).date(), periods.local(known.through).date())


def kept(period: periods.Period, on: Basis) -> Period | None:
    """The kept computation of a period, without its extract."""
    return Period.objects.filter(**key(period, on)).defer("extract").first()


def key(period: periods.Period, on: Basis) -> dict[str, object]:
    """What a computation of a period is found by."""
    return {
        "first": period.span.first,
        "last": period.span.last,
        "as_of": datetime.fromtimestamp(period.as_of, UTC),
        "batch": on.known.batch,
        "rules": on.rules.digest,
        "program": __version__,
    }


def kept_extract(period: periods.Period, on: Basis) -> Extract | None:
    """The extract of a period where it was computed."""
    found = Period.objects.filter(**key(period, on)).values_list("extract", flat=True).first()
    return None if found is None else from_bytes(bytes(found))


def computed(parts: Sequence[periods.Period], on: Basis) -> list[Extract]:
    """The extracts of periods, computed from one reading of the tickets that matter to any of them."""
    first = min(part.start for part in parts)
    last = max(max(part.end, part.as_of) for part in parts)
    tickets, timelines = columns.tickets(on.known.batch, first, last)
    histories = Histories.joined(timelines)
    return [reading.read(part, tickets, histories, on.rules.compiled, on.named.party_of) for part in parts]
