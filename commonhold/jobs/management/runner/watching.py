"""What nobody asks for: rounds of periodic work, followers of a record that has grown, jobs whose worker has died.

Every worker watches. Nothing is doubled by that: a round has one job, a follower's key lets one wait and one run.
"""

import logging
from datetime import datetime, timedelta

from django.utils.module_loading import autodiscover_modules

from commonhold.databases.bell import has_bell, is_ringing, ring
from commonhold.jobs import acts
from commonhold.jobs.engine import TASKS
from commonhold.jobs.management.runner import following
from commonhold.jobs.management.runner.doing import Worker, do_next, put_back_stalled
from commonhold.jobs.models import Job
from commonhold.ledger.models import Entry, Head

logger = logging.getLogger("commonhold.jobs")

LOOK_AT_ALL_AGAIN = timedelta(hours=1)
"""How often every follower is asked whether it is behind: one that failed for good is tried again."""

UNHEARD = timedelta(seconds=2)
"""How long a due job may wait before its ring counts as lost: with a worker that died, or with a restored backup."""


def learn_tasks() -> None:
    """Import every app's `tasks` module: the only place where tasks are imported."""
    autodiscover_modules("tasks")


class Watch:
    """Looks, at most once a second, whether anything has fallen due by itself. Looking only reads."""

    def __init__(self) -> None:
        self.rounds: dict[str, datetime] = {}
        self.seen = 0
        self.saw_all_at: datetime | None = None

    def look(self, now: datetime) -> None:
        if Job.objects.stalled(now).exists():
            put_back_stalled(now=now)
        self._ask_for_rounds(now)
        self._ask_followers(now)
        _ring_again(now)

    def _ask_for_rounds(self, now: datetime) -> None:
        for task in TASKS.values():
            if task.schedule is None:
                continue
            due = task.schedule.last_due(now)
            if self.rounds.get(task.name) != due:
                if not Job.objects.filter(name=task.name, round=due).exists():
                    acts.ask_as_the_service(name=task.name, at=now, round=due)
                self.rounds[task.name] = due

    def _ask_followers(self, now: datetime) -> None:
        followers = [task for task in TASKS.values() if task.kinds]
        if not followers:
            return
        size = Head.objects.values_list("size", flat=True).get(pk=1)
        if self.saw_all_at is None or now - self.saw_all_at >= LOOK_AT_ALL_AGAIN:
            behind = [task for task in followers if following.is_behind(task)]
            self.saw_all_at = now
        elif size > self.seen:
            grown = Entry.objects.filter(number__gt=self.seen, number__lte=size)
            kinds = set(grown.order_by().values_list("kind", flat=True).distinct())
            behind = [task for task in followers if kinds.intersection(task.kinds)]
        else:
            return
        for task in behind:
            acts.ask_as_the_service(name=task.name, at=now)
        self.seen = size


def say_what_went_wrong(fault: Exception) -> None:
    """A worker that cannot reach its database says so and tries again; its words may quote what it was told."""
    logger.error("the worker could not go on; it tries again (%s)", type(fault).__name__)


def _ring_again(now: datetime) -> None:
    """Where workers wait to be woken: wake them for jobs that are due while no ring waits to be answered."""
    if has_bell() and not is_ringing(now=now) and (unheard := Job.objects.claimable(now - UNHEARD).count()):
        ring(due_at=now, now=now, times=unheard)


def work_off(worker: Worker, watch: Watch | None = None) -> None:
    """Do what is due, and what falls due by it, until nothing is."""
    watch, before = watch or Watch(), -1
    while worker.tally.total() > before:
        before = worker.tally.total()
        watch.look(worker.clock())
        while not worker.told_to_stop() and do_next(worker):
            pass
