"""An installation whose imports are killed: what its readers see before, after, and whenever an import was stopped.

One process serves it: it imports in forks of itself, which can be killed, and says what pages and commands say.
"""

import io
import json
import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import psycopg

ROOT: Final = Path(__file__).resolve().parents[2]
HEADINGS: Final = "reference,event_at,state,priority,kind,team,partner,service,category,source_verdict"
PARTNERS: Final = ("Southmere", "Eastwell Vale", "Northgate")
PAGES: Final = (
    "/", "/tickets/", "/tickets/?order=due", "/tickets/?partner=southmere", "/tickets.csv?team=Team+3", "/imports/",
    "/imports/1/", "/imports/2/", "/put-right/", "/figures/", "/record/", "/search/?q=K00001", "/tickets/1/K00001/",
    "/tickets/1/B00001/", "/evidence/nothing",
)  # fmt: skip
COMMANDS: Final = (
    ("figures", "--json", "--by", "partner"),
    ("figures", "--from", "2025-06-01", "--to", "2025-06-30", "--json"),
    ("clock", "--ticket", "K00001"),
    ("clock", "--ticket", "B00001"),
)
COUNTED: Final = (
    "demand_ticket", "demand_event", "demand_reckoning", "demand_team", "demand_service", "demand_category",
    "demand_responsibility", "demand_party", "demand_desk", "demand_batch", "partnership_partner", "ledger_entry",
)  # fmt: skip
NOW: Final = re.compile(
    r"\d{1,2} [A-Z][a-z]+ 20(2[6-9]|[3-9]\d)( at [0-9:]*(am|pm|midday|midnight))?|[A-Za-z0-9+/]{43}=|[0-9a-f]{64}"
)
"""What is another one each time: today's instants, and digests of entries that hold them."""


def export(path: Path, *, month: str, prefix: str, tickets: int, seed: int) -> Path:
    """A desk's month: each ticket opened, worked on, some put on hold, most resolved."""
    drawn = random.Random(seed)
    lines = [HEADINGS]
    for n in range(1, tickets + 1):
        day, hour = drawn.randint(1, 25), drawn.randint(8, 16)
        told = (
            f"P{drawn.randint(1, 4)},incident,Team {drawn.randint(1, 9)},{drawn.choice(PARTNERS)},"
            f"Service {drawn.randint(1, 5)},Category {drawn.randint(1, 20)}"
        )
        states = ["open", "in_progress", *(["on_hold", "in_progress"] if drawn.random() < 0.3 else []), "resolved"]
        for step, state in enumerate(states[: drawn.randint(2, 5)]):
            lines.append(f"{prefix}{n:05},{month}-{day + step:02}T{hour:02}:00:00Z,{state},{told},true")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


Look: TypeAlias = dict[str, Any]
"""What each page and command says, and how many rows there are."""


@dataclass
class Place:
    """An installation that can be put back to how it stood before its second import, and the process at work in it."""

    folder: Path
    socket: Path | None
    name: str
    later: Path
    host: subprocess.Popen[str]

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def ask(self, what: str, *arguments: Any) -> Any:
        """What the process answers."""
        assert self.host.stdin and self.host.stdout
        self.host.stdin.write(json.dumps([what, *arguments]) + "\n")
        self.host.stdin.flush()
        answer = self.host.stdout.readline()
        assert answer, (self.folder / "log").read_text(encoding="utf-8")
        return json.loads(answer)

    def give(self, after: float | None = None, *, file: Path | None = None, largest: int | None = None) -> int:
        """The exit code of an import of the later file by a process of its own; -9 where it was killed in time."""
        arguments = ("import-tickets", str(file or self.later), "--mapping", "canonical", "--json")
        return int(self.ask("attempt", arguments, after, largest))

    def said(self) -> str:
        """What was said on standard error since this was last asked."""
        log = self.folder / "log"
        said = log.read_text(encoding="utf-8")
        log.write_text("", encoding="utf-8")
        return said

    def seen(self) -> dict[str, Any]:
        """What readers see."""
        found: dict[str, Any] = self.ask("look")
        return found

    def phase(self) -> str:
        """How far an import that was killed had come, by the rows that it left where no reader looks."""
        states = [state for (state,) in self.rows("select state from demand_batch where number = 2")]
        if states != ["gathering"]:
            return "after it was taken over" if states else "before its batch began"
        events = self.rows("select count(*) from demand_event where batch = 2")[0][0]
        reckoned = self.rows("select count(*) from demand_reckoning where known_from = 2")[0][0]
        return "while clocks were read" if reckoned else "while rows were gathered" if events else "as its batch began"

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database answers, asked without the product."""
        if self.socket:
            with psycopg.connect(f"host={self.socket} user=postgres dbname={self.name}", autocommit=True) as connection:
                return connection.execute(statement.encode()).fetchall()
        with closing(sqlite3.connect(self.home / "commonhold.sqlite3", timeout=60)) as connection:
            return connection.execute(statement).fetchall()

    def keep(self) -> None:
        """Remember how it stands now."""
        shutil.copytree(self.home, self.folder / "kept")
        if self.socket:
            on_the_server(self.socket, f"create database {self.name}_kept template {self.name}")

    def put_back(self) -> None:
        """As it stood when it was kept."""
        shutil.rmtree(self.home)
        shutil.copytree(self.folder / "kept", self.home)
        if self.socket:
            on_the_server(self.socket, f"drop database {self.name} with (force)")
            on_the_server(self.socket, f"create database {self.name} template {self.name}_kept")


@contextmanager
def place(folder: Path, socket: Path | None, *, tickets: int) -> Iterator[Place]:
    """The fictional partnership with a small month of tickets, on SQLite or at a PostgreSQL; the later file waits."""
    later = export(folder / "june.csv", month="2025-06", prefix="K", tickets=tickets, seed=7)
    name = f"kills_{os.getpid()}_{time.monotonic_ns()}"
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COMMONHOLD_", "PG", "DATABASE"))}
    environment = kept | {
        "COMMONHOLD_HOME": str(folder / "home"),
        "COMMONHOLD_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "commonhold.web.settings",
    }
    (folder / "home").mkdir()
    if socket:
        on_the_server(socket, f"create database {name}")
        environment["DATABASE_URL"] = f"postgresql://postgres@/{name}?host={socket}"
    program = [sys.executable, "-W", "ignore", "-m", "tests.demand.killing"]
    with (folder / "log").open("a") as log:
        host = subprocess.Popen(
            program, env=environment, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        )
    made = Place(folder, socket, name, later, host)
    try:
        made.ask("found")
        earlier = export(folder / "may.csv", month="2025-05", prefix="B", tickets=40, seed=3)
        assert made.give(file=earlier) == 0, (folder / "log").read_text()
        made.keep()
        yield made
    finally:
        host.kill()
        host.communicate()
        if socket:
            on_the_server(socket, f"drop database if exists {name} with (force)")
            on_the_server(socket, f"drop database if exists {name}_kept with (force)")


@dataclass(frozen=True)
class Outcome:
    """What a kill left: how far the import was, what readers saw afterwards, and what was not as it should be."""

    moment: float
    phase: str
    left: str
    faults: tuple[str, ...]


def undisturbed(here: Place) -> tuple[Look, Look, float]:
    """What readers see before the later file and after it, and how long its import takes."""
    before = here.seen()
    here.put_back()
    began = time.monotonic()
    assert here.give() == 0
    seconds = time.monotonic() - began
    return before, here.seen(), seconds


def kill_and_give_again(here: Place, before: Look, after: Look, moment: float) -> Outcome:
    """Kill an import after so many seconds, look, give the file again, and look again."""
    here.put_back()
    here.give(moment)
    phase = here.phase()
    seen = here.seen()["seen"]
    left = "nothing" if seen == before["seen"] else "everything" if seen == after["seen"] else "something"
    faults = []
    if left == "something":
        faults.append(f"seen: {differences(seen, before['seen'])}; {differences(seen, after['seen'])}")
    if here.give() != 0:
        faults.append("the file was refused when it was given again")
    again = here.seen()
    if again != after:
        faults.append(f"given again: {differences(again['seen'], after['seen'])} {again['counts']} {after['counts']}")
    return Outcome(moment, phase, left, tuple(faults))


def differences(seen: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Where two looks differ."""
    return [what for what in seen if seen[what] != other[what]]


def on_the_server(socket: Path, statement: str) -> None:
    with psycopg.connect(f"host={socket} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def found() -> None:
    """Found the fictional partnership in the database that the environment names."""
    from commonhold.web.demo import founding
    from commonhold.web.preparing import prepare

    prepare(demonstration=True)
    founding.found()


def attempt(arguments: list[str], after: float | None, largest: int | None) -> int:
    """Run a command in a process of its own; its exit code.

    It is killed with -9 after so many seconds, and may write no file that has more than so many bytes.
    """
    from commonhold.__main__ import run

    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
        code = 3
        try:
            code = run(arguments)
        finally:
            os._exit(code)
    end = None if after is None else time.monotonic() + after
    while end is None or time.monotonic() < end:
        ended, status = os.waitpid(child, 0 if end is None else os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def look() -> dict[str, Any]:
    """Every page as an analyst and as the public, every figure and command, and how many rows there are."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from tests.reading import words
    from tests.universe import browser_of

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    analyst = browser_of("service-analyst", raise_request_exception=False)
    # Commands first: figures that they compute are kept, and pages offer them.
    seen: dict[str, Any] = {" ".join(command): said_by(command) for command in COMMANDS}
    for who, client in (("analyst", analyst), ("public", Client(raise_request_exception=False))):
        for address in PAGES:
            answer = client.get(address)
            said = b"".join(answer).decode() if answer.streaming else words(answer)
            seen[f"{who} {address}"] = [answer.status_code, NOW.sub("then", said)]
    with connection.cursor() as cursor:
        counts = {}
        for table in COUNTED:
            cursor.execute(f'select count(*) from "{table}"')
            counts[table] = cursor.fetchone()[0]
    return {"seen": seen, "counts": counts}


def said_by(command: tuple[str, ...]) -> list[Any]:
    """What a command answers, refusals included."""
    from django.core.management import call_command

    from commonhold.refusals import Refused

    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        try:
            call_command(command[0].replace("-", "_"), *command[1:], stdout=out, stderr=out)
        except Refused as refusal:
            return ["refused", refusal.message]
    return ["said", NOW.sub("then", out.getvalue())]


def serve() -> None:
    """Do what is asked, line by line; between two things no connection to the database is open."""
    import django

    django.setup()
    from django.db import connections

    does = {"found": found, "attempt": attempt, "look": look}
    for line in sys.stdin:
        what, *arguments = json.loads(line)
        answer = does[what](*arguments)
        connections.close_all()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
