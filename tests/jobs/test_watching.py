"""What nobody asks for: rounds once each, followers that miss nothing, and no writing while nothing is due."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonhold.databases.bell import has_bell
from commonhold.jobs import acts as jobs
from commonhold.jobs.engine import Running, every, follows, task
from commonhold.jobs.management.runner.doing import Worker, do_next
from commonhold.jobs.management.runner.watching import LOOK_AT_ALL_AGAIN, Watch, work_off
from commonhold.jobs.models import Cursor, Job, State
from commonhold.ledger.acts import record
from commonhold.ledger.models import Entry, Head
from tests.jobs.conftest import ANALYST, NOON, Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def read() -> list[int]:
    """The numbers of the entries that a follower of imports was handed."""
    numbers: list[int] = []

    @follows("tickets.imported", name="probe.follow")
    def follow(running: Running, entry: Entry) -> None:
        numbers.append(entry.number)

    return numbers


def imported(**facts: Any) -> int:
    return record(by=ANALYST, kind="tickets.imported", facts=facts).number


def test_a_round_is_done_once_however_many_workers_watch(clock: Clock) -> None:
    done = []
    every(minutes=5, name="probe.sweep")(lambda running: done.append(running.by.post))
    watches = [Watch(), Watch()]
    for _ in range(11):
        for watch in watches:
            watch.look(clock.now)
            while do_next(Worker("any", clock)):
                pass
        clock.forward(minutes=1)

    assert done == ["the-service"] * 3, "at noon, five past and ten past"


def test_rounds_missed_while_no_worker_ran_are_made_up_for_once(worker: Worker, clock: Clock) -> None:
    done = []
    every(minutes=5, name="probe.sweep")(lambda running: done.append(running.job))
    work_off(worker)
    clock.forward(days=3)
    work_off(worker)

    assert len(done) == 2


def test_a_follower_reads_the_entries_of_its_kinds_in_order(worker: Worker, read: list[int]) -> None:
    first = imported()
    record(by=ANALYST, kind="meeting.called")
    second = imported()
    work_off(worker)

    assert read == [first, second]
    assert Cursor.objects.get().number == Head.objects.get().size


def test_a_follower_goes_on_where_it_left_off(worker: Worker, read: list[int]) -> None:
    watch = Watch()
    imported()
    work_off(worker, watch)
    later = imported()
    work_off(worker, watch)

    assert read[1:] == [later]


def test_a_record_that_grew_by_other_kinds_asks_nothing_of_a_follower(worker: Worker, read: list[int]) -> None:
    watch = Watch()
    imported()
    work_off(worker, watch)
    record(by=ANALYST, kind="meeting.called")
    work_off(worker, watch)

    assert Job.objects.count() == 1


def test_a_follower_that_fails_misses_nothing(worker: Worker, clock: Clock) -> None:
    read = []

    @follows("tickets.imported", name="probe.follow")
    def follow(running: Running, entry: Entry) -> None:
        read.append(entry.facts["n"])
        if entry.facts["n"] == 2 and running.attempt == 1:
            raise OSError

    for n in (1, 2, 3):
        imported(n=n)
    work_off(worker)
    clock.forward(seconds=10)
    work_off(worker)

    assert read == [1, 2, 2, 3], "in order, and the one that failed twice"


def test_a_follower_that_failed_for_good_is_tried_again_within_the_hour(worker: Worker, clock: Clock) -> None:
    watch, mended = Watch(), []

    @follows("tickets.imported", name="probe.follow", retries=0)
    def follow(running: Running, entry: Entry) -> None:
        if not mended:
            raise OSError

    imported()
    work_off(worker, watch)
    assert Job.objects.get().state == State.FAILED

    mended.append(True)
    clock.now = NOON + LOOK_AT_ALL_AGAIN
    work_off(worker, watch)
    assert list(Job.objects.order_by("pk").values_list("state", flat=True)) == [State.FAILED, State.DONE]


def test_a_follower_reads_what_its_own_work_recorded(worker: Worker) -> None:
    read = []

    @follows("tickets.imported", name="probe.follow")
    def follow(running: Running, entry: Entry) -> None:
        read.append(entry.number)
        if len(read) == 1:
            imported()

    imported()
    work_off(worker)

    assert len(read) == 2


def test_work_that_asks_for_work_is_worked_off(worker: Worker) -> None:
    done = []

    @task("probe.first")
    def first(running: Running) -> None:
        jobs.ask("probe.second", by=running.by)

    task("probe.second")(lambda running: done.append("second"))
    jobs.ask("probe.first", by=ANALYST)
    work_off(worker)

    assert done == ["second"]


def test_a_worker_with_nothing_to_do_only_reads(worker: Worker, read: list[int], clock: Clock) -> None:
    every(days=1, at="03:00", name="probe.nightly")(lambda running: None)
    watch = Watch()
    work_off(worker, watch)
    clock.forward(seconds=1)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        watch.look(clock.now)
        assert not do_next(worker)

    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)
    assert len(asked) == (4 if has_bell() else 3)


def test_jobs_rung_for_in_vain_are_rung_for_again(clock: Clock) -> None:
    if not has_bell():
        pytest.skip("On SQLite a worker looks by itself; there is no bell.")
    from procrastinate.contrib.django.models import ProcrastinateJob

    jobs.ask("probe.note", by=ANALYST)
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
    clock.forward(seconds=timedelta(seconds=3).total_seconds())
    Watch().look(clock.now)
    Watch().look(clock.now)

    assert ProcrastinateJob.objects.count() == 1
