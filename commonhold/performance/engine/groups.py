"""Measures by any combination of partner, priority, team, kind, service, category, party and month, as Figures (F1).

A group exists where a ticket that matters to the period is in it; tickets without a value form a group of their own,
last in order. A month's figure is the figure of that month as a period of its own (see `periods.months`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from commonhold.demand.engine.columns import Bools, Grade, Kind, Longs
from commonhold.figures import Figure
from commonhold.performance.engine.counting import Counted, Groups, Point, Shape, Share, Total, by_group, concerned
from commonhold.performance.engine.extract import Bit, Extract
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.measures.definition import Definition, Need
from commonhold.performance.engine.references import Reference
from commonhold.refusals import Refused

Scope: TypeAlias = Mapping[str, str | None]

MONTH: Final = "month"
WORDS: Final = ("partner", "priority", "team", "kind", "service", "category", "responsible", MONTH)
"""What figures can be grouped by, as the command line and scopes spell it."""

GRADES: Final = tuple(grade.name.lower() for grade in Grade)
PROVEN: Final = {"none": "nothing", "total": "a total", "observed": "repeated snapshots", "intervals": "every hold"}

MANY_KEYS: Final = 4_000_000
"""Up to so many combinations of values, those that occur are found by counting instead of sorting."""

MIXED: Final = "mixes sources that prove different things about holds"

BEYOND: Final = "clocks are read later than anything that the files tell of, so what happened until then is not known"
"""What a figure says of itself whose clocks are read after the last instant that any file tells of (F7)."""

COMPARED: Final = ("value", "numerator", "denominator", "low", "high")
"""What of a figure is the same where it is computed again from what it was computed from."""
NAMED: Final = ("measure", "definition", "unit", "period", "scope", "as_of", "known_at")
"""What says of what it is the figure; its reference says the same."""

KINDS: Final[Mapping[int, str]] = {kind: kind.name.lower() for kind in Kind}


@dataclass(frozen=True, slots=True)
class Names:
    """What the codes stand for. Codes of the same name are one group; code 0 is no value."""

    partner: Mapping[int, str]
    team: Mapping[int, str]
    service: Mapping[int, str]
    party: Mapping[int, str]
    category: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every figure of one computation carries: what was known, under which rules, by which program; and whether
    its clocks are read after the last instant that any file known then tells of.
    """

    known_at: int
    program: str
    rule_version: str | None = None
    is_beyond: bool = False


@dataclass(frozen=True, slots=True)
class Members:
    """The tickets behind a figure: which of them its numerator counts, and what each brings (seconds, or a count)."""

    tickets: Longs
    counted: Bools
    amounts: Longs | None


@dataclass(frozen=True, slots=True)
class PutRight:
    """The tickets that a figure counts as they were corrected, and those that it leaves out as excluded."""

    corrected: Longs
    excluded: Longs


def figures(
    extracts: Sequence[Extract],
    measures: Iterable[str],
    by: Sequence[str],
    names: Names,
    stamp: Stamp | Sequence[Stamp],
) -> list[Figure]:
    """The figures of these measures, each once, in order of measure and then of group.

    One extract of the whole period; where `by` has the word month, one extract for each of its months. One stamp for
    all of them, or one for each.
    """
    check(by)
    wanted = dict.fromkeys(definition(name) for name in measures)
    monthly = MONTH in by
    if monthly:
        _check_months(extracts)
    elif len(extracts) != 1:
        raise ValueError("Figures of a whole period need its one extract.")
    stamps = [stamp] * len(extracts) if isinstance(stamp, Stamp) else stamp
    scoped = [_Scoped(extract, by, names, mark) for extract, mark in zip(extracts, stamps, strict=True)]
    found: list[Figure] = []
    for one in wanted:
        of_one = [figure for extract in scoped for figure in extract.figures(one)]
        if monthly:
            of_one.sort(key=lambda figure: [(value is None, value or "") for value in figure.scope.values()])
        found += of_one
    return found


def one_figure(extract: Extract, reference: Reference, names: Names, stamp: Stamp) -> Figure | None:
    """The figure that a reference stands for, computed again; None where no ticket is in its scope now."""
    found = figures([extract], [reference.definition], tuple(reference.scope), names, stamp)
    return next((figure for figure in found if dict(figure.scope) == dict(reference.scope)), None)


def members(extract: Extract, measure: str, scope: Scope, names: Names) -> Members:
    """The tickets behind the figure of this measure and scope, in order of their ids."""
    shape = definition(measure).rule(extract)
    inside, held = _inside(extract, shape, scope, names)
    shares = extract.shares
    inside &= shape.counted & ~extract.has(Bit.EXCLUDED)
    ids = extract.records["id"]
    if isinstance(shape, Total) and shape.of_shares:
        holders = shares["record"][held]
        amounts, holding = np.zeros(len(ids), np.int64), np.zeros(len(ids), np.bool_)
        np.add.at(amounts, holders, shape.amount[held])
        holding[holders] = True
        rows = np.flatnonzero(inside & holding)
        return Members(ids[rows], np.ones(len(rows), np.bool_), amounts[rows])
    rows = np.flatnonzero(inside)
    if isinstance(shape, Share):
        return Members(ids[rows], shape.met[rows], None)
    amount = shape.seconds if isinstance(shape, Point) else shape.amount if isinstance(shape, Total) else None
    return Members(ids[rows], np.ones(len(rows), np.bool_), None if amount is None else amount[rows])


def put_right(extract: Extract, measure: str, scope: Scope, names: Names) -> PutRight:
    """The tickets behind the figure of this measure and scope that are corrected, and those left out of it (F6)."""
    shape = definition(measure).rule(extract)
    inside, held = _inside(extract, shape, scope, names)
    if isinstance(shape, Total) and shape.of_shares:
        holding = np.zeros(len(inside), np.bool_)
        holding[extract.shares["record"][held]] = True
        inside &= holding
    ids, excluded = extract.records["id"], extract.has(Bit.EXCLUDED)
    corrected = inside & shape.counted & ~excluded & extract.has(Bit.CORRECTED)
    return PutRight(ids[corrected], ids[inside & concerned(shape) & excluded])


def _inside(extract: Extract, shape: Shape, scope: Scope, names: Names) -> tuple[Bools, Bools]:
    """Which records are in a scope, and which shares, where a measure is summed over those who held them."""
    inside, held = np.ones(len(extract.records), np.bool_), np.ones(len(extract.shares), np.bool_)
    for word, value in scope.items():
        if word == MONTH:
            if value != extract.period.month:
                raise Refused(f"This period has no month '{value}'.")
            continue
        codes = _codes(word, value, names)
        if isinstance(shape, Total) and shape.of_shares and word in _HELD:
            held &= np.isin(extract.shares[_HELD[word]], codes)
        else:
            inside &= np.isin(extract.records[_FIELDS[word]], codes)
    return inside, held


def check(by: Sequence[str]) -> None:
    """Refuse words that figures cannot be grouped by, and words given twice."""
    for word in by:
        if word not in WORDS:
            raise Refused(f"Figures cannot be grouped by '{word}'. Choose from: {', '.join(WORDS)}.")
    if len(set(by)) < len(by):
        raise Refused("A word to group by is given twice.")


class _Scoped:
    """An extract with its groups, which are found once for all measures."""

    def __init__(self, extract: Extract, by: Sequence[str], names: Names, stamp: Stamp) -> None:
        self.extract, self.by, self.names, self.stamp = extract, by, names, stamp
        self.read_at = extract.period.read_at
        self.found: dict[bool, tuple[list[Scope], Groups]] = {}

    def figures(self, one: Definition) -> list[Figure]:
        shape = one.rule(self.extract)
        of_shares = isinstance(shape, Total) and shape.of_shares
        if of_shares not in self.found:
            self.found[of_shares] = grouped(self.extract, self.by, self.names, of_shares)
        scopes, groups = self.found[of_shares]
        return [
            self._figure(one, scope, counted)
            for scope, counted in zip(scopes, by_group(shape, self.extract, groups), strict=True)
        ]

    def _figure(self, one: Definition, scope: Scope, counted: Counted) -> Figure:
        stamp = self.stamp
        mix = dict(zip(GRADES, counted.grades, strict=True))
        span = self.extract.period.span
        return Figure(
            measure=one.name,
            value=counted.value,
            unit=one.unit,
            period=span,
            definition=str(one),
            as_of=self.read_at,
            known_at=stamp.known_at,
            program=stamp.program,
            evidence=str(Reference(str(one), span, scope, self.read_at, stamp.known_at)),
            numerator=counted.numerator,
            denominator=counted.denominator,
            low=counted.low,
            high=counted.high,
            scope=scope,
            rule_version=stamp.rule_version if one.ruled else None,
            grade_mix=mix,
            reason=None if counted.reason is None else counted.reason.format(them=_them(scope)),
            notes=counted.notes + _mixed(one, mix) + ((BEYOND,) if stamp.is_beyond else ()),
        )


def grouped(extract: Extract, by: Sequence[str], names: Names, of_shares: bool = False) -> tuple[list[Scope], Groups]:
    """The scopes in order, and which of them each record is in; where asked, each share too, by who held it."""
    records, shares = extract.records, extract.shares
    keys = np.zeros(len(records), np.int64)
    held = np.zeros(len(shares), np.int64)
    labels: list[list[str | None]] = []
    for word in by:
        if word == MONTH:
            labels.append([extract.period.month])
            continue
        codes = records[_FIELDS[word]]
        if of_shares:
            holders = shares[_HELD[word]] if word in _HELD else codes[shares["record"]]
            codes = np.concatenate([codes, holders])
        values, places = _values(word, codes, names)
        labels.append(values)
        keys = keys * len(values) + places[: len(records)]
        if of_shares:
            held = held * len(values) + places[len(records) :]
    present, places = _present(np.concatenate([keys, held]) if of_shares else keys, prod(map(len, labels)))
    if set(by) <= {MONTH}:
        present = np.zeros(1, np.int64)
    scopes = [_scope(by, labels, key) for key in present.tolist()]
    return scopes, Groups(places[: len(records)], places[len(records) :], len(scopes))


def _present(keys: Longs, most: int) -> tuple[Longs, NDArray[np.intp]]:
    """The keys that occur, in order, and the place of each among them; all keys are below `most`."""
    if most > MANY_KEYS:
        return np.unique(keys, return_inverse=True)
    occurs = np.bincount(keys, minlength=most) > 0
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[keys]


def _scope(by: Sequence[str], labels: list[list[str | None]], key: int) -> Scope:
    scope: dict[str, str | None] = {}
    for word, values in zip(reversed(by), reversed(labels), strict=True):
        key, place = divmod(key, len(values))
        scope[word] = values[place]
    return {word: scope[word] for word in by}


def _values(word: str, codes: NDArray[np.integer], names: Names) -> tuple[list[str | None], Longs]:
    """The values of a word that occur, in order with "none" last, and the place of each code's value among them."""
    lowest = int(codes.min()) if len(codes) else 0
    occurring = np.flatnonzero(np.bincount(codes - lowest)) + lowest if len(codes) else np.zeros(0, np.int64)
    named = {int(code): _value(word, int(code), names) for code in occurring}
    values = sorted(set(named.values()), key=lambda value: (value is None, value or ""))
    place_of = np.zeros(int(occurring[-1]) - lowest + 1 if len(occurring) else 1, np.int64)
    for code, value in named.items():
        place_of[code - lowest] = values.index(value)
    return values, place_of[codes - lowest]


def _codes(word: str, value: str | None, names: Names) -> NDArray[np.int64]:
    """All codes that this value of a word stands for."""
    if word == "priority":
        candidates: Iterable[int] = range(6)
    elif word == "kind":
        candidates = KINDS
    else:
        candidates = (0, *_named(word, names))
    return np.array([code for code in candidates if _value(word, code, names) == value], np.int64)


def _value(word: str, code: int, names: Names) -> str | None:
    if word == "kind":
        return KINDS[code]
    if code == 0:
        return None
    return f"P{code}" if word == "priority" else _named(word, names)[code]


def _named(word: str, names: Names) -> Mapping[int, str]:
    mapping: Mapping[int, str] = getattr(names, _FIELDS[word])
    return mapping


_FIELDS: Final[Mapping[str, str]] = {
    "partner": "partner",
    "priority": "priority",
    "team": "team",
    "kind": "kind",
    "service": "service",
    "category": "category",
    "responsible": "party",
}
_HELD: Final[Mapping[str, str]] = {"team": "team", "responsible": "party"}


def _mixed(one: Definition, mix: Mapping[str, int]) -> tuple[str, ...]:
    """What a figure says of itself that rests on holds, where its sources prove different things about them (F5)."""
    if Need.HOLDS not in one.needs or sum(n > 0 for n in mix.values()) < 2:
        return ()
    known = ", ".join(f"{PROVEN[grade]} for {n}" for grade, n in mix.items() if n)
    return (f"{MIXED}: {known}",)


def is_mixed(note: str) -> bool:
    """Whether a note of a figure says that its sources prove different things."""
    return note.startswith(MIXED)


def _check_months(extracts: Sequence[Extract]) -> None:
    spans = [extract.period.span for extract in extracts]
    if any((span.first.year, span.first.month) != (span.last.year, span.last.month) for span in spans):
        raise ValueError("Figures by month need an extract of each month.")
    if len({extract.period.month for extract in extracts}) < len(extracts):
        raise ValueError("Two extracts are of one month.")


def _them(scope: Scope) -> str:
    kind = {"incident": "incidents", "request": "requests", "problem": "problems", "change": "changes"}
    what = kind.get(scope.get("kind") or "", "tickets")
    if "priority" not in scope:
        return what if "kind" in scope else "these tickets"
    priority = scope["priority"]
    return f"{what} without a priority" if priority is None else f"{priority} {what}"
