"""How fast files are imported, how long others wait meanwhile, and what can be done with a desk that large.

    .venv/bin/python bench/imports.py [--tickets 1000000] [--only log|large|postgresql]

About half an hour with a million tickets. The full ServiceNow log on both databases, a made desk of a million tickets
and six million events on SQLite, a tenth of it on PostgreSQL. Seconds are of processor time of the commands, so that
other work on the machine does not count (that of PostgreSQL's own processes is not in them); waits are on the wall.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.made import desk  # noqa: E402
from bench.made.places import LOG, Taken, place  # noqa: E402
from bench.made.places import public_log as log  # noqa: E402


@dataclass(frozen=True)
class Given:
    """A file with the options to read it by, and the month and the quarter to ask about."""

    words: str
    file: tuple[str, ...]
    month: tuple[str, str]
    quarter: tuple[str, str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--only", choices=("log", "large", "postgresql"))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="commonhold-bench-") as folder:
        for name, database, given in cases(Path(folder), asked.tickets):
            if asked.only in (None, name):
                measured(Path(folder) / name / database, database, given())
    return 0


def cases(folder: Path, tickets: int) -> Iterator[tuple[str, str, Any]]:
    if LOG.is_file():
        for database in ("sqlite", "postgresql"):
            yield "log", database, lambda: public_log(folder)
    yield "large", "sqlite", lambda: made(folder, tickets)
    yield "postgresql", "postgresql", lambda: made(folder, tickets // 10)


def public_log(folder: Path) -> Given:
    return Given("ServiceNow log", log(folder), ("2016-03-01", "2016-03-31"), ("2016-04-01", "2016-06-30"))


def made(folder: Path, tickets: int) -> Given:
    file = folder / f"{tickets}.csv"
    if not file.exists():
        desk.write(file, tickets)
    words = f"made desk of {tickets:,} tickets, {file.stat().st_size / 2**20:,.0f} MB"
    given = (str(file), "--mapping", "canonical")
    return Given(words, given, ("2026-05-01", "2026-05-31"), ("2026-04-01", "2026-06-30"))


def measured(folder: Path, database: str, given: Given) -> None:
    """Bring a file twice, then ask for figures and packs, each by a command of its own."""
    print(f"{given.words}, {database}:", flush=True)
    with place(folder, database) as here:
        here.service("found")
        with here.others_at_work() as waited:
            first = here.service("bring", *given.file, "--json")
        report, seconds = first.report, first.seconds
        row("imported", f"{report['rows']:,} events, {report['tickets']['new']:,} tickets in {seconds:.0f} s", first)
        row("  a second", f"{report['rows'] / seconds:,.0f} events, {report['tickets']['new'] / seconds:,.0f} tickets")
        row("  the transaction in which it is taken over", f"{1000 * first.told['take_over'][0]:.0f} ms")
        row(
            "  others' acts meanwhile",
            f"{len(waited)}, 99 of 100 under {1000 * waited[len(waited) * 99 // 100]:.0f} ms",
        )
        row("  the longest that any of them waited", f"{1000 * waited[-1]:.0f} ms")
        again = here.service("bring", *given.file, "--json")
        changed = sum(again.report["tickets"][word] for word in ("new", "changed"))
        row("the same file again", f"{changed} tickets changed", again)
        for words in ("figures of a month, computed", "figures of a month, kept"):
            row(words, "", here.commonhold("figures", "--from", given.month[0], "--to", given.month[1], "--json"))
        days = ("--from", given.quarter[0], "--to", given.quarter[1])
        for words in ("a quarter's pack, computed and drawn", "a quarter's pack, all of it kept"):
            row(words, "", here.commonhold("pack", *days, "--profile", "board", "--out", str(folder / "pack")))
        told = here.service("tell", *given.quarter)
        row(f"figures of {told.told['months']} months, and packs", "", told)
        print(here.pages("--most", "3").said, flush=True)


def row(words: str, figure: str, taken: Taken | None = None) -> None:
    took = f"{taken.seconds:8.1f} s {taken.wall:8.1f} s on the wall {taken.megabytes:6.0f} MB" if taken else ""
    print(f"  {words:<46} {figure:<52} {took}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
