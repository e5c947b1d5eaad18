"""A year of 1,000,000 tickets: making its extracts, and every measure by partner, priority and month.

    .venv/bin/python bench/measures.py [--tickets 1000000] [--seed 7]

Readings are made up here; reading the clock itself is measured elsewhere. Prints what docs/proof/ quotes.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import TypeVar

import numpy as np

from commonhold.demand.engine.columns import NEVER, NONE, Credits, Grade, Reading, Readings, State, Tickets
from commonhold.figures import Span
from commonhold.performance.engine.extract import Extract, extract, from_bytes
from commonhold.performance.engine.groups import Names, Stamp, figures, members
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.engine.parity import parity
from commonhold.performance.engine.periods import Period, months, period

T = TypeVar("T")

YEAR = period(Span(date(2025, 1, 1), date(2025, 12, 31)))
NAMES = Names(
    {n: f"Partner {n}" for n in range(1, 6)},
    {n: f"Team {n}" for n in range(1, 81)},
    {n: f"Service {n}" for n in range(1, 41)},
    {n: f"Party {n}" for n in range(1, 8)},
    {n: f"Category {n}" for n in range(1, 61)},
)
STAMP = Stamp(1, "bench")


def timed(what: str, act: Callable[[], T], times: int = 1) -> T:
    """Do it, the best of some times, and say how long it took."""
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        done = act()
        best = min(best, time.perf_counter() - began)
    print(f"{what:<64} {best:8.3f} s")
    return done


def tickets(rng: np.random.Generator, n: int) -> Tickets:
    opened = rng.integers(YEAR.start - 30 * 86_400, YEAR.end, n)
    resolved = opened + rng.exponential(4 * 86_400, n).astype(np.int64)
    resolved[rng.random(n) < 0.05] = NEVER
    closed = np.where(resolved == NEVER, NEVER, resolved + 5 * 86_400)
    return Tickets(
        id=np.arange(1, n + 1),
        partner=rng.integers(0, 6, n, np.int32),
        priority=rng.choice(6, n, p=[0.02, 0.01, 0.07, 0.5, 0.3, 0.1]).astype(np.int8),
        kind=rng.integers(0, 2, n).astype(np.int8),
        team=rng.integers(0, 81, n, np.int32),
        service=rng.integers(0, 41, n, np.int32),
        category=rng.integers(0, 61, n, np.int32),
        party=rng.integers(1, 8, n, np.int32),
        answering=np.zeros(n, np.int32),
        opened=opened,
        resolved=resolved,
        closed=closed,
        last_event=np.where(closed == NEVER, opened, closed),
        own_resolved=np.ones(n, np.bool_),
        own_closed=np.ones(n, np.bool_),
        verdict=rng.integers(-1, 2, n).astype(np.int8),
        grade=np.full(n, Grade.INTERVALS, np.int8),
        source_reopens=np.full(n, NONE, np.int32),
        held_minutes=np.full(n, NONE),
        excluded=rng.random(n) < 0.001,
        corrected=rng.random(n) < 0.001,
        has_history=np.ones(n, np.bool_),
    )


def readings(rng: np.random.Generator, n: int) -> Readings:
    used = rng.integers(0, 40_000, n)

    def reading(step: int) -> Reading:
        return Reading(
            state=rng.choice([State.OPEN, State.ON_HOLD, State.CLOSED], n).astype(np.int8),
            used=used,
            least=used,
            most=used,
            held=np.arange(n) % 7 * 600 * step,
            least_held=np.arange(n) % 7 * 600 * step,
            most_held=np.arange(n) % 7 * 600 * step,
            in_doubt=np.zeros(n, np.bool_),
            breached=used > 25_000,
            could_be_breached=used > 25_000,
            target=np.full(n, 25_000),
            had_target=np.ones(n, np.bool_),
            closed=np.arange(n) % 5 == 0,
            reopenings=(np.arange(n) % 29 == 0).astype(np.int32) * step,
            reassignments=(np.arange(n) % 3 == 0).astype(np.int32) * step,
        )

    end = reading(1)
    return Readings(reading(0), end, end)


def credits_of(known: Tickets, read: Readings) -> Credits:
    """Two thirds of each ticket's time with its own team, the rest with another."""
    own = read.as_of.used * 2 // 3
    other = (known.team + 1).astype(np.int32)
    return Credits(
        np.concatenate([known.id, known.id]),
        np.concatenate([known.team, np.minimum(other, 80)]),
        np.concatenate([known.party, known.party]),
        np.concatenate([own, read.as_of.used - own]),
    )


def of_period(one: Period, known: Tickets, read: Readings) -> Extract:
    rows = np.flatnonzero(known.touching(one.start, one.until))
    touched, read = known.take(rows), read.take(rows)
    return extract(one, touched, read, credits_of(touched, read))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    rng = np.random.default_rng(asked.seed)
    known, read = tickets(rng, asked.tickets), readings(rng, asked.tickets)
    print(f"{asked.tickets:,} tickets, the time of each shared by two teams")
    began = time.perf_counter()
    monthly = timed("extracts of 12 months", lambda: [of_period(m, known, read) for m in months(YEAR)])
    by = ("partner", "priority", "month")
    found = timed(
        f"{len(MEASURES)} measures by partner, priority, month", lambda: figures(monthly, MEASURES, by, NAMES, STAMP)
    )
    print(f"{f'from columns to {len(found):,} figures':<64} {time.perf_counter() - began:8.3f} s")
    whole = timed("extract of the year", lambda: of_period(YEAR, known, read))
    timed(f"{len(MEASURES)} measures of the year", lambda: figures([whole], MEASURES, (), NAMES, STAMP))
    many = timed(
        f"{len(MEASURES)} measures of the year by partner, priority, team",
        lambda: figures([whole], MEASURES, ("partner", "priority", "team"), NAMES, STAMP),
    )
    print(f"{'':<4}{len(many):,} figures")
    timed("parity of the year", lambda: parity(whole, "within_target", NAMES))
    timed("rows behind one figure", lambda: members(whole, "within_target", {"partner": "Partner 1"}, NAMES))
    kept = timed("one month kept as bytes", monthly[0].as_bytes)
    timed("and read back", lambda: from_bytes(kept))
    print(f"{len(monthly[0].records):,} records of a month are {len(kept) / 1e6:.1f} MB kept")
    print(f"{'most memory':<64} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:8.2f} GB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
