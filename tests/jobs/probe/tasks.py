"""Tasks that write a line when they begin and when they end, and between the two do one act that can be repeated."""

import os
import time
from pathlib import Path

from django.db import transaction

from commonhold.jobs.engine import Running, follows, task
from commonhold.ledger.acts import record
from commonhold.ledger.models import Entry, Head


def trace(file: str, word: str, running: Running) -> None:
    """One line, written whole: workers write to one file."""
    line = f"{word} {running.job} {running.attempt} {os.getpid()} {time.time():.3f}\n"
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, line.encode())
    os.close(descriptor)


@transaction.atomic
def do_once(running: Running) -> None:
    """An act as acts are: what has been done already is not done again."""
    Head.objects.select_for_update().get(pk=1)
    if not Entry.objects.filter(kind=f"probe.done.{running.job}").exists():
        record(by=running.by, kind=f"probe.done.{running.job}")


@task("probe.steps", wait=0.2)
def steps(running: Running, file: str, seconds: float) -> str:
    """Takes that long, and says how far it is."""
    trace(file, "began", running)
    count = max(1, round(seconds / 0.05))
    for step in range(count):
        running.progress(step, count, f"Step {step}")
        time.sleep(seconds / count)
    do_once(running)
    trace(file, "ended", running)
    return f"{count} steps"


@task("probe.silent", wait=0.2)
def silent(running: Running, file: str, seconds: float) -> None:
    """Takes that long, and never says a word."""
    trace(file, "began", running)
    time.sleep(seconds)
    do_once(running)
    trace(file, "ended", running)


@task("probe.nothing")
def nothing(running: Running, file: str, seconds: float) -> None:
    """Takes no time at all."""


@follows("probe.followed", name="probe.follow")
def follow(running: Running, entry: Entry) -> None:
    path = Path(entry.facts["file"])
    with path.open("a") as file:
        file.write(f"read {entry.number}\n")
