"""A desk that keeps no history: Eastwell Vale's libraries send their table as it stands on Mondays of June 2026, and a
file of the holds of the second half of the month after it. What neither proves of holds leaves figures in doubt (F5).
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np

from commonhold.demand.acts import imports
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine.mapping import Mapping
from commonhold.demand.models import Batch
from commonhold.demand.queries.files import File
from commonhold.web.demo.desk import SEED, TARGETS, Longs, OfficeHours, start_of
from commonhold.web.demo.founding import at, somebody, text
from commonhold.workdays import LONDON

Progress = Callable[[float, str], None]

FIRST: Final = date(2026, 6, 1)
EXPORTED: Final = tuple(date(2026, 6, day) for day in (8, 15, 22, 29))
"""The Mondays on which the table is exported at six and imported at nine."""
HELD_SINCE: Final = date(2026, 6, 15)
"""The file of holds tells of tickets that were opened from this day on."""
HOLDS_EXPORTED: Final = date(2026, 7, 1)
ONE_IN: Final = 65
"""For one ticket of the libraries the joint desk has so many, two a day at the least."""
SERVICES: Final = ("Library catalogue", "Public computers", "Self-service kiosks")
ABOUT: Final = ("Fault", "Access", "New equipment", "Slow")
URGENCIES: Final = {3: "Soon", 4: "When you can"}
REASONS: Final = ("The branch", "The supplier")
TABLE: Final = (
    "Number", "Logged", "Last change", "Fixed", "Status", "Urgency", "Type", "Team", "Council", "Service", "About",
    "In time",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """A request of the libraries and how the work on it went; instants in seconds UTC, -1 where it was never held."""

    number: str
    opened: int
    begun: int
    held_from: int
    held_until: int
    fixed: int
    priority: int
    is_request: bool
    service: str
    about: str
    reason: str
    met: bool

    def row(self, moment: int) -> tuple[str, ...]:
        """How the table shows it at a moment after its opening."""
        is_fixed = moment >= self.fixed
        if is_fixed:
            state, changed = "Fixed", self.fixed
        elif self.held_from <= moment < self.held_until:
            state, changed = "Waiting", self.held_from
        elif moment >= self.begun:
            state, changed = "In hand", self.held_until if 0 < self.held_until <= moment else self.begun
        else:
            state, changed = "New", self.opened
        return (
            self.number, _written(self.opened), _written(changed), _written(self.fixed) if is_fixed else "", state,
            URGENCIES[self.priority], "Request" if self.is_request else "Problem", "Library Systems", "Eastwell Vale",
            self.service, self.about, ("Yes" if self.met else "No") if is_fixed else "",
        )  # fmt: skip

    def hold(self, moment: int) -> tuple[str, ...]:
        """Its hold as it was known at a moment: which ticket, from when to when (empty: still), and what for."""
        until = _written(self.held_until) if self.held_until <= moment else ""
        return self.number, _written(self.held_from), until, self.reason


def bring(office: OfficeHours, tickets_a_day: int, progress: Progress) -> None:
    """Each export on its Monday, and the file of holds; what is there already is not brought again."""
    mapping = mappings.parse(text("libraries.toml").encode(), "libraries-help-desk")
    requests = draw(office, tickets_a_day)
    for number, day in enumerate(EXPORTED):
        progress(number / (len(EXPORTED) + 1), f"Importing the libraries' table of {day:%-d %B %Y}")
        _import(table(requests, at(day, 6)), mapping, day)
    progress(0.8, "Importing the libraries' file of holds")
    _import(holds(requests, at(HOLDS_EXPORTED, 6)), mappings.of_holds(mapping), HOLDS_EXPORTED)


def draw(office: OfficeHours, tickets_a_day: int) -> list[Request]:
    """Every request of June, in the order of opening; a third of them wait for somebody for some days."""
    rng = np.random.Generator(np.random.Philox(SEED + 1))
    days = [FIRST + timedelta(days=number) for number in range(30)]
    weekdays = [day for day in days if day.weekday() < 5]
    each = max(2, tickets_a_day // ONE_IN)
    opened = np.sort(
        np.concatenate([start_of(day) + 60 * rng.integers(8 * 60 + 30, 17 * 60 + 30, each) for day in weekdays])
    )
    count = len(opened)
    priority = np.where(rng.random(count) < 0.4, 3, 4)
    minutes = np.maximum(30, np.array(TARGETS)[priority - 1] * np.exp(rng.normal(-0.75, 0.8, count))).astype(np.int64)
    before = (minutes * rng.uniform(0.2, 0.8, count)).astype(np.int64)
    held = rng.random(count) < 0.35
    held_from = np.where(held, office.after(opened, before), -1)
    held_until = np.where(held, held_from + 60 * rng.integers(6 * 60, 6 * 24 * 60, count), -1)
    fixed = np.where(held, office.after(held_until, minutes - before), office.after(opened, minutes))
    begun = np.minimum(office.after(opened, rng.integers(5, 60, count)), np.where(held, held_from, fixed) - 60)
    chosen = [rng.integers(0, len(words), count) for words in (SERVICES, ABOUT, REASONS)]
    met = office.between(opened, fixed) <= np.array(TARGETS)[priority - 1]
    rows = zip(
        opened.tolist(), np.maximum(begun, opened).tolist(), held_from.tolist(), held_until.tolist(), fixed.tolist(),
        priority.tolist(), (rng.random(count) < 0.5).tolist(), *(_named(words, places) for words, places in zip(
            (SERVICES, ABOUT, REASONS), chosen, strict=True)), met.tolist(), strict=True,
    )  # fmt: skip
    return [Request(f"EL{number:04}", *row) for number, row in enumerate(rows, start=1)]


def table(requests: list[Request], moment: datetime) -> bytes:
    """The libraries' table as it stands at a moment, as CSV."""
    instant = int(moment.timestamp())
    return _csv(TABLE, (one.row(instant) for one in requests if one.opened <= instant))


def holds(requests: list[Request], moment: datetime) -> bytes:
    """From when to when requests of the second half of the month were on hold, and what for, as CSV.

    Those that came after the last export are not in it: their tickets are not there yet.
    """
    since, until, instant = start_of(HELD_SINCE), int(at(EXPORTED[-1], 6).timestamp()), int(moment.timestamp())
    told = (one for one in requests if since <= one.opened <= until and 0 < one.held_from <= instant)
    return _csv(("reference", "from", "to", "reason"), (one.hold(instant) for one in told))


def _import(content: bytes, mapping: Mapping, day: date) -> None:
    instant = at(day, 9)
    if Batch.objects.taken().filter(desk__name=mapping.desk, taken_at=instant).exists():
        return
    file = File(stream=io.BytesIO(content), mapping=mapping, exported_at=at(day, 6))
    imports.bring(by=somebody("service-analyst", instant), file=file, clock=lambda: instant, progress=lambda *_: None)


def _named(words: tuple[str, ...], places: Longs) -> list[str]:
    return [words[place] for place in places.tolist()]


def _written(instant: int) -> str:
    return f"{datetime.fromtimestamp(instant, UTC).astimezone(LONDON):%d/%m/%Y %H:%M}"


def _csv(headings: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows([headings, *rows])
    return written.getvalue().encode()
