"""Other ways of counting the same tickets: by other days, with cancelled ones, by a clock that never stops, and so on.

Where the other side names no facts but only what it counted, or nothing but a number, these are what can be tried: each
one at a time and together, on our own tickets. What fits is a possible explanation and no proof.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np

from commonhold.demand.engine.clock import Compiled, Histories, Op, compile_rules
from commonhold.demand.engine.columns import NEVER, NONE, Bools, Kind, Longs, State
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.performance.engine.extract import Bit, Extract
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.measures.definition import Need
from commonhold.performance.engine.periods import Period
from commonhold.performance.engine.reading import read, taken
from commonhold.performance.engine.reconciling.bridge import Records
from commonhold.performance.engine.reconciling.causes import Cause
from commonhold.performance.engine.reconciling.worlds import About, World, brought, cancelled
from commonhold.workdays.calendar import MINUTES_A_DAY, Window

TOGETHER: Final = 3
"""So many ways at most are tried together."""


class Way(StrEnum):
    """A way of counting that is not ours, by the word that files use."""

    BY_OPENING = "by-opening"
    BY_RESOLUTION = "by-resolution"
    BY_CLOSING = "by-closing"
    UTC_DAYS = "utc-days"
    WITH_CANCELLED = "with-cancelled"
    WITHOUT_CANCELLED = "without-cancelled"
    ALL_KINDS = "all-kinds"
    INCIDENTS_ALONE = "incidents-alone"
    ALL_PARTNERS = "all-partners"
    ALL_PRIORITIES = "all-priorities"
    ALL_NAMES = "all-names"
    WITHOUT_HOLDS = "without-holds"
    ROUND_THE_CLOCK = "round-the-clock"
    WITH_EXCLUDED = "with-excluded"
    BY_VERDICT = "by-verdict"


class Told(NamedTuple):
    """Which cause a way is of, and what it does in words."""

    cause: Cause
    words: str


WAYS: Final[dict[Way, Told]] = {
    Way.BY_OPENING: Told(Cause.BASIS, "tickets count on the day they were opened"),
    Way.BY_RESOLUTION: Told(Cause.BASIS, "tickets count on the day they were resolved"),
    Way.BY_CLOSING: Told(Cause.BASIS, "tickets count on the day they were closed"),
    Way.UTC_DAYS: Told(Cause.ZONE, "days begin at midnight UTC, which is one in the morning here in summer"),
    Way.WITH_CANCELLED: Told(Cause.CANCELLED, "cancelled tickets count as well"),
    Way.WITHOUT_CANCELLED: Told(Cause.CANCELLED, "cancelled tickets do not count"),
    Way.ALL_KINDS: Told(Cause.KIND, "tickets of every kind count"),
    Way.INCIDENTS_ALONE: Told(Cause.KIND, "only incidents count"),
    Way.ALL_PARTNERS: Told(Cause.PARTNER, "tickets of every partner count"),
    Way.ALL_PRIORITIES: Told(Cause.PRIORITY, "tickets of every priority count"),
    Way.ALL_NAMES: Told(Cause.NAMES, "tickets of every team, service and category count"),
    Way.WITHOUT_HOLDS: Told(Cause.HOLDS, "time on hold is not taken out"),
    Way.ROUND_THE_CLOCK: Told(Cause.CALENDAR, "the clock runs day and night, on every day"),
    Way.WITH_EXCLUDED: Told(Cause.PUT_RIGHT, "tickets left out on the record count as well"),
    Way.BY_VERDICT: Told(Cause.VERDICT, "the desk's own verdict decides"),
}
"""The ways in the order of their causes."""

DAYS: Final = {Way.BY_OPENING: Bit.OPENED, Way.BY_RESOLUTION: Bit.RESOLVED, Way.BY_CLOSING: Bit.CLOSED}

BASIS: Final = {
    "tickets_opened": Bit.OPENED,
    "tickets_resolved": Bit.RESOLVED,
    "within_target": Bit.RESOLVED,
    "resolution_hours_median": Bit.RESOLVED,
    "resolution_hours_p90": Bit.RESOLVED,
    "working_minutes_median": Bit.RESOLVED,
    "working_minutes_p90": Bit.RESOLVED,
    "tickets_closed": Bit.CLOSED,
    "source_verdict_met": Bit.CLOSED,
    "verdict_differs": Bit.CLOSED,
}
"""The day on which a measure counts a ticket; other measures look at the whole period, or at its end."""

SCOPED: Final = {
    Way.ALL_KINDS: ("kind",),
    Way.ALL_PARTNERS: ("partner",),
    Way.ALL_PRIORITIES: ("priority",),
    Way.ALL_NAMES: ("team", "service", "category", "responsible"),
}
"""The words of a scope that a way leaves aside."""

ALWAYS: Final = tuple((Window(0, MINUTES_A_DAY),) for _ in range(7))


@dataclass(frozen=True)
class Counting:
    """Our tickets, to be counted in any of the ways."""

    world: World
    about: About

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """The ways that can change this figure, in order."""
        name = definition(self.world.measure).name
        basis, needs, scope = BASIS.get(name), definition(self.world.measure).needs, self.about.scope
        able = {
            **{way: basis is not None and bit != basis for way, bit in DAYS.items()},
            Way.UTC_DAYS: True,
            Way.WITH_CANCELLED: basis in (Bit.RESOLVED, Bit.CLOSED) and not name.startswith("resolution_hours"),
            Way.WITHOUT_CANCELLED: True,
            Way.INCIDENTS_ALONE: "kind" not in scope,
            Way.WITHOUT_HOLDS: Need.HOLDS in needs,
            Way.ROUND_THE_CLOCK: Need.CALENDAR in needs or Need.TARGET in needs,
            Way.WITH_EXCLUDED: bool(self.world.tickets.excluded.any()),
            Way.BY_VERDICT: name == "within_target",
            **{way: any(word in scope for word in words) for way, words in SCOPED.items()},
        }
        return tuple(way for way in WAYS if able[way])

    def records(self, ways: Collection[Way]) -> Records:
        """What each ticket brings where it is counted in these ways."""
        extract = self._extract(Way.UTC_DAYS in ways, Way.WITHOUT_HOLDS in ways, Way.ROUND_THE_CLOCK in ways)
        bits = self._bits(extract, ways)
        seen = replace(extract, records=_with_bits(extract, bits))
        left_aside = {word for way in ways if way in SCOPED for word in SCOPED[way]}
        scope = {word: value for word, value in self.about.scope.items() if word not in left_aside}
        found = brought(seen, self.world.measure, len(self.world.there), replace(self.about, scope=scope))
        if Way.INCIDENTS_ALONE in ways:
            counted = found.counted & (self.world.tickets.kind == Kind.INCIDENT)
            return Records.of(counted, found.met, found.amount)
        return found

    def at_any_time(self) -> tuple[Bools, Longs]:
        """Of each ticket, whatever its days: whether its target was kept, and what it brings to a distribution.

        Hours to resolution or minutes on the clock, in seconds; NONE where it has none.
        """
        world = self.world
        extract = self._read(False, False, False, replace(world.period, start=0))
        rows, tickets = extract.records["id"], world.tickets
        met = np.ones(len(world.there), np.bool_)
        met[rows] = ~extract.has(Bit.BREACHED)
        if definition(world.measure).name.startswith("resolution_hours"):
            known = tickets.resolved != NEVER
            return met, np.where(known, np.where(known, tickets.resolved, 0) - tickets.opened, NONE)
        amounts = np.full(len(world.there), NONE, np.int64)
        amounts[rows] = extract.records["used"]
        return met, amounts

    def _bits(self, extract: Extract, ways: Collection[Way]) -> np.ndarray:
        rows, bits = extract.records["id"], extract.records["bits"].copy()
        basis = BASIS.get(definition(self.world.measure).name)
        chosen = next((DAYS[way] for way in DAYS if way in ways), None)
        if basis is not None and chosen is not None:
            counts = (bits & np.uint32(chosen)) != 0
            if definition(self.world.measure).name.startswith("resolution_hours"):
                counts &= (bits & np.uint32(Bit.HAS_RESOLUTION)) != 0
            _set(bits, basis, counts)
        ended = cancelled(self.world)[rows]
        if basis is not None and Way.WITH_CANCELLED in ways:
            _set(bits, basis, ((bits & np.uint32(basis)) != 0) | (ended & self._ended_within(extract)))
        if Way.WITHOUT_CANCELLED in ways:
            bits[ended] = 0
        if Way.WITH_EXCLUDED in ways:
            _set(bits, Bit.EXCLUDED, np.zeros(len(bits), np.bool_))
        if Way.BY_VERDICT in ways:
            judged, met = ((bits & np.uint32(bit)) != 0 for bit in (Bit.VERDICT, Bit.VERDICT_MET))
            _set(bits, Bit.BREACHED, np.where(judged, ~met, (bits & np.uint32(Bit.BREACHED)) != 0))
        return bits

    def _ended_within(self, extract: Extract) -> Bools:
        """Whether a cancelled ticket was closed, or last heard of, within the period."""
        tickets, rows, period = self.world.tickets, extract.records["id"], extract.period
        at = np.where(tickets.closed != NEVER, tickets.closed, tickets.last_event)[rows]
        within: Bools = (at >= period.start) & (at <= period.until)
        return within

    def _extract(self, utc: bool, without_holds: bool, round_the_clock: bool) -> Extract:
        wanted = (utc, without_holds, round_the_clock)
        if wanted not in self._kept:
            self._kept[wanted] = self._read(*wanted)
        return self._kept[wanted]

    @cached_property
    def _kept(self) -> dict[tuple[bool, bool, bool], Extract]:
        return {}

    def _read(self, utc: bool, without_holds: bool, round_the_clock: bool, period: Period | None = None) -> Extract:
        world = self.world
        rows = np.flatnonzero(world.there)
        tickets = replace(world.tickets, id=np.arange(len(world.there), dtype=np.int64)).take(rows)
        histories = taken(world.histories, rows)
        if without_holds:
            tickets = replace(tickets, held_minutes=np.full(len(rows), NONE, np.int64))
            histories = never_held(histories)
        rules = never_shut(world.rules) if round_the_clock else world.rules
        days = period or (in_utc(world.period) if utc else world.period)
        return read(days, tickets, histories, rules, world.parties)


def never_held(histories: Histories) -> Histories:
    """The histories of tickets that were in progress whenever they were on hold."""
    steps = histories.steps.copy()
    on_hold = (steps["op"] == Op.STATE) & (steps["arg"] == State.ON_HOLD)
    steps["arg"] = np.where(on_hold, State.IN_PROGRESS, steps["arg"])
    steps["arg"] = np.where(steps["op"] == Op.DOUBT, 0, steps["arg"])
    return Histories(steps, histories.offsets, histories.calendars)


def never_shut(rules: Compiled) -> Compiled:
    """The rules with every calendar open day and night, bank holidays included."""
    versions = [
        (
            since,
            Calendars(
                {
                    name: replace(calendar, windows=ALWAYS, observes_holidays=False)
                    for name, calendar in version.by_name.items()
                }
            ),
        )
        for since, version in rules.calendar_versions
    ]
    return compile_rules(versions, rules.target_versions, rules.first, rules.last, rules.hold_versions)


def in_utc(period: Period) -> Period:
    """The same days from midnight to midnight UTC; a clock that was read at their end is read at the new end."""
    start = int(datetime.combine(period.span.first, time.min, UTC).timestamp())
    end = int(datetime.combine(period.span.last + timedelta(days=1), time.min, UTC).timestamp()) - 1
    return Period(period.span, start, end, end if period.as_of == period.end else max(period.as_of, start))


def together(ways: Collection[Way]) -> Iterator[tuple[Way, ...]]:
    """The ways one at a time and then several together, of each cause one; fewer first, in the order of causes."""
    for count in range(1, TOGETHER + 1):
        for chosen in combinations(ways, count):
            if len({WAYS[way].cause for way in chosen}) == count:
                yield chosen


def _with_bits(extract: Extract, bits: np.ndarray) -> np.ndarray:
    records = extract.records.copy()
    records["bits"] = bits
    return records


def _set(bits: np.ndarray, bit: Bit, which: Bools) -> None:
    """Set a bit where it holds and take it away where it does not."""
    bits &= np.uint32(0xFFFFFFFF ^ int(bit))
    bits |= np.where(which, np.uint32(bit), np.uint32(0))
