"""A desk of any size in canonical form, written quickly: about six events for each ticket, in the order of time.

Tickets are opened over three years by the demonstration's authorities; half are resolved within 40 hours, nine in ten
within 200, two in five are on hold on their way, one in fifty is opened again.
"""

import sys
from datetime import UTC, datetime
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from commonhold.web.demo.desk import CATEGORIES, PARTNERS, SERVICES, TEAMS

HEADINGS = "reference,event_at,state,hold_reason,priority,kind,team,partner,service,category,source_verdict"
FIRST, LAST = (int(datetime(year, 7, 1, tzinfo=UTC).timestamp()) for year in (2023, 2026))
HOUR, DAY = 3600, 86_400
OPEN, ASSIGNED, NOTED, PASSED, HELD, RESUMED, RESOLVED, REOPENED, AGAIN, CLOSED = range(10)
WORDS = (
    "open", "in_progress", "in_progress", "in_progress", "on_hold", "in_progress", "resolved", "reopened", "resolved",
    "closed",
)  # fmt: skip
WRITTEN = 200_000

Longs = NDArray[np.int64]


def events(rng: np.random.Generator, count: int) -> tuple[Longs, Longs, Longs]:
    """(ticket, instant, step) of all that happened before the export was made, in order of time."""
    opened = np.sort(rng.integers(FIRST, LAST, count))
    life = np.exp(rng.normal(log(40 * HOUR), log(5) / 1.2816, count)).clip(600, 200 * DAY)

    def during(share: float, low: float, high: float) -> Longs:
        then = opened + (life * rng.uniform(low, high, count)).astype(np.int64)
        return np.where(rng.random(count) < share, then, LAST)

    held, resolved = during(0.4, 0.3, 0.5), opened + life.astype(np.int64)
    resumed = np.where(held < LAST, held + (life * rng.uniform(0.1, 0.4, count)).astype(np.int64), LAST)
    again = rng.random(count) < 0.02
    steps = (
        opened,
        during(1, 0, 0.02),
        during(0.3, 0.02, 0.9),
        during(0.85, 0.03, 0.3),
        held,
        resumed,
        resolved,
        np.where(again, resolved + DAY, LAST),
        np.where(again, resolved + 2 * DAY, LAST),
        resolved + 5 * DAY,
    )
    instants = np.concatenate(steps)
    told = np.flatnonzero(instants < LAST)
    order = told[np.lexsort((told, instants[told]))]
    return order % count, instants[order], order // count


def write(path: Path, count: int, seed: int = 2026) -> int:
    """Write the export of so many tickets; returns how many events it tells."""
    rng = np.random.default_rng(seed)
    told = events(rng, count)
    about = (
        rng.choice(4, count, p=[0.002, 0.04, 0.498, 0.46]) + 1,
        rng.integers(0, 2, count),
        rng.integers(0, len(TEAMS), count),
        rng.choice(len(PARTNERS), count, p=[0.42, 0.33, 0.25]),
        rng.integers(0, len(SERVICES), count),
        rng.integers(0, len(CATEGORIES), count),
        rng.random(count) < 0.8,
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{HEADINGS}\n")
        for first in range(0, len(told[0]), WRITTEN):
            file.writelines(_lines(*(column[first : first + WRITTEN] for column in told), *about))
    return len(told[0])


def _lines(tickets: Longs, instants: Longs, steps: Longs, *about: NDArray[np.generic]) -> list[str]:
    kinds, verdicts = ("incident", "request"), ("false", "true")
    teams, services = [name for name, _ in TEAMS], [name for name, _, _ in SERVICES]
    at = np.datetime_as_string(instants.astype("datetime64[s]")).tolist()
    facts = (column[tickets].tolist() for column in about)
    return [
        f"SD{ticket:08},{instant}Z,{WORDS[step]},{'awaiting_customer' if step == HELD else ''},P{priority},"
        f"{kinds[kind]},{teams[team if step >= PASSED else 0]},{PARTNERS[partner]},{services[service]},"
        f"{CATEGORIES[category]},{verdicts[met] if step in (RESOLVED, AGAIN, CLOSED) else ''}\n"
        for ticket, instant, step, priority, kind, team, partner, service, category, met in zip(
            tickets.tolist(), at, steps.tolist(), *facts, strict=True
        )
    ]


if __name__ == "__main__":
    sys.stdout.write(f"{write(Path(sys.argv[1]), int(sys.argv[2])):,} events\n")
