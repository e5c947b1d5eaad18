"""When work is due: how long a job is held, how long it waits after a failure, and the rounds of periodic work."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from commonhold.workdays import LONDON

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

LEASE = timedelta(seconds=30)
"""How long a worker that is not heard of keeps its job. It renews the lease three times as often."""

LONGEST_WAIT = timedelta(hours=1)
LONGEST_ROUND = timedelta(days=28)

LOSSES = 20
"""How many workers a job may lose before it counts as what stops them."""


def renewal(lease: timedelta) -> timedelta:
    return lease / 3


def wait_after(failures: int, retries: int, first: timedelta) -> timedelta | None:
    """How long to wait after this many failures: twice as long each time, up to an hour; None when it was the last."""
    if failures > retries:
        return None
    # Beyond sixteen doublings the wait is the longest whatever the first was.
    doublings: int = 2 ** min(failures - 1, 16)
    return min(first * doublings, LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often periodic work is done; whole days at a time of day in London, so that clock changes do not move it."""

    every: timedelta
    at: time | None = None

    def __post_init__(self) -> None:
        if not timedelta(seconds=1) <= self.every <= LONGEST_ROUND:
            raise ValueError("Periodic work is done at least every 28 days and at most every second.")
        if self.at and self.every % timedelta(days=1):
            raise ValueError("A time of day goes with whole days.")

    def last_due(self, now: datetime) -> datetime:
        """The latest moment, now included, at which this was due."""
        if self.at is None:
            return now - (now - EPOCH) % self.every
        day = now.astimezone(LONDON).date()
        while True:
            due = datetime.combine(day, self.at, LONDON).astimezone(UTC)
            if due <= now and day.toordinal() % self.every.days == 0:
                return due
            day -= timedelta(days=1)
