"""When work is due: rounds in London's time, waits that double, and one name for one task."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.jobs.engine import TASKS, every, follows, task
from commonhold.jobs.engine.timing import LONGEST_WAIT, Schedule, wait_after

SECONDS = timedelta(seconds=1)
INSTANTS = st.integers(946_684_800, 2_208_988_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize(("failures", "waits"), [(1, 10), (2, 20), (3, 40), (4, None)])
def test_each_try_waits_twice_as_long_until_there_are_no_more(failures: int, waits: int | None) -> None:
    wait = wait_after(failures, retries=3, first=10 * SECONDS)

    assert wait == (None if waits is None else waits * SECONDS)


@given(failures=st.integers(1, 10_000), first=st.integers(0, 3600))
def test_no_wait_is_longer_than_an_hour(failures: int, first: int) -> None:
    wait = wait_after(failures, retries=10_000, first=first * SECONDS)

    assert wait is not None and timedelta(0) <= wait <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-07-21 02:00", "2026-07-21 02:00"),  # 03:00 in London, in summer
        ("2026-07-21 01:59", "2026-07-20 02:00"),
        ("2026-01-21 03:00", "2026-01-21 03:00"),  # in winter
        ("2026-03-29 12:00", "2026-03-29 02:00"),  # the day the clocks go forward
        ("2026-10-25 12:00", "2026-10-25 03:00"),  # the day they go back
    ],
)
def test_what_is_done_daily_is_due_at_london_s_time_of_day(now: str, due: str) -> None:
    daily = Schedule(timedelta(days=1), time(3, 0))

    assert daily.last_due(datetime.fromisoformat(f"{now}+00:00")) == datetime.fromisoformat(f"{due}+00:00")


@given(now=INSTANTS, minutes=st.integers(1, 28 * 24 * 60))
def test_a_round_has_begun_and_the_next_has_not(now: datetime, minutes: int) -> None:
    schedule = Schedule(timedelta(minutes=minutes))
    due = schedule.last_due(now)

    assert due <= now < due + schedule.every
    assert schedule.last_due(due) == due


@given(now=INSTANTS, days=st.integers(1, 28), at=st.times())
def test_rounds_of_whole_days_are_that_many_days_apart(now: datetime, days: int, at: time) -> None:
    schedule = Schedule(timedelta(days=days), at.replace(fold=0))
    due = schedule.last_due(now)
    before = schedule.last_due(due - SECONDS)

    assert due <= now
    assert abs((due - before) - timedelta(days=days)) <= timedelta(hours=1)


def test_rounds_that_cannot_be_kept_are_refused() -> None:
    with pytest.raises(ValueError, match="at least every 28 days"):
        Schedule(timedelta(days=29))
    with pytest.raises(ValueError, match="whole days"):
        Schedule(timedelta(hours=5), time(3, 0))


def test_tasks_are_known_by_name() -> None:
    @task("demand.import_file", retries=1)
    def import_file(running: object) -> None: ...

    @every(minutes=5, name="demand.sweep")
    def sweep(running: object) -> None: ...

    @follows("tickets.imported", "ticket.corrected")
    def keep_figures(running: object, entry: object) -> None: ...

    assert TASKS["demand.import_file"].retries == 1
    assert TASKS["demand.sweep"].schedule == Schedule(timedelta(minutes=5))
    assert TASKS["test_engine.keep_figures"].kinds == ("tickets.imported", "ticket.corrected")


def test_one_name_is_one_task() -> None:
    task("demand.import_file")(print)

    with pytest.raises(ValueError, match="two tasks named"):
        task("demand.import_file")(repr)


def test_a_follower_says_what_it_follows() -> None:
    with pytest.raises(ValueError, match="names the kinds"):
        follows()
