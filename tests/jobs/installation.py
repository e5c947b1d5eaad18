"""An installation of its own for tests and benches that start, stop and kill workers: a home, a database, processes."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Installation:
    """A home and a database, and the commands run on them."""

    folder: Path
    environment: dict[str, str]
    postgresql: str
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def run(self, *arguments: str) -> str:
        """One command to its end; what it printed."""
        done = subprocess.run(self._command(arguments), **self._how(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A command that goes on; its log is written beside the database."""
        with (self.folder / f"log-{len(self.started)}").open("w") as log:
            process = subprocess.Popen(
                self._command(arguments), **self._how(), stdout=subprocess.PIPE, stderr=log, text=True
            )
        self.started.append(process)
        return process

    def ask(self, *, task: str = "probe.steps", count: int = 1, seconds: float = 0.0) -> float:
        """Ask for jobs, each in a transaction of its own; how many a second."""
        how = ("--task", task, "--count", str(count), "--seconds", str(seconds))
        return float(self.run("probe", "ask", *how, "--file", str(self.trace)))

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database answers, asked without the product."""
        with self.connected() as connection:
            found: list[tuple[Any, ...]] = connection.execute(statement).fetchall()
            return found

    @contextmanager
    def connected(self) -> Iterator[Any]:
        """A connection of the database's own driver; each statement is committed."""
        if self.postgresql:
            with psycopg.connect(self.postgresql, autocommit=True) as connection:
                yield connection
        else:
            path = self.folder / "commonhold.sqlite3"
            with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as connection:
                connection.execute("pragma synchronous = full")
                yield connection

    @property
    def trace(self) -> Path:
        return self.folder / "trace"

    def traced(self, word: str) -> list[list[str]]:
        """The lines that tasks wrote with this word: job, attempt, process, moment."""
        lines = self.trace.read_text().splitlines() if self.trace.exists() else []
        return [line.split()[1:] for line in lines if line.startswith(word)]

    def logged(self) -> list[dict[str, Any]]:
        """The log's lines about jobs."""
        lines = (line for path in sorted(self.folder.glob("log-*")) for line in path.read_text().splitlines())
        read = (json.loads(line) for line in lines if line.endswith("}"))
        return [line for line in read if line["message"] == "job" and line["task"].startswith("probe.")]

    def stop(self) -> None:
        for process in self.started:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()
        self.started.clear()

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "commonhold", *arguments]

    def _how(self) -> dict[str, Any]:
        return {"cwd": ROOT, "env": self.environment}


@contextmanager
def installation(folder: Path, postgresql: Path | None) -> Iterator[Installation]:
    """An installation on SQLite in that folder, or on a database of its own of the PostgreSQL at that socket."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COMMONHOLD_", "PG"))}
    environment |= {"COMMONHOLD_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "tests.jobs.probe.settings"}
    environment.pop("DATABASE_URL", None)
    name = f"jobs_{os.getpid()}_{time.monotonic_ns()}"
    address = f"postgresql://postgres@/{name}?host={postgresql}" if postgresql else ""
    if postgresql:
        _on_the_server(postgresql, f"create database {name}")
        environment["DATABASE_URL"] = address
    made = Installation(folder, environment, address)
    try:
        yield made
    finally:
        made.stop()
        if postgresql:
            _on_the_server(postgresql, f"drop database {name} with (force)")


def _on_the_server(socket: Path, statement: str) -> None:
    with psycopg.connect(f"host={socket} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Until that is so; fails when it takes longer."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)
