"""What every page takes with the full ServiceNow log imported, on SQLite and on PostgreSQL.

    .venv/bin/python bench/pages.py [--database sqlite|postgresql]

About four minutes. Pages are walked by their links as an analyst of the shared service, a member of one partner's
council and the public; the list of tickets with each of its filters and deep in, and evidence of large groups deep in,
besides. Prints the slowest page of every route; exit 1 where a page takes 50 ms or more, or more than 12 queries.
"""

import argparse
import logging
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.made.places import LOG, place, public_log  # noqa: E402

if TYPE_CHECKING:
    from bench.made.walk import Seen

MOST, QUERIES = 50.0, 12


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--walk", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--most", type=int, default=1_000, help="lines of the table")
    asked = parser.parse_args()
    if asked.walk:
        return walk(asked.most)
    if not LOG.is_file():
        print("The public ServiceNow log is not here: nothing to measure.")
        return 0
    codes = [measured(database) for database in asked.database or ("sqlite", "postgresql")]
    return max(codes)


def measured(database: str) -> int:
    """Import the log into an installation of its own, and walk its pages in a process of their own."""
    with tempfile.TemporaryDirectory(prefix="commonhold-bench-") as folder, place(Path(folder), database) as here:
        here.service("found")
        here.service("bring", *public_log(Path(folder)))
        here.service("tell", "2016-04-01", "2016-06-30")
        walked = here.pages()
        print(f"{database}:\n{walked.said}", flush=True)
        return int("NOT held" in walked.said)


def walk(most: int) -> int:
    """Walk the pages of the installation that the environment names; print the slowest of each route."""
    import commonhold.web.wsgi  # noqa: F401  # as a web process is loaded

    logging.getLogger().handlers.clear()
    from bench.made.walk import Walker
    from commonhold.web.serving import gather_static_files
    from tests.universe import browser_of

    gather_static_files()
    seen: list[Seen] = []
    for role in ("service-analyst", "committee-member-of-southmere", ""):
        walker = Walker(role or "public", browser_of(role, SERVER_NAME="localhost"))
        seen += walker.pages(["/"])
        seen += walker.pages(lists(), follow=False)
        seen += walker.pages(list(deep()), follow=False)
    return printed(seen, most)


def lists() -> list[str]:
    """The list of tickets with each filter and in both orders, and searches."""
    from commonhold.demand.models import Category, Service, Team

    names = {model.__name__.lower(): model.objects.order_by("name").first() for model in (Team, Service, Category)}
    words = [f"{word}={name.name}" for word, name in names.items() if name]
    words += ["reference=INC00", "partner=southmere", "partner=none", "opened_from=2016-03-01", "opened_to=2016-03-31"]
    words += ["priority=p1", "priority=p3", "kind=incident", "kind=request", "state=closed", "state=unresolved"]
    words += ["state=on_hold", "breached=yes", "breached=no", "held=yes", "held=no", "order=due", "order=opened"]
    words += ["partner=southmere&priority=p3&breached=yes", "state=unresolved&breached=yes&order=due"]
    words += ["partner=northgate&held=yes&breached=no&opened_from=2016-04-01"]
    return [f"/tickets/?{word}" for word in words] + ["/search/?q=INC0001", "/search/?q=pack", "/search/?q=northgate"]


def deep() -> Iterator[str]:
    """The hundredth page of tickets, and evidence far into its rows."""
    from commonhold.demand.models import Reckoning
    from commonhold.performance.models import Reading

    middle = Reckoning.objects.order_by("opened_at", "pk")[Reckoning.objects.count() // 2]
    key = f"{int(middle.opened_at.timestamp())}-{middle.pk}"
    for filters in ("", "&partner=southmere", "&priority=p3", "&breached=yes", "&held=no"):
        yield f"/tickets/?after={key}{filters}"
        yield f"/tickets/?before={key}{filters}"
    references = Reading.objects.values_list("reference", flat=True).distinct().order_by("reference")
    for reference in list(references)[::8]:
        yield f"/evidence/{reference}"
        yield f"/evidence/{reference}&start=2000"


def printed(seen: "list[Seen]", lines: int) -> int:
    """The slowest page of each route, and every page that takes too long or asks too often."""
    slowest = {one.route: one for one in sorted(seen, key=lambda one: one.milliseconds)}
    print(f"{'page':<64} {'role':<30} {'ms':>6} {'wall':>7} {'queries':>8} {'kB':>6}")
    for one in sorted(slowest.values(), key=lambda one: -one.milliseconds)[:lines]:
        took = f"{one.milliseconds:6.1f} {one.wall:7.1f} {one.queries:8} {one.size:6.0f}"
        print(f"{one.address[:64]:<64} {one.role:<30} {took}")
    held = True
    for one in seen:
        if one.milliseconds >= MOST or one.queries > QUERIES:
            held = False
            print(f"NOT held: {one.address} as {one.role}: {one.milliseconds:.1f} ms, {one.queries} queries")
    half, most = median(one.milliseconds for one in seen), max(one.queries for one in seen)
    print(f"{len(seen)} pages of {len(slowest)} routes; half of them under {half:.1f} ms; most queries {most}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
