"""Two tellings of the same tickets, and tellings between them in which some facts are one side's and some the other's.

Facts are taken over ticket by ticket: dates, kind, partner, priority, names, the course of states with its holds, and
whether a course is told at all. What the service-level clock makes of each mixture is read anew, so the effect of a
fact is never guessed.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Final

import numpy as np

from commonhold.demand.engine.clock import Compiled, Histories, Op, compile_rules
from commonhold.demand.engine.clock.histories import at_opening
from commonhold.demand.engine.columns import NEVER, NONE, Bools, Longs, State, Tickets
from commonhold.performance.engine.counting import Shape
from commonhold.performance.engine.extract import Extract
from commonhold.performance.engine.groups import Names, Scope, members
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.periods import Period
from commonhold.performance.engine.reading import read, taken
from commonhold.performance.engine.reconciling.bridge import Records
from commonhold.performance.engine.reconciling.causes import Cause

QUARTER: Final = 15 * 60
FURTHEST: Final = 14 * 3_600
"""No two time zones are further apart than a day; what differs by more is no zone."""


class Fact(StrEnum):
    """What a telling says of a ticket, as far as it is taken over at once."""

    DATES = "dates"
    KIND = "kind"
    PARTNER = "partner"
    PRIORITY = "priority"
    NAMES = "names"
    STATES = "states"
    HISTORY = "history"
    PUT_RIGHT = "put right"
    VERDICT = "verdict"


COLUMNS: Final[Mapping[Fact, tuple[str, ...]]] = {
    Fact.DATES: ("opened", "resolved", "closed", "own_resolved", "own_closed"),
    Fact.KIND: ("kind",),
    Fact.PARTNER: ("partner",),
    Fact.PRIORITY: ("priority",),
    Fact.NAMES: ("team", "service", "category"),
    Fact.STATES: ("grade", "held_minutes"),
    Fact.HISTORY: ("last_event", "source_reopens", "has_history"),
    Fact.PUT_RIGHT: ("excluded", "corrected", "answering"),
    Fact.VERDICT: ("verdict",),
}
STEPS: Final[Mapping[Op, Fact]] = {
    Op.STATE: Fact.STATES,
    Op.HOLD_REASON: Fact.STATES,
    Op.DOUBT: Fact.STATES,
    Op.PRIORITY: Fact.PRIORITY,
    Op.KIND: Fact.KIND,
    Op.TEAM: Fact.NAMES,
    Op.TARGET: Fact.STATES,
    Op.CALENDAR: Fact.STATES,
}
MOMENTS: Final = ("opened", "resolved", "closed")


@dataclass(frozen=True, slots=True)
class World:
    """The tickets of one side with their histories; `there` says which of them this side knows.

    A ticket that a side does not know stands with the other side's facts, so that row n is of the same ticket on both.
    `parties` is who answers for each team, by their numbers, as this side has it (C11); `corrected` says of which
    tickets a fact stands corrected on its record (F6).
    """

    tickets: Tickets
    histories: Histories
    there: Bools
    rules: Compiled
    period: Period
    measure: str
    parties: Mapping[int, int]
    corrected: Mapping[Fact, Bools]

    def is_corrected(self, fact: Fact) -> Bools:
        """The tickets of which this fact stands corrected."""
        found: Bools = self.there & self.corrected.get(fact, False)
        return found


@dataclass(frozen=True, slots=True)
class Side:
    """The tickets of one side under numbers that both sides share, history n of ticket n, who answers for teams, and
    the numbers of the tickets of which a fact stands corrected.
    """

    tickets: Tickets
    histories: Histories
    parties: Mapping[int, int]
    corrected: Mapping[Fact, Collection[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """What is the same on both sides: the figure's scope, and the names that codes stand for."""

    scope: Scope
    names: Names


def records(world: World, about: About) -> Records:
    """What each ticket of a world brings to the figure."""
    return brought(extract_of(world), world.measure, len(world.there), about)


def extract_of(world: World) -> Extract:
    """The extract of a world, which is the same for every measure; the number of a ticket in it is its row here."""
    rows = np.flatnonzero(world.there)
    tickets = replace(world.tickets, id=np.arange(len(world.there), dtype=np.int64)).take(rows)
    return read(world.period, tickets, taken(world.histories, rows), world.rules, world.parties)


def brought(extract: Extract, measure: str, count: int, about: About) -> Records:
    """What each of so many tickets brings to the figure of a measure."""
    found = members(extract, measure, about.scope, about.names)
    counted, met = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    amount = np.zeros(count, np.int64)
    counted[found.tickets], met[found.tickets] = True, found.counted
    if found.amounts is not None:
        amount[found.tickets] = found.amounts
    return Records.of(counted, met, amount)


def shape(world: World) -> Shape:
    """The shape of a world's measure, which is the same whatever tickets there are."""
    none = np.zeros(0, np.int64)
    nobody = read(world.period, world.tickets.take(none), taken(world.histories, none), world.rules, world.parties)
    return definition(world.measure).rule(nobody)


def path(ours: World, theirs: World) -> Iterator[tuple[Cause, World]]:
    """The worlds between ours and theirs, cause by cause, where a cause changes any fact at all."""
    mixture = _Mixture(ours, theirs)
    both = ours.there & theirs.there
    # A fact that stands corrected on a side differs because it was; the other facts of its ticket do not.
    put = {fact: both & (ours.is_corrected(fact) | theirs.is_corrected(fact)) for fact in Fact}
    plain = {fact: both & ~which for fact, which in put.items()}
    if (ours.there != theirs.there).any():
        # A ticket that only they know comes with all that they say of it, which here stands on both sides already.
        mixture.there = theirs.there
        yield Cause.ONLY, mixture.world()
    ended = both & (cancelled(ours) != cancelled(theirs))
    steady = both & ~ended
    shifted, by = zones(ours, theirs, steady)
    if shifted.any():
        mixture.shift(shifted, by)
        yield Cause.ZONE, mixture.world()
    taken_over = (
        (Cause.DATES, {Fact.DATES: steady}),
        (Cause.CANCELLED, {Fact.DATES: ended, Fact.STATES: ended, Fact.HISTORY: ended}),
        (Cause.KIND, {Fact.KIND: plain[Fact.KIND]}),
        (Cause.PARTNER, {Fact.PARTNER: plain[Fact.PARTNER]}),
        (Cause.PRIORITY, {Fact.PRIORITY: plain[Fact.PRIORITY]}),
        (Cause.NAMES, {Fact.NAMES: plain[Fact.NAMES]}),
    )
    for cause, facts in taken_over:
        if mixture.take(facts):
            yield cause, mixture.world()
    if ours.parties != theirs.parties:
        mixture.parties = theirs.parties
        yield Cause.RESPONSIBLE, mixture.world()
    courses = (
        (Cause.HOLDS, {Fact.STATES: steady & plain[Fact.STATES] & (holds(ours) | holds(theirs))}),
        (Cause.STATES, {Fact.STATES: steady & plain[Fact.STATES], Fact.HISTORY: steady}),
    )
    for cause, facts in courses:
        if mixture.take(facts):
            yield cause, mixture.world()
    for cause, rules in between(ours.rules, theirs.rules):
        mixture.rules = rules
        yield cause, mixture.world()
    if mixture.take(put | {Fact.PUT_RIGHT: both}):
        yield Cause.PUT_RIGHT, mixture.world()
    if mixture.take({Fact.VERDICT: both}):
        yield Cause.VERDICT, mixture.world()
    if ours.period != theirs.period:
        mixture.period = theirs.period
        yield Cause.READ_AT, mixture.world()
    if ours.measure != theirs.measure:
        mixture.measure = theirs.measure
        yield Cause.DEFINITION, mixture.world()


def between(ours: Compiled, theirs: Compiled) -> Iterator[tuple[Cause, Compiled]]:
    """The rules between ours and theirs: calendars first, then targets, then which holds stop the clock."""
    first, last = min(ours.first, theirs.first), max(ours.last, theirs.last)
    if ours.calendar_versions != theirs.calendar_versions:
        # A target needs its calendar: one that a side has and the other has not stays as its side has it.
        calendars = (*ours.calendar_versions, *theirs.calendar_versions) if _lacks(ours, theirs) else None
        yield (
            Cause.CALENDAR,
            compile_rules(calendars or theirs.calendar_versions, ours.target_versions, first, last, ours.hold_versions),
        )
    if ours.target_versions != theirs.target_versions:
        yield (
            Cause.TARGET,
            compile_rules(theirs.calendar_versions, theirs.target_versions, first, last, ours.hold_versions),
        )
    if ours.hold_versions != theirs.hold_versions:
        yield Cause.REASONS, theirs


def _lacks(ours: Compiled, theirs: Compiled) -> bool:
    """Whether our targets name a calendar that their side has not."""
    named = {name for _, version in ours.calendar_versions for name in version.by_name}
    return not named <= {name for _, version in theirs.calendar_versions for name in version.by_name}


class _Mixture:
    """A world on its way from one side to the other: which facts of which tickets are theirs already."""

    def __init__(self, ours: World, theirs: World) -> None:
        self.ours, self.theirs = ours, theirs
        self.there, self.rules, self.period, self.measure = ours.there, ours.rules, ours.period, ours.measure
        self.parties = ours.parties
        self.took = {fact: np.zeros(len(ours.there), np.bool_) for fact in Fact}
        self.base = ours

    def shift(self, which: Bools, by: Longs) -> None:
        """Move all moments of these tickets by so many seconds."""
        self.base = moved(self.base, which, by)

    def take(self, facts: Mapping[Fact, Bools]) -> bool:
        """Take facts of these tickets over; answers whether that changes any."""
        changes = False
        for fact, which in facts.items():
            changes |= bool((differ(self.base, self.theirs, fact) & which & ~self.took[fact]).any())
            self.took[fact] = self.took[fact] | which
        return changes

    def world(self) -> World:
        tickets = {
            name: np.where(self.took[fact], getattr(self.theirs.tickets, name), getattr(self.base.tickets, name))
            for fact, names in COLUMNS.items()
            for name in names
        }
        return World(
            answered_for(replace(self.base.tickets, **tickets), self.parties),
            mixed(self.base.histories, self.theirs.histories, self.took),
            self.there,
            self.rules,
            self.period,
            self.measure,
            self.parties,
            self.ours.corrected,
        )


def answered_for(tickets: Tickets, parties: Mapping[int, int]) -> Tickets:
    """The tickets with the party of each: the one that answers for all of it, else that of its team (C11)."""
    party_of = np.zeros(max((0, *parties, *np.unique(tickets.team).tolist())) + 1, np.int32)
    for team, party in parties.items():
        party_of[team] = party
    return replace(tickets, party=np.where(tickets.answering != 0, tickets.answering, party_of[tickets.team]))


def mixed(ours: Histories, theirs: Histories, took: Mapping[Fact, Bools]) -> Histories:
    """Histories with the steps of some facts from ours and of others from theirs, by ticket."""
    parts = []
    for histories, is_theirs in ((ours, False), (theirs, True)):
        of = _ticket_of(histories)
        keep = np.zeros(len(of), np.bool_)
        for op, fact in STEPS.items():
            keep |= (histories.steps["op"] == op) & (took[fact][of] == is_theirs)
        rows = np.flatnonzero(keep)
        parts.append((histories.steps[rows], of[rows], np.full(len(rows), int(is_theirs)), rows))
    opening = _openings(ours, theirs, took)
    count = len(opening)
    steps = np.concatenate([opening, *(part[0] for part in parts)])
    of = np.concatenate([np.arange(count), *(part[1] for part in parts)])
    side = np.concatenate([np.zeros(count, np.int64), *(part[2] for part in parts)])
    place = np.concatenate([np.full(count, -1), *(part[3] for part in parts)])
    # An opening stands first, whatever its instant; what two sides say of one instant, in the order of the sides.
    order = np.lexsort((place, side, np.where(place == -1, -NEVER, steps["at"]), of))
    offsets = np.concatenate(([0], np.cumsum(np.bincount(of, minlength=count))))
    return Histories(steps[order], offsets, max(ours.calendars, theirs.calendars))


def _openings(ours: Histories, theirs: Histories, took: Mapping[Fact, Bools]) -> np.ndarray:
    mine, other = ours.steps[ours.offsets[:-1]], theirs.steps[theirs.offsets[:-1]]
    made = mine.copy()
    made["at"] = np.where(took[Fact.DATES], other["at"], mine["at"])
    bits = ((Fact.PRIORITY, 7), (Fact.KIND, 31 << 3), (Fact.NAMES, ~255))
    arg = np.zeros(len(mine), np.int32)
    for fact, mask in bits:
        arg |= np.where(took[fact], other["arg"], mine["arg"]) & np.int32(mask)
    made["arg"] = arg
    return made


def moved(world: World, which: Bools, by: Longs) -> World:
    """The world with every moment of these tickets moved by so many seconds."""
    tickets, histories = world.tickets, world.histories
    moments = {
        name: np.where(which & (getattr(tickets, name) != NEVER), getattr(tickets, name) + by, getattr(tickets, name))
        for name in (*MOMENTS, "last_event")
    }
    steps = histories.steps.copy()
    of = _ticket_of(histories)
    steps["at"] = np.where(which[of], steps["at"] + by[of], steps["at"])
    return replace(
        world,
        tickets=replace(tickets, **moments),
        histories=Histories(steps, histories.offsets, histories.calendars),
    )


def zones(ours: World, theirs: World, among: Bools) -> tuple[Bools, Longs]:
    """The tickets whose moments all differ by the same, as those of another time zone do, and by how much.

    By whole quarters of an hour, up to fourteen hours, and by what most of the tickets differ by whose moments differ
    alike, or an hour more or less, for clocks that change. A single moment that is otherwise is another date.
    """
    count = len(among)
    apart = np.full((len(MOMENTS), count), NEVER, np.int64)
    for row, name in enumerate(MOMENTS):
        mine, other = getattr(ours.tickets, name), getattr(theirs.tickets, name)
        known = (mine != NEVER) & (other != NEVER)
        apart[row] = np.where(known, np.where(known, other, 0) - np.where(known, mine, 0), NEVER)
    told = apart != NEVER
    least = np.where(told, apart, NEVER).min(axis=0, initial=NEVER)
    most = np.where(told, apart, -NEVER).max(axis=0, initial=-NEVER)
    alike = among & told.any(axis=0) & (least == most) & (least != 0)
    alike &= (np.abs(np.where(alike, least, 0)) <= FURTHEST) & (np.where(alike, least, 0) % QUARTER == 0)
    by = np.where(alike, least, 0)
    if not alike.any():
        return alike, by
    differing = among & differ(ours, theirs, Fact.DATES)
    values, counts = np.unique(by[alike], return_counts=True)
    usual = int(values[np.argmax(counts)])
    found = alike & (np.abs(by - usual) <= 3_600)
    # Where other dates are the rule, a few that lie whole hours apart are other dates as well.
    if 2 * int(found.sum()) <= int(differing.sum()):
        found = np.zeros(count, np.bool_)
    return found, np.where(found, by, 0)


def differ(ours: World, theirs: World, fact: Fact) -> Bools:
    """Of which tickets the two sides say something else of a fact."""
    differing = np.zeros(len(ours.there), np.bool_)
    for name in COLUMNS[fact]:
        differing |= getattr(ours.tickets, name) != getattr(theirs.tickets, name)
    ops = [op for op, said in STEPS.items() if said == fact]
    if ops:
        differing |= _marks(ours.histories, ops) != _marks(theirs.histories, ops)
    if fact in (Fact.DATES, Fact.PRIORITY, Fact.KIND, Fact.NAMES):
        differing |= _opening_differs(ours.histories, theirs.histories, fact)
    return differing


def _opening_differs(ours: Histories, theirs: Histories, fact: Fact) -> Bools:
    mine, other = ours.steps[ours.offsets[:-1]], theirs.steps[theirs.offsets[:-1]]
    if fact == Fact.DATES:
        return np.asarray(mine["at"] != other["at"], np.bool_)
    mask = {Fact.PRIORITY: 7, Fact.KIND: 31 << 3, Fact.NAMES: ~255}[fact]
    return np.asarray((mine["arg"] & np.int32(mask)) != (other["arg"] & np.int32(mask)), np.bool_)


def _marks(histories: Histories, ops: Collection[Op]) -> Longs:
    """A number for each ticket that is another wherever its steps of these kinds are others."""
    steps, of = histories.steps, _ticket_of(histories)
    rows = np.flatnonzero(np.isin(steps["op"], np.array(list(ops), np.int32)))
    within = np.arange(len(rows)) - np.searchsorted(of[rows], of[rows])
    with np.errstate(over="ignore"):
        mark: np.ndarray = steps["at"][rows].astype(np.uint64)
        for part in (steps["op"][rows], steps["arg"][rows], within):
            mark = _stirred(mark * np.uint64(31) + part.astype(np.int64).astype(np.uint64))
        marks = np.zeros(len(histories), np.uint64)
        np.add.at(marks, of[rows], mark)
    return np.asarray(marks.view(np.int64), np.int64)


def _stirred(number: np.ndarray) -> np.ndarray:
    """Numbers spread over all 64 bits (SplitMix64), so that sums of different steps are different."""
    number = number + np.uint64(0x9E3779B97F4A7C15)
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(number ^ (number >> np.uint64(31)))


def joined(ours: Side, theirs: Side, rules: Compiled, period: Period, measure: str) -> tuple[World, World]:
    """Two sides as worlds of the same tickets, in the order of their numbers, by the same rules so far."""
    numbers = np.union1d(ours.tickets.id, theirs.tickets.id)
    tickets = end_to_end(ours.tickets, theirs.tickets)
    histories = Histories(
        np.concatenate([ours.histories.steps, theirs.histories.steps]),
        np.concatenate([ours.histories.offsets, ours.histories.offsets[-1] + theirs.histories.offsets[1:]]),
        max(ours.histories.calendars, theirs.histories.calendars),
    )
    mine, other = _rows(ours, numbers), _rows(theirs, numbers)
    beyond = np.where(other == NONE, NONE, other + len(ours.tickets))
    made = []
    for side, rows, there in (
        (ours, np.where(mine == NONE, beyond, mine), mine),
        (theirs, np.where(other == NONE, mine, beyond), other),
    ):
        found = answered_for(tickets.take(rows), side.parties)
        corrected = {fact: np.isin(numbers, np.array(sorted(which))) for fact, which in side.corrected.items()}
        made.append(
            World(found, taken(histories, rows), there != NONE, rules, period, measure, side.parties, corrected)
        )
    return made[0], made[1]


def end_to_end(ours: Tickets, theirs: Tickets) -> Tickets:
    """The tickets of one side and then those of the other."""
    names = (one.name for one in fields(Tickets))
    return Tickets(**{name: np.concatenate([getattr(ours, name), getattr(theirs, name)]) for name in names})


def _rows(side: Side, numbers: Longs) -> Longs:
    """The row of each ticket of these numbers on a side, NONE where it has none."""
    order = np.argsort(side.tickets.id, kind="stable")
    ids = side.tickets.id[order]
    place = np.searchsorted(ids, numbers)
    there = place < len(ids)
    there[there] = ids[place[there]] == numbers[there]
    found = np.full(len(numbers), NONE, np.int64)
    found[there] = order[place[there]]
    return found


def as_told(ours: World, theirs: World, told: Collection[str]) -> World:
    """Their world with ours where their file says nothing; `told` are the columns of ours that it has.

    Holds are not filled: a file without them says that its clock did not take any out.
    """
    both = ours.there & theirs.there
    silent = {fact for fact, column in SILENT.items() if column not in told}
    took = {fact: (~both if fact in silent else np.ones(len(both), np.bool_)) for fact in Fact}
    filled = {name for fact in silent for name in COLUMNS[fact] if name not in ALONE}
    filled |= {name for name, column in ALONE.items() if column not in told}
    tickets = {
        name: np.where(both, getattr(ours.tickets, name), getattr(theirs.tickets, name)) for name in sorted(filled)
    }
    return replace(
        theirs,
        tickets=answered_for(replace(theirs.tickets, **tickets), theirs.parties),
        histories=mixed(ours.histories, theirs.histories, took),
    )


def as_listed(ours: World, theirs: World) -> World:
    """Their world where their file only lists what was counted: ours wherever it gives no date, and of the course of
    states what it says of holds.
    """
    both = ours.there & theirs.there
    tickets = {
        name: np.where(both & (other == NEVER), getattr(ours.tickets, name), other)
        for name in MOMENTS
        for other in (getattr(theirs.tickets, name),)
    }
    untold = both & ~holds(theirs)
    states = {
        name: np.where(untold, getattr(ours.tickets, name), getattr(theirs.tickets, name))
        for name in (*COLUMNS[Fact.STATES], *COLUMNS[Fact.HISTORY])
    }
    took = {fact: ~untold if fact == Fact.STATES else np.ones(len(both), np.bool_) for fact in Fact}
    return replace(
        theirs,
        tickets=replace(theirs.tickets, **tickets, **states),
        histories=mixed(ours.histories, theirs.histories, took),
    )


SILENT: Final[Mapping[Fact, str]] = {
    Fact.KIND: "kind",
    Fact.PARTNER: "partner",
    Fact.PRIORITY: "priority",
    Fact.NAMES: "team",
    Fact.VERDICT: "source_verdict",
}
"""The column of a file without which it says nothing of a fact."""

ALONE: Final[Mapping[str, str]] = {
    "service": "service",
    "category": "category",
    "source_reopens": "reopen_count",
}
"""The same of facts that are taken over with others."""


def cancelled(world: World) -> Bools:
    """The tickets whose last state is cancelled."""
    return np.asarray(last_state(world) == State.CANCELLED, np.bool_)


def last_state(world: World) -> Longs:
    """The last state of each ticket, NONE where its history has none."""
    steps, of = world.histories.steps, _ticket_of(world.histories)
    rows = np.flatnonzero(steps["op"] == Op.STATE)
    states = np.full(len(world.there), NONE, np.int64)
    # Steps stand in order of instant, so that of two values for one place the later one stays.
    states[of[rows]] = steps["arg"][rows]
    return states


def teams(world: World, row: int) -> list[int]:
    """The teams that had a ticket, in order, each once."""
    steps = world.histories.steps[world.histories.offsets[row] : world.histories.offsets[row + 1]]
    _, _, first = at_opening(int(steps["arg"][0]))
    had = [first, *steps["arg"][steps["op"] == Op.TEAM].tolist()]
    return list(dict.fromkeys(had))


def holds(world: World) -> Bools:
    """The tickets of which something is said, or in doubt, about holds."""
    steps, of = world.histories.steps, _ticket_of(world.histories)
    spoken = ((steps["op"] == Op.STATE) & (steps["arg"] == State.ON_HOLD)) | (steps["op"] == Op.DOUBT)
    found = world.tickets.held_minutes > 0
    found[of[spoken]] = True
    return np.asarray(found, np.bool_)


def _ticket_of(histories: Histories) -> Longs:
    """Which ticket each step is of."""
    return np.repeat(np.arange(len(histories)), np.diff(histories.offsets)).astype(np.int64)
