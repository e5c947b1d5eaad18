"""What a task is given when it runs, and the four ways in which its work ends before it is finished."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from commonhold.ledger.engine.by import By


class Interrupted(BaseException):
    """Work is to stop here. Not an Exception, so that a task's own handling of faults lets it pass."""


class Cancelled(Interrupted):
    """Somebody cancelled the job."""


class GivenBack(Interrupted):
    """The worker is stopping; the job waits for another."""


class LeaseLost(Interrupted):
    """The job was put back because this worker was not heard of; what it does now no longer counts."""


@dataclass(frozen=True, slots=True)
class Running:
    """A job as its task sees it: its number, which attempt this is, for whom it runs, where to say how far it is."""

    job: int
    task: str
    attempt: int
    asked_by: By
    clock: Callable[[], datetime]
    report: Callable[[int, int, str], None]

    @property
    def by(self) -> By:
        """Who acts: the post that asked, now. Made anew at each use: a long job outlives the record's patience."""
        return replace(self.asked_by, at=self.clock())

    def progress(self, done: int, total: int = 0, words: str = "") -> None:
        """Say how far the work is; raises one of the ways to be interrupted where it is to go no further."""
        self.report(done, total, words)
