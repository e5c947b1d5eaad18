"""Doing one job: it is claimed, held, done and marked, each by one change that only its present holder can make.

Whoever was put aside - its lease over, its job given to another - finds that out when it next says how far it is, and
whatever it still says is refused. So a job is marked done once, whichever worker dies when.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from commonhold.databases.bell import ring
from commonhold.jobs.engine import TASKS, Cancelled, GivenBack, LeaseLost, Running, Task
from commonhold.jobs.engine.timing import LEASE, LOSSES, wait_after
from commonhold.jobs.management.runner import following
from commonhold.jobs.management.runner.leases import Keeper
from commonhold.jobs.models import Job, JobRows, State
from commonhold.refusals import NotAllowed, Refused

logger = logging.getLogger("commonhold.jobs")

EVERY_SECOND = timedelta(seconds=1)
"""How often at most a job's progress is written down."""


@dataclass(slots=True)
class Worker:
    """Who does jobs: its name, its clock, and how long it holds a job unheard.

    Told to stop, it begins no more jobs; out of patience, it gives back the one it does. `tally` counts what came of
    its jobs.
    """

    name: str
    clock: Callable[[], datetime]
    lease: timedelta = LEASE
    told_to_stop: Callable[[], bool] = field(default=lambda: False)
    out_of_patience: Callable[[], bool] = field(default=lambda: False)
    tally: Counter[str] = field(default_factory=Counter)
    keeper: Keeper = field(init=False)

    def __post_init__(self) -> None:
        self.keeper = Keeper(self.lease, self.clock)


def do_next(worker: Worker) -> bool:
    """Do the job that has been due the longest; False when nothing is due."""
    job = claim(worker=worker.name, now=worker.clock(), lease=worker.lease)
    if job is None:
        return False
    began = time.perf_counter()
    with worker.keeper.holding(job):
        outcome = _do(job, worker)
    worker.tally[outcome] += 1
    logger.info(
        "job",
        extra={
            "job": job.pk,
            "task": job.name,
            "attempt": job.attempts,
            "outcome": outcome,
            "milliseconds": round((time.perf_counter() - began) * 1000, 1),
        },
    )
    return True


def claim(*, worker: str, now: datetime, lease: timedelta) -> Job | None:
    """Take the job that has been due the longest, for as long as the lease; None when nothing is due."""
    # Looked for outside a transaction first: a worker with nothing to do never takes SQLite's only writer's place.
    if not Job.objects.claimable(now).exists():
        return None
    try:
        with transaction.atomic():
            job = Job.objects.claimable(now).select_for_update(skip_locked=True).first()
            if job is None:
                return None
            job.state, job.worker, job.lease_until, job.began_at = State.RUNNING, worker, now + lease, now
            job.attempts += 1
            job.done, job.total, job.words = 0, 0, ""
            job.save(update_fields=("state", "worker", "lease_until", "began_at", "attempts", "done", "total", "words"))
            return job
    except IntegrityError:
        # Its twin under the same key began in this very moment; it waits for that one.
        return None


def _do(job: Job, worker: Worker) -> str:
    task = TASKS.get(job.name)
    if task is None:
        return _fail(job, worker, f"This version of Commonhold does not know how to do “{job.name}”.")
    running = _running(job, worker)
    try:
        result = _call(task, running, job.arguments)
    except Cancelled:
        return _end(job, worker, State.CANCELLED, problem="")
    except GivenBack:
        return _give_back(job, worker)
    except LeaseLost:
        return "lost"
    except Refused as no:
        # Its list of problems may quote rows, which not everybody may read who may see this job (D2).
        return _fail(job, worker, no.message)
    except NotAllowed as no:
        return _fail(job, worker, str(no))
    except Exception as fault:
        _log_fault(job, fault)
        return _try_again_or_fail(job, worker, task, type(fault).__name__)
    except BaseException:
        _give_back(job, worker)
        raise
    return _end(job, worker, State.DONE, problem="", result="" if result is None else str(result)[:500])


def _call(task: Task, running: Running, arguments: dict[str, Any]) -> Any:
    if task.kinds:
        return following.read_on(task, running)
    return task.function(running, **arguments)


def _running(job: Job, worker: Worker) -> Running:
    return Running(
        job=job.pk,
        task=job.name,
        attempt=job.attempts,
        asked_by=job.by(worker.clock()),
        clock=worker.clock,
        report=_Reports(job, worker, depth=_depth()),
    )


def _mend_connection() -> None:
    """A task may have failed because its connection broke; what became of it is still to be written down."""
    if connection.errors_occurred:
        connection.close_if_unusable_or_obsolete()


def _depth() -> int:
    """How many transactions this thread is inside."""
    return len(connection.atomic_blocks)


class _Reports:
    """Where a task says how far it is: asked each time whether to go on, written down once a second."""

    def __init__(self, job: Job, worker: Worker, depth: int) -> None:
        self.job, self.worker, self.depth = job, worker, depth
        self.written_at: datetime | None = None

    def __call__(self, done: int, total: int, words: str) -> None:
        held = Job.objects.held(self.job.pk, self.job.attempts)
        to_be_cancelled = held.values_list("to_be_cancelled", flat=True).first()
        if to_be_cancelled is None:
            raise LeaseLost
        if to_be_cancelled:
            raise Cancelled
        if self.worker.out_of_patience():
            raise GivenBack
        now = self.worker.clock()
        # Inside the task's own transaction nobody could read it, and the job's row would be locked until the end.
        if _depth() > self.depth or not self._is_time(now, done, total):
            return
        self.written_at = now
        lease_until = now + self.worker.lease
        held.update(done=done, total=max(done, total) if total else 0, words=words[:300], lease_until=lease_until)

    def _is_time(self, now: datetime, done: int, total: int) -> bool:
        return self.written_at is None or now - self.written_at >= EVERY_SECOND or done == total


def _end(job: Job, worker: Worker, state: State, **told: str) -> str:
    now = worker.clock()
    _mend_connection()
    ended = Job.objects.held(job.pk, job.attempts).update(state=state, lease_until=None, ended_at=now, **told)
    if not ended:
        return "lost"
    _ring_for_the_twin(job, now)
    return str(state)


def _fail(job: Job, worker: Worker, problem: str) -> str:
    return _end(job, worker, State.FAILED, problem=problem)


def _try_again_or_fail(job: Job, worker: Worker, task: Task, fault: str) -> str:
    failures = job.failures + 1
    wait = wait_after(failures, task.retries, task.wait)
    if wait is None:
        tries = "" if failures == 1 else f" It was tried {failures} times."
        return _fail(job, worker, f"Something went wrong inside Commonhold ({fault}).{tries}")
    problem = f"Something went wrong inside Commonhold ({fault}). It will be tried again."
    rows = Job.objects.held(job.pk, job.attempts)
    return wait_again(rows=rows, now=worker.clock(), wait=wait, failures=failures, problem=problem) or "to be retried"


def _give_back(job: Job, worker: Worker) -> str:
    return wait_again(rows=Job.objects.held(job.pk, job.attempts), now=worker.clock()) or "given back"


def wait_again(*, rows: JobRows, now: datetime, wait: timedelta = timedelta(0), **told: Any) -> str:
    """Let the job in `rows`, one while it is still held, wait again; says what became of it where it does not."""
    _mend_connection()
    over = {"lease_until": None, "ended_at": now, "state": State.CANCELLED}
    try:
        with transaction.atomic():
            if rows.filter(to_be_cancelled=True).update(**over):
                return str(State.CANCELLED)
            if not rows.update(state=State.ASKED, lease_until=None, due_at=now + wait, **told):
                return "lost"
            ring(due_at=now + wait, now=now)
    except IntegrityError:
        # The same was asked for again under its key while it ran, and that job waits: it does the work of both.
        rows.update(**over, result="The same was asked for again, and that job does it.")
        ring(due_at=now, now=now)
        return str(State.CANCELLED)
    return ""


def put_back_stalled(*, now: datetime) -> None:
    """Let the jobs of workers that were not heard of wait again; one that stops every worker has failed."""
    for job in Job.objects.stalled(now):
        # A worker that was slow may renew its lease in this moment: only while it is over.
        rows = Job.objects.held(job.pk, job.attempts).stalled(now)
        if job.losses < LOSSES:
            outcome = wait_again(rows=rows, now=now, losses=job.losses + 1) or "put back"
        else:
            problem = f"The worker stopped {job.losses + 1} times while doing this."
            rows.update(state=State.FAILED, lease_until=None, ended_at=now, problem=problem)
            outcome = str(State.FAILED)
        facts = {"job": job.pk, "task": job.name, "attempt": job.attempts, "outcome": outcome}
        logger.warning("a worker was not heard of", extra=facts)


def _ring_for_the_twin(job: Job, now: datetime) -> None:
    """A job that waited for this one under the same key can begin; the ring that came for it was in vain."""
    if job.key:
        ring(due_at=now, now=now)


def _log_fault(job: Job, fault: Exception) -> None:
    # What a fault says may quote a row: the log has where it happened and what kind it was, without its words.
    told = RuntimeError(type(fault).__name__)
    logger.error(
        "a task failed",
        exc_info=(RuntimeError, told, fault.__traceback__),
        extra={"job": job.pk, "task": job.name, "attempt": job.attempts},
    )
