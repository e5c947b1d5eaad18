"""Jobs in full, on both databases: fifty workers killed, jobs a second, how soon one begins, what idling costs.

`python bench/jobs.py [--kills N] [--jobs N]`
"""

import argparse
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests import postgres
from tests.jobs.installation import Installation, installation, wait_until

LEASE = "1"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--jobs", type=int, default=1000)
    options = parser.parse_args()
    right = True
    for name, socket in databases():
        with (
            tempfile.TemporaryDirectory(prefix="commonhold-bench-") as folder,
            installation(Path(folder), socket) as place,
        ):
            place.run("work", "--burst")
            answers = {"database": name, **quickness(place, options.jobs), **idling(place)}
            answers |= {"kills": kills(place, options.kills, random.Random(7))}
        print(json.dumps(answers, indent=2))
        right = right and not answers["kills"]["wrong"]
    return 0 if right else 1


def databases() -> Iterator[tuple[str, Path | None]]:
    yield "SQLite", None
    socket, stop = postgres.start()
    try:
        yield "PostgreSQL", socket
    finally:
        stop()


def quickness(place: Installation, count: int) -> dict[str, float]:
    """Jobs asked for and done a second, each in transactions of its own; and how soon an idle worker begins one."""
    asked = place.ask(task="probe.nothing", count=count)
    place.start("work", "--burst").wait()
    done = [line for line in place.logged() if line["task"] == "probe.nothing"]
    first, last = (moment(line["at"]) for line in (done[0], done[-1]))
    with working(place, 1):
        time.sleep(3)
        waits = []
        for _ in range(10):
            place.ask(task="probe.steps")
            time.sleep(0.5)
        begins = {int(job): float(at) for job, _, _, at in place.traced("began")}
        for job, asked_at in place.rows("select id, asked_at from jobs_job where name = 'probe.steps'"):
            waits.append(begins[job] - moment(str(asked_at)))
    return {
        "rows committed a second by the database alone": round(commits(place)),
        "asked a second": round(asked),
        "done a second by one worker": round((len(done) - 1) / (last - first)),
        "seconds from asking to beginning, median": round(statistics.median(waits), 3),
        "the longest": round(max(waits), 3),
    }


def commits(place: Installation, count: int = 200) -> float:
    """What the disk allows: each job is one commit when it is asked for, and two when it is done."""
    place.rows("insert into jobs_cursor (task, number) values ('bench', 0) returning task")
    with place.connected() as connection:
        began = time.perf_counter()
        for _ in range(count):
            connection.execute("update jobs_cursor set number = number + 1 where task = 'bench'")
        took = time.perf_counter() - began
    place.rows("delete from jobs_cursor where task = 'bench' returning task")
    return count / took


def idling(place: Installation) -> dict[str, Any]:
    """What a worker with nothing to do costs in half a minute."""
    with working(place, 1):
        time.sleep(4)
        (process,) = place.started
        before, size = seconds_used(process.pid), size_of(place)
        time.sleep(30)
        used = seconds_used(process.pid) - before
    cost: dict[str, Any] = {"idle: share of one core": round(used / 30, 4)}
    if not place.postgresql:
        cost["idle: bytes written to the database"] = size_of(place) - size
    return cost


def size_of(place: Installation) -> int:
    return sum(path.stat().st_size for path in place.folder.glob("commonhold.sqlite3*") if "shm" not in path.name)


def seconds_used(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def kills(place: Installation, count: int, rng: random.Random) -> dict[str, Any]:
    """Kill workers at random moments around their work, and see that every job ended once and no two ran it at once."""
    place.trace.unlink(missing_ok=True)
    for log in place.folder.glob("log-*"):
        log.unlink()
    place.rows("delete from jobs_job where name like 'probe.%' returning id")
    place.ask(count=max(80, 4 * count), seconds=0.15)
    killed: dict[int, float] = {}
    workers = [place.start("work", "--lease", LEASE) for _ in range(2)]
    while len(killed) < count:
        victim = workers.pop(0)
        wait_until(lambda at=victim.pid: any(int(process) == at for _, _, process, _ in place.traced("began")), 60)
        time.sleep(rng.uniform(0, 0.4))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        killed[victim.pid] = time.time()
        waiting = place.rows("select count(*) from jobs_job where state in ('asked', 'running')")[0][0]
        if waiting < 20:
            place.ask(count=80, seconds=0.15)
        workers.append(place.start("work", "--lease", LEASE))
    unfinished = "select count(*) from jobs_job where name = 'probe.steps' and state in ('asked', 'running')"
    wait_until(lambda: place.rows(unfinished)[0][0] == 0, 300)
    place.stop()
    return judged(place, killed)


def judged(place: Installation, killed: dict[int, float]) -> dict[str, Any]:
    jobs = place.rows("select id, state, attempts, losses from jobs_job where name = 'probe.steps'")
    entries = [kind for (kind,) in place.rows("select kind from ledger_entry where kind like 'probe.done.%'")]
    marked: defaultdict[int, int] = defaultdict(int)
    for line in place.logged():
        marked[line["job"]] += line["outcome"] == "done"
    wrong = [f"job {job} is {state}" for job, state, *_ in jobs if state != "done"]
    wrong += [f"job {job} left no entry" for job, *_ in jobs if f"probe.done.{job}" not in entries]
    wrong += [f"job {job} was marked done {times} times" for job, times in marked.items() if times > 1]
    wrong += [f"job {job} ran twice at once" for job in overlapping(place, killed)]
    if len(entries) != len(set(entries)):
        wrong.append("an act was done twice")
    return {
        "killed": len(killed),
        "jobs": len(jobs),
        "begun": sum(attempts for _, _, attempts, _ in jobs),
        "put back": sum(losses for *_, losses in jobs),
        "done": sum(state == "done" for _, state, *_ in jobs),
        "wrong": wrong,
    }


def overlapping(place: Installation, killed: dict[int, float]) -> list[int]:
    """Jobs of which two runs were going on at one moment."""
    ended = {(job, attempt): float(at) for job, attempt, _, at in place.traced("ended")}
    runs: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
    for job, attempt, process, at in place.traced("began"):
        end = ended.get((job, attempt)) or killed.get(int(process), float("inf"))
        runs[int(job)].append((float(at), end))
    return [job for job, spans in runs.items() if any(b < a for (_, a), (b, _) in pairwise(sorted(spans)))]


@contextmanager
def working(place: Installation, count: int) -> Iterator[None]:
    for _ in range(count):
        place.start("work")
    try:
        yield
    finally:
        place.stop()


def moment(text: str) -> float:
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


if __name__ == "__main__":
    sys.exit(main())
