"""Periods as they were computed: found by what they rest on, never computed by a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from commonhold import __version__
from commonhold.databases.fields import InstantField
from commonhold.demand.engine.clock import Histories
from commonhold.demand.models import Batch, Reckoning
from commonhold.demand.models.batch import TAKEN_OVER
from commonhold.demand.queries import columns
from commonhold.demand.queries.knowledge import Knowledge, knowledge
from commonhold.demand.queries.names import Named, names
from commonhold.demand.queries.rules import USED, ClockRules, clock_rules
from commonhold.demand.queries.rules import beside as beside_the_clock
from commonhold.figures import Span
from commonhold.govuk.formats import instant
from commonhold.ledger.models import Entry
from commonhold.partnership.queries import Rules
from commonhold.performance.engine import periods, reading
from commonhold.performance.engine.extract import FORMAT, Extract, from_bytes
from commonhold.performance.engine.groups import Names, Stamp
from commonhold.performance.models import Period
from commonhold.refusals import Refused
from commonhold.workdays import midnight

CHANGED: Final = ("rule.found", "rule.changed")
"""The kinds of entries by which the clock's rules change."""

NAMED: Final = ("partner", "team", "service", "party", "category")

PROGRAM: Final = f"{__version__}, extract {FORMAT}"
"""By what a period was computed: what is kept in an older form of the extract is computed again."""

SAID: Final = ("rule.confirmed", "rule.disputed")
"""The kinds of entries by which changes how far the partners stand behind them."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What figures rest on beside their period: what is known, the rules, and the names.

    `entry` is the newest entry that any of it comes from, so that it alone says what was known (F7); `ruled` the last
    one by which the rules changed, 0 where none did.
    """

    entry: int
    ruled: int
    known: Knowledge
    rules: ClockRules
    named: Named

    @property
    def names(self) -> Names:
        named = self.named
        return Names(named.partner, named.team, named.service, named.party, named.category)

    def rule_version(self, period: periods.Period) -> str | None:
        """The versions of rules in force within a period (R3)."""
        return self.rules.in_force(period.start, period.as_of)

    def stamp(self, period: periods.Period) -> Stamp:
        return Stamp(self.entry, __version__, self.rule_version(period), period.as_of > self.known.through)


def basis(known_at: str | int | None = None) -> Basis:
    """What figures rest on now, or as known at an entry or an instant: tickets and rules alike."""
    known = knowledge(known_at)
    changed, said = rules_known(known_at)
    entry = max(known.entry, changed, said)
    return Basis(entry, changed, known, clock_rules(known.through, entry), names(known.batch))


def basis_of(row: Period) -> Basis:
    """What a kept period rested on, tickets and rules alike."""
    made = Entry.objects.filter(kind__in=TAKEN_OVER, facts__batch=row.batch).values_list("number", flat=True).first()
    return basis(max(made or 0, row.ruled))


def entry_at(known_at: str | int) -> int:
    """The last entry of the record that was made by an entry's number or an instant."""
    text = str(known_at)
    if text.isdecimal():
        return int(text)
    made = Entry.objects.filter(at__lte=datetime.fromisoformat(text)).order_by("-number")
    return made.values_list("number", flat=True).first() or 0


def newest_entry() -> int:
    """The newest entry that figures could rest on now: what `basis` finds, without reading it."""
    return max(knowledge(None).entry, *rules_known())


def rules_known(known_at: str | int | None = None) -> tuple[int, int]:
    """The last entry by which a rule of the clock changed, and the last by which a partner spoke of them; else 0."""
    entries = Entry.objects.filter(kind__in=(*CHANGED, *SAID), facts__rule__in=USED)
    if known_at is not None:
        text = str(known_at)
        until = {"number__lte": int(text)} if text.isdecimal() else {"at__lte": datetime.fromisoformat(text)}
        entries = entries.filter(**until)
    found = dict.fromkeys((*CHANGED, *SAID), 0)
    for number, kind in entries.order_by("number").values_list("number", "kind"):
        found[kind] = number
    return max(found[kind] for kind in CHANGED), max(found[kind] for kind in SAID)


def ruled_at(known_at: int) -> Coalesce:
    """The last entry by which a rule of the clock changed, else 0, as a part of another question."""
    entries = Entry.objects.filter(kind__in=CHANGED, facts__rule__in=USED, number__lte=known_at)
    return Coalesce(Subquery(entries.order_by("-number").values("number")[:1]), 0)


def beside(agreed: Rules, span: Span) -> tuple[str, ...]:
    """What stands beside figures of these days that are measured by the agreement's rules (R0)."""
    return beside_the_clock(agreed, midnight(span.first), midnight(span.last + timedelta(days=1)))


def the_period(span: Span, known: Knowledge, as_of: datetime | None = None) -> periods.Period:
    """The period of these days, read at its end, at the last event, or at `as_of` where that is given."""
    read_at = None if as_of is None else int(as_of.timestamp())
    found = periods.period(periods.checked(span), as_of=read_at, last_event=known.through)
    if found.as_of < found.start:
        through = f"{periods.local(known.through):%-d %B %Y}"
        raise Refused(
            f"Nothing is known yet of the days from {span.first} to {span.last}: the files tell of what happened "
            f"until {through}."
            if as_of is None
            else f"The clock cannot be read at {as_of.isoformat()}, before the period begins on {span.first}."
        )
    begins = told_from(known.batch)
    if begins is not None and span.last < begins:
        raise Refused(
            f"Nothing is known of the days from {span.first} to {span.last}: the files tell of what happened from "
            f"{begins:%-d %B %Y} on."
        )
    return found


def beyond(as_of: datetime, through: datetime | int | None) -> str | None:
    """That a clock would be read after the last instant that any file tells of, in words; None where it would not."""
    last = int(through.timestamp()) if isinstance(through, datetime) else through or 0
    if int(as_of.timestamp()) <= last:
        return None
    told = instant(periods.local(last))
    return f"The files tell of what happened until {told}, and not of what is so as of {instant(as_of)}"


def told_then() -> Subquery:
    """Within a query of kept periods: the last instant that any file tells of that counted for the period's batch."""
    files = Batch.objects.telling(OuterRef("batch")).filter(observed_at__isnull=False).order_by("-observed_at")
    return Subquery(files.values("observed_at")[:1], output_field=InstantField())


def told_from(batch: int) -> date | None:
    """The day of the first opening known, from which on the files tell of what happened; None without any ticket."""
    openings = Reckoning.objects.known(batch).order_by("opened_at").values_list("opened_at", flat=True)
    first = openings.first()
    return None if first is None else periods.local(int(first.timestamp())).date()


def begins_early(span: Span, begins: date | None) -> Iterator[str]:
    """What stands beside figures of days of which the files tell in part, from a later day on."""
    if begins is not None and span.first < begins:
        yield f"The files tell of what happened from {begins:%-d %B %Y} on, after the period begins"


def whole_history(known: Knowledge) -> Span:
    """From the day of the first opening to the day of the last event known."""
    first = told_from(known.batch)
    if first is None:
        raise Refused("No tickets are known yet.")
    return Span(first, periods.local(known.through).date())


def key(period: periods.Period, batch: int, ruled: int | Coalesce) -> dict[str, object]:
    """What a computation of a period is found by."""
    return {
        "first": period.span.first,
        "last": period.span.last,
        "as_of": datetime.fromtimestamp(period.as_of, UTC),
        "batch": batch,
        "ruled": ruled,
        "program": PROGRAM,
    }


def kept_extract(period: periods.Period, on: Basis) -> Extract | None:
    """The extract of a period where it was computed."""
    found = Period.objects.filter(**key(period, on.known.batch, on.ruled)).values_list("extract", flat=True).first()
    return None if found is None else from_bytes(bytes(found))


def names_as_kept(on: Basis) -> dict[str, list[list[object]]]:
    """The names that figures are grouped by, as they are kept with a period: each number with its name."""
    return {word: [[number, name] for number, name in getattr(on.names, word).items()] for word in NAMED}


def is_readable(period: Period) -> bool:
    """Whether this version reads the extract that is kept of a period; one of an older form is computed again."""
    return period.program.endswith(f", extract {FORMAT}")


def names_of(period: Period) -> Names:
    """The names that a kept period's figures are grouped by."""
    return Names(**{word: dict(period.names[word]) for word in NAMED})


def computed(parts: Sequence[periods.Period], on: Basis) -> list[Extract]:
    """The extracts of periods, computed from one reading of the tickets that matter to any of them."""
    first = min(part.start for part in parts)
    last = max(max(part.end, part.as_of) for part in parts)
    tickets, timelines = columns.tickets(on.known.batch, first, last)
    histories = Histories.joined(timelines)
    return [reading.read(part, tickets, histories, on.rules.compiled, on.named.party_of) for part in parts]
