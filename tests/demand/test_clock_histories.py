"""Timelines as they are kept and joined: bytes and back, put in order, nonsense refused (C10)."""

import numpy as np
import pytest

from commonhold.demand.engine.clock import SINCE_EVER, STEP, Histories, Op, by_team, opened, reckon, timeline
from commonhold.demand.engine.columns import State
from tests.demand.clock_examples import RULES, at, becomes

FIRST = [
    opened(at("2024-06-11 09:00"), priority=2, kind=1, team=70_000),
    becomes("2024-06-11 12:00", State.RESOLVED),
    becomes("2024-06-11 10:00", State.ON_HOLD),
    becomes("2024-06-11 11:00", State.IN_PROGRESS),
]
SECOND = [opened(at("2024-06-12 09:00"), priority=3)]


def test_a_timeline_is_sixteen_bytes_a_step_in_order() -> None:
    kept = timeline(FIRST)
    assert len(kept) == 16 * len(FIRST)
    histories = Histories.joined([kept, memoryview(timeline(SECOND)), kept])
    assert len(histories) == 3
    assert histories.one(0) == histories.one(2) == [FIRST[0], FIRST[2], FIRST[3], FIRST[1]]
    assert histories.one(1) == SECOND
    assert histories.timeline(2) == kept
    assert histories.opened.tolist() == [FIRST[0][0], SECOND[0][0], FIRST[0][0]]


def test_what_an_opening_says_is_read_again() -> None:
    histories = Histories.joined([timeline(FIRST), timeline(SECOND)])
    reckoned = reckon(histories, RULES, at("2024-06-20 00:00"))
    assert reckoned.priority.tolist() == [2, 3]
    assert reckoned.kind.tolist() == [1, 0]
    assert reckoned.team.tolist() == [70_000, 0]
    assert reckoned.used.tolist() == [2 * 3600, (9 + 5 * 10) * 3600]
    assert by_team(histories, reckoned).team.tolist() == [70_000, 0]


def test_each_ticket_may_be_read_at_its_own_instant() -> None:
    histories = Histories.joined([timeline(SECOND), timeline(SECOND), timeline(SECOND)])
    instants = [at(f"2024-06-12 {hour}") for hour in ("08:59", "09:00", "11:00")]
    reckoned = reckon(histories, RULES, np.array(instants))
    assert reckoned.state.tolist() == [State.NOT_YET, State.OPEN, State.OPEN]
    assert reckoned.used.tolist() == [0, 0, 7200]
    assert reckoned.credit.tolist() == [0, 0, 7200]


def test_steps_cannot_be_written_wherever_they_come_from() -> None:
    rows = np.array(SECOND, STEP)
    histories = Histories.of(rows, [0, 1])
    assert not histories.steps.flags.writeable
    assert rows.flags.writeable


def test_nothing_at_all_can_be_read() -> None:
    reckoned = reckon(Histories.joined([]), RULES, at("2024-06-12 09:00"))
    assert len(reckoned.used) == len(reckoned.breached) == 0


def test_a_step_since_ever_is_in_force_from_the_opening() -> None:
    steps = [opened(at("2024-06-11 09:00"), priority=2), (SINCE_EVER, Op.PRIORITY, 3)]
    assert reckon(Histories.joined([timeline(steps)]), RULES, at("2024-06-12 09:00")).target.tolist() == [1800 * 60]


@pytest.mark.parametrize(
    ("steps", "where"),
    [
        ([(0, Op.STATE, 0)], "Step 0 of history 1"),
        ([opened(0), opened(0)], "Step 1 of history 1"),
        ([opened(0, priority=6)], "Step 0 of history 1"),
        ([opened(0, kind=4)], "Step 0 of history 1"),
        ([opened(0, team=-1)], "Step 0 of history 1"),
        ([opened(0), (1, Op.STATE, 7)], "Step 1 of history 1"),
        ([opened(0), (1, Op.STATE, -1)], "Step 1 of history 1"),
        ([opened(0), (1, Op.PRIORITY, 6)], "Step 1 of history 1"),
        ([opened(0), (1, Op.TARGET, -2)], "Step 1 of history 1"),
        ([opened(0), (1, 9, 0)], "Step 1 of history 1"),
        ([opened(0), (1, Op.DOUBT, 2)], "Step 1 of history 1"),
        ([opened(0), (1, -1, 0)], "Step 1 of history 1"),
    ],
)
def test_steps_that_make_no_sense_are_refused_by_their_place(steps: list[tuple[int, int, int]], where: str) -> None:
    rows = np.array([*SECOND, *steps], STEP)
    with pytest.raises(ValueError, match=where):
        Histories.of(rows, [0, 1, len(rows)])


def test_offsets_must_cover_the_steps() -> None:
    rows = np.array(SECOND, STEP)
    for offsets in ([], [0], [0, 0, 1], [1, 1], [0, 2]):
        with pytest.raises(ValueError, match="offsets must cover all steps"):
            Histories.of(rows, offsets)
    with pytest.raises(ValueError, match="16 bytes"):
        Histories.joined([b"12345"])


def test_a_calendar_that_the_rules_do_not_have_is_refused() -> None:
    steps = [opened(at("2024-06-11 09:00")), (SINCE_EVER, Op.CALENDAR, len(RULES.names))]
    with pytest.raises(ValueError, match=f"names calendar {len(RULES.names)}; the rules have {len(RULES.names)}"):
        reckon(Histories.joined([timeline(steps)]), RULES, at("2024-06-12 09:00"))


def test_instants_that_no_desk_has_are_refused() -> None:
    with pytest.raises(ValueError, match="from the year 1900 to the year 3000"):
        reckon(Histories.joined([timeline([opened(-(2**40))])]), RULES, at("2024-06-12 09:00"))
    with pytest.raises(ValueError, match="from the year 1900 to the year 3000"):
        reckon(Histories.joined([timeline(SECOND)]), RULES, 2**45)
