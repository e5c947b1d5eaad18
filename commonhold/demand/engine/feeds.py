"""When a feed's file is expected, and whether it has come: from the feed's rhythm and the instants at which files came.

Days and times are London's. A file that comes while one is missing makes up for all that are; one that comes while none
is missing is the next one, come early.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from commonhold.demand.engine.mapping import Mapping
from commonhold.demand.engine.partners import PartnerMap
from commonhold.workdays import LONDON, is_working_day

LOOKED_BACK: Final = 12
"""Expectations among which a missing file is looked for; one that is missing for longer is missing since the first."""
ONE: Final = timedelta(days=1)
LONGEST_GAP: Final = 31
KEPT: Final = timedelta(days=400)
"""How long it is told what became of a file."""
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Rhythm(StrEnum):
    """On which days a file is expected."""

    NONE = "none"
    DAILY = "daily"
    WORKING_DAYS = "working_days"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Expected:
    """When files are expected: by a time of the days of a rhythm; `weekday` (Monday is 0) with a weekly one."""

    rhythm: Rhythm
    by: time = time(9)
    weekday: int = 0

    @property
    def in_words(self) -> str:
        """Every Monday by 09:00."""
        days = {
            Rhythm.DAILY: "every day",
            Rhythm.WORKING_DAYS: "every working day",
            Rhythm.WEEKLY: f"every {WEEKDAYS[self.weekday]}",
            Rhythm.MONTHLY: "on the first of every month",
        }
        return f"{days[self.rhythm]} by {self.by:%H:%M}" if self.rhythm in days else "at no set time"

    def _is_of(self, day: date, holidays: Collection[date]) -> bool:
        match self.rhythm:
            case Rhythm.DAILY:
                return True
            case Rhythm.WORKING_DAYS:
                return is_working_day(day, holidays)
            case Rhythm.WEEKLY:
                return day.weekday() == self.weekday
            case Rhythm.MONTHLY:
                return day.day == 1
        return False

    def before(self, now: datetime, holidays: Collection[date]) -> Iterator[datetime]:
        """The instants at which a file was expected, up to now, the latest first."""
        if self.rhythm == Rhythm.NONE:
            return
        day, idle = now.astimezone(LONDON).date(), 0
        while idle <= LONGEST_GAP:
            at = datetime.combine(day, self.by, LONDON).astimezone(UTC)
            if self._is_of(day, holidays) and at <= now:
                yield at
                idle = 0
            day, idle = day - ONE, idle + 1

    def after(self, now: datetime, holidays: Collection[date]) -> datetime | None:
        """The next instant at which a file is expected; None without a rhythm."""
        if self.rhythm == Rhythm.NONE:
            return None
        day = now.astimezone(LONDON).date()
        while True:
            at = datetime.combine(day, self.by, LONDON).astimezone(UTC)
            if self._is_of(day, holidays) and at > now:
                return at
            day += ONE


@dataclass(frozen=True, slots=True)
class Setting:
    """How a feed is to be: how its files are read, when one is expected, and who may bring it."""

    mapping: Mapping
    partners: PartnerMap | None = None
    time_zone: str = ""
    tolerate: float = 0.01
    rhythm: str = Rhythm.NONE
    weekday: int = 0
    due_by: time = time(9)
    posts: tuple[str, ...] = field(default_factory=tuple)
    from_folder: bool = False


def missing_from(
    expected: Expected, since: datetime, came: Collection[datetime], now: datetime, holidays: Collection[date]
) -> datetime | None:
    """From when on a file is missing if none comes any more: an instant gone by where one is missing already."""
    at: datetime | None = now
    while at is not None:
        lacking = missing(expected, since, came, at, holidays)
        if lacking is not None:
            return lacking
        at = expected.after(at, holidays)
    return None


def missing(
    expected: Expected, since: datetime, came: Iterable[datetime], now: datetime, holidays: Collection[date]
) -> datetime | None:
    """Since when a file is missing: the first instant at which one was expected and has not come; None where none is.

    `since` is when the feed began to be expected, `came` when its files came.
    """
    instants: list[datetime] = []
    for at in expected.before(now, holidays):
        if at <= since:
            break
        instants.append(at)
        if len(instants) > LOOKED_BACK:
            # What came before the first of many is no longer asked.
            since = instants.pop()
            break
    # One that comes at the very instant is in time: it makes up for what has only just become missing.
    events = sorted([(at, False) for at in instants] + [(at, True) for at in came if since < at <= now])
    lacking, early = None, False
    for at, has_come in events:
        if has_come:
            early, lacking = lacking is None, None
        elif early:
            early = False
        else:
            lacking = lacking or at
    return lacking


@dataclass(frozen=True, slots=True)
class Brought:
    """The files expected within some days: how many, those that came late, and those that have not come.

    A late one stands as the instants by which it was expected and at which one came.
    """

    expected: int = 0
    late: tuple[tuple[datetime, datetime], ...] = ()
    lacking: tuple[datetime, ...] = ()

    def __add__(self, other: "Brought") -> "Brought":
        late, lacking = sorted((*self.late, *other.late)), sorted((*self.lacking, *other.lacking))
        return Brought(self.expected + other.expected, tuple(late), tuple(lacking))


def brought(
    expected: Expected, since: datetime, until: datetime, came: Iterable[datetime], begins: datetime,
    holidays: Collection[date],
) -> Brought:  # fmt: skip
    """What became of the files expected from `begins` on, while they were expected so: after `since`, up to `until`.

    `came` is when files came, those since `until` among them: a file makes up for all that were missing when it came.
    """
    instants: list[datetime] = []
    before = 0
    for at in expected.before(until, holidays):
        if at <= since or before == LOOKED_BACK:
            break
        # What came early is seen among the expectations just before the days that are asked for.
        before += at < begins
        instants.append(at)
    start = instants[-1] if before == LOOKED_BACK else since
    events = sorted([(at, False) for at in instants] + [(at, True) for at in came if at > start])
    open_: list[datetime] = []
    late: list[tuple[datetime, datetime]] = []
    early = False
    for at, has_come in events:
        if has_come:
            early = not open_ and at <= until
            late += [(due, at) for due in open_ if due < at]
            open_ = []
        elif early:
            early = False
        else:
            open_.append(at)
    return Brought(
        sum(at >= begins for at in instants),
        tuple(row for row in late if row[0] >= begins),
        tuple(at for at in open_ if at >= begins),
    )
