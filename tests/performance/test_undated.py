"""What exports show of a ticket whose priority changed between them: the bounds hold, whenever that was (F5)."""

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.demand.engine.clock import Histories, Op, compile_rules, opened, otherwise, reckon
from commonhold.demand.engine.clock.histories import STEP
from commonhold.demand.engine.columns import Grade, Readings, State
from commonhold.figures import Span
from commonhold.partnership.engine.rules.targets import Targets
from commonhold.performance.engine.bounds import Instead, bounds_of
from commonhold.performance.engine.extract import Bit
from commonhold.performance.engine.periods import period
from commonhold.performance.engine.reading import read, reading
from tests.demand.clock_examples import CALENDARS, SINCE, at
from tests.demand.lives import BEGIN, HOUR, life, reprioritised, told_by_snapshots
from tests.performance.engine_samples import Sample, tickets

TARGETS = Targets.from_form(
    {
        "P1": {"resolve_minutes": 240, "calendar": "24x7"},
        "P2": {"resolve_minutes": 480, "calendar": "office"},
        "P3": {"resolve_minutes": 1800, "calendar": "office"},
        "P4": {"resolve_minutes": 5000, "calendar": "24x7"},
    }
)
RULES = compile_rules([(SINCE, CALENDARS)], [(SINCE, TARGETS)], at("2020-01-01"), at("2026-01-01"))


def instants(histories: Histories) -> list[list[str]]:
    return [[f"{at_ - BEGIN}:{Op(op).name}={arg}" for at_, op, arg in histories.one(n)] for n in range(len(histories))]


def history(*steps: tuple[int, Op, int]) -> Histories:
    made = [opened(BEGIN, priority=3), *((BEGIN + when, op, arg) for when, op, arg in steps)]
    return Histories.of(np.array(made, STEP), [0, len(made)])


def test_a_change_in_doubt_is_moved_to_where_doubt_began_and_one_that_is_dated_stays() -> None:
    steps = ((5, Op.DOUBT, 1), (9, Op.PRIORITY, 1), (9, Op.KIND, 1), (9, Op.DOUBT, 0), (20, Op.PRIORITY, 2))
    found = otherwise(history(*steps))
    assert found.tickets.tolist() == [0]
    opening = "0:OPENED=3"
    assert instants(found.histories) == [
        [opening, "5:DOUBT=1", "5:PRIORITY=1", "5:KIND=1", "9:DOUBT=0", "20:PRIORITY=2"]
    ]


def test_every_choice_of_changes_is_a_history_of_its_own() -> None:
    first = ((5, Op.DOUBT, 1), (9, Op.DOUBT, 0), (9, Op.PRIORITY, 1))
    second = ((15, Op.DOUBT, 1), (19, Op.PRIORITY, 4), (19, Op.DOUBT, 0))
    found = otherwise(history(*first, *second))
    moved = [[step.split(":")[0] for step in one if "PRIORITY" in step] for one in instants(found.histories)]
    assert moved == [["5", "19"], ["9", "15"], ["5", "15"]]


def test_of_many_changes_the_later_ones_move_together() -> None:
    steps = [
        step
        for gap in range(10, 60, 10)
        for step in ((gap, Op.DOUBT, 1), (gap + 5, Op.PRIORITY, gap // 10 % 4 + 1), (gap + 5, Op.DOUBT, 0))
    ]
    found = otherwise(history(*steps))
    assert len(found) == 7
    last = [step for step in instants(found.histories)[-1] if "PRIORITY" in step]
    assert [step.split(":")[0] for step in last] == ["10", "20", "30", "40", "50"]


@pytest.mark.parametrize("steps", [(), ((9, Op.PRIORITY, 1),), ((5, Op.DOUBT, 1), (9, Op.STATE, 4), (9, Op.DOUBT, 0))])
def test_without_an_undated_change_there_is_no_other_history(steps: tuple[tuple[int, Op, int], ...]) -> None:
    assert len(otherwise(history(*steps))) == 0


def readings_of(histories: Histories, grade: int, as_of: int) -> Readings:
    known = replace(
        tickets([Sample(opened=BEGIN, grade=grade)] * len(histories)), last_event=np.full(len(histories), as_of)
    )
    before, now = (
        reading(known, reckon(histories, RULES, instant), instant, instant) for instant in (BEGIN - 1, as_of)
    )
    return Readings(before=before, at_end=now, as_of=now)


@settings(max_examples=600, derandomize=True, deadline=None, database=None)
@given(st.randoms(use_true_random=False))
def test_the_bounds_hold_whenever_the_priority_changed(random: Random) -> None:
    """A true life, seen at some moments, with or without the last change: what the clock truly says lies within."""
    exports = sorted(random.sample(range(1, 260), random.randrange(2, 6)))
    true = reprioritised(life(random), exports, random)
    told = told_by_snapshots(true, exports, random.random() < 0.5)
    as_of = true.begin + exports[-1] * HOUR
    if told.grade[0] == Grade.NONE:
        return
    truth = readings_of(true.histories, Grade.INTERVALS, as_of)
    other = otherwise(told.histories)
    instead = Instead(other.tickets, readings_of(other.histories, int(told.grade[0]), as_of))
    bounds = bounds_of(readings_of(told.histories, int(told.grade[0]), as_of), instead if len(other) else None)

    assert bounds.least[0] <= truth.as_of.used[0] <= bounds.most[0]
    # Whole minutes: half a minute of each of two readings.
    assert bounds.least_held[0] - 60 <= truth.as_of.held[0] <= bounds.most_held[0] + 60
    assert bounds.missed[0] if truth.as_of.breached[0] else bounds.met[0]


def test_the_extract_of_a_period_bears_the_bounds_and_the_doubt() -> None:
    """A P1 that turns out to be a P3 some time between Monday noon and Wednesday noon, and is resolved at four."""
    begin, noon, seen = at("2022-03-07T09:00"), at("2022-03-07T12:00"), at("2022-03-09T12:00")
    steps = [
        opened(begin, priority=1, team=1),
        (noon, Op.DOUBT, 1),
        (seen, Op.PRIORITY, 3),
        (seen, Op.DOUBT, 0),
        (seen + 4 * HOUR, Op.STATE, State.RESOLVED),
    ]
    known = tickets([Sample(opened=begin, resolved=seen + 4 * HOUR, grade=Grade.OBSERVED)])
    march = period(Span(date(2022, 3, 1), date(2022, 3, 31)))
    made = read(march, known, Histories.of(np.array(steps, STEP), [0, len(steps)]), RULES, {1: 1})

    (record,) = made.records
    # As seen: 51 hours by day and night, and four of opening hours. At the least three, and the last four.
    assert (record["used"], record["least"]) == (55 * HOUR, 7 * HOUR)
    # Seen late it missed the four hours of a P1; at noon of Monday it had not, nor the thirty of a P3 since.
    assert made.has(Bit.RESOLVED | Bit.BREACHED | Bit.DOUBTED).all()
    (share,) = made.shares
    assert (share["seconds"], share["least"]) == (55 * HOUR, 7 * HOUR)
