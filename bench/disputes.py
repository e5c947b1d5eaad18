"""What others wait for while a dispute of thousands of tickets is put right, and undone, with a million tickets.

    .venv/bin/python bench/disputes.py [--database sqlite|postgresql] [--copies 40]
    .venv/bin/python bench/disputes.py --home FOLDER    an installation that is there; DATABASE_URL names its PostgreSQL

About fifteen minutes for each database, most of them the import. Prints how long both took and how long somebody else
waited who acts ten times a second; exit 1 where one act waited two seconds or more.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.made import multiplied  # noqa: E402
from bench.made.places import LOG, Place, place, public_log  # noqa: E402

DAYS = ("2018-05-01", "2018-06-26")
MOST = 2.0
"""Seconds that an act of somebody else may wait."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--copies", type=int, default=40)
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args()
    if asked.home:
        environment = {**os.environ, "COMMONHOLD_HOME": str(asked.home)}
        here = Place(asked.home, environment | {"DJANGO_SETTINGS_MODULE": "commonhold.web.settings"})
        return 0 if claims(here) else 1
    if not LOG.is_file():
        print("The public ServiceNow log is not here: nothing to measure.")
        return 0
    held = [measured(database, asked.copies) for database in asked.database or ("sqlite", "postgresql")]
    return 0 if all(held) else 1


def measured(database: str, copies: int) -> bool:
    with tempfile.TemporaryDirectory(prefix="commonhold-bench-") as folder, place(Path(folder), database) as here:
        log = Path(folder) / "log.csv"
        multiplied.write(log, copies)
        here.service("found")
        here.service("bring", *public_log(Path(folder), log))
        print(f"{database}:", flush=True)
        return claims(here)


def claims(here: Place) -> bool:
    with here.others_at_work() as seconds:
        told = here.service("dispute", *DAYS).told
    half, most = seconds[len(seconds) // 2], seconds[-1]
    took = ", ".join(f"{what} {amount:.2f} s" for what, amount in told["seconds"].items())
    print(f"  {told['tickets']:,} tickets: {took}")
    print(f"  another's acts, {len(seconds)}: median {1000 * half:.0f} ms, the longest {most:.2f} s: ", end="")
    print("held" if most < MOST else "NOT held")
    return most < MOST


if __name__ == "__main__":
    sys.exit(main())
