"""The clock against the slow oracle: random rules and histories, both clock changes, every result to the second."""

from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonhold.demand.engine.clock import Histories, by_team, compile_rules, explain, reckon
from commonhold.demand.engine.clock.histories import STEP, Step
from tests.demand import clock_oracle, clock_worlds
from tests.demand.clock_examples import read_by_kernel, results
from tests.demand.clock_oracle import World

HOURS = 3600
DAYS = 24 * HOURS


def joined(histories: list[list[Step]]) -> Histories:
    offsets = np.cumsum([0, *map(len, histories)])
    return Histories.of(np.array([step for steps in histories for step in steps], STEP), offsets)


def check(world: World, cases: list[tuple[list[Step], int]], unit: int) -> None:
    """Kernel, explanation and oracle say the same of every case."""
    instants = np.array([as_of for _, as_of in cases])
    rules = compile_rules(world.calendars, world.targets, int(instants.min()), int(instants.max()), world.holds)
    histories = joined([steps for steps, _ in cases])
    said = read_by_kernel(histories, rules, instants)
    reckoned = reckon(histories, rules, instants)
    teams = by_team(histories, reckoned)
    for number, (steps, as_of) in enumerate(cases):
        explanation = explain(steps, rules, as_of)
        assert said[number] == results(explanation)
        told = clock_oracle.read(steps, world, as_of, unit=unit)
        assert said[number] == expected(told, said[number])
        mine = teams.ticket == number
        assert dict(zip(teams.team[mine].tolist(), teams.seconds[mine].tolist(), strict=True)) == told.by_team
        assert explanation.used == sum(stretch.counted for stretch in explanation.stretches)
        assert all(end - begin > 0 for stretch in explanation.stretches for begin, end in stretch.windows)


def expected(told: clock_oracle.Reading, said: dict[str, object]) -> dict[str, object]:
    """What the oracle saw, in the words of an explanation."""
    last = told.last
    due = told.due
    if told.due_beyond is not None:
        due = said["due"]
        assert due is None or due > told.due_beyond
    return {
        "state": last.state,
        "used": told.used,
        "held": told.held,
        "due": due,
        "breached_at": told.breached_at,
        "stopped_at": last.stopped_at if last.state in clock_oracle.STOPPED else None,
        "resolved_at": last.resolved_at,
        "closed_at": last.closed_at,
        "target": last.target,
        "calendar": last.calendar or last.first_calendar,
        "priority": last.priority,
        "kind": last.kind,
        "team": last.team,
        "reopenings": last.reopenings,
        "reassignments": last.reassignments,
        "doubted_used": told.doubted_used,
        "doubted_held": told.doubted_held,
        "doubted_stop": told.doubted_stop,
        "in_doubt": last.in_doubt,
        "could_be_breached": told.could_be_breached,
    }


def random_cases(random: Random, count: int, *, unit: int, span: int) -> tuple[World, list[tuple[list[Step], int]]]:
    begin = clock_worlds.start(random)
    world = clock_worlds.world(random, begin)
    return world, [clock_worlds.history(random, begin, unit=unit, span=span) for _ in range(count)]


@settings(max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_minute_by_minute(random: Random) -> None:
    world, cases = random_cases(random, 4, unit=60, span=3 * DAYS)
    check(world, cases, unit=60)


@pytest.mark.parametrize("seed", range(4))
def test_many_tickets_at_once(seed: int) -> None:
    world, cases = random_cases(Random(seed), 40, unit=60, span=5 * DAYS)
    check(world, cases, unit=60)


@pytest.mark.parametrize("seed", range(2))
def test_second_by_second(seed: int) -> None:
    world, cases = random_cases(Random(1000 + seed), 10, unit=1, span=3 * HOURS)
    check(world, cases, unit=1)


def test_how_the_rules_are_cut_into_tables_changes_nothing() -> None:
    """Tables made for a narrow span are widened where a reading needs it."""
    world, cases = random_cases(Random(7), 30, unit=60, span=5 * DAYS)
    histories, instants = joined([steps for steps, _ in cases]), np.array([as_of for _, as_of in cases])
    first, last = int(histories.opened.min()), int(instants.max())
    wide = compile_rules(world.calendars, world.targets, first - 900 * DAYS, last + 900 * DAYS, world.holds)
    narrow = compile_rules(world.calendars, world.targets, first + DAYS, first + DAYS, world.holds)
    assert read_by_kernel(histories, wide, instants) == read_by_kernel(histories, narrow, instants)
