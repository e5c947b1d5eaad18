"""Several processes that act on one installation at once, each in transactions of its own, and what became of it.

Run as a program (`python -m tests.ledger.writers NAME ACTS SEED GO`) it is one of the writers.
"""

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from commonhold.ledger.engine.verify_commonhold import Report, verify

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Outcome:
    """What the writers said they did, how long each act took, and what an export of the record says afterwards."""

    acts: list[tuple[str, int, int]]
    seconds: list[float]
    elapsed: float
    report: Report
    entries: list[dict[str, Any]]


@contextmanager
def installation(folder: Path, postgresql: Path | None) -> Iterator[dict[str, str]]:
    """The environment of an installation of its own: SQLite in that folder, or a database at that server's socket."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("COMMONHOLD_", "PG"))}
    environment = {**outside, "COMMONHOLD_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "commonhold.web.settings"}
    environment.pop("DATABASE_URL", None)
    name = f"ledger_{os.getpid()}_{time.monotonic_ns()}"
    if postgresql:
        _ask(postgresql, f"create database {name}")
        environment["DATABASE_URL"] = f"postgresql://postgres@/{name}?host={postgresql}"
    try:
        yield environment
    finally:
        if postgresql:
            _ask(postgresql, f"drop database {name} with (force)")


def commonhold(environment: dict[str, str], *arguments: str) -> str:
    """One command to its end; what it printed."""
    command = [sys.executable, "-m", "commonhold", *arguments]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def write_at_once(environment: dict[str, str], *, processes: int, acts: int, seed: int) -> Outcome:
    """Let several processes act at once; then export the record and verify it."""
    folder = Path(environment["COMMONHOLD_HOME"])
    export, go = folder / "record.zip", folder / f"go-{time.monotonic_ns()}"
    commonhold(environment, "export-ledger", "--out", str(export))
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.ledger.writers", f"writer-{i}", str(acts), str(seed + i), str(go)],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for i in range(processes)
    ]
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
    go.touch()
    said = [json.loads(writer.communicate()[0]) for writer in writers]
    assert all(writer.returncode == 0 for writer in writers)
    commonhold(environment, "export-ledger", "--out", str(export))
    with export.open("rb") as file:
        report = verify(file)
    return Outcome(
        acts=[(f"writer-{i}", *act) for i, one in enumerate(said) for act in one["acts"]],
        seconds=sorted(seconds for one in said for seconds in one["seconds"]),
        elapsed=max(one["ended"] for one in said) - min(one["began"] for one in said),
        report=report,
        entries=entries(environment),
    )


def entries(environment: dict[str, str]) -> list[dict[str, Any]]:
    """What the database holds, asked without the product."""
    statement = "select number, post, facts, because from ledger_entry order by number"
    if address := environment.get("DATABASE_URL"):
        with psycopg.connect(address) as connection:
            rows = connection.execute(statement.encode()).fetchall()
    else:
        with closing(sqlite3.connect(Path(environment["COMMONHOLD_HOME"]) / "commonhold.sqlite3")) as connection:
            found = connection.execute(statement).fetchall()
        rows = [(number, post, json.loads(facts), json.loads(because)) for number, post, facts, because in found]
    return [{"number": n, "post": post, "facts": facts, "because": because} for n, post, facts, because in rows]


def _ask(socket: Path, statement: str) -> None:
    with psycopg.connect(f"host={socket} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def write(name: str, acts: int, seed: int, go: Path) -> None:
    """Be one writer: each act makes a row of its own and one entry, often because of earlier ones; some acts fail."""
    import django

    django.setup()
    from django.db import connection, transaction
    from django.utils import timezone

    from commonhold.ledger.acts import record
    from commonhold.ledger.engine.by import By
    from commonhold.ledger.models import Entry
    from commonhold.partnership.models import ClientBody

    chance = random.Random(seed)
    connection.ensure_connection()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while not go.exists():
        time.sleep(0.005)
    made: list[Entry] = []
    seconds: list[float] = []
    start = time.monotonic()
    while len(made) < acts:
        began = time.monotonic()
        fails = chance.random() < 0.1
        try:
            with transaction.atomic():
                at = timezone.now()
                slug = f"{name}-{seed}-{len(made)}"
                body = ClientBody.objects.create(name=slug, slug=slug, since=at.date())
                entry = record(
                    by=By(post=name, at=at),
                    kind="client_body.added",
                    subject=body,
                    because=chance.sample(made, min(len(made), chance.randrange(3))),
                    facts={"act": len(made)},
                )
                if fails:
                    raise ValueError("an act that comes to nothing")
        except ValueError:
            continue
        made.append(entry)
        seconds.append(time.monotonic() - began)
    done = [(place, entry.number) for place, entry in enumerate(made)]
    json.dump({"acts": done, "seconds": seconds, "began": start, "ended": time.monotonic()}, sys.stdout)


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
