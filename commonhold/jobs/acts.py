"""Asking for work to be done later, in the asking act's own transaction, and stopping or repeating it.

Jobs are workings: none of this leaves an entry (L1). What was asked for is not the record of what was done.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from commonhold.databases.bell import ring
from commonhold.jobs.models import THE_SERVICE, Job, State
from commonhold.jobs.permissions import may_stop
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.refusals import Refused, require

KEEP = timedelta(days=90)
"""How long a job is kept once it has ended."""

KEEP_THE_SERVICE_S = timedelta(days=35)
"""The same for regular work: longer than the longest round, whose job says that the round was done."""


@working
@transaction.atomic
def ask(
    name: str, *, by: By, key: str | None = None, due_at: datetime | None = None, title: str = "", **arguments: Any
) -> Job:
    """Ask for a task by its name; what is asked again under the same key while it waits is one job."""
    return _add(
        Job(name=name, words_for_it=title[:200], arguments=arguments, key=key or "", due_at=due_at or by.at), by=by
    )


@working
@transaction.atomic
def ask_as_the_service(*, name: str, at: datetime, round: datetime | None = None) -> Job:  # noqa: A002
    """Ask for work that nobody asks for: of one task one job waits and one runs, and a round of it has one job."""
    by = By(post=THE_SERVICE, at=at, roles=frozenset({"service"}))
    return _add(Job(name=name, key=name, round=round, due_at=at), by=by)


def _add(job: Job, *, by: By) -> Job:
    """Keep this job for the post that asks, or find the one that waits under its key or for its round."""
    job.post, job.partner, job.roles, job.asked_at = by.post, by.partner, sorted(by.roles), by.at
    kept = _waiting(job)
    while kept is None:
        try:
            with transaction.atomic():
                job.save(force_insert=True)
            kept = job
        except IntegrityError:
            # Somebody else asked at the same moment. Their job may have begun by now, so look again.
            kept = _waiting(job) or _of_round(job)
            if kept is None and not job.key:
                raise
    # A job found waiting is rung for as well: a worker that passed over it, locked as it was, spent its ring.
    ring(due_at=kept.due_at, now=by.at)
    return kept


def _waiting(job: Job) -> Job | None:
    """The job that waits under the same key, locked: it must not begin before the asking act is done."""
    if not job.key:
        return None
    waiting = Job.objects.select_for_update().filter(key=job.key, state=State.ASKED).first()
    # One that waits because it failed is left to wait: being asked for again does not mend it.
    if waiting and not waiting.failures and job.due_at < waiting.due_at:
        waiting.due_at = job.due_at
        waiting.save(update_fields=("due_at",))
    return waiting


def _of_round(job: Job) -> Job | None:
    return Job.objects.filter(name=job.name, round=job.round).first() if job.round else None


@working
@transaction.atomic
def cancel(*, by: By, job: Job) -> None:
    """Cancel a waiting job at once, a running one when it next says how far it is; for those who may stop it."""
    require(may_stop(by, job), "cancel this job")
    now = Job.objects.select_for_update().get(pk=job.pk)
    if now.state == State.ASKED:
        Job.objects.filter(pk=job.pk).update(state=State.CANCELLED, ended_at=by.at)
    elif now.state == State.RUNNING:
        Job.objects.filter(pk=job.pk).update(to_be_cancelled=True)
    else:
        raise Refused("This job has ended already.")


@working
@transaction.atomic
def retry(*, by: By, job: Job) -> None:
    """Have a job that failed tried again from now; for those who may stop it."""
    require(may_stop(by, job), "have this job tried again")
    if Job.objects.select_for_update().get(pk=job.pk).state != State.FAILED:
        raise Refused("Only a job that failed can be tried again.")
    if job.key and Job.objects.filter(key=job.key, state=State.ASKED).exists():
        raise Refused("The same has been asked for again since, and that job is waiting.")
    Job.objects.filter(pk=job.pk).update(
        state=State.ASKED,
        due_at=by.at,
        ended_at=None,
        failures=0,
        losses=0,
        to_be_cancelled=False,
        done=0,
        total=0,
        words="",
        problem="",
    )
    ring(due_at=by.at, now=by.at)


@working
def remove_old(*, now: datetime) -> int:
    """Remove jobs that ended long ago; those of regular work sooner."""
    ended = Job.objects.filter(ended_at__lt=now - KEEP)
    regular = Job.objects.filter(ended_at__lt=now - KEEP_THE_SERVICE_S, post=THE_SERVICE)
    return (ended | regular).delete()[0]
