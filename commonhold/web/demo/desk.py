"""Three years of a fictional desk, the same rows every time: what the demonstration's import is given.

Volumes and mix follow what three London boroughs' joint committee was told of its shared service (a summary of the
public papers stands in docs/guide/demonstration.md); the authorities, teams and every ticket are made up.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from commonhold.workdays import Calendar, midnight

FIRST: Final = date(2023, 7, 1)
LAST: Final = date(2026, 6, 30)
SEED: Final = 20_230_714
A_DAY: Final = 520
"""Tickets of a day of ordinary length when the demonstration begins."""
A_FEW: Final = 26
"""The same where a twentieth will do: for training, and for tests."""

PARTNERS: Final = ("Southmere", "Eastwell Vale", "Northgate")
SHARES: Final = (0.42, 0.33, 0.25)
"""How the demand divides between the authorities."""

WORSE_SERVED: Final = ("Northgate", date(2025, 10, 1), date(2025, 12, 31))
"""The quarter in which one authority was served worse than the others; parity must find it."""
SHORT_HANDED: Final = (date(2025, 10, 1), date(2025, 12, 5))
"""The days on which that authority's tickets were opened that took longer. What is late by then is resolved by the end
of the quarter, so that the next one is as good as ever."""
UNTRIAGED: Final = (date(2025, 2, 3), date(2025, 2, 21))
"""The weeks in which new tickets waited for days until somebody sorted them."""

TEAMS: Final = (
    ("Service Desk", "service"),
    ("Devices", "service"),
    ("Infrastructure", "service"),
    ("Networks", "service"),
    ("Identity and Security", "service"),
    ("Southmere Applications", "authority: Southmere"),
    ("Eastwell Vale Applications", "authority: Eastwell Vale"),
    ("Northgate Applications", "authority: Northgate"),
    ("Calldale Telephony", "supplier: Calldale"),
)
SERVICES: Final = (
    # name, share of tickets, team that resolves it (-1: the authority's own application team)
    ("Laptops and desktops", 0.17, 1),
    ("Passwords and access", 0.14, 4),
    ("Email and calendar", 0.09, 2),
    ("Network and Wi-Fi", 0.06, 3),
    ("File storage", 0.05, 2),
    ("Printing", 0.04, 1),
    ("Telephony", 0.06, 8),
    ("Social care system", 0.11, -1),
    ("Housing system", 0.09, -1),
    ("Revenues and benefits system", 0.08, -1),
    ("Planning system", 0.05, -1),
    ("Finance and HR system", 0.06, -1),
)
CATEGORIES: Final = (
    "Fault",
    "Access",
    "How do I",
    "New equipment",
    "Change of details",
    "Slow",
    "Error message",
    "Loss of service",
)
FAULTS: Final = ("Loss of service", "Fault", "Slow", "Error message")
"""What the most urgent incidents are about: a P1 the first of these, a P2 any."""
PRIORITY_SHARES: Final = {"incident": (0.0007, 0.03, 0.77, 0.1993), "request": (0.0, 0.0, 0.12, 0.88)}
TARGETS: Final = (240, 600, 1_800, 3_000)
"""Minutes to resolve P1 (round the clock) and P2 to P4 (office hours)."""
WITHIN: Final = (0.60, 0.62, 0.72, 0.86)
"""Which share is resolved within target in an ordinary month."""
SPREAD: Final = 1.1
MONTHLY: Final = (0.98, 0.94, 1.05, 1.06, 1.03, 0.93, 1.06, 0.96, 1.05, 0.98, 0.99, 1.01)
"""What a month has beside an ordinary one. January stands seventh: the demonstration's year runs from July."""
WEEKDAY: Final = (1.25, 1.12, 1.04, 1.0, 0.86, 0.07, 0.05)
AN_ORDINARY_MONTH: Final = sum(WEEKDAY) / 7 * 365.25 / 12
"""How many days of ordinary length a month has that neither holidays nor its weekends make shorter or longer."""
HOURS: Final = (1, 1, 1, 1, 1, 1, 2, 6, 14, 18, 17, 14, 11, 13, 14, 12, 9, 5, 2, 1, 1, 1, 1, 1)

Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Open minutes of a calendar over the demonstration's years, counted and found again."""

    base: int
    counted: Longs
    minutes: Longs

    def after(self, instants: Longs, minutes: Longs) -> Longs:
        """The instants at which so many open minutes have passed since the given ones."""
        place = np.clip((instants - self.base) // 60, 0, len(self.counted) - 1)
        wanted = np.clip(self.counted[place] + minutes, 0, len(self.minutes) - 1)
        found: Longs = self.base + 60 * self.minutes[wanted]
        return found

    def between(self, earlier: Longs, later: Longs) -> Longs:
        places = [np.clip((instants - self.base) // 60, 0, len(self.counted) - 1) for instants in (earlier, later)]
        return self.counted[places[1]] - self.counted[places[0]]


def office_hours(calendar: Calendar) -> OfficeHours:
    """The open minutes of `calendar` from the first day until a year after the last."""
    base = start_of(FIRST)
    days = (LAST - FIRST).days + 366
    is_open = np.zeros(days * 1440, np.bool_)
    for number in range(days):
        day = FIRST + timedelta(days=number)
        start = (start_of(day) - base) // 60
        for window in calendar.windows_on(day):
            is_open[start + window.opens : start + window.closes] = True
    counted = np.concatenate([[0], np.cumsum(is_open)])
    return OfficeHours(base, counted.astype(np.int64), np.flatnonzero(is_open).astype(np.int64))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Tickets as they were drawn: who asked for what, and how the work on them went; instants in seconds UTC."""

    opened: Longs
    partner: Longs
    kind: Longs
    priority: Longs
    service: Longs
    category: Longs
    team: Longs
    waited: NDArray[np.bool_]
    sorted_at: Longs
    passed_at: Longs
    held_from: Longs
    held_until: Longs
    reason: Longs
    resolved: Longs
    reopened: Longs
    resolved_again: Longs
    closed: Longs
    cancelled: NDArray[np.bool_]
    met: NDArray[np.bool_]


def draw(office: OfficeHours, tickets_a_day: int = A_DAY) -> Drawn:
    """Every ticket of the three years, in the order of opening."""
    rng = np.random.Generator(np.random.Philox(SEED))
    opened = _openings(rng, tickets_a_day)
    count = len(opened)
    partner = np.searchsorted(np.cumsum(SHARES)[:-1], rng.random(count))
    kind = (rng.random(count) < 0.58).astype(np.int64)
    draws = rng.random(count)
    shares = [np.cumsum(PRIORITY_SHARES[word])[:-1] for word in ("incident", "request")]
    priority = np.where(kind == 1, np.searchsorted(shares[1], draws), np.searchsorted(shares[0], draws)) + 1
    service = np.searchsorted(np.cumsum([share for _, share, _ in SERVICES])[:-1], rng.random(count))
    category = rng.integers(0, len(CATEGORIES), count)
    faults = np.array([CATEGORIES.index(word) for word in FAULTS])
    category = np.where(priority <= 2, faults[np.where(priority == 1, 0, category % len(FAULTS))], category)
    own = np.array([team for _, _, team in SERVICES])[service]
    team = np.where(own < 0, 5 + partner, own)
    ratio = _ratios(rng, opened, partner, priority)
    minutes = np.maximum(1, (ratio * np.array(TARGETS)[priority - 1])).astype(np.int64)
    return _worked(rng, office, opened, partner, kind, priority, service, category, team, minutes)


def start_of(day: date) -> int:
    """The instant at which a day of Europe/London begins."""
    return int(midnight(day).timestamp())


def _openings(rng: np.random.Generator, tickets_a_day: int) -> Longs:
    """The instants at which tickets are opened: by month, weekday and hour, a little more each year."""
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    lengths = defaultdict[tuple[int, int], float](float)
    for day in days:
        lengths[day.year, day.month] += _length(day)
    parts = []
    for number, day in enumerate(days):
        growth = 1 + 0.025 * number / 365.25
        # However many working days a month has, its tickets come: fewer days are busier ones.
        busy = MONTHLY[(day.month - 7) % 12] * AN_ORDINARY_MONTH / lengths[day.year, day.month]
        hours = rng.choice(
            24, rng.poisson(tickets_a_day * growth * busy * _length(day)), p=np.array(HOURS) / sum(HOURS)
        )
        parts.append(start_of(day) + hours * 3600 + rng.integers(0, 3600, len(hours)))
    return np.sort(np.concatenate(parts)).astype(np.int64)


def _length(day: date) -> float:
    """A day's share of an ordinary one."""
    return WEEKDAY[day.weekday()] * (0.05 if (day.month, day.day) in ((12, 25), (12, 26), (1, 1)) else 1)


def _ratios(rng: np.random.Generator, opened: Longs, partner: Longs, priority: Longs) -> NDArray[np.float64]:
    """Time needed as a share of the target: lognormal, so that the usual share ends within it."""
    within = np.array(WITHIN)[priority - 1]
    # The service got slowly better after its first year.
    within = within + 0.04 * np.clip((opened - start_of(date(2024, 7, 1))) / (2 * 365 * 86_400), 0, 1)
    first, last = SHORT_HANDED
    then = (opened >= start_of(first)) & (opened < start_of(last + timedelta(days=1)))
    worse = (partner == PARTNERS.index(WORSE_SERVED[0])) & then
    within = np.where(worse, within - 0.15, within)
    quantiles = _normal_quantiles(np.clip(within, 0.05, 0.97))
    return np.exp(SPREAD * (rng.standard_normal(len(opened)) - quantiles))


def _normal_quantiles(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    known = np.unique(np.round(shares, 3))
    return np.interp(shares, known, [NormalDist().inv_cdf(float(share)) for share in known])


def _worked(
    rng: np.random.Generator,
    office: OfficeHours,
    opened: Longs,
    partner: Longs,
    kind: Longs,
    priority: Longs,
    service: Longs,
    category: Longs,
    team: Longs,
    minutes: Longs,
) -> Drawn:
    """How the work went: sorted, passed on, held, resolved, reopened, closed."""
    count = len(opened)
    urgent = priority == 1

    def later(since: Longs, spent: Longs) -> Longs:
        return np.where(urgent, since + 60 * spent, office.after(since, spent))

    first, last = (start_of(day) for day in UNTRIAGED)
    waits = (opened >= first) & (opened < last) & ~urgent & (rng.random(count) < 0.55)
    sorted_at = np.where(
        waits, later(opened, rng.integers(900, 3_600, count)), later(opened, rng.integers(2, 45, count))
    )
    minutes = np.where(waits, minutes + office.between(opened, sorted_at), minutes)
    passed = rng.random(count) < 0.85
    passed_at = np.where(passed, later(opened, (minutes * rng.uniform(0.05, 0.4, count)).astype(np.int64)), -1)
    passed_at = np.where(passed, np.maximum(passed_at, sorted_at + 60), -1)
    held = (rng.random(count) < 0.24) & ~urgent
    before_hold = (minutes * rng.uniform(0.2, 0.9, count)).astype(np.int64)
    held_from = np.where(held, np.maximum(later(opened, before_hold), sorted_at + 120), -1)
    hold = np.exp(rng.normal(np.log(86_400), 1.1, count)).astype(np.int64)
    held_until = np.where(held, held_from + np.clip(hold, 900, 60 * 86_400), -1)
    resolved = np.where(held, later(np.maximum(held_until, opened), minutes - before_hold), later(opened, minutes))
    resolved = np.maximum(resolved, np.maximum(sorted_at, np.maximum(passed_at, held_until)) + 60)
    again = rng.random(count) < 0.022
    reopened = np.where(again, resolved + rng.integers(3_600, 4 * 86_400, count), -1)
    resolved_again = np.where(again, later(np.maximum(reopened, opened), np.maximum(5, minutes // 4)), -1)
    resolved_again = np.where(again, np.maximum(resolved_again, reopened + 60), -1)
    closed = np.maximum(resolved, resolved_again) + 5 * 86_400
    # The desk's own clock does not know of holds and starts anew when a ticket is reopened.
    met = office.between(opened, resolved) <= np.array(TARGETS)[priority - 1]
    return Drawn(
        opened, partner, kind, priority, service, category, team, waits, sorted_at, passed_at, held_from, held_until,
        rng.integers(0, 3, count), resolved, reopened, resolved_again, closed, rng.random(count) < 0.012, met,
    )  # fmt: skip
