"""A list of what somebody counted: planted ways of counting are found, and a slow reading names the same tickets."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.demand.engine.columns import NEVER
from commonhold.performance.engine.reconciling import working
from commonhold.performance.engine.reconciling.causes import Cause
from commonhold.performance.engine.reconciling.counted import Listed
from commonhold.performance.engine.reconciling.filling import as_listed
from commonhold.performance.engine.reconciling.ways import WAYS, Counting, Way
from commonhold.performance.engine.reconciling.working import Worked
from commonhold.performance.engine.reconciling.worlds import World
from tests.performance import desks
from tests.performance.test_engine_two_sides import DESK, causes, desk
from tests.performance.two_sides import DECEMBER, Told, worlds

EDGES = (
    *DESK,
    ("E", "2025-01-06T20:00:00Z", "2025-01-09T12:00:00Z"),
    ("F", "2024-12-10T10:00:00Z", "2024-12-21T12:00:00Z"),
    ("G", "2024-12-23T10:00:00Z", "2024-12-30T12:00:00Z", "ends=cancelled"),
    ("H", "2024-12-23T11:00:00Z", "2024-12-30T12:00:00Z", "kind=request"),
)
IN_THE_PERIOD = {"A", "B", "C", "D", "F", "H"}


def listed(
    lines: tuple[tuple[str, ...], ...],
    inside: set[str],
    measure: str = "tickets_resolved.v1",
    scope: dict[str, str | None] | None = None,
) -> tuple[Worked, dict[int, str], Told]:
    """The whole desk beside the list of some of its tickets, by their references."""
    told = Told()
    ours = told.file(desk(*lines))
    kept = tuple(line for line in lines if line[0] in inside)
    theirs = told.file(desk(*kept))
    one, other = worlds(ours, theirs, measure)
    named = {number: reference for reference, number in told.numbers.items()}
    rows = dict(enumerate(named[number] for number in one.tickets.id.tolist()))
    which = np.array([rows[row] in inside for row in range(len(rows))])
    return working.of_a_list(Listed(one, as_listed(one, other), which, told.about(scope))), rows, told


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        (IN_THE_PERIOD, {}),
        # Opened in the period, whenever they were resolved: E comes in, F falls out.
        ({"A", "B", "C", "D", "E", "G", "H"}, {"basis": 3}),
        (IN_THE_PERIOD | {"G"}, {"cancelled": 1}),
        (IN_THE_PERIOD - {"H"}, {"kind": 1}),
        (IN_THE_PERIOD - {"A"}, {"only": 1}),
    ],
)
def test_a_planted_way_of_counting_is_found(inside: set[str], found: dict[str, int]) -> None:
    worked, rows, _ = listed(EDGES, inside)

    assert causes(worked) == found
    assert worked.bridge.is_whole and worked.bridge.theirs == len(inside)
    apart = {rows[one.row] for one in worked.differences}
    assert apart == inside ^ IN_THE_PERIOD


def test_a_list_wider_than_the_scope_is_told_by_it() -> None:
    worked, rows, _ = listed(EDGES, IN_THE_PERIOD, scope={"kind": "incident", "priority": "P3"})

    assert causes(worked) == {"kind": 1, "priority": 1}
    assert {rows[one.row]: one.cause for one in worked.differences} == {"H": Cause.KIND, "D": Cause.PRIORITY}


def test_a_total_of_amounts_is_not_told_by_a_list() -> None:
    with pytest.raises(Exception, match="a list of tickets does not tell what each brings"):
        listed(EDGES, IN_THE_PERIOD, "on_hold_minutes.v2")


def test_which_tickets_differ_from_our_clock_is_not_told_by_a_list() -> None:
    with pytest.raises(Exception, match="does not tell of which the desk's verdict and our clock disagree"):
        listed(EDGES, IN_THE_PERIOD, "verdict_differs.v1")


def test_beside_the_list_s_verdict_stands_our_clock() -> None:
    judged = tuple((*one, "verdict=false") if one[0] == "A" else one for one in EDGES)
    worked, rows, _ = listed(judged, {"A", "B", "C", "D"}, "within_target.v1", {"kind": "incident"})

    (row,) = (one for one in worked.differences if one.cause == Cause.VERDICT)
    assert (rows[row.row], row.before, row.after) == ("A", "counts, target kept", "counts, target missed")
    assert row.ours == "resolved; 120 min used, 0 min on hold, target 900" and row.theirs == "the desk says missed"


def test_what_a_list_does_not_tell_of_is_counted_by_neither_and_said() -> None:
    told = Told()
    ours = told.file(desk(*EDGES))
    theirs = told.file("\n".join(desk(*EDGES[:5]).splitlines()[:-1]) + "\n")
    one, other = worlds(ours, theirs, "resolution_hours_median.v1")
    inside = np.isin(one.tickets.id, theirs.tickets.id)
    found = Listed(one, other, inside, told.about())

    assert (int(inside.sum()), int(found.untold.sum()), int(found.records.counted.sum())) == (5, 1, 4)


def slow_days(world: World, row: int, way: Way) -> bool:
    """Whether the day by which a way counts a ticket lies in the period, one ticket at a time."""
    tickets = world.tickets
    at = int({Way.BY_OPENING: tickets.opened, Way.BY_CLOSING: tickets.closed}[way][row])
    return at != NEVER and world.period.start <= at <= world.period.until


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from((Way.BY_OPENING, Way.BY_CLOSING)))
def test_counting_by_another_day_is_that_of_a_slow_reading(seed: int, way: Way) -> None:
    random = Random(seed)
    told = Told()
    one = told.file(desks.file(random, desks.desk(random, 15)), desks.MAPPING)
    world, _ = worlds(one, one, "tickets_resolved.v1", DECEMBER)
    found = Counting(world, told.about()).records((way,))

    assert found.counted.tolist() == [slow_days(world, row, way) for row in range(len(world.there))]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32), st.sampled_from(("within_target.v1", "tickets_resolved.v1", "resolution_hours_median.v1"))
)
def test_of_any_list_nothing_is_left_over_and_every_ticket_apart_is_told_of(seed: int, measure: str) -> None:
    random = Random(seed)
    told = Told()
    text = desks.file(random, desks.desk(random, 15))
    ours = told.file(text, desks.MAPPING)
    one, other = worlds(ours, ours, measure)
    inside = np.array([random.random() < 0.6 for _ in range(len(one.there))])
    verdict = np.array([random.choice((-1, 0, 1)) for _ in range(len(one.there))], np.int8)
    other = replace(other, tickets=replace(other.tickets, verdict=verdict))
    about = told.about()
    ends = Listed(one, other, inside, about).records
    if not Counting(one, about).records(()).counted.any() or not ends.counted.any():
        return
    worked = working.of_a_list(Listed(one, other, inside, about))

    assert worked.bridge.is_whole
    apart = set(np.flatnonzero(worked.ours.differ(worked.theirs)).tolist())
    assert {difference.row for difference in worked.differences} == apart


def test_every_way_has_its_words_and_a_cause_in_order() -> None:
    order = [told.cause for told in WAYS.values()]
    assert set(WAYS) == set(Way)
    assert order == sorted(order, key=list(Cause).index)
