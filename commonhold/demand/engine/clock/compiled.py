"""The rules of a partnership made ready for the clock: opening hours, targets, hold reasons as tables (C4, C7, R3)."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from commonhold.demand.engine.clock.histories import COUNTS
from commonhold.demand.engine.clock.hours import DAY, MINUTE, Hours, hours
from commonhold.demand.engine.columns import NONE, Bools, Longs
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.hold_reasons import REASONS, HoldReasons
from commonhold.partnership.engine.rules.targets import KINDS, PRIORITIES, Target, Targets
from commonhold.workdays import Calendar

CalendarVersions: TypeAlias = Sequence[tuple[int, Calendars]]
TargetVersions: TypeAlias = Sequence[tuple[int, Targets]]
HoldVersions: TypeAlias = Sequence[tuple[int, HoldReasons]]
"""Versions of a rule, each with the instant (seconds since 1970) from which it is in force, in any order."""

EARLIEST: Final = -70 * 365 * DAY
LATEST: Final = 1030 * 365 * DAY
"""The clock reads from the year 1900 to about the year 3000; a due instant beyond that is not given."""

FURTHER: Final = 400 * DAY
"""How far past the last instant asked for the tables reach at first, so that few due instants lie beyond them."""

BUCKET: Final = 12
"""The tables find a window by multiples of 2**12 s, some 68 minutes: mostly the right window or the one before it."""

MOST_BUCKETS: Final = 20
"""At most 2**20 buckets to a calendar."""

END: Final = 2**62
"""An instant after all others: closes each calendar's windows, so that a search needs no bounds."""


class Tables(NamedTuple):
    """What the kernel reads, as flat arrays; times in seconds.

    Calendar c has the windows from `first[c]` up to `first[c + 1] - 1`, which is no window but END. Two tables find a
    window without a search: `window_at[c, (instant - base) >> instants]` is the first that ends after that bucket of
    instants begins, `window_of[c, number >> seconds]` the one that holds the first open second of that bucket.
    `targets` and `calendars` are by version, kind and priority (0: none), NONE where there is no target; `versions`
    says since when. `pauses` is by one more than the version of the hold reasons and than the reason (0: none, the last
    COUNTS), and `hold_versions` says since when.
    """

    base: int
    last: int
    instants: int
    seconds: int
    starts: Longs
    ends: Longs
    before: Longs
    first: Longs
    window_at: NDArray[np.int32]
    window_of: NDArray[np.int32]
    versions: Longs
    targets: Longs
    calendars: Longs
    hold_versions: Longs
    pauses: Bools


@dataclass(frozen=True, eq=False)
class Compiled:
    """The versions of calendars, targets and hold reasons, ready for openings and readings from `first` to `last`.

    `names` are the calendars' names in the order that CALENDAR steps and results number them; `hours` are theirs,
    up to the instant `reach`.
    """

    calendar_versions: CalendarVersions
    target_versions: TargetVersions
    hold_versions: HoldVersions
    first: int
    last: int
    reach: int
    names: tuple[str, ...]
    hours: tuple[Hours, ...]

    @cached_property
    def tables(self) -> Tables:
        """What the kernel reads; explaining one ticket does without."""
        return _tables(self)

    def covering(self, first: int, last: int) -> "Compiled":
        """These rules with tables for the instants from `first` to `last` too."""
        if self.first <= first and last <= self.last:
            return self
        return _compiled(*self._agreed, min(first, self.first), max(last, self.last))

    def further(self) -> "Compiled | None":
        """These rules with hours four times as far past the last instant; None where they reach the latest one."""
        if self.reach == LATEST:
            return None
        further = 4 * (self.reach - self.last)
        return _compiled(*self._agreed, self.first, self.last, further)

    @property
    def _agreed(self) -> tuple[CalendarVersions, TargetVersions, HoldVersions]:
        return self.calendar_versions, self.target_versions, self.hold_versions

    def opens_again(self, calendar: int) -> bool:
        """Whether a calendar has hours for ever: its latest version is not one that never opens."""
        return any(_versions(self.calendar_versions, self.names[calendar])[-1][1].windows)

    def version_at(self, instant: int) -> int:
        """The number of the target version in force, from 0; NONE before the first."""
        return bisect_right(self.target_versions, instant, key=_since) - 1

    def target_at(self, instant: int, priority: int, kind: int) -> Target | None:
        """The target that the version in force at an instant gives to a priority (0: none) and a kind."""
        version = self.version_at(instant)
        if version == NONE or priority == 0:
            return None
        return self.target_versions[version][1].find(PRIORITIES[priority - 1], KINDS[kind])

    def pauses(self, instant: int, reason: int) -> bool:
        """Whether a hold that begins at an instant for a reason (NONE: for none) pauses the clock (C4, R3)."""
        if reason == COUNTS:
            return False
        version = bisect_right(self.hold_versions, instant, key=_since) - 1
        return version == NONE or reason == NONE or self.hold_versions[version][1].accepts(REASONS[reason])

    def calendar_at(self, instant: int, calendar: int) -> Calendar:
        """A calendar as it was in force at an instant, or as it was first agreed."""
        versions = _versions(self.calendar_versions, self.names[calendar])
        return versions[max(0, bisect_right(versions, instant, key=_since) - 1)][1]


def compile_rules(
    calendar_versions: CalendarVersions,
    target_versions: TargetVersions,
    first: int,
    last: int,
    hold_versions: HoldVersions = (),
) -> Compiled:
    """The rules ready for tickets opened at `first` or later and read at `last` or earlier.

    The span says where the tables begin and end; reading beyond it is as right, and costs a compilation. Without hold
    reasons every hold pauses the clock.
    """
    calendars = tuple(sorted(calendar_versions, key=_since))
    targets = tuple(sorted(target_versions, key=_since))
    holds = tuple(sorted(hold_versions, key=_since))
    known = {name: None for _, version in calendars for name in version.by_name}
    for _, version in targets:
        version.check_against(known)
    return _compiled(calendars, targets, holds, first, last)


def _compiled(
    calendars: CalendarVersions,
    targets: TargetVersions,
    holds: HoldVersions,
    first: int,
    last: int,
    further: int = FURTHER,
) -> Compiled:
    if not EARLIEST <= first <= last <= LATEST:
        raise ValueError("The clock reads instants from the year 1900 to the year 3000, the earliest first.")
    reach = min(last + further, LATEST)
    names = tuple(sorted({name for _, version in calendars for name in version.by_name}))
    compiled = tuple(hours(_versions(calendars, name), first, reach) for name in names)
    return Compiled(calendars, targets, holds, first, last, reach, names, compiled)


def _versions(calendars: CalendarVersions, name: str) -> tuple[tuple[int, Calendar], ...]:
    """The versions of one calendar; a version of the rule that leaves it out leaves it as it was."""
    return tuple((since, version.by_name[name]) for since, version in calendars if name in version.by_name)


def _tables(rules: Compiled) -> Tables:
    compiled, targets, first, last = rules.hours, rules.target_versions, rules.first, rules.last
    begins = np.cumsum([0, *(len(hours.starts) + 1 for hours in compiled)])
    most = max((hours.total for hours in compiled), default=0)
    # Hours that reach over centuries are found in fewer, larger buckets, or the table would outgrow the hours.
    seconds = max(BUCKET, (most >> MOST_BUCKETS).bit_length())
    shape = (len(targets), len(KINDS), len(PRIORITIES) + 1)
    limits, calendars = np.full(shape, NONE), np.full(shape, NONE)
    for version, (_, rule) in enumerate(targets):
        for kind, priority in np.ndindex(len(KINDS), len(PRIORITIES)):
            if target := rule.find(PRIORITIES[priority], KINDS[kind]):
                limits[version, kind, priority + 1] = target.resolve_minutes * MINUTE
                calendars[version, kind, priority + 1] = rules.names.index(target.calendar)
    return Tables(
        base=first,
        last=last,
        instants=BUCKET,
        seconds=seconds,
        starts=_end_to_end([hours.starts for hours in compiled], [END] * len(compiled)),
        ends=_end_to_end([hours.ends for hours in compiled], [END] * len(compiled)),
        before=_end_to_end([hours.before for hours in compiled], [hours.total for hours in compiled]),
        first=begins,
        window_at=_finder([hours.ends for hours in compiled], begins, _buckets(first, last, BUCKET)),
        window_of=_finder([hours.before[1:] for hours in compiled], begins, _buckets(0, most, seconds)),
        versions=np.array([since for since, _ in targets], dtype=np.int64),
        targets=limits,
        calendars=calendars,
        hold_versions=np.array([since for since, _ in rules.hold_versions], dtype=np.int64),
        pauses=_pauses(rules.hold_versions),
    )


def _pauses(holds: HoldVersions) -> Bools:
    """By version and reason, both from 1, whether a hold pauses the clock: before the first version, and without a
    reason, it does. One whose time COUNTS never does.
    """
    accepted = [[True, *(rule.accepts(reason) for reason in REASONS), False] for _, rule in holds]
    return np.array([[True] * (len(REASONS) + 1) + [False], *accepted], np.bool_)


def _buckets(first: int, last: int, bits: int) -> Longs:
    """Where the buckets of 2**bits seconds begin that lie from `first` to `last`."""
    begins: Longs = first + (np.arange(((last - first) >> bits) + 1) << bits)
    return begins


def _finder(columns: Sequence[Longs], begins: Longs, buckets: Longs) -> NDArray[np.int32]:
    """By calendar and bucket: how many of the calendar's values are not after the bucket's beginning, as a place."""
    found = np.empty((len(columns), len(buckets)), np.int32)
    for calendar, column in enumerate(columns):
        found[calendar] = begins[calendar] + np.searchsorted(column, buckets, side="right")
    return found


def _end_to_end(columns: Sequence[Longs], last: Sequence[int]) -> Longs:
    """The columns of all calendars one after another, each with a last value of its own behind it."""
    parts = [part for column, end in zip(columns, last, strict=True) for part in (column, np.array([end]))]
    return np.concatenate([np.empty(0, np.int64), *parts])


def _since(version: tuple[int, object]) -> int:
    return version[0]
