"""What two tellings say otherwise of the same tickets, fact by fact; and which of them are a whole time zone apart."""

from collections.abc import Collection
from typing import Final

import numpy as np

from commonhold.demand.engine.clock import Histories, Op
from commonhold.demand.engine.columns import NEVER, Bools, Longs
from commonhold.performance.engine.reconciling.worlds import COLUMNS, MOMENTS, STEPS, Fact, World, ticket_of

QUARTER: Final = 15 * 60

FURTHEST: Final = 14 * 3_600
"""No two time zones are further apart than a day; what differs by more is no zone."""


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
    steps, of = histories.steps, ticket_of(histories)
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
