"""Exceptions by their stated rules: examples a councillor could check, and a slow recomputation ticket by ticket."""

from datetime import UTC, datetime
from random import Random
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.demand.engine.clock import Compiled, Histories, Op, compile_rules, explain, opened, timeline
from commonhold.demand.engine.clock.histories import Step, at_opening
from commonhold.demand.engine.columns import NEVER, State
from commonhold.demand.engine.exceptional import IN_BULK, Rule
from commonhold.demand.engine.exceptions import Looked, bulk, exceptions
from tests.demand import clock_worlds as worlds
from tests.partnership.cast import calendars, targets

MINUTE: Final = 60
NINE: Final = int(datetime(2026, 6, 2, 8, tzinfo=UTC).timestamp())
"""Nine in the morning in London, in office hours."""
SINCE: Final = NINE - 365 * 86_400
TELLING: Final = (Op.STATE, Op.PRIORITY, Op.KIND, Op.TEAM, Op.HOLD_REASON)
P3: Final = 1_800
"""Minutes of the target of P3 by the office's calendar, which is open ten hours a day."""


def rules() -> Compiled:
    return compile_rules([(SINCE, calendars())], [(SINCE, targets(P3))], SINCE, NINE + 30 * 86_400)


def office(minutes: int) -> int:
    """The instant at which the office has been open for so many minutes since nine that day."""
    day, rest = divmod(minutes + 60, 600)
    return NINE - 3_600 + day * 86_400 + rest * MINUTE


def found(*steps: Step, own: int = NEVER, at: int = NINE) -> list[tuple[str, int, int, int]]:
    rows = [opened(at, priority=3, team=7), *steps]
    looked = Looked(Histories.joined([timeline(rows)]), np.array([at]), np.array([own]))
    return [(Rule(kind).name, when, amount, of) for _, kind, when, _, amount, of in exceptions(looked, rules())[0]]


@pytest.mark.parametrize(
    ("minutes", "is_near"),
    [(1_619, False), (1_620, True), (1_700, True), (1_800, True), (1_801, False)],
)
@pytest.mark.parametrize(
    ("step", "kind"),
    [((Op.PRIORITY, 4), "LOWERED"), ((Op.PRIORITY, 0), "LOWERED"), ((Op.KIND, 1), "RECLASSIFIED"),
     ((Op.STATE, int(State.ON_HOLD)), "HELD")],
)  # fmt: skip
def test_the_last_tenth_begins_at_nine_tenths_and_ends_when_the_target_is_missed(
    minutes: int, is_near: bool, step: tuple[int, int], kind: str
) -> None:
    at = office(minutes)

    assert found((at, *step)) == ([(kind, at, minutes, P3)] if is_near else [])


def test_a_priority_raised_and_a_hold_within_a_hold_are_no_exceptions() -> None:
    at = office(1_700)

    assert found((at, Op.PRIORITY, 2)) == []
    held = [(office(10), Op.STATE, int(State.ON_HOLD)), (at, Op.STATE, int(State.ON_HOLD))]
    assert found(*held) == []
    assert found((at, Op.PRIORITY, 3)) == [], "nothing changed"


def test_after_a_breach_by_an_earlier_target_nothing_is_near() -> None:
    assert found((office(1_900), Op.PRIORITY, 2), (office(1_950), Op.PRIORITY, 4)) == []


def test_a_ticket_closed_and_at_work_again_says_after_how_long() -> None:
    resolved, closed, again = office(60), office(120), office(180)
    steps = [
        (resolved, Op.STATE, int(State.RESOLVED)), (closed, Op.STATE, int(State.CLOSED)),
        (again, Op.STATE, int(State.REOPENED)), (again + 60, Op.STATE, int(State.IN_PROGRESS)),
    ]  # fmt: skip

    assert found(*steps) == [("REOPENED", again, 60, -1)]


def test_a_cancelled_ticket_is_not_closed() -> None:
    assert found((office(60), Op.STATE, int(State.CANCELLED)), (office(70), Op.STATE, int(State.OPEN))) == []


def test_an_event_before_the_opening_is_back_dated_from_a_minute_on() -> None:
    assert found((NINE - 59, Op.STATE, int(State.IN_PROGRESS))) == []
    assert found((NINE - 7_200, Op.STATE, 0), (NINE - 60, Op.STATE, 1)) == [("BEFORE_OPENING", NINE - 7_200, 120, -1)]


@pytest.mark.parametrize(("early", "is_told"), [(59, False), (60, True), (1_440, True)])
def test_a_resolution_is_back_dated_from_an_hour_on(early: int, is_told: bool) -> None:
    entered = office(300)
    told = found((entered, Op.STATE, int(State.RESOLVED)), own=entered - early * MINUTE)

    assert told == ([("BEFORE_ENTRY", entered, early, -1)] if is_told else [])


def test_stops_are_where_work_ended_and_not_where_a_resolved_ticket_was_closed() -> None:
    steps = [opened(NINE, team=7), (NINE + 90, Op.STATE, 4), (NINE + 500, Op.STATE, 5)]
    looked = Looked(Histories.joined([timeline(steps)]), np.array([NINE]), np.array([NEVER]))

    stops = exceptions(looked, rules())[1]

    assert list(zip(stops.ticket, stops.team, stops.minute, strict=True)) == [(0, 7, (NINE + 90) // 60)]


def test_many_of_one_team_within_one_minute_are_in_bulk_and_known_ones_stay() -> None:
    team = np.array([7] * IN_BULK + [8] * (IN_BULK - 1) + [9])
    minute = np.array([100] * IN_BULK + [100] * (IN_BULK - 1) + [100])

    assert bulk(team, minute, {}) == {(7, 100): IN_BULK}
    assert bulk(team, minute, {(9, 100): 40, (9, 101): 50}) == {(7, 100): IN_BULK, (9, 100): 40}
    assert bulk(team[:0], minute[:0], {(9, 100): 40}) == {}


def test_nothing_is_found_in_nothing() -> None:
    looked = Looked(Histories.joined([]), np.empty(0, np.int64), np.empty(0, np.int64))

    assert [len(part) for part in exceptions(looked, rules())[:1]] == [0]


@given(st.integers(0, 2**32))
def test_it_is_what_a_slow_reading_of_each_ticket_finds(seed: int) -> None:
    random = Random(seed)
    begin = worlds.start(random)
    world = worlds.world(random, begin)
    compiled = compile_rules(world.calendars, world.targets, begin - 60 * 86_400, begin + 90 * 86_400, world.holds)
    histories = [worlds.history(random, begin)[0] for _ in range(4)]
    histories = [_pressed(random, steps, compiled) for steps in histories]
    joined = Histories.joined([timeline(steps) for steps in histories])
    openings = np.array([steps[0][0] for steps in histories])
    own = np.array([random.choice((NEVER, begin, begin + 86_400)) for _ in histories])

    quick = exceptions(Looked(joined, openings, own), compiled)[0]

    slow = [
        (place, *one)
        for place in range(len(histories))
        for one in sorted(_slowly(joined.one(place), int(own[place]), compiled), key=lambda one: (one[1], one[0]))
    ]
    assert [(ticket, kind, at, amount, of) for ticket, kind, at, _, amount, of in quick] == slow


def _pressed(random: Random, steps: list[Step], compiled: Compiled) -> list[Step]:
    """The history with something done shortly before or after the target was reached, where it was or will be."""
    inside = [steps[0], *(step for step in steps[1:] if random.random() < 0.6)]
    begins, *rest = Histories.joined([timeline(inside)]).one(0)
    due = explain([begins, *rest], compiled, max(step[0] for step in [begins, *rest]) + 3_600).due
    if due is None or due <= begins[0]:
        return inside
    at = due - random.choice((-60, 0, 1, 60, random.randrange(1, 90) * 60))
    done = ((Op.PRIORITY, random.randrange(6)), (Op.KIND, random.randrange(4)), (Op.STATE, int(State.ON_HOLD)))
    return [*(step for step in inside if step[0] <= due or step is inside[0]), (at, *random.choice(done))]


def _slowly(steps: list[Step], own: int, compiled: Compiled) -> list[tuple[int, int, int, int]]:
    """(kind, at, amount, of) of one ticket, step by step."""
    begins = steps[0][0]
    priority, kind, _ = at_opening(steps[0][2])
    state, since = int(State.OPEN), begins
    last_stop = None
    told = []
    for place, (at, op, arg) in enumerate(steps[1:], start=1):
        what = None
        if op == Op.PRIORITY:
            what = Rule.LOWERED if priority and (not arg or arg > priority) else None
            priority = arg
        elif op == Op.KIND:
            what = Rule.RECLASSIFIED if arg != kind else None
            kind = arg
        elif op == Op.STATE:
            was = state
            if arg == State.ON_HOLD and was in (State.OPEN, State.IN_PROGRESS, State.REOPENED):
                what = Rule.HELD
            if was in (State.RESOLVED, State.CLOSED) and arg in (
                State.OPEN, State.IN_PROGRESS, State.REOPENED, State.ON_HOLD,
            ):  # fmt: skip
                told.append((int(Rule.REOPENED), at, (at - since) // 60, -1))
            if arg in (State.RESOLVED, State.CLOSED) and was not in (State.RESOLVED, State.CLOSED, State.CANCELLED):
                last_stop = at
            state, since = arg, at
        if what is not None and at > begins:
            before = [step for step in steps[:place] if step[0] < at]
            then = explain(before, compiled, at)
            near = then.target is not None and then.breached_at is None
            if near and then.target is not None and 9 * then.target <= 10 * then.used <= 10 * then.target:
                told.append((int(what), at, then.used // 60, then.target // 60))
    early = min((at for at, op, _ in steps[1:] if op in TELLING), default=begins)
    if begins - early >= 60:
        told.append((int(Rule.BEFORE_OPENING), early, (begins - early) // 60, -1))
    if last_stop is not None and own != NEVER and last_stop - own >= 3_600:
        told.append((int(Rule.BEFORE_ENTRY), last_stop, (last_stop - own) // 60, -1))
    return told
