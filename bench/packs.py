"""What a quarter's pack takes, and small commands, with the full ServiceNow log imported; SQLite.

    .venv/bin/python bench/packs.py

About three minutes. Seconds of processor time: of the part itself, of one process, or of a whole command with its
start; other work on the machine does not count. Exit 1 where a pack whose periods are computed takes 3 s or more.
"""

import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.made.places import LOG, Place, place, public_log  # noqa: E402

QUARTER = ("2016-04-01", "2016-06-30")
PROFILES = ("public", "board", "southmere")
ROUNDS, MOST = 5, 3.0


def main() -> int:
    if not LOG.is_file():
        print("The public ServiceNow log is not here: nothing to measure.")
        return 0
    with tempfile.TemporaryDirectory(prefix="commonhold-bench-") as folder, place(Path(folder), "sqlite") as here:
        here.service("found")
        here.service("bring", *public_log(Path(folder)))
        first = here.service("pack", *QUARTER, "board").told
        parts(first, "the boards' pack, nothing kept: its own and nineteen other periods read, all charts drawn")
        kept = [here.service("pack", *QUARTER, "board").told for _ in range(ROUNDS)]
        parts(halves(kept), "the same again")
        drawn = [worst(here, profile) for profile in PROFILES]
        print(f"  the longest of {', '.join(PROFILES)}, with periods kept and charts drawn anew: {max(drawn):.2f} s")
        commands(here)
        return int(max(drawn) >= MOST)


def worst(here: Place, profile: str) -> float:
    """A pack whose periods are kept and whose charts are not."""
    here.service("forget", "charts")
    told = here.service("pack", *QUARTER, profile).told
    parts(told, f"{profile}: periods kept, charts drawn")
    return float(told["whole"])


def commands(here: Place) -> None:
    """Whole commands, from their start to their end."""
    out = str(here.folder / "pack")
    month = ("--from", "2016-03-01", "--to", "2016-03-31", "--json")
    print("commands, the median of five:")
    for words in (
        ("--help",),
        ("figures", "--help"),
        ("export-ledger", "--out", str(here.folder / "record.zip")),
        ("figures", *month),
        ("parity", *month),
        ("pack", "--from", QUARTER[0], "--to", QUARTER[1], "--out", out),
    ):
        taken = [here.commonhold(*words) for _ in range(ROUNDS)]
        named = " ".join(word for word in words if "/" not in word)
        print(f"  {named:<64} {median(one.seconds for one in taken):6.2f} s {taken[0].megabytes:5.0f} MB")


def halves(told: list[dict[str, float]]) -> dict[str, float]:
    return {what: median(one.get(what, 0.0) for one in told) for what in told[0]}


def parts(told: dict[str, float], words: str) -> None:
    print(f"{words}:")
    for what, seconds in told.items():
        print(f"  {what:<24} {seconds:6.2f} s")


if __name__ == "__main__":
    sys.exit(main())
