"""The record at size and under many writers. The tests hold the smallest run of each; docs/proof/record.md the figures.

python bench/ledger.py [--entries N] [--processes N] [--acts N]
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from commonhold.ledger.engine import verify_commonhold as checker  # noqa: E402
from commonhold.ledger.engine.bundle import zipped  # noqa: E402
from tests import postgres  # noqa: E402
from tests.ledger import writers  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=200_000, help="entries of the export that is verified")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--acts", type=int, default=200, help="acts of each process")
    parser.add_argument("--read", action="store_true", help="only fill the record of this environment and read it")
    options = parser.parse_args()
    if options.read:
        large_record(options.entries)
        return
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    with tempfile.TemporaryDirectory(prefix="commonhold-bench-") as folder:
        verification(Path(folder), options.entries)
        signatures()
        socket, stop = postgres.start()
        try:
            for name, at in (("SQLite", None), ("PostgreSQL", socket)):
                many_writers(name, Path(folder) / name, at, options.processes, options.acts)
                print(f"{name}, reading:")
                with writers.installation(Path(folder) / name / "large", at) as environment:
                    again = [sys.executable, __file__, "--read", "--entries", str(options.entries)]
                    subprocess.run(again, env=environment, check=True)
        finally:
            stop()


def verification(folder: Path, entries: int) -> None:
    """Verify an export of many entries, each with a value behind it, in a process of its own."""
    export = folder / "many.zip"
    with timed(f"write an export of {entries:,} entries"), export.open("wb") as file:
        file.writelines(zipped(files(entries), at=datetime(2026, 7, 21, tzinfo=UTC), entries=entries))
    print(f"  {export.stat().st_size / 2**20:.0f} MB")
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-I", checker.__file__, str(export)], capture_output=True, check=False)
    took = time.perf_counter() - began
    assert done.returncode == 0, done.stdout
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    work = used.ru_utime + used.ru_stime
    print(
        f"verified in {took:.1f} s, {work:.1f} s of one core's work, {used.ru_maxrss / 1024:.0f} MB at most;"
        f" 1,000,000 would take {work * 1e6 / entries:.0f} s of work"
    )


def files(entries: int) -> Iterator[tuple[str, Iterator[bytes]]]:
    """An export as `export-ledger` writes one, from entries made up here."""
    edge: list[bytes] = []
    leaves: list[bytes] = []

    def lines() -> Iterator[bytes]:
        for number in range(1, entries + 1):
            line = checker.entry_bytes(entry(number))
            leaf = checker.hash_of_leaf(line)
            checker.extend(edge, number - 1, leaf)
            leaves.append(leaf)
            yield line + b"\n"

    yield checker.ENTRIES, lines()
    text = checker.checkpoint_text("commonhold/0123456789abcdef", entries, checker.root_of_edge(edge))
    yield f"{checker.CHECKPOINTS}{entries}.txt", iter([text.encode()])
    yield checker.DIGESTS, (leaf.hex().encode() + b"\n" for leaf in leaves)
    for first in range(1, entries + 1, 1000):
        numbers = range(first, min(first + 1000, entries + 1))
        held = ({"entry": n, "contents": {"title": {"salt": salt(n), "value": value(n)}}} for n in numbers)
        yield f"{checker.CONTENTS}{first:09d}.jsonl", (checker.canonical(one) + b"\n" for one in held)


def entry(number: int) -> dict[str, object]:
    return {
        "v": 1,
        "number": number,
        "at": f"2026-07-21T11:{number // 60_000_000 % 60:02}:{number // 1_000_000 % 60:02}.{number % 1_000_000:06}Z",
        "post": "clerk-of-southmere",
        "kind": "paper.submitted",
        "subject": f"paper/{number}",
        "facts": {"pages": number % 90, "digests": {"title": checker.salted_digest(salt(number), value(number))}},
        "because": [number - 1] if number > 1 else [],
    }


def salt(number: int) -> str:
    return f"{number:032x}"


def value(number: int) -> str:
    return f"A paper on the performance of the shared service, number {number}"


def signatures() -> None:
    """One Ed25519 signature in plain Python."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"x")
    began = time.perf_counter()
    assert all(checker.is_signed(public, b"x", signature) for _ in range(100))
    print(f"a signature is checked in {(time.perf_counter() - began) * 10:.1f} ms")


def many_writers(name: str, folder: Path, socket: Path | None, processes: int, acts: int) -> None:
    """Several processes act at once: nothing is lost, doubled or misnumbered, and nobody waits long."""
    folder.mkdir()
    with writers.installation(folder, socket) as environment:
        alone = writers.write_at_once(environment, processes=1, acts=acts, seed=7)
        begun = len(alone.entries)
        outcome = writers.write_at_once(environment, processes=processes, acts=acts, seed=2016)
    assert outcome.report.ok, outcome.report.words()
    assert [each["number"] for each in outcome.entries] == list(range(1, begun + processes * acts + 1))
    written = [(each["post"], each["facts"]["act"], each["number"]) for each in outcome.entries[begun:]]
    assert sorted(written) == sorted(outcome.acts)
    for one, words in ((alone, "one process"), (outcome, f"{processes} processes")):
        half, late = one.seconds[len(one.seconds) // 2], one.seconds[int(len(one.seconds) * 0.99)]
        print(
            f"{name}, {words} x {acts} acts: {len(one.acts) / one.elapsed:.0f} acts/s; an act takes"
            f" {half * 1000:.0f} ms (99 of 100 under {late * 1000:.0f}, the longest {one.seconds[-1] * 1000:.0f})"
        )
    print(f"  {len(outcome.entries):,} entries: none lost, doubled or misnumbered, root right")


def large_record(entries: int) -> None:
    """Reads on a record of many entries: lists, a proof, threads, and its export."""
    import django

    django.setup()
    from commonhold.ledger import queries
    from commonhold.ledger.engine.by import public
    from commonhold.web.preparing import prepare

    prepare(demonstration=True)
    with timed(f"  fill a record with {entries:,} entries"):
        fill(entries)
    head, seen_by = queries.head(), public(datetime.now(UTC))
    filters = queries.Filters(kind="paper.submitted", since=datetime(2020, 1, 2, tzinfo=UTC).date())
    middle = head.size // 2
    for name, read in {
        "the newest entries": lambda: queries.listed(queries.Filters(), seen_by),
        "a filtered list, far back": lambda: queries.listed(filters, seen_by, before=middle),
        "kinds and posts to choose from": lambda: queries.choices(seen_by),
        "one entry": lambda: queries.told(middle, seen_by),
        "an inclusion proof": lambda: queries.inclusion(middle, head),
        "a consistency proof": lambda: queries.consistency(middle, head),
        "a thread of ten entries": lambda: queries.thread(middle, seen_by),
        "a thread of 200 entries": lambda: queries.thread(head.size, seen_by),
        "the thread of a hub": lambda: queries.thread(1, seen_by),
    }.items():
        took = []
        for _ in range(15):
            began = time.perf_counter()
            read()
            took.append(time.perf_counter() - began)
        print(f"  {name}: {sorted(took)[7] * 1000:.1f} ms")
    out = Path(os.environ["COMMONHOLD_HOME"]) / "record.zip"
    with timed(f"  export {entries:,} entries"):
        said = subprocess.run([sys.executable, "-c", EXPORT, str(out)], capture_output=True, text=True, check=True)
    print(f"  {int(said.stdout.split()[-2]) / 1024:.0f} MB at most")
    with out.open("rb") as file:
        assert checker.verify(file).ok


EXPORT = """
import sys
from commonhold.__main__ import run
assert run(["export-ledger", "--out", sys.argv[1]]) == 0
# Not getrusage: that counts the parent's memory at the fork as the child's.
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def fill(entries: int) -> None:
    """A record as `record()` would leave it, loaded at once: chains of ten, a hub with many effects, a long chain."""
    from django.db import connection
    from django.utils import timezone

    from commonhold.databases.loading import load
    from commonhold.ledger.engine import merkle
    from commonhold.ledger.models import Entry, Head

    head = Head.objects.get()
    tree, begun = head.tree, head.size
    began = datetime(2020, 1, 1, tzinfo=UTC)
    rows, ties, nodes = [], [], []
    for number in range(begun + 1, entries + 1):
        place = number - begun
        if number > entries - 200 or place % 10:
            because = [number - 1]
        elif place < entries // 20:
            because = [1]
        else:
            because = []
        made = Entry(
            number=number,
            at=datetime.fromtimestamp(began.timestamp() + number, UTC) if begun == 0 else timezone.now(),
            post=f"clerk-{number % 7}",
            kind=("paper.submitted", "resolution.made", "meeting.called")[number % 3],
            subject="",
            facts={"pages": number % 90},
            because=because,
        )
        line = made.canonical()
        made.digest = checker.hash_of_leaf(line)
        tree, finished = merkle.append(tree, made.digest)
        at = made.at.replace(tzinfo=None).isoformat(sep=" ")
        rows.append(
            (number, at, made.post, made.kind, "", checker.canonical(made.facts).decode(), str(because), made.digest)
        )
        ties += [(number, cause) for cause in because]
        nodes += [(node.level, node.index, node.digest) for node in finished if node.level]
    load("ledger_entry", ["number", "at", "post", "kind", "subject", "facts", "because", "digest"], rows)
    load("ledger_because", ["entry_id", "cause_id"], ties)
    load("ledger_node", ["level", "index", "digest"], nodes)
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    head.size, head.edge, head.at = tree.size, b"".join(tree.edge), made.at
    head.save()


@contextmanager
def timed(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{what}: {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
