"""Holding a job while it runs: its lease is renewed beside the work, on a connection of its own."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import Error, connection

from commonhold.jobs.engine.timing import renewal
from commonhold.jobs.models import Job

logger = logging.getLogger("commonhold.jobs")


def renew(*, job: int, attempt: int, until: datetime) -> bool:
    """Hold the job longer; False when that attempt no longer holds it."""
    return Job.objects.held(job, attempt).update(lease_until=until) > 0


class Lease:
    """Renews one job's lease from a thread while the `with` block lasts: the work itself may not come up for air."""

    def __init__(self, job: Job, length: timedelta, clock: Callable[[], datetime]) -> None:
        self.job, self.attempt, self.length, self.clock = job.pk, job.attempts, length, clock
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._keep, name=f"lease of job {job.pk}", daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *problem: object) -> None:
        self.over.set()
        self.thread.join()

    def _keep(self) -> None:
        pause = renewal(self.length).total_seconds()
        try:
            while not self.over.wait(pause):
                try:
                    if not renew(job=self.job, attempt=self.attempt, until=self.clock() + self.length):
                        return
                except Error:
                    logger.warning("a lease could not be renewed", extra={"job": self.job, "attempt": self.attempt})
                    connection.close()
        finally:
            connection.close()
