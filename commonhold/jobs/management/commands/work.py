"""`commonhold work`: a worker."""

import json
import os
import secrets
import socket
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from commonhold.databases.bell import has_bell
from commonhold.jobs.engine.timing import LEASE
from commonhold.jobs.management.runner import embedded
from commonhold.jobs.management.runner.doing import Worker, do_next
from commonhold.jobs.management.runner.stopping import PATIENCE, Stop
from commonhold.jobs.management.runner.watching import Watch, learn_tasks, work_off
from commonhold.refusals import Refused


class Command(BaseCommand):
    help = "Do the work that was asked for, until told to stop (SIGTERM or Ctrl-C). Example: commonhold work --burst"

    requires_system_checks = ()  # a worker serves no pages; checking their addresses doubles the time it takes to start

    def add_arguments(self, parser: CommandParser) -> None:
        how_long = parser.add_mutually_exclusive_group()
        how_long.add_argument("--once", action="store_true", help="do at most one job")
        how_long.add_argument("--burst", action="store_true", help="stop when nothing is due any more")
        parser.add_argument(
            "--lease",
            type=float,
            default=LEASE.total_seconds(),
            metavar="SECONDS",
            help="how long a job stays with this worker when it is not heard of (default: %(default)g)",
        )
        parser.add_argument(
            "--patience",
            type=float,
            default=PATIENCE,
            metavar="SECONDS",
            help="how long a running job may still take when the worker is told to stop (default: %(default)g)",
        )
        parser.add_argument("--json", action="store_true", help="say at the end, as JSON, what came of the jobs")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0.5 <= options["lease"] <= 3600:
            raise Refused("--lease is a number of seconds from 0.5 to 3600.")
        stop = Stop(options["patience"])
        stop.listen()
        learn_tasks()
        lease = timedelta(seconds=options["lease"])
        worker = Worker(_name(), timezone.now, lease, stop.told, stop.out_of_patience)
        with worker.keeper:
            if options["once"]:
                Watch().look(worker.clock())
                do_next(worker)
            else:
                _serve(worker, stop, burst=options["burst"])
        self.stdout.write(_json(worker) if options["json"] else _sentence(worker))


def _serve(worker: Worker, stop: Stop, *, burst: bool) -> None:
    if has_bell():
        # Imported here, because where there is no PostgreSQL it cannot be.
        from commonhold.jobs.management.runner import queue

        queue.serve(worker, stop, burst=burst)
    elif burst:
        work_off(worker)
    else:
        embedded.serve(worker)


def _name() -> str:
    """One that no other worker has or had: machines give the numbers of processes again."""
    return f"{socket.gethostname()[:60]}/{os.getpid()}/{secrets.token_hex(4)}"


def _json(worker: Worker) -> str:
    return json.dumps({"jobs": worker.tally.total(), "outcomes": dict(sorted(worker.tally.items()))})


def _sentence(worker: Worker) -> str:
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(worker.tally.items()))
    return f"Jobs: {counts or 'none'}."
