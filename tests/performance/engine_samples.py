"""Tickets as plain values for the tests of measures, and the columns that the engines read them from."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import numpy as np

from commonhold.demand.engine.columns import NEVER, NONE, Credits, Grade, Reading, Readings, State, Tickets
from commonhold.figures import Span
from commonhold.performance.engine.extract import Extract, extract
from commonhold.performance.engine.groups import Names, Stamp
from commonhold.performance.engine.periods import Period, period

MARCH = period(Span(date(2016, 3, 1), date(2016, 3, 31)))
DAY = 86_400
STAMP = Stamp(known_at=12, program="0.1.0", rule_version="targets 1")
NAMES = Names(
    partner={1: "Ashby", 2: "Brook", 3: "Coombe"},
    team={1: "Desk", 2: "Network", 3: "Desk"},
    service={1: "Email", 2: "Housing"},
    party={1: "service", 2: "authority: Ashby"},
    category={1: "Fault", 2: "Access"},
)


def at(text: str) -> int:
    """An instant in UTC, as seconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@dataclass(frozen=True)
class Sample:
    """One ticket and what the clock says of it, in plain values; None where the columns have a sentinel."""

    id: int = 1
    partner: int = 1
    priority: int = 3
    kind: int = 0
    team: int = 1
    service: int = 1
    category: int = 1
    party: int = 1
    opened: int = at("2016-03-10T09:00")
    resolved: int | None = None
    closed: int | None = None
    own_resolved: bool = True
    own_closed: bool = True
    verdict: int = -1
    grade: int = Grade.INTERVALS
    source_reopens: int | None = None
    excluded: bool = False
    has_history: bool = True
    state: int = State.OPEN
    used: int | None = 3_600
    least: int | None = None
    most: int | None = None
    held: tuple[int, int] = (0, 0)
    breached: bool = False
    corrected: bool = False
    target: int | None = 7_200
    reopenings: tuple[int, int] = (0, 0)
    reassignments: tuple[int, int] = (0, 0)
    shares: tuple[tuple[int, int, int], ...] = field(default=())

    @property
    def bounds(self) -> tuple[int, int]:
        """The least and the most that the used time can be."""
        used = NONE if self.used is None else self.used
        return (used if self.least is None else self.least, used if self.most is None else self.most)


def tickets(samples: list[Sample]) -> Tickets:
    def column(name: str, kind: type, nothing: int = 0) -> np.ndarray:
        values = (getattr(sample, name) for sample in samples)
        return np.array([nothing if value is None else value for value in values], kind)

    last = [max(v for v in (s.opened, s.resolved, s.closed) if v is not None) for s in samples]
    codes = {name: column(name, np.int32) for name in ("partner", "team", "service", "category", "party")}
    return Tickets(
        id=column("id", np.int64),
        **codes,
        answering=np.zeros(len(samples), np.int32),
        priority=column("priority", np.int8),
        kind=column("kind", np.int8),
        opened=column("opened", np.int64),
        resolved=column("resolved", np.int64, NEVER),
        closed=column("closed", np.int64, NEVER),
        last_event=np.array(last, np.int64),
        own_resolved=column("own_resolved", np.bool_),
        own_closed=column("own_closed", np.bool_),
        verdict=column("verdict", np.int8),
        grade=column("grade", np.int8),
        source_reopens=column("source_reopens", np.int32, NONE),
        held_minutes=np.full(len(samples), NONE, np.int64),
        excluded=column("excluded", np.bool_),
        corrected=column("corrected", np.bool_),
        has_history=column("has_history", np.bool_),
    )


def readings(samples: list[Sample]) -> Readings:
    def reading(moment: int) -> Reading:
        return Reading(
            state=np.array([s.state for s in samples], np.int8),
            used=np.array([NONE if s.used is None else s.used for s in samples], np.int64),
            least=np.array([s.bounds[0] for s in samples], np.int64),
            most=np.array([s.bounds[1] for s in samples], np.int64),
            held=np.array([s.held[moment] for s in samples], np.int64),
            least_held=np.array([s.held[moment] for s in samples], np.int64),
            most_held=np.array([s.held[moment] for s in samples], np.int64),
            in_doubt=np.zeros(len(samples), np.bool_),
            breached=np.array([s.breached for s in samples], np.bool_),
            could_be_breached=np.array([s.breached for s in samples], np.bool_),
            target=np.array([NONE if s.target is None else s.target for s in samples], np.int64),
            had_target=np.array([s.target is not None or s.breached for s in samples], np.bool_),
            closed=np.array([s.state == State.CLOSED for s in samples], np.bool_),
            reopenings=np.array([s.reopenings[moment] for s in samples], np.int32),
            reassignments=np.array([s.reassignments[moment] for s in samples], np.int32),
        )

    end = reading(1)
    return Readings(before=reading(0), at_end=end, as_of=end)


def shares(samples: list[Sample]) -> Credits:
    rows = [(s.id, *share) for s in samples for share in s.shares]
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    kinds = (np.int64, np.int32, np.int32, np.int64)
    return Credits(*(np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)))


def extracted(samples: list[Sample], of: Period = MARCH, attributed: bool = False) -> Extract:
    return extract(of, tickets(samples), readings(samples), shares(samples) if attributed else None)
