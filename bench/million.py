"""What an import of a million tickets takes beside the bare loading of the same finished rows, on both databases.

    .venv/bin/python bench/million.py [--database sqlite|postgresql] [--copies 1 10 40]

About half an hour. The public ServiceNow log so many times over, its references and dates shifted, into an installation
of its own for each size: read, mapped, stored under every index, every clock read. Then what the import left, parsed
already, into the same empty tables of another installation, in the same order: bare executemany on SQLite, COPY on
PostgreSQL. Seconds are of processor time in a process that has started, PostgreSQL's own included, so that other work
on the machine hardly counts; waits of somebody else who acts ten times a second meanwhile are on the wall. Prints each
claim beside its measure; exit 1 where one is not held.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.made import multiplied  # noqa: E402
from bench.made.places import LOG, place, public_log  # noqa: E402

SHARE = 0.4
"""Of the rate of bare loading that an import reaches at the least."""
MEGABYTES, FLAT, WAIT = 2_000, 1.2, 2.0
"""The most memory, the dearest event beside the cheapest, and the longest that somebody else waits, in seconds."""
NUMBERS = count()


@dataclass(frozen=True)
class Imported:
    events: int
    tickets: int
    seconds: float
    wall: float
    megabytes: float
    bare: float
    waited: list[float]

    @property
    def share(self) -> float:
        return self.bare / self.seconds

    @property
    def microseconds(self) -> float:
        """Of an event."""
        return 1e6 * self.seconds / self.events


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 10, 40])
    asked = parser.parse_args()
    if not LOG.is_file():
        print("The public ServiceNow log is not here: nothing to measure.")
        return 0
    with tempfile.TemporaryDirectory(prefix="commonhold-bench-") as folder:
        held = [claims(list(measured(Path(folder), each, asked.copies))) for each in asked.database or DATABASES]
    return 0 if all(held) else 1


DATABASES = ("sqlite", "postgresql")


def measured(folder: Path, database: str, copies: list[int]) -> Iterator[Imported]:
    print(f"{database}:", flush=True)
    for many in copies:
        log = folder / f"{many}.csv"
        if not log.exists():
            multiplied.write(log, many)
        one = imported(folder, database, log)
        print(
            f"  {one.events:>9,} events of {one.tickets:>7,} tickets: imported in {one.seconds:6.1f} s "
            f"({one.wall:.1f} on the wall), {one.events / one.seconds:6,.0f} events a second, {one.microseconds:.1f} "
            f"µs each, at most {one.megabytes:,.0f} MB; bare {one.bare:.1f} s: {one.share:.0%}",
            flush=True,
        )
        yield one


def imported(folder: Path, database: str, log: Path) -> Imported:
    """Import a log into an installation of its own, and load what it left into another."""
    rows = folder / "rows"
    with place(new(folder), database) as here:
        here.service("found")
        with here.others_at_work() as waited:
            done = here.service("bring", *public_log(folder, log), "--json")
        here.bare("dump", str(rows))
    with place(new(folder), database) as here:
        here.service("found")
        bare = here.bare("load", str(rows)).told["seconds"]
    rows.unlink()
    return Imported(
        events=done.report["events"],
        tickets=done.report["tickets"]["new"],
        seconds=done.told["seconds"],
        wall=done.wall,
        megabytes=done.megabytes,
        bare=bare,
        waited=waited,
    )


def new(folder: Path) -> Path:
    made = folder / str(next(NUMBERS))
    made.mkdir()
    return made


def claims(all_: list[Imported]) -> bool:
    """Print each claim beside what was measured; whether all are held."""
    largest = all_[-1]
    waited = sorted(second for one in all_ for second in one.waited)
    dearest, cheapest = (choose(one.microseconds for one in all_) for choose in (max, min))
    said = (
        (f"the largest at {SHARE:.0%} of bare loading at least", f"{largest.share:.0%}", largest.share >= SHARE),
        (f"less than {MEGABYTES:,} MB", f"{largest.megabytes:,.0f} MB", largest.megabytes < MEGABYTES),
        (f"an event costs at most {FLAT - 1:.0%} more at one size than at another", f"{dearest / cheapest - 1:.0%}",
         dearest <= FLAT * cheapest),
        (f"nobody else waits longer than {WAIT:g} s", f"{waited[-1]:.2f} s", waited[-1] <= WAIT),
    )  # fmt: skip
    for claim, figure, held in said:
        print(f"  {claim}: {figure}, {'held' if held else 'NOT held'}")
    print(
        f"  {len(waited):,} acts meanwhile took {1000 * median(waited):.0f} ms at the median, 99 of 100 less than "
        f"{1000 * waited[len(waited) * 99 // 100]:.0f} ms",
        flush=True,
    )
    return all(held for _, _, held in said)


if __name__ == "__main__":
    sys.exit(main())
