"""A list of the tickets that somebody counted, held against ours: which cause tells of which ticket.

The list says that a ticket counts, and of a share whether its target was met; why, it does not say. So their facts and
other ways of counting are added one after another, and a ticket is told of by the first with which we count it as the
list does. What none tells is in one list only, or is the desk's verdict, or their own reckoning.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from commonhold.demand.engine.columns import Bools, Longs, Verdict
from commonhold.performance.engine.counting import Point
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.measures.definition import Need
from commonhold.performance.engine.reconciling import mixing, worlds
from commonhold.performance.engine.reconciling.bridge import Records
from commonhold.performance.engine.reconciling.causes import ORDER, Cause
from commonhold.performance.engine.reconciling.ways import DAYS, WAYS, Counting, Way
from commonhold.performance.engine.reconciling.worlds import About, World, cancelled

LEFT_TO_THE_LIST: Final = frozenset({Way.BY_VERDICT, Way.INCIDENTS_ALONE, Way.WITHOUT_CANCELLED})
"""Ways that are not tried: what the list has none of is seen in the list itself."""


@dataclass(frozen=True)
class Listed:
    """Our tickets beside a list of theirs, row by row.

    `theirs` is the world of what the list says of its tickets, with ours where it says nothing; `inside` which tickets
    are in the list. A ticket that only the list knows is not there in ours.
    """

    ours: World
    theirs: World
    inside: Bools
    about: About

    @property
    def records(self) -> Records:
        """What the list brings: all that is in it counts. Its verdict says whether a target was met; without one the
        clock does, read by its own facts.
        """
        met, amounts = self._brought
        verdict = self.theirs.tickets.verdict
        met = np.where(verdict == Verdict.UNKNOWN, met, verdict == Verdict.MET)
        if not self.is_share:
            met = np.ones(len(met), np.bool_)
        if not self.has_amounts:
            amounts = np.zeros(len(amounts), np.int64)
        return Records.of(self.inside & ~self.untold, met, np.maximum(amounts, 0))

    @property
    def untold(self) -> Bools:
        """The tickets of the list of which it is not told what they bring: without an amount where the measure is of
        amounts, without a verdict where it is the desk's own.
        """
        untold = np.zeros(len(self.inside), np.bool_)
        if self.has_amounts:
            untold = self._brought[1] < 0
        elif Need.VERDICT in definition(self.ours.measure).needs:
            untold = self.theirs.tickets.verdict == Verdict.UNKNOWN
        return np.asarray(self.inside & untold, np.bool_)

    @cached_property
    def _brought(self) -> tuple[Bools, Longs]:
        return Counting(self.theirs, self.about).at_any_time()

    @cached_property
    def has_amounts(self) -> bool:
        return isinstance(worlds.shape(self.ours), Point)

    @property
    def is_share(self) -> bool:
        return definition(self.ours.measure).numerator is not None


def path(listed: Listed, theirs: Records) -> Iterator[tuple[Cause, Records]]:
    """The records from ours to the list's, cause by cause."""
    ours = Counting(listed.ours, listed.about).records(())
    steps = list(_steps(listed, ours, theirs))
    told = np.zeros(len(listed.inside), np.bool_)
    for _, records in steps:
        told |= records.counted == theirs.counted
    # Who is not known here at all; and who is in one list only where nothing says why.
    alone = ~listed.ours.there | ((ours.counted != theirs.counted) & ~told)
    reached = ours.with_(alone, theirs)
    yield Cause.ONLY, reached
    for cause, records in steps:
        reached = _nearer(reached, records, theirs)
        yield cause, reached
    verdict = listed.ours.tickets.verdict
    differing = reached.counted & theirs.counted & (reached.met != theirs.met)
    judged = differing & (verdict != Verdict.UNKNOWN) & ((verdict == Verdict.MET) == theirs.met)
    if Need.VERDICT in definition(listed.ours.measure).needs:
        # The measure is the desk's verdict itself: the list has another one.
        judged = differing
    if judged.any():
        yield Cause.VERDICT, reached.with_(judged, theirs)


def basis_of(listed: Listed, ours: Records, theirs: Records) -> Way | None:
    """The day by which the list seems to count, where another than ours fits better: the one that fits best."""
    counting = Counting(listed.ours, listed.about)
    best, found = _agreeing(ours, theirs, listed.ours.there), None
    for way in counting.ways:
        if way in DAYS:
            agreeing = _agreeing(counting.records((way,)), theirs, listed.ours.there)
            if agreeing > best:
                best, found = agreeing, way
    return found


def words(listed: Listed, ours: Records, theirs: Records) -> dict[Cause, str]:
    """What the list seems to count otherwise, in words by cause, where the facts of a ticket are the same."""
    basis = basis_of(listed, ours, theirs)
    tried = [
        way
        for way in Counting(listed.ours, listed.about).ways
        if way == basis or (way not in DAYS and way not in LEFT_TO_THE_LIST)
    ]
    return {WAYS[way].cause: WAYS[way].words for way in tried}


def _steps(listed: Listed, ours: Records, theirs: Records) -> Iterator[tuple[Cause, Records]]:
    """What we count with their facts and other ways added one after another; of a kind, partner or priority that the
    list has none of, none is counted from its cause on.
    """
    counting = Counting(listed.ours, listed.about)
    basis = basis_of(listed, ours, theirs)
    by_cause: dict[Cause, list[Way]] = {}
    for way in counting.ways:
        if way == basis or (way not in DAYS and way not in LEFT_TO_THE_LIST):
            by_cause.setdefault(WAYS[way].cause, []).append(way)
    # What a list leaves out is no fact of the ticket: it stands with ours, and its own cause is looked for.
    facts = dict(mixing.path(listed.ours, replace(listed.theirs, there=listed.ours.there)))
    absent = _absent(listed, theirs)
    ways: list[Way] = []
    out = np.zeros(len(listed.inside), np.bool_)
    for cause in ORDER:
        if cause == Cause.VERDICT or (cause not in by_cause and cause not in absent and cause not in facts):
            continue
        if cause in facts:
            counting = Counting(facts[cause], listed.about)
        ways += by_cause.get(cause, [])
        out = out | absent.get(cause, np.zeros(len(out), np.bool_))
        records = counting.records(ways)
        yield cause, Records.of(records.counted & ~out, records.met, records.amount)


def _absent(listed: Listed, theirs: Records) -> Mapping[Cause, Bools]:
    """The tickets of a kind, partner or priority that the list has none of, and cancelled ones where it has none."""
    tickets, known = listed.ours.tickets, theirs.counted & listed.ours.there
    if not known.any():
        return {}
    ended = cancelled(listed.ours)
    found = {
        Cause.CANCELLED: ended & ~(ended & known).any(),
        Cause.KIND: ~np.isin(tickets.kind, tickets.kind[known]),
        Cause.PARTNER: ~np.isin(tickets.partner, tickets.partner[known]),
        Cause.PRIORITY: ~np.isin(tickets.priority, tickets.priority[known]),
    }
    return {cause: which for cause, which in found.items() if which.any()}


def _nearer(reached: Records, records: Records, theirs: Records) -> Records:
    """The records reached so far, each nearer to the list's where this step gives what the list has."""
    enters = (reached.counted != theirs.counted) & (records.counted == theirs.counted)
    counted = np.where(enters, theirs.counted, reached.counted)
    both = counted & theirs.counted & records.counted
    met = np.where(both & (enters | (records.met == theirs.met)), records.met, reached.met)
    amount = np.where(both & (enters | (records.amount == theirs.amount)), records.amount, reached.amount)
    return Records.of(counted, met, amount)


def _agreeing(ours: Records, theirs: Records, known: Bools) -> int:
    return int(((ours.counted == theirs.counted) & known).sum())
