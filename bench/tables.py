"""What the flat table of tickets takes with the full ServiceNow log imported, on SQLite and on PostgreSQL.

    .venv/bin/python bench/tables.py [--database sqlite|postgresql]

About two minutes. Parts of 10,000 rows as the site answers them - CSV, JSON, XLSX, the first and one deep in, and one
that has not changed - beside the bare reading and writing of the same rows in the same run. Processor time, medians of
five. Exit 1 where a CSV of 10,000 rows takes half a second or more than four times the bare one, or a deep part more
than twice the first.
"""

import argparse
import csv
import io
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.made.places import LOG, place, public_log  # noqa: E402

ROWS = 10_000
MOST, TIMES_BARE, TIMES_FIRST = 0.5, 4.0, 2.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--read", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.read:
        return read()
    if not LOG.is_file():
        print("The public ServiceNow log is not here: nothing to measure.")
        return 0
    return max(measured(database) for database in asked.database or ("sqlite", "postgresql"))


def measured(database: str) -> int:
    """Import the log into an installation of its own, and read its tables in a process of their own."""
    with tempfile.TemporaryDirectory(prefix="commonhold-bench-") as folder, place(Path(folder), database) as here:
        here.service("found")
        here.service("bring", *public_log(Path(folder)))
        done = here.run([sys.executable, str(ROOT / "bench" / "tables.py"), "--read"], code=(0, 1))
        print(f"{database}:\n{done.said}", flush=True)
        return int("NOT held" in done.said)


def read() -> int:
    """Read the tables of the installation that the environment names."""
    import commonhold.web.wsgi  # noqa: F401  # as a web process is loaded

    logging.getLogger().handlers.clear()
    from tests.universe import browser_of

    browser = browser_of("service-analyst", SERVER_NAME="localhost")

    def part(kind: str, query: str = "", **headers: str) -> Any:
        answer: Any = browser.get(f"/tables/tickets.{kind}?size={ROWS}{query}", headers=headers)
        return answer, len(b"".join(answer)) if answer.streaming else 0

    first, _ = part("csv")
    tag, deep = first["ETag"], "&" + first["Link"].partition("?")[2].partition(">")[0].partition("&")[2]
    took = {
        "the same rows, read and written barely": timed(bare),
        "CSV, first part": timed(lambda: part("csv")),
        "CSV, deep in": timed(lambda: part("csv", deep)),
        "JSON": timed(lambda: part("json")),
        "XLSX": timed(lambda: part("xlsx"), 2),
        "CSV, not changed: 304": timed(lambda: part("csv", **{"If-None-Match": tag})),
    }
    for what, seconds in took.items():
        print(f"  {what:<42} {seconds * 1000:8.1f} ms")
    times_bare = took["CSV, first part"] / took["the same rows, read and written barely"]
    times_first = took["CSV, deep in"] / took["CSV, first part"]
    held = took["CSV, first part"] < MOST and times_bare <= TIMES_BARE and times_first <= TIMES_FIRST
    said = "held" if held else "NOT held"
    print(f"  {times_bare:.1f} times the bare one; deep in {times_first:.2f} times the first: {said}")
    return int(not held)


def bare() -> int:
    """The columns of the same rows as the database gives them, through Python's own writer."""
    from commonhold.demand.models import Reckoning
    from commonhold.demand.queries.flat import READ

    out = io.StringIO()
    rows = Reckoning.objects.filter(known_until=None).order_by("opened_at", "pk").values_list(*READ)[:ROWS]
    csv.writer(out, quoting=csv.QUOTE_NONNUMERIC).writerows(rows.iterator(chunk_size=2_000))
    return out.tell()


def timed(work: Callable[[], object], times: int = 5) -> float:
    """Seconds of processor time, the median of some runs after one that warms up."""
    work()
    took = []
    for _ in range(times):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return median(took)


if __name__ == "__main__":
    raise SystemExit(main())
