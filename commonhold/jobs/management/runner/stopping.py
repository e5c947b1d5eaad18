"""When a worker is told to stop: it takes no more, and gives back the job it is doing unless that ends soon."""

import signal
import time
from types import FrameType

PATIENCE = 5.0
"""Seconds that a running job may still take before it is given back at its next word of progress."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stop:
    """Whether the worker was told to stop, and how long ago."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.patience = patience
        self.told_at: float | None = None

    def told(self) -> bool:
        return self.told_at is not None

    def tell(self) -> None:
        self.told_at = time.monotonic()

    def out_of_patience(self) -> bool:
        return self.told_at is not None and time.monotonic() - self.told_at > self.patience

    def listen(self) -> None:
        """Hear the first SIGTERM or SIGINT; a second one ends the process at once, and the lease sees to its job."""
        for number in SIGNALS:
            signal.signal(number, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        self.tell()
