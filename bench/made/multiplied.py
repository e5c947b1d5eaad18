"""The public ServiceNow log many times over: each copy tells of other tickets, four weeks after the one before.

    python -m bench.made.multiplied FILE COPIES

Whole weeks keep every event on its day of the week. Forty copies are 996,720 tickets with 5,668,480 events.
"""

import csv
import gzip
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from bench.made.places import LOG

REFERENCES = 200_000
"""What references of one copy are above those of the one before: more than the log's highest number."""
APART = timedelta(days=28)
MOMENTS = ("opened_at", "sys_created_at", "sys_updated_at", "resolved_at", "closed_at")


def write(path: Path, copies: int) -> int:
    """Write so many copies one after another; returns how many events they tell."""
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as log:
        headings, *rows = csv.reader(log)
    columns = [list(column) for column in zip(*rows, strict=True)]
    moments = [headings.index(name) for name in MOMENTS]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(headings) + "\n")
        for copy in range(copies):
            shifted = [_each(column, _later(copy)) if n in moments else column for n, column in enumerate(columns)]
            shifted[0] = _each(columns[0], _further(copy))
            file.writelines(",".join(row) + "\n" for row in zip(*shifted, strict=True))
    return copies * len(rows)


def _each(cells: list[str], changed: Callable[[str], str]) -> list[str]:
    known = {cell: changed(cell) for cell in set(cells)}
    return [known[cell] for cell in cells]


def _further(copy: int) -> Callable[[str], str]:
    return lambda reference: f"INC{int(reference[3:]) + copy * REFERENCES:07}"


def _later(copy: int) -> Callable[[str], str]:
    """A moment as the log writes it, without leading zeros, so many times four weeks later."""

    def later(text: str) -> str:
        if text == "?":
            return text
        at = datetime.strptime(text, "%d/%m/%Y %H:%M") + copy * APART  # noqa: DTZ007  # the log names no zone
        return f"{at.day}/{at.month}/{at.year} {at:%H:%M}"

    return later


if __name__ == "__main__":
    sys.stdout.write(f"{write(Path(sys.argv[1]), int(sys.argv[2])):,} events\n")
