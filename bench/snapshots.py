"""What a table exported once a week can say of a service whose full log is known: every true figure lies in its bounds.

    .venv/bin/python bench/snapshots.py

The public ServiceNow log is imported as it is, and again as the exports that its desk would have made once a week: each
ticket as it stood, without its holds, with and without the instant of its last change. Of every month, partner and
priority the figure of the full log must lie between low and high of the exports'. Prints how wide the bounds are.

Of a priority that changed before the first export that shows the ticket nothing is known, so all tickets are compared,
and then those whose priority never changed.
"""

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.made.places import LOG, Place, Taken, place  # noqa: E402
from bench.made.places import public_log as log  # noqa: E402
from commonhold.figures import Figure  # noqa: E402
from tests.demand import exports  # noqa: E402

MEASURES: Final = (
    "within_target", "working_minutes_median", "working_minutes_p90", "on_hold_minutes", "on_hold_tickets",
    "breached_open", "verdict_differs", "minutes_used",
)  # fmt: skip
BY: Final = "month,partner,priority"
DAYS: Final = ("--from", "2016-03-01", "--to", "2017-02-28")


def main() -> int:
    if not LOG.is_file():
        print(f"The public ServiceNow log is not here: {LOG}. Nothing was measured.")
        return 0
    with tempfile.TemporaryDirectory(prefix="commonhold-bench-") as folder:
        steady = Path(folder) / "steady.csv.gz"
        left_out = exports.of_one_priority(LOG, steady)
        compared(
            LOG,
            Path(folder) / "all",
            "All tickets; of a priority that changed before the first export nothing is known",
        )
        words = f"The same without {left_out} tickets whose priority changed, which must all lie within"
        outside = compared(steady, Path(folder) / "steady", words)
    return 1 if outside else 0


def compared(file: Path, folder: Path, words: str) -> int:
    """A log beside its weekly exports; returns how many figures lie outside the bounds."""
    print(f"{words}:", flush=True)
    with place(folder / "full", "sqlite") as here:
        here.service("found")
        here.service("bring", str(file), *log(folder)[1:], "--json")
        true = figures(here)
    return sum(of_exports(file, folder / changes, changes, true) for changes in ("with", "without"))


def of_exports(file: Path, folder: Path, changes: str, true: list[Figure]) -> int:
    """Import the weekly exports, compare, and say how wide the bounds are; returns how many figures lie outside."""
    with place(folder, "sqlite") as here:
        here.service("found")
        brought: Taken = here.service("weekly", str(file), str(folder), log(folder)[-1], changes)
        told = figures(here)
    said = brought.told
    print(f"  {changes} the last change of each row: {said['files']} files, {said['rows']:,} rows", flush=True)
    outside = exports.outside(told, true)
    for line in outside:
        print(f"    outside: {line}")
    print(f"    {len(true) - len(outside):,} of {len(true):,} figures of the full log lie within low and high")
    for measure, spread in widths(told, true).items():
        print(f"    {measure:<24} {spread}", flush=True)
    return len(outside)


def figures(here: Place) -> list[Figure]:
    asked = here.commonhold("figures", *DAYS, "--by", BY, "--measure", *MEASURES, "--json")
    return [Figure.from_json(one) for one in json.loads(asked.said)]


def widths(told: Iterable[Figure], true: Iterable[Figure]) -> dict[str, str]:
    """By measure, how far low and high are apart at the median, and how often there is no doubt at all."""
    values = {(one.measure, tuple(one.scope.items())): one.value for one in true}
    apart: defaultdict[str, list[float]] = defaultdict(list)
    off: defaultdict[str, list[float]] = defaultdict(list)
    for one in told:
        value = values.get((one.measure, tuple(one.scope.items())))
        if one.value is not None and value is not None:
            low, high = (one.value if end is None else end for end in (one.low, one.high))
            apart[one.measure].append(high - low)
            off[one.measure].append(abs(one.value - value))
    return {
        measure: f"low to high {median(spread):10,.3f} apart at the median, {spread.count(0):4} of {len(spread)} "
        f"without doubt; the value {median(off[measure]):,.3f} off"
        for measure, spread in apart.items()
    }


if __name__ == "__main__":
    sys.exit(main())
