"""Tellings between two tellings of the same tickets, in which some facts are one side's and some the other's.

Facts are taken over ticket by ticket: dates, kind, partner, priority, names, the course of states with its holds, and
whether a course is told at all. What the service-level clock makes of each mixture is read anew, so the effect of a
fact is never guessed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from commonhold.demand.engine.clock import Compiled, Histories, compile_rules
from commonhold.demand.engine.columns import NEVER, Bools, Longs
from commonhold.performance.engine.reconciling.causes import Cause
from commonhold.performance.engine.reconciling.differing import differ, zones
from commonhold.performance.engine.reconciling.worlds import (
    COLUMNS,
    MOMENTS,
    STEPS,
    Fact,
    World,
    answered_for,
    cancelled,
    holds,
    ticket_of,
)


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


def mixed(ours: Histories, theirs: Histories, took: Mapping[Fact, Bools]) -> Histories:
    """Histories with the steps of some facts from ours and of others from theirs, by ticket."""
    parts = []
    for histories, is_theirs in ((ours, False), (theirs, True)):
        of = ticket_of(histories)
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
    of = ticket_of(histories)
    steps["at"] = np.where(which[of], steps["at"] + by[of], steps["at"])
    return replace(
        world,
        tickets=replace(tickets, **moments),
        histories=Histories(steps, histories.offsets, histories.calendars),
    )
