"""Imports killed with -9 at random moments: each is wholly done or not at all, and the same file can be given again.

python bench/kills.py [--kills N] [--tickets N] [--seed N] [--database sqlite|postgresql]
"""

import argparse
import os
import platform
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests import postgres  # noqa: E402
from tests.demand.killing import PAGES, kill_and_give_again, place, undisturbed  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50, help="random moments on each database")
    parser.add_argument("--tickets", type=int, default=2_500, help="tickets of the file whose import is killed")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="only on this one")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    faults = 0
    if options.database != "postgresql":
        faults += series("SQLite", None, options)
    if options.database != "sqlite":
        folder, stop = postgres.start()
        try:
            faults += series("PostgreSQL", folder, options)
        finally:
            stop()
    sys.exit(1 if faults else 0)


def series(name: str, socket: Path | None, options: argparse.Namespace) -> int:
    """So many kills on one database; how many left what they should not."""
    drawn, began = random.Random(options.seed), time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="commonhold-kills-") as folder,
        place(Path(folder), socket, tickets=options.tickets) as here,
    ):
        before, after, seconds = undisturbed(here)
        moments = [drawn.uniform(0, 1.05 * seconds) for _ in range(options.kills)]
        outcomes = [kill_and_give_again(here, before, after, moment) for moment in moments]
    wrong = [outcome for outcome in outcomes if outcome.faults]
    print(f"{name}: {options.kills} kills of an import of {options.tickets:,} tickets that takes {seconds:.2f} s")
    for phase, count in Counter(outcome.phase for outcome in outcomes).most_common():
        print(f"  {count:>3} {phase}")
    nothing, wholly = (sum(outcome.left == left for outcome in outcomes) for left in ("nothing", "everything"))
    print(f"  seen afterwards on {2 * len(PAGES)} pages and by commands: nothing {nothing}, everything {wholly}")
    print(f"  given again: {len(outcomes) - len(wrong)} of {len(outcomes)} end as the undisturbed import does")
    for outcome in wrong:
        print(f"  WRONG {outcome}")
    print(f"  ({time.monotonic() - began:.0f} s)")
    return len(wrong)


if __name__ == "__main__":
    main()
