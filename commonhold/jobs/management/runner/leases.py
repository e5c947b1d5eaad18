"""Holding a job while it runs: its lease is renewed beside the work, on a connection of its own."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import Error, connection

from commonhold.jobs.engine.timing import renewal
from commonhold.jobs.models import Job

logger = logging.getLogger("commonhold.jobs")


def renew(*, job: int, attempt: int, until: datetime) -> bool:
    """Hold the job longer; False when that attempt no longer holds it."""
    return Job.objects.held(job, attempt).update(lease_until=until) > 0


class Keeper:
    """Keeps a worker's job from being given to another: the work itself may not come up for air.

    It is at work, in a thread, while its `with` block lasts. A job that is over sooner than the first renewal, as most
    are, costs it nothing.
    """

    def __init__(self, lease: timedelta, clock: Callable[[], datetime]) -> None:
        self.lease, self.clock = lease, clock
        self.holds: Job | None = None
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._keep, name="leases", daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *problem: object) -> None:
        self.over.set()
        self.thread.join()

    @contextmanager
    def holding(self, job: Job) -> Iterator[None]:
        self.holds = job
        try:
            yield
        finally:
            self.holds = None

    def _keep(self) -> None:
        pause = renewal(self.lease).total_seconds()
        try:
            while not self.over.wait(pause):
                if job := self.holds:
                    self._renew(job)
        finally:
            connection.close()

    def _renew(self, job: Job) -> None:
        try:
            renew(job=job.pk, attempt=job.attempts, until=self.clock() + self.lease)
        except Error:
            logger.warning("a lease could not be renewed", extra={"job": job.pk, "attempt": job.attempts})
            connection.close()
