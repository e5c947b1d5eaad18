"""Holds whose time counts, and facts claimed from the opening on, against the slow oracle of the clock."""

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonhold.demand.engine import claims
from commonhold.demand.engine.clock import Histories, Op, compile_rules, explain, opened
from commonhold.demand.engine.clock.histories import COUNTS, STEP, Step
from commonhold.demand.engine.columns import NONE, State
from commonhold.partnership.engine.rules.hold_reasons import REASONS
from tests.demand import clock_oracle, clock_worlds
from tests.demand.clock_examples import read_by_kernel, results
from tests.demand.clock_oracle import World

DAYS = 86_400
ALL_REASONS = (NONE, *range(len(REASONS)))


class Claimed(World):
    """A world in which the holds of one reason, or of every one, pause no clock."""

    def __init__(self, world: World, reason: int | None) -> None:
        super().__init__(world.calendars, world.targets, world.holds, world.looked_up)
        self.reason = reason

    def refuses(self, instant: int, reason: int) -> bool:
        return self.reason in (None, reason) or super().refuses(instant, reason)


def histories(timelines: list[list[Step]]) -> Histories:
    steps = [step for timeline in timelines for step in timeline]
    return Histories.of(np.array(steps, STEP), np.cumsum([0, *map(len, timelines)]))


def counted(told: clock_oracle.Reading) -> dict[str, Any]:
    return {"used": told.used, "held": told.held, "breached_at": told.breached_at, "reopenings": told.last.reopenings}


def read(told: Histories, world: World, instants: list[int]) -> list[dict[str, Any]]:
    """What the kernel says, which is what the explanation says."""
    rules = compile_rules(world.calendars, world.targets, min(instants), max(instants), world.holds)
    found = read_by_kernel(told, rules, np.array(instants))
    for number, instant in enumerate(instants):
        assert found[number] == results(explain(told.one(number), rules, instant))
    return [{name: one[name] for name in ("used", "held", "breached_at", "reopenings")} for one in found]


def world_and_cases(random: Random, count: int) -> tuple[World, list[tuple[list[Step], int]]]:
    begin = clock_worlds.start(random)
    return clock_worlds.world(random, begin), [
        clock_worlds.history(random, begin, unit=60, span=3 * DAYS) for _ in range(count)
    ]


@settings(max_examples=20, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.sampled_from((None, *ALL_REASONS)))
def test_the_holds_of_a_reason_count_as_though_the_agreement_refused_it(random: Random, reason: int | None) -> None:
    world, cases = world_and_cases(random, 4)
    which = claims.EVERY if reason is None else claims.of_reason(reason)
    told = claims.counting(histories([steps for steps, _ in cases]), which, np.array([0, 2, 3]))

    found = read(told, world, [as_of for _, as_of in cases])
    for number, (steps, as_of) in enumerate(cases):
        under = world if number == 1 else Claimed(world, reason)
        assert found[number] == counted(clock_oracle.read(steps, under, as_of))


@settings(max_examples=20, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_one_hold_counts_as_though_work_had_gone_on(random: Random) -> None:
    world, cases = world_and_cases(random, 4)
    plain = histories([steps for steps, _ in cases])
    for number, (_, as_of) in enumerate(cases):
        one = plain.one(number)
        for hold in claims.holds(one):
            told = claims.counting(plain, claims.of_one(hold.begins), np.array([number]))
            same_instant = [other for other in claims.holds(one) if other.begins == hold.begins]
            if len(same_instant) > 1 or hold.begins < one[0][0]:
                continue
            assert read(told, world, [at for _, at in cases])[number] == counted(
                clock_oracle.read(_worked_through(one, hold), world, as_of)
            )
            assert told.timeline((number + 1) % 4) == plain.timeline((number + 1) % 4)


def _worked_through(steps: list[Step], hold: claims.Hold) -> list[Step]:
    """The timeline with work in place of one hold."""
    made, state, inside = [], int(State.OPEN), False
    for at, op, arg in steps:
        if op == Op.STATE and arg != state:
            inside = arg == State.ON_HOLD and at == hold.begins
            state = arg
        is_it = inside and op == Op.STATE and arg == State.ON_HOLD
        made.append((at, op, int(State.IN_PROGRESS) if is_it else arg))
    return made


@settings(max_examples=20, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.sampled_from([("priority", 1), ("priority", 0), ("kind", 2)]))
def test_a_fact_is_so_from_the_opening_on(random: Random, claim: tuple[str, int]) -> None:
    fact, value = claim
    _, cases = world_and_cases(random, 3)
    plain = histories([steps for steps, _ in cases])
    op, width, shift = (Op.PRIORITY, 7, 0) if fact == "priority" else (Op.KIND, 31, 3)
    changed = claims._from_the_opening(plain, np.array([0, 2]), op, ~(width << shift), value << shift)

    for number in range(3):
        (at, first, arg), *rest = plain.one(number)
        said = [(at, first, arg & ~(width << shift) | value << shift), *(one for one in rest if one[1] != op)]
        assert changed.one(number) == (plain.one(number) if number == 1 else said)


@pytest.mark.parametrize(
    ("words", "which"),
    [
        ("every hold", claims.EVERY),
        ("Every hold", claims.EVERY),
        ("no reason given", claims.of_reason(NONE)),
        ("awaiting supplier", claims.of_reason(REASONS.index("awaiting_supplier"))),
        ("awaiting_customer", claims.of_reason(REASONS.index("awaiting_customer"))),
        ("other", claims.of_reason(REASONS.index("other"))),
        ("2026-06-01T09:00:00+01:00", claims.of_one(1780300800)),
        ("1931-01-01T00:00:00+00:00", claims.of_one(-1230768000)),
        ("2026-06-01T09:00:00", None),
        ("", None),
        ("sometimes", None),
    ],
)
def test_which_holds_is_written_and_read_the_same(words: str, which: int | None) -> None:
    assert claims.hold_of(words) == which
    if which is not None:
        assert which >= 0 and claims.hold_of(claims.hold_in_words(which)) == which


def test_holds_are_told_with_the_reason_that_they_end_with() -> None:
    steps = [
        opened(0),
        (10, Op.STATE, State.ON_HOLD),
        (10, Op.HOLD_REASON, 1),
        (20, Op.STATE, State.IN_PROGRESS),
        (30, Op.STATE, State.ON_HOLD),
        (30, Op.HOLD_REASON, 0),
    ]
    assert claims.holds(steps) == [claims.Hold(10, 20, 1), claims.Hold(30, None, 0)]


def test_a_stated_total_is_nought_where_every_hold_counts_and_stays_unknown_where_it_was() -> None:
    totals, places = np.array([90, NONE, 30]), np.array([0, 1])

    assert claims.none_held(totals, claims.EVERY, places).tolist() == [0, NONE, 30]
    assert claims.none_held(totals, claims.of_reason(1), places).tolist() == [90, NONE, 30]


def test_after_the_hold_that_counts_the_next_one_has_its_own_reason() -> None:
    steps = [
        opened(0),
        (10, Op.STATE, State.ON_HOLD),
        (10, Op.HOLD_REASON, 1),
        (20, Op.STATE, State.IN_PROGRESS),
        (30, Op.STATE, State.ON_HOLD),
    ]
    told = claims.counting(histories([steps]), claims.of_one(10), np.array([0]))

    assert [hold.reason for hold in claims.holds(told.one(0))] == [COUNTS, 1]
    assert claims.holds(told.one(0))[1] == claims.holds(steps)[1]
