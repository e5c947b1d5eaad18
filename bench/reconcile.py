"""Weekly exports of a desk's table against its full log: every figure of every month explained to the last ticket.

    .venv/bin/python bench/reconcile.py

The public ServiceNow log is imported as the exports that its desk would have made once a week, without its holds, with
and without the instant of each row's last change. Then the log itself is held against that, as a file that is not
imported. Of every measure and month, and of two measures by partner and by priority, the bridge from one figure to the
other is printed by cause; of the busiest month also as the page of a reconciliation works it out. Nothing may be left
over, no ticket that differs may be missing from its lists, and none may stand under "their own reckoning".
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.made.places import LOG, Taken, place  # noqa: E402
from bench.made.places import public_log as log  # noqa: E402


def main() -> int:
    if not LOG.is_file():
        print(f"The public ServiceNow log is not here: {LOG}. Nothing was measured.")
        return 0
    with tempfile.TemporaryDirectory(prefix="commonhold-bench-") as folder:
        return max(of_exports(Path(folder) / changes, changes) for changes in ("with", "without"))


def of_exports(folder: Path, changes: str) -> int:
    """Import the weekly exports and explain them against the log; 1 where anything is left over."""
    with place(folder, "sqlite") as here:
        here.service("found")
        partners = log(folder)[-1]
        here.service("weekly", str(LOG), str(folder), partners, changes)
        brought: Taken = here.service("reconcile", str(LOG), partners)
    print(f"Weekly exports {changes} the last change of each row, against the log ({brought.told['seconds']:.0f} s):")
    explained = brought.told["explained"]
    parts = {
        "of all tickets": [one for one in explained if not one["scope"]],
        "by partner": [one for one in explained if "partner" in one["scope"]],
        "by priority": [one for one in explained if "priority" in one["scope"]],
        "of the busiest month, as its page": brought.told["as_paged"],
    }
    return max(told(words, found) for words, found in parts.items())


def told(words: str, explained: list[dict[str, Any]]) -> int:
    """Print what was explained, by measure; 1 where anything is left over."""
    compared = [one for one in explained if "nothing" not in one]
    nothing = len(explained) - len(compared)
    print(f" {words}: {len(compared):,} figures explained, and {nothing:,} of which one side counts nothing")
    for measure in dict.fromkeys(one["measure"] for one in compared):
        of_measure = [one for one in compared if one["measure"] == measure]
        causes: Counter[str] = Counter()
        for one in of_measure:
            causes.update(one["causes"])
        differing = sum(one["differing"] for one in of_measure)
        said = ", ".join(f"{cause} {count:,}" for cause, count in causes.most_common()) or "no causes"
        print(f"  {measure:<28} {differing:7,} tickets differ: {said}", flush=True)
    wrong = [one for one in compared if one["left_over"] or one["listed"] != one["differing"] or "own" in one["causes"]]
    for one in wrong:
        print(f"  not explained: {one}")
    print(f"  left over: {sum(abs(one['left_over']) for one in compared):g}; not explained: {len(wrong)} figures")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
