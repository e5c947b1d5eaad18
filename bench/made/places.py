"""Installations for benches: a home and a database of their own, and what their commands take."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import postgres
from tests.jobs.installation import installation

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
LOG = SHARED / "servicenow_incident_event_log.csv.gz"
PARTNERS = SHARED / "servicenow_location_to_partner.csv"
NAMED = {"Partner A": "Southmere", "Partner B": "Eastwell Vale", "Partner C": "Northgate"}
"""The partners of the public log are given the names of the demonstration's, whose people then read about them."""


@dataclass(frozen=True)
class Taken:
    """What a process took: processor time and time on the wall, in seconds, the most memory, and what it printed."""

    seconds: float
    wall: float
    megabytes: float
    said: str

    @property
    def told(self) -> Any:
        """The JSON document of its last line."""
        return json.loads(self.said.splitlines()[-1])

    @property
    def report(self) -> Any:
        """The JSON document before its last line."""
        return json.loads("\n".join(self.said.splitlines()[:-1]))


@dataclass(frozen=True)
class Place:
    folder: Path
    environment: dict[str, str]

    def service(self, *arguments: str) -> Taken:
        return self.run([sys.executable, "-m", "bench.made.service", *arguments])

    def bare(self, *arguments: str) -> Taken:
        return self.run([sys.executable, "-m", "bench.made.bare", *arguments])

    def commonhold(self, *arguments: str) -> Taken:
        return self.run([sys.executable, "-m", "commonhold", *arguments])

    def pages(self, *options: str) -> Taken:
        """Walk the pages; what is printed says how long they take."""
        return self.run([sys.executable, str(ROOT / "bench" / "pages.py"), "--walk", *options], code=(0, 1))

    @contextmanager
    def others_at_work(self) -> Iterator[list[float]]:
        """Somebody else acts ten times a second all the while: how many seconds each act took, the longest last."""
        stop, seconds = self.folder / "stop", list[float]()
        command = [sys.executable, "-m", "bench.made.service", "act", str(stop)]
        with tempfile.TemporaryFile("w+") as out:
            other = subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=out)
            try:
                yield seconds
            finally:
                stop.touch()
                other.wait()
                stop.unlink()
            out.seek(0)
            seconds += Taken(0, 0, 0, out.read()).told["seconds"]

    def run(self, command: list[str], code: tuple[int, ...] = (0,)) -> Taken:
        """One process to its end, with all that it took."""
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            began = os.times()
            process = subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=out, stderr=err)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            assert process.returncode in code, err.read()
            wall = os.times().elapsed - began.elapsed
            return Taken(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, out.read())


def public_log(folder: Path, file: Path = LOG) -> tuple[str, ...]:
    """The public log, or a file like it, with its options, the partners under the names of the demonstration's."""
    text = PARTNERS.read_text(encoding="utf-8")
    for theirs, ours in NAMED.items():
        text = text.replace(theirs, ours)
    partners = folder / "partners.csv"
    partners.write_text(text, encoding="utf-8")
    return str(file), "--mapping", "servicenow-audit", "--time-zone", "UTC", "--partners", str(partners)


@contextmanager
def place(folder: Path, database: str) -> Iterator[Place]:
    """An empty installation on this kind of database, which is gone with the block."""
    socket, stop = postgres.start() if database == "postgresql" else (None, None)
    try:
        with installation(folder, socket) as made:
            yield Place(folder, made.environment | {"DJANGO_SETTINGS_MODULE": "commonhold.web.settings"})
    finally:
        if stop:
            stop()
