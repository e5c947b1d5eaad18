"""Doing jobs: in order, tried again, given back, cancelled; and what a worker that lost its job says is refused."""

import logging
from datetime import timedelta

import pytest
from django.db import transaction

from commonhold.jobs import acts as jobs
from commonhold.jobs.engine import Running, task
from commonhold.jobs.engine.timing import LEASE, LOSSES
from commonhold.jobs.management.runner.doing import Worker, claim, do_next, put_back_stalled
from commonhold.jobs.management.runner.leases import renew
from commonhold.jobs.models import Job, State
from commonhold.refusals import Refused
from tests.jobs.conftest import ANALYST, NOON, OPERATOR, Clock

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def do_all(worker: Worker) -> None:
    while do_next(worker):
        pass


def test_jobs_are_done_in_the_order_in_which_they_fell_due(worker: Worker, clock: Clock) -> None:
    done = []
    task("probe.note")(lambda running, what: done.append(what))
    jobs.ask("probe.note", by=ANALYST, what="third", due_at=NOON + 9 * SECOND)
    jobs.ask("probe.note", by=ANALYST, what="first")
    jobs.ask("probe.note", by=ANALYST, what="second")
    jobs.ask("probe.note", by=ANALYST, what="much later", due_at=NOON + timedelta(days=1))
    do_all(worker)
    assert done == ["first", "second"]

    clock.forward(seconds=9)
    do_all(worker)
    assert done == ["first", "second", "third"]


def test_a_task_is_told_for_whom_it_runs_and_acts_now(worker: Worker, clock: Clock) -> None:
    told: list[Running] = []
    task("probe.tell")(lambda running: told.append(running))
    job = jobs.ask("probe.tell", by=ANALYST)
    clock.forward(minutes=3)
    do_all(worker)

    assert (told[0].job, told[0].attempt) == (job.pk, 1)
    assert (told[0].by.post, told[0].by.roles) == (ANALYST.post, ANALYST.roles)
    clock.forward(minutes=30)
    assert told[0].by.at == NOON + timedelta(minutes=33), "the moment of the act, not of the beginning"


def test_what_a_task_returns_is_kept_in_its_words(worker: Worker) -> None:
    task("probe.count")(lambda running: "3 rows")
    job = jobs.ask("probe.count", by=ANALYST)
    do_all(worker)

    job.refresh_from_db()
    assert (job.state, job.result, job.ended_at) == (State.DONE, "3 rows", NOON)


def test_a_job_that_goes_wrong_is_tried_again_later_and_then_fails(worker: Worker, clock: Clock) -> None:
    @task("probe.divide", retries=2)
    def divide(running: Running) -> None:
        raise ZeroDivisionError("18 Acacia Avenue")

    job = jobs.ask("probe.divide", by=ANALYST)
    waits = []
    for _ in range(2):
        do_all(worker)
        job.refresh_from_db()
        assert job.waits_to_try_again
        waits.append((job.due_at - clock.now).total_seconds())
        clock.now = job.due_at
    do_all(worker)

    job.refresh_from_db()
    assert waits == [10, 20]
    assert (job.state, job.attempts) == (State.FAILED, 3)
    assert job.problem == "Something went wrong inside Commonhold (ZeroDivisionError). It was tried 3 times."
    assert worker.tally == {"to be retried": 2, "failed": 1}


def test_a_job_that_succeeds_at_last_no_longer_has_a_problem(worker: Worker, clock: Clock) -> None:
    @task("probe.twice")
    def twice(running: Running) -> None:
        if running.attempt == 1:
            raise OSError

    job = jobs.ask("probe.twice", by=ANALYST)
    do_all(worker)
    clock.forward(seconds=10)
    do_all(worker)

    job.refresh_from_db()
    assert (job.state, job.problem) == (State.DONE, "")


def test_the_log_tells_of_a_job_without_the_words_of_its_fault(
    worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    @task("probe.divide", retries=0)
    def divide(running: Running) -> None:
        raise ZeroDivisionError(" ".join(arguments))

    arguments = ("18", "Acacia", "Avenue")
    job = jobs.ask("probe.divide", by=ANALYST)
    with caplog.at_level(logging.INFO, "commonhold.jobs"):
        do_all(worker)

    line = caplog.records[-1]
    assert line.message == "job"
    assert (line.job, line.task, line.attempt, line.outcome) == (job.pk, "probe.divide", 1, "failed")
    assert "18 Acacia Avenue" not in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_refusal_is_not_tried_again(worker: Worker) -> None:
    @task("probe.refuse")
    def refuse(running: Running) -> None:
        raise Refused("The file is empty.", ["line 1: nothing"])

    job = jobs.ask("probe.refuse", by=ANALYST)
    do_all(worker)

    job.refresh_from_db()
    assert (job.state, job.problem) == (State.FAILED, "The file is empty.")


def test_work_that_nobody_knows_is_refused_plainly(worker: Worker) -> None:
    job = jobs.ask("probe.unheard_of", by=ANALYST)
    do_all(worker)

    job.refresh_from_db()
    assert job.state == State.FAILED
    assert job.problem == "This version of Commonhold does not know how to do “probe.unheard_of”."


def test_a_job_that_is_done_is_not_done_again(worker: Worker, clock: Clock) -> None:
    done = []
    task("probe.note")(lambda running: done.append(running.job))
    jobs.ask("probe.note", by=ANALYST)
    do_all(worker)
    clock.forward(days=2)
    put_back_stalled(now=clock.now)
    do_all(worker)

    assert len(done) == 1


def test_how_far_a_job_is_can_be_read_while_it_runs(worker: Worker, clock: Clock) -> None:
    seen = []

    @task("probe.steps")
    def steps(running: Running) -> None:
        for step in range(1, 5):
            running.progress(step, 4, f"Step {step}")
            clock.forward(seconds=0.4)
            seen.append(Job.objects.values_list("done", "total", "words").get())

    jobs.ask("probe.steps", by=ANALYST)
    do_all(worker)

    assert seen == [(1, 4, "Step 1"), (1, 4, "Step 1"), (1, 4, "Step 1"), (4, 4, "Step 4")], "written once a second"


def test_inside_the_task_s_own_transaction_progress_is_not_written(worker: Worker) -> None:
    @task("probe.in_one_go")
    def in_one_go(running: Running) -> None:
        with transaction.atomic():
            running.progress(1, 2, "Half")

    job = jobs.ask("probe.in_one_go", by=ANALYST)
    do_all(worker)

    job.refresh_from_db()
    assert (job.state, job.done) == (State.DONE, 0)


def test_a_running_job_is_cancelled_when_it_next_says_how_far_it_is(worker: Worker) -> None:
    reached = []

    @task("probe.long")
    def long(running: Running) -> None:
        for step in range(5):
            running.progress(step, 5)
            reached.append(step)
            if step == 2:
                jobs.cancel(by=OPERATOR, job=Job.objects.get())

    job = jobs.ask("probe.long", by=ANALYST)
    do_all(worker)

    job.refresh_from_db()
    assert reached == [0, 1, 2]
    assert job.state == State.CANCELLED


def test_a_cancelled_job_that_goes_wrong_is_not_tried_again(worker: Worker) -> None:
    @task("probe.wrong")
    def wrong(running: Running) -> None:
        jobs.cancel(by=ANALYST, job=Job.objects.get())
        raise OSError

    job = jobs.ask("probe.wrong", by=ANALYST)
    do_all(worker)

    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_a_worker_that_is_to_stop_gives_its_job_back(clock: Clock) -> None:
    stopping = Worker("stopping", clock, out_of_patience=lambda: True)
    task("probe.long")(lambda running: running.progress(1, 5))
    job = jobs.ask("probe.long", by=ANALYST)
    assert do_next(stopping)

    job.refresh_from_db()
    assert (job.state, job.failures, job.losses, job.due_at) == (State.ASKED, 0, 0, NOON)
    assert stopping.tally == {"given back": 1}


def test_two_workers_do_not_claim_one_job(clock: Clock) -> None:
    job = jobs.ask("probe.note", by=ANALYST)

    assert claim(worker="first", now=NOON, lease=LEASE) == job
    assert claim(worker="second", now=NOON, lease=LEASE) is None


def test_of_one_key_one_job_runs_at_a_time() -> None:
    first = jobs.ask("probe.note", by=ANALYST, key="k")
    assert claim(worker="first", now=NOON, lease=LEASE) == first
    second = jobs.ask("probe.note", by=ANALYST, key="k")
    assert claim(worker="second", now=NOON, lease=LEASE) is None

    Job.objects.filter(pk=first.pk).update(state=State.DONE, lease_until=None, ended_at=NOON)
    assert claim(worker="second", now=NOON, lease=LEASE) == second


def test_the_job_of_a_worker_that_died_is_taken_up_when_its_lease_is_over(worker: Worker, clock: Clock) -> None:
    task("probe.note")(lambda running: f"attempt {running.attempt}")
    job = jobs.ask("probe.note", by=ANALYST)
    claim(worker="dead", now=NOON, lease=LEASE)

    clock.now = NOON + LEASE
    put_back_stalled(now=clock.now)
    assert not do_next(worker), "its lease holds"

    clock.forward(seconds=1)
    put_back_stalled(now=clock.now)
    assert do_next(worker)
    job.refresh_from_db()
    assert (job.state, job.result, job.losses) == (State.DONE, "attempt 2", 1)


def test_a_lease_that_is_renewed_is_not_over(clock: Clock) -> None:
    job = jobs.ask("probe.note", by=ANALYST)
    claim(worker="slow", now=NOON, lease=LEASE)
    assert renew(job=job.pk, attempt=1, until=NOON + 2 * LEASE)

    put_back_stalled(now=NOON + LEASE + SECOND)
    job.refresh_from_db()
    assert job.state == State.RUNNING


def test_a_worker_that_lost_its_job_finds_out_and_its_end_is_refused(clock: Clock) -> None:
    slow, quick = Worker("slow", clock), Worker("quick", clock)
    reached = []

    @task("probe.note")
    def note(running: Running) -> str:
        if running.attempt == 1:
            clock.forward(seconds=LEASE.total_seconds() + 1)
            put_back_stalled(now=clock.now)
            assert do_next(quick)
            assert not renew(job=running.job, attempt=1, until=clock.now + LEASE)
            running.progress(1, 2)
            reached.append("past its lease")
        return f"by attempt {running.attempt}"

    job = jobs.ask("probe.note", by=ANALYST)
    assert do_next(slow)

    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == (State.DONE, "by attempt 2", 2)
    assert reached == []
    assert (slow.tally, quick.tally) == ({"lost": 1}, {"done": 1})


def test_a_worker_that_lost_its_job_and_never_asked_is_refused_at_its_end(clock: Clock) -> None:
    slow = Worker("slow", clock)

    @task("probe.note")
    def note(running: Running) -> str:
        clock.forward(seconds=LEASE.total_seconds() + 1)
        put_back_stalled(now=clock.now)
        return "too late"

    job = jobs.ask("probe.note", by=ANALYST)
    assert do_next(slow)

    job.refresh_from_db()
    assert (job.state, job.result) == (State.ASKED, "")


def test_a_job_that_stops_every_worker_fails_in_the_end(clock: Clock) -> None:
    job = jobs.ask("probe.note", by=ANALYST)
    for _ in range(LOSSES + 1):
        assert claim(worker="doomed", now=clock.now, lease=LEASE)
        clock.forward(seconds=LEASE.total_seconds() + 1)
        put_back_stalled(now=clock.now)

    job.refresh_from_db()
    assert job.state == State.FAILED
    assert job.problem == f"The worker stopped {LOSSES + 1} times while doing this."


def test_a_job_put_back_beside_its_twin_leaves_the_work_to_it(clock: Clock) -> None:
    first = jobs.ask("probe.note", by=ANALYST, key="k")
    claim(worker="dead", now=NOON, lease=LEASE)
    twin = jobs.ask("probe.note", by=ANALYST, key="k")
    put_back_stalled(now=NOON + LEASE + SECOND)

    first.refresh_from_db()
    twin.refresh_from_db()
    assert (first.state, twin.state) == (State.CANCELLED, State.ASKED)
    assert first.result == "The same was asked for again, and that job does it."
