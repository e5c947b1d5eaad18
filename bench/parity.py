"""Parity on services whose truth is known: does the interval cover it, is anybody wrongly accused, is unfairness found?

    .venv/bin/python bench/parity.py [--services 2000] [--seed 1936]

Prints what docs/proof/ quotes. Exit 1 where a promise is broken.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from datetime import date

import numpy as np

from commonhold.figures import Span
from commonhold.performance.engine.extract import RECORD, SHARE, Bit, Extract
from commonhold.performance.engine.groups import Names
from commonhold.performance.engine.parity import Standing, parity
from commonhold.performance.engine.periods import period

PERIOD = period(Span(date(2026, 1, 1), date(2026, 3, 31)))
COUNTED = int(Bit.RESOLVED | Bit.TARGETED)
NAMES = Names({n: f"Partner {n:02}" for n in range(1, 33)}, {}, {n: f"Service {n}" for n in range(1, 9)}, {})


@dataclass(frozen=True)
class Service:
    """Tickets by partner and stratum, and the chance of each to miss its target."""

    tickets: np.ndarray
    chance: np.ndarray

    def measured(self, rng: np.random.Generator) -> tuple[Standing, ...]:
        missed = rng.binomial(self.tickets, self.chance)
        return parity(_extract(self.tickets, missed), "within_target", NAMES).partners

    def true_ratios(self) -> np.ndarray:
        """What each partner's ratio would be if every chance came out exactly."""
        whole = (self.tickets * self.chance).sum(axis=0) / np.maximum(self.tickets.sum(axis=0), 1)
        return (self.tickets * self.chance).sum(axis=1) / (self.tickets * whole).sum(axis=1)


def _extract(tickets: np.ndarray, missed: np.ndarray) -> Extract:
    partners, strata = tickets.shape
    counts = np.stack([missed, tickets - missed], axis=2).ravel()
    partner, stratum, outcome = (axis.ravel() for axis in np.indices((partners, strata, 2)))
    records = np.zeros(int(counts.sum()), RECORD)
    records["id"] = np.arange(len(records))
    records["partner"] = np.repeat(partner + 1, counts)
    records["priority"] = np.repeat(stratum % 4 + 1, counts)
    records["kind"] = np.repeat(stratum // 4 % 2, counts)
    records["service"] = np.repeat(stratum // 8 + 1, counts)
    records["bits"] = np.repeat(np.where(outcome == 0, COUNTED | int(Bit.BREACHED), COUNTED), counts)
    return Extract(PERIOD, records, np.empty(0, SHARE), attributed=False)


def service(rng: np.random.Generator, *, fair: bool) -> Service:
    """Two to eight partners of unlike size and work: up to 64 strata, from hardly a miss to every other one."""
    partners, strata = int(rng.integers(2, 9)), int(rng.choice([4, 8, 16, 64]))
    size = rng.integers(30, 3_000, partners)
    mix = rng.dirichlet(np.full(strata, 0.7), partners)
    tickets = np.array([rng.multinomial(n, shares) for n, shares in zip(size, mix, strict=True)])
    chance = np.broadcast_to(rng.uniform(0.01, 0.5, strata), tickets.shape)
    if not fair:
        chance = np.clip(chance * rng.uniform(0.6, 1.6, (partners, 1)), 0, 0.95)
    return Service(tickets, chance)


def coverage(rng: np.random.Generator, services: int) -> tuple[float, float, float]:
    """How often all intervals of a service cover the truth, how often a single one does, and what it promises."""
    together = single = of = 0
    promised = 0.0
    for n in range(services):
        one = service(rng, fair=n % 2 == 0)
        truth = one.true_ratios()
        standings = one.measured(rng)
        inside = [
            s.ratio_low is None or s.ratio_high is None or s.ratio_low <= t <= s.ratio_high
            for s, t in zip(standings, truth, strict=True)
        ]
        together += all(inside)
        single += sum(inside)
        of += len(inside)
        promised += len(inside) * (1 - 0.05 / len(inside))
    return together / services, single / of, promised / of


def accused(rng: np.random.Generator, services: int) -> tuple[float, float]:
    """On services that treat all alike: how often somebody is called worse, and how often better."""
    worse = better = 0
    for _ in range(services):
        found = {s.difference for s in service(rng, fair=True).measured(rng)}
        worse += "worse" in found
        better += "better" in found
    return worse / services, better / services


def found(rng: np.random.Generator, services: int, base: float) -> float:
    """How often five points more misses in 2,000 tickets of one of three partners of like size are called worse."""
    hits = 0
    for _ in range(services):
        tickets = np.array([rng.multinomial(2_000, [0.1, 0.3, 0.4, 0.2]) for _ in range(3)])
        chance = np.full(tickets.shape, base)
        chance[0] += 0.05
        hits += Service(tickets, chance).measured(rng)[0].difference == "worse"
    return hits / services


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--services", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1936)
    asked = parser.parse_args()
    began = time.perf_counter()
    together, single, promised = coverage(np.random.default_rng(asked.seed), asked.services)
    worse, better = accused(np.random.default_rng(asked.seed + 1), asked.services)
    power = {
        base: found(np.random.default_rng(asked.seed + 2), asked.services // 2, base)
        for base in (0.05, 0.10, 0.15, 0.20)
    }
    print(f"{asked.services:,} services of 2 to 8 partners, half of them unfair; seed {asked.seed}")
    print(f"all intervals of a service cover the truth   {together:7.2%}  (promised 95%)")
    print(f"a single interval covers the truth           {single:7.2%}  (promised {promised:.2%} on average)")
    print(f"fair services in which somebody is 'worse'   {worse:7.2%}  (promised at most 5%)")
    print(f"fair services in which somebody is 'better'  {better:7.2%}")
    for base, hits in power.items():
        print(f"5 points more than {base:4.0%} in 2,000 of 3 x 2,000   {hits:7.2%}  found (promised 80%)")
    print(f"{time.perf_counter() - began:.0f} s")
    return 0 if together >= 0.95 and worse <= 0.05 and min(power.values()) >= 0.8 else 1


if __name__ == "__main__":
    sys.exit(main())
