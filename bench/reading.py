"""How fast a desk's export is read, mapped and reduced, against bare csv reading of the same bytes in the same run.

The public log where it is there, else a made log of the same shape. Prints the best of several rounds and their ratio.
"""

import csv
import gzip
import io
import resource
import time
from collections.abc import Callable
from pathlib import Path

from commonhold.demand.engine import mapping, rows
from commonhold.demand.engine.intake import Intake

LOG = Path(__file__).resolve().parents[2] / "shared" / "data" / "servicenow_incident_event_log.csv.gz"
SAMPLE = Path(__file__).resolve().parents[1] / "tests" / "demand" / "samples" / "servicenow-audit.csv"
ROUNDS = 7
AUDIT = mapping.built_in("servicenow-audit")


def main() -> None:
    packed = LOG.read_bytes() if LOG.is_file() else made(120_000)
    plain = gzip.decompress(packed)
    with gzip.open(io.BytesIO(packed), "rt", encoding="utf-8", newline="") as text:
        table = list(csv.reader(text))
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(table)
    count = len(table) - 1
    del table
    print(f"{'made' if not LOG.is_file() else 'public'} log: {count:,} rows, {len(plain) / 1e6:.0f} MB")
    compare("gzipped", packed, count)
    compare("unpacked", plain, count)
    compare("all cells quoted", out.getvalue().encode(), count)
    print(
        f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, of which the bench holds most"
    )


def compare(name: str, given: bytes, count: int) -> None:
    ways: dict[str, Callable[[bytes], None]] = {
        "bare csv": bare,
        "read": read,
        "read, mapped, reduced": taken,
    }
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for way, run in ways.items():
            began = time.process_time()
            run(given)
            best[way] = min(best[way], time.process_time() - began)
    print(f"{name}:")
    for way, seconds in best.items():
        print(f"  {way:22} {count / seconds:10,.0f} rows/s   {seconds / best['bare csv']:.2f} times bare csv")


def bare(given: bytes) -> None:
    raw = io.BytesIO(given)
    with gzip.GzipFile(fileobj=raw) if given.startswith(b"\x1f\x8b") else raw as stream:
        for _ in csv.reader(io.TextIOWrapper(stream, encoding="utf-8", newline="")):
            pass


def read(given: bytes) -> None:
    stream = io.BytesIO(given)
    for _ in rows.blocks(stream, rows.examine(stream, AUDIT.columns.values())):
        pass


def taken(given: bytes) -> None:
    intake = Intake(io.BytesIO(given), AUDIT, key=b"a key", time_zone="UTC", evidence=io.BytesIO(), tolerate=1)
    for _ in intake.chunks():
        pass


def made(count: int) -> bytes:
    """The ten sample rows again and again, each time with other references and minutes."""
    heading, *lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    again = (
        line.replace("INC9", f"INC{number // 10}-9").replace(
            "4/1/2016 0", f"{1 + number % 28}/{1 + number % 12}/2016 0"
        )
        for number, line in zip(range(count), lines * (count // len(lines) + 1), strict=False)
    )
    return gzip.compress("\n".join((heading, *again, "")).encode())


if __name__ == "__main__":
    main()
