"""How the site answers with a million tickets: one client, then eight at once, on SQLite and on PostgreSQL.

    .venv/bin/python bench/answers.py [--database sqlite|postgresql] [--copies 40]
    .venv/bin/python bench/answers.py --home FOLDER     an installation that is there; DATABASE_URL names its PostgreSQL

About twenty minutes for each database, most of them the import. The public ServiceNow log forty times over, its figures
computed, a quarter's packs published, exceptions found, a report opened; two web processes, as the site is served.
Milliseconds are the server's own, on the wall, as its answers say themselves: read them where nothing else runs. Prints
each claim beside its measure; exit 1 where one is not held.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.made import multiplied  # noqa: E402
from bench.made.places import LOG, Place, place, public_log  # noqa: E402
from bench.uploads import Site, served  # noqa: E402

SETTINGS = "commonhold.web.settings"
QUARTER = ("2018-04-01", "2018-06-30")
CLIENTS, TIMES = 8, 5.0
"""At once; and how many times what half of one client's answers to the same address take 95 of 100 of theirs may."""
ROUNDS, PROCESSES = 7, 2
PACK = 5.0
"""Seconds of a quarter's pack, HTML and PDF."""
LIMITS = {
    "ticket": 25,
    "list": 50,
    "filtered list": 50,
    "register": 50,
    "period report": 50,
    "search": 100,
    "other": 100,
    "CSV of 10,000 rows": 500,
}
"""Milliseconds that half of the answers may take."""


@dataclass(frozen=True)
class Asked:
    """What was measured of a kind of page: the median, that of the slowest address, and of eight clients at once both
    what 95 of 100 answers took and how many times the median of their addresses; `waited` is what 95 of 100 of those
    clients waited, with the time in which their requests stood in a queue.
    """

    kind: str
    half: float
    slowest: float
    address: str
    crowd: float
    times: float
    waited: float

    @property
    def held(self) -> bool:
        return self.slowest <= LIMITS[self.kind] and self.times <= TIMES

    def __str__(self) -> str:
        alone = f"{self.half:>5.0f} ms {self.slowest:>13.0f} ms"
        measured = f"{alone} {self.crowd:>13.0f} ms {self.times:>5.1f} times {self.waited:>8.0f} ms"
        claimed = f"at most {LIMITS[self.kind]} ms and {TIMES:g} times: {'held' if self.held else 'NOT held'}"
        return f"{measured}   {claimed}; {self.address}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--copies", type=int, default=40)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--addresses", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.addresses:
        sys.stdout.write(json.dumps(addresses()) + "\n")
        return 0
    if asked.home:
        environment = {**os.environ, "COMMONHOLD_HOME": str(asked.home)}
        return 0 if claims(Place(asked.home, environment | {"DJANGO_SETTINGS_MODULE": SETTINGS})) else 1
    if not LOG.is_file():
        print("The public ServiceNow log is not here: nothing to measure.")
        return 0
    held = [measured(database, asked.copies) for database in asked.database or ("sqlite", "postgresql")]
    return 0 if all(held) else 1


def measured(database: str, copies: int) -> bool:
    """Import the log so many times over into an installation of its own, let workers follow, and ask for pages."""
    with tempfile.TemporaryDirectory(prefix="commonhold-bench-") as folder, place(Path(folder), database) as here:
        log = Path(folder) / "log.csv"
        multiplied.write(log, copies)
        here.service("found")
        here.service("bring", *public_log(Path(folder), log))
        here.service("tell", *QUARTER)
        here.service("follow", *QUARTER)
        print(f"{database}:", flush=True)
        return claims(here)


def claims(here: Place) -> bool:
    """Print each claim beside what was measured; whether all are held."""
    found = here.run([sys.executable, str(ROOT / "bench" / "answers.py"), "--addresses"]).told
    held = True
    with served(here, here.service("sign-in", "service-analyst").told, PROCESSES) as site:
        print(f"  {'':<20} {'half':>8} {'slowest address':>16} {'95 of 100, eight at once':>26} {'they waited':>12}")
        for kind, listed in found.items():
            one = answered(site, kind, listed)
            held &= one.held
            print(f"  {kind:<20} {one}", flush=True)
    return pack(here) and held


def pack(here: Place) -> bool:
    """A quarter's pack for the boards, its charts drawn anew: of periods that are kept, and of what nothing is kept."""
    held = True
    for kept in ("charts", "periods"):
        here.service("forget", "charts")
        here.service("forget", kept)
        parts = here.service("pack", *QUARTER, "board").told
        held &= parts["whole"] < PACK or kept == "periods"
        said = ", ".join(f"{part} {seconds:.2f}" for part, seconds in parts.items())
        words = "its periods kept" if kept == "charts" else "nothing kept"
        print(f"  a quarter's pack, HTML and PDF, {words}: {said} s", flush=True)
    return held


def answered(site: Site, kind: str, listed: list[str]) -> Asked:
    """Ask one after another, each address several times; then eight clients, each in an order of its own."""
    took = {address: [asked(site, address)[0] for _ in range(ROUNDS + 1)][1:] for address in listed}
    halves = {address: median(times) for address, times in took.items()}
    crowd: list[tuple[float, float, float]] = []

    def client(number: int) -> None:
        order = random.Random(number)
        for address in [one for _ in range(3) for one in order.sample(listed, len(listed))]:
            milliseconds, waited = asked(site, address)
            crowd.append((milliseconds, milliseconds / halves[address], waited))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    slowest = max(halves, key=lambda address: halves[address])
    half = median(time for times in took.values() for time in times)
    most, times, waited = (sorted(column)[int(len(crowd) * 0.95)] for column in zip(*crowd, strict=True))
    return Asked(kind, half, halves[slowest], slowest, most, times, waited)


def asked(site: Site, address: str) -> tuple[float, float]:
    """Milliseconds that the server says it took, and that the client waited."""
    plain = urllib.parse.quote(address, safe="/?&=.:%")
    request = urllib.request.Request(f"http://127.0.0.1:{site.port}{plain}", headers={"Cookie": site.cookies})
    began = time.perf_counter()
    with urllib.request.urlopen(request, timeout=600) as answer:
        first = time.perf_counter()
        answer.read()
        last = time.perf_counter()
        took = float(answer.headers["Server-Timing"].partition("dur=")[2])
        if address.partition("?")[0].endswith(".csv"):
            # Written as it is sent: what the server says is until its first line.
            took += 1000 * (last - first)
        return took, 1000 * (last - began)


def addresses() -> dict[str, list[str]]:
    """What is asked for of each kind, from the installation that the environment names."""
    import django

    django.setup()
    from bench.pages import deep, lists
    from commonhold.demand.models import Desk, Incident, Priority, Reckoning, Ticket
    from commonhold.performance.models import Pack

    first, last = QUARTER
    days = f"?first={first}&last={last}"
    numbers = random.Random(2026).sample(range(1, Reckoning.objects.count() + 1), 12)
    grave = list(Reckoning.objects.filter(priority=Priority.P1).values_list("ticket", flat=True)[:3])
    searches, filtered = ([one for one in lists() if one.startswith("/search/") is found] for found in (True, False))
    evidence = [one for one in deep() if one.startswith("/evidence/")]
    listed = [one for one in deep() if one.startswith("/tickets/")]
    desk = Desk.objects.get().name
    return {
        "ticket": [ticket.get_absolute_url() for ticket in Ticket.objects.filter(pk__in=[*numbers, *grave])],
        "list": ["/tickets/", *(one for one in listed if "&" not in one)],
        "filtered list": [*filtered, f"/tickets/?desk={desk}", *(one for one in listed if "&" in one)],
        "register": [
            f"/incidents/{words}"
            for words in ("", "?start=500", "?partner=southmere", "?order=oldest", "?order=longest",
                          "?order=longest&start=500")
        ],
        "period report": [f"/reports/{first}..{last}/", f"/figures/{days}", f"/parity/{days}"],
        "search": [*searches, "/search/?q=INC0"],
        "other": [
            "/", "/me/", "/week/", "/reports/", "/readings/", "/packs/", f"/packs/{Pack.objects.latest('pk').pk}/",
            "/record/", "/imports/", f"/exceptions/{days}", "/categories/", "/completeness/", "/samples/", "/disputes/",
            "/tables/", f"/incidents/{Incident.objects.latest('pk').pk}/", f"/parity/funnel/{days}", *evidence[::6],
        ],
        "CSV of 10,000 rows": ["/tables/tickets.csv?size=10000", "/tickets.csv?priority=p1"],
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
