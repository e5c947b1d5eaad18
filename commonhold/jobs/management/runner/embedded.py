"""The runner for SQLite: one loop that looks for work five times a second and writes nothing while there is none."""

import time

from django.db import connection

from commonhold.jobs.management.runner.doing import Worker, do_next
from commonhold.jobs.management.runner.watching import Watch, say_what_went_wrong

LOOK_EVERY = 0.2
WATCH_EVERY = 1.0


def serve(worker: Worker) -> None:
    """Do what is due until told to stop."""
    watch, watched_at = Watch(), -WATCH_EVERY
    while not worker.told_to_stop():
        try:
            if time.monotonic() - watched_at >= WATCH_EVERY:
                watched_at = time.monotonic()
                watch.look(worker.clock())
            if not do_next(worker):
                time.sleep(LOOK_EVERY)
        except Exception as fault:
            say_what_went_wrong(fault)
            connection.close()
            time.sleep(WATCH_EVERY)
