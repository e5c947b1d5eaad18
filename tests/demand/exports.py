"""A history of events as the exports of a table that its desk would have made: the same tickets, moment by moment.

Each export has the tickets that were not closed at the export before, each in one row as it stood; without holds, and
with or without the instant at which the desk last changed the row.
"""

import csv
import gzip
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine.mapping import Mapping as DeskMapping
from commonhold.figures import Figure

CHANGED = "changed"
Row = Mapping[str, str]


@dataclass(frozen=True)
class Log:
    """The rows of a file of events, what its mapping calls its columns, and how it writes instants."""

    rows: Sequence[Row]
    mapping: DeskMapping
    instant: Callable[[str], datetime | None]

    @property
    def first(self) -> datetime:
        """When the first event was."""
        return min(at for row in self.rows if (at := self.at(row, "event_at")))

    @property
    def last(self) -> datetime:
        """When the last event was."""
        return max(at for row in self.rows if (at := self.at(row, "event_at")))

    def state(self, row: Row) -> str:
        return self.mapping.states[row[self.mapping.columns["state"]]]

    def at(self, row: Row, ours: str) -> datetime | None:
        heading = self.mapping.columns.get(ours)
        return self.instant(row[heading]) if heading else None

    def exports(self, moments: Sequence[datetime], *, with_changes: bool) -> Iterator[tuple[datetime, str]]:
        """The exports made at these moments, each as a file."""
        reference = self.mapping.columns["reference"]
        waiting = sorted(self.rows, key=lambda row: self.at(row, "event_at"))  # type: ignore[arg-type,return-value]
        last: dict[str, dict[str, str]] = {}
        place = 0
        for moment in moments:
            gone = {number for number, row in last.items() if self.state(row) == "closed"}
            for number in gone:
                del last[number]
            while place < len(waiting) and (self.at(waiting[place], "event_at") or moment) <= moment:
                row = waiting[place]
                place += 1
                if self.state(row) == "ignore":
                    row = {**row, self.mapping.columns["state"]: last[row[reference]][self.mapping.columns["state"]]}
                last[row[reference]] = dict(row)
            yield moment, self._file(last.values(), with_changes)

    def _file(self, rows: Iterator[Row] | Sequence[Row], with_changes: bool) -> str:
        columns = self.mapping.columns
        headings = [heading for ours, heading in columns.items() if ours != "event_at"]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*headings, *([CHANGED] if with_changes else [])])
        for row in rows:
            # A log may know on an early line what comes later; the table did not.
            cells = dict(row)
            state = self.state(row)
            for ours, known in (("resolved_at", ("resolved", "closed")), ("closed_at", ("closed",))):
                at = self.at(row, ours)
                if at is not None and (state not in known or at > (self.at(row, "event_at") or at)):
                    cells[columns[ours]] = ""
            writer.writerow([cells[heading] for heading in headings] + [row[columns["event_at"]]] * with_changes)
        return text.getvalue()

    def of_tickets(self, *, with_changes: bool) -> DeskMapping:
        """How such an export is read."""
        columns = {ours: heading for ours, heading in self.mapping.columns.items() if ours != "event_at"}
        changed = {"updated_at": CHANGED} if with_changes else {}
        return replace(self.mapping, kind="tickets", columns=columns | changed)


def servicenow(file: Path) -> Log:
    """The public log, whose instants name no zone, as UTC."""
    with gzip.open(file, "rt", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    return Log(rows, replace(mappings.built_in("servicenow-audit"), time_zone="UTC"), _of_servicenow)


def of_one_priority(file: Path, steady: Path) -> int:
    """Write the public log without the tickets whose priority changed; returns how many those are."""
    log = servicenow(file)
    priorities: dict[str, set[str]] = {}
    for row in log.rows:
        priorities.setdefault(row["number"], set()).add(row["priority"])
    with gzip.open(steady, "wt", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(log.rows[0]))
        writer.writeheader()
        writer.writerows(row for row in log.rows if len(priorities[row["number"]]) == 1)
    return sum(len(found) > 1 for found in priorities.values())


@cache
def _of_servicenow(cell: str) -> datetime | None:
    return None if cell == "?" else datetime.strptime(cell, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)


def weekly(first: datetime, last: datetime) -> list[datetime]:
    """A moment a week, and the last one."""
    moments = []
    while first < last:
        moments.append(first)
        first += timedelta(days=7)
    return [*moments, last]


def outside(bounds: Sequence[Figure], true: Sequence[Figure]) -> list[str]:
    """Where a true figure does not lie within the bounds of the same figure, in words."""
    found = {(one.measure, tuple(one.scope.items())): one for one in bounds}
    wrong = []
    for figure in true:
        told = found.get((figure.measure, tuple(figure.scope.items())))
        if figure.value is None or (told is None and not figure.value):
            continue
        if told is None or not within(told, figure.value):
            said = "nothing" if told is None else f"{told.low} to {told.high}, read as {told.value}"
            wrong.append(f"{figure.measure} of {dict(figure.scope)}: {figure.value}, and the exports say {said}")
    return wrong


def within(told: Figure, true: float) -> bool:
    low, high = (told.value if end is None else end for end in (told.low, told.high))
    return told.value is None or (low is not None and high is not None and low <= true <= high)


STATES = ("in_progress", "in_progress", "on_hold", "on_hold", "resolved")
MAPPING = mappings.parse(
    b"""
kind = "events"
desk = "Made desk"
time_zone = "UTC"
[columns]
reference = "reference"
event_at = "event_at"
state = "state"
opened_at = "opened_at"
resolved_at = "resolved_at"
closed_at = "closed_at"
partner = "partner"
priority = "priority"
team = "team"
source_verdict = "verdict"
source_verdict_true = ["yes"]
[states]
"open" = "open"
"in_progress" = "in_progress"
"on_hold" = "on_hold"
"resolved" = "resolved"
"closed" = "closed"
""",
    "made",
)


def made(seed: int, tickets: int, begin: datetime) -> Log:
    """A desk of nine weeks: work, waiting, resolutions, now and then a reopening, by three partners and priorities."""
    random = Random(seed)
    rows: list[dict[str, str]] = []
    for number in range(tickets):
        at = begin + timedelta(minutes=random.randrange(60 * 24 * 56))
        facts = {
            "reference": f"M{number}",
            "opened_at": at.isoformat(),
            "partner": random.choice(("Southmere", "Northgate", "Eastwell Vale")),
            "priority": random.choice(("P1", "P2", "P3", "P3", "P4")),
            "team": random.choice(("Desk", "Networks")),
            "verdict": random.choice(("yes", "no")),
        }
        mine = [facts | {"event_at": at.isoformat(), "state": "open", "resolved_at": "", "closed_at": ""}]
        resolved = ""
        for _ in range(random.randrange(2, 9)):
            at += timedelta(minutes=random.choice((7, 90, 400, 2_000, 9_000)))
            state = random.choice(STATES)
            resolved = at.isoformat() if state == "resolved" and mine[-1]["state"] != "resolved" else resolved
            resolved = resolved if state == "resolved" else ""
            mine.append(facts | {"event_at": at.isoformat(), "state": state, "resolved_at": resolved, "closed_at": ""})
        if random.random() < 0.8:
            if not resolved:
                at += timedelta(minutes=random.choice((7, 90, 2_000)))
                resolved = at.isoformat()
                mine.append(
                    facts | {"event_at": resolved, "state": "resolved", "resolved_at": resolved, "closed_at": ""}
                )
            at += timedelta(days=5)
            ends = {"event_at": at.isoformat(), "state": "closed", "resolved_at": resolved, "closed_at": at.isoformat()}
            mine.append(facts | ends)
        rows += mine
    last = begin + timedelta(days=63)
    return Log([row for row in rows if row["event_at"] <= last.isoformat()], MAPPING, moment_of)


def moment_of(cell: str) -> datetime | None:
    return datetime.fromisoformat(cell) if cell else None
