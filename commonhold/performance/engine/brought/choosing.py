"""Which readings a figure is made of: those that lie wholly in its days, each part of the service once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations
from typing import Final, TypeAlias

from commonhold.figures import Span
from commonhold.performance.engine.brought.definition import Grade, SourceMeasure

PARTS: Final = ("partner", "service", "site")
YEAR: Final = timedelta(days=366)
"""Who brought a reading within so many days is expected to bring the next."""

Part: TypeAlias = tuple[str, str, str, int | None]
Words: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A reading that stands, as figures take it: its numbers exact and in the measure's own unit.

    `count` is the numerator, for a mean worked out from value and denominator where the sum was not brought
    (`worked_out`); `mean` stands alone where there is no denominator. "" is every partner, service or site.
    """

    number: int
    partner: str
    service: str
    site: str
    threshold: int | None
    first: date
    last: date
    count: Fraction
    denominator: Fraction | None
    mean: Fraction | None
    worked_out: bool
    grade: Grade
    version: int

    def word(self, word: str) -> str:
        """A value as scopes spell it; "" where it is left open."""
        if word == "threshold":
            return "" if self.threshold is None else str(self.threshold)
        value: str = getattr(self, word)
        return value

    @property
    def part(self) -> Part:
        return self.partner, self.service, self.site, self.threshold

    @property
    def named(self) -> list[str]:
        return [value for value in (self.partner, self.service, self.site) if value]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The readings that are added, and those that are not, by why; `reason` where none can be.

    `days` are the days told, by part of the service; `absent` names parts that others of the time tell of.
    """

    used: Sequence[Told]
    edges: Sequence[Told] = ()
    beside: Sequence[Told] = ()
    uncounted: Sequence[Told] = ()
    other_versions: Sequence[Told] = ()
    absent: Sequence[Told] = ()
    days: dict[Part, set[date]] = field(default_factory=dict)
    is_whole: bool = True
    reason: str | None = None


def choose(measure: SourceMeasure, told: Iterable[Told], span: Span, as_of: date) -> Chosen:
    """Of the readings of one scope those that make its figure over some days, as far as `as_of`.

    The widest count first: a reading of the whole service leaves out those of its parts, whose days it tells as well.
    """
    told = [one for one in told if one.last <= as_of]
    near = [one for one in told if one.first <= span.last and span.first <= one.last]
    inside = [one for one in near if span.first <= one.first and one.last <= span.last]
    edges = [one for one in near if not (span.first <= one.first and one.last <= span.last)]
    current = [one for one in inside if one.version == measure.version]
    others = [one for one in inside if one.version != measure.version]
    if measure.adding.is_stock:
        current = _last_of_each(current)
    used, beside = _each_once(current, by_days=not measure.adding.is_stock)
    if not used:
        return Chosen((), edges, beside, (), others, is_whole=False, reason=_nothing(edges, others))
    thresholds = sorted({one.threshold for one in used if one.threshold is not None})
    if len(thresholds) > 1:
        both = " and ".join(measure.at(one) for one in thresholds)
        reason = f"readings {both} are not added; see them by threshold"
        return Chosen((), edges, beside, (), others, is_whole=False, reason=reason)
    counted = [one for one in used if one.mean is None]
    uncounted = [one for one in used if one.mean is not None]
    if uncounted and len(used) > 1:
        if not counted:
            reason = f"{len(used)} means without their counts cannot be added"
            return Chosen((), edges, beside, uncounted, others, is_whole=False, reason=reason)
        used = counted
    else:
        uncounted = []
    days = _days(used)
    absent = _absent(told, used, span)
    whole = not measure.adding.is_stock and all(len(found) == span.days for found in days.values())
    at_the_end = measure.adding.is_stock and all(one.last == span.last for one in used)
    is_whole = (whole or at_the_end) and not absent and not uncounted
    return Chosen(used, edges, beside, uncounted, others, absent, days, is_whole)


def _nothing(edges: Sequence[Told], others: Sequence[Told]) -> str:
    if edges:
        return "no reading lies wholly in these days"
    return "its readings were counted by another definition" if others else "no readings were brought"


def _last_of_each(told: Iterable[Told]) -> list[Told]:
    """Of each part of the service the last reading."""
    last: dict[Part, Told] = {}
    for one in sorted(told, key=lambda one: (one.last, one.number)):
        last[one.part] = one
    return list(last.values())


def _each_once(told: Iterable[Told], *, by_days: bool) -> tuple[list[Told], list[Told]]:
    """The readings that can be added without counting anything twice, the widest first, and those left beside them."""
    used: list[Told] = []
    beside: list[Told] = []
    there = _There()
    # Where one file tells by partner and another by service, the partners' readings are added: the order of PARTS.
    for one in sorted(told, key=lambda one: (len(one.named), [not one.word(w) for w in PARTS], one.first, one.number)):
        if there.meets(one, by_days=by_days):
            beside.append(one)
        else:
            used.append(one)
            there.add(one)
    used.sort(key=lambda one: (one.part[:3], one.threshold or 0, one.first))
    return used, beside


class _There:
    """Readings that are in a figure, found by what others tell of in common: an open word holds every value.

    Each stands under its values of every choice of its words, so that one look for each choice finds it.
    """

    def __init__(self) -> None:
        self.days: dict[tuple[Words, Words, tuple[str, ...], int | None], set[int]] = {}
        self.words: set[Words] = set()

    def add(self, one: Told) -> None:
        own = _named(one)
        self.words.add(own)
        days = range(one.first.toordinal(), one.last.toordinal() + 1)
        for size in range(len(own) + 1):
            for some in combinations(own, size):
                self.days.setdefault((own, some, _values(one, some), one.threshold), set()).update(days)

    def meets(self, one: Told, *, by_days: bool) -> bool:
        """Whether a reading tells of something that is there; where asked, of some of its days."""
        named = _named(one)
        for own in self.words:
            both = tuple(word for word in own if word in named)
            days = self.days.get((own, both, _values(one, both), one.threshold))
            if days and (not by_days or not days.isdisjoint(range(one.first.toordinal(), one.last.toordinal() + 1))):
                return True
        return False


def _named(one: Told) -> Words:
    return tuple(word for word in PARTS if one.word(word))


def _values(one: Told, words: Words) -> tuple[str, ...]:
    return tuple(one.word(word) for word in words)


def _days(used: Iterable[Told]) -> dict[Part, set[date]]:
    found: dict[Part, set[date]] = {}
    for one in used:
        days = range((one.last - one.first).days + 1)
        found.setdefault(one.part, set()).update(one.first + timedelta(days=day) for day in days)
    return found


def _absent(told: Iterable[Told], used: Sequence[Told], span: Span) -> list[Told]:
    """One reading of each part of the service of which some tell within a year, and none in these days."""
    lately = [one for one in told if one.last >= span.first - YEAR and one.first <= span.last + YEAR]
    there = _There()
    for one in used:
        there.add(one)
    found = []
    for one in sorted(lately, key=lambda one: one.number):
        if not there.meets(one, by_days=False):
            found.append(one)
            there.add(one)
    return found
