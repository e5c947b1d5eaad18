"""What a test asks of an installation: to ask for jobs, and to record something to follow."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from commonhold.jobs import acts as jobs
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By


class Command(BaseCommand):
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["ask", "follow"])
        parser.add_argument("--task", default="probe.steps")
        parser.add_argument("--count", type=int, default=1)
        parser.add_argument("--seconds", type=float, default=0.0)
        parser.add_argument("--file", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        by = By(post="operator", at=timezone.now(), roles=frozenset({"operator"}))
        if options["what"] == "ask":
            began = time.perf_counter()
            for _ in range(options["count"]):
                jobs.ask(options["task"], by=by, file=options["file"], seconds=options["seconds"])
            self.stdout.write(str(options["count"] / (time.perf_counter() - began)))
        if options["what"] == "follow":
            for _ in range(options["count"]):
                _record(by, options["file"])


@transaction.atomic
def _record(by: By, file: str) -> None:
    record(by=by, kind="probe.followed", facts={"file": file})
