"""The thread of an entry, as one story, from `because` alone: all that led to it, and all that came of it.

What came of it rests on more than the entry itself, such as the paper that closes an action and the pack behind it:
that belongs to the story too.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from commonhold.ledger.engine.by import By
from commonhold.ledger.engine.verify_commonhold import LARGEST_WHOLE_NUMBER
from commonhold.ledger.models import Entry
from commonhold.ledger.queries.subjects import Line, lines

NEAREST = 1_000
"""How many entries a thread follows each way. What lies farther off is said to be there, and is a step away."""

PAGE = 100

WALK = """
with recursive
causes(number, tied) as (
  select number, cast(null as bigint) from ledger_entry where number = %(start)s
  union
  select tie.cause_id, tie.entry_id from causes join ledger_because tie on tie.entry_id = causes.number
),
effects(number, tied) as (
  select number, cast(null as bigint) from ledger_entry where number = %(start)s
  union
  select tie.entry_id, tie.cause_id from effects join ledger_because tie on tie.cause_id = effects.number
)
select 'before', number, tied from (select number, tied from causes limit %(most)s) as before
union all
select 'after', number, tied from (select number, tied from effects limit %(most)s) as after
"""
"""Each tie that is walked; the entry itself comes tied to nothing, once in each direction."""

GROUNDS = """
with recursive grounds(number, tied) as (
  select cause_id, entry_id from ledger_because
  where entry_id in ({came}) and entry_id <> %s and cause_id not in ({known})
  union
  select tie.cause_id, tie.entry_id from grounds join ledger_because tie on tie.entry_id = grounds.number
  where tie.cause_id not in ({known})
)
select 'beside', number, tied from grounds limit %s
"""
"""Each tie by which what came of an entry rests on something else. Numbers stand in it: with a table of them both
databases would read every tie there is."""


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a thread, how many steps before (-) or after it lies, and its ties inside the thread and beyond.

    What something that came of the entry rests on lies as many steps after as that does.
    """

    line: Line
    distance: int
    causes: tuple[int, ...]
    effects: tuple[int, ...]
    outside: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """One page of a thread, in the order of the record; of the whole, how many led here, came of it, and lie beside."""

    start: Line
    steps: list[Step]
    before: int
    after: int
    beside: int
    cut: bool
    page: int
    pages: int


def thread(start: int, seen_by: By, *, page: int | None = None, most: int = NEAREST, size: int = PAGE) -> Thread | None:
    """The thread of the entry of this number, or None where there is none.

    Without a page asked for, the one on which the entry itself stands.
    """
    if start > LARGEST_WHOLE_NUMBER or not (walked := _walked(start, most)):
        return None
    walked += _grounds(start, walked, most)
    causes, effects = _both_ways(walked)
    before, after = _distances({start: 0}, causes, -1), _distances({start: 0}, effects, 1)
    distances = _distances(before | after, causes, 0)
    numbers = sorted(distances)
    pages = -(-len(numbers) // size)
    page = min(max(page if page is not None else numbers.index(start) // size + 1, 1), pages)
    here = numbers[(page - 1) * size : page * size]
    told = {line.number: line for line in lines(Entry.objects.filter(number__in={*here, start}), seen_by)}
    for number, line in told.items():
        for cause in line.because:
            effects[cause].add(number)
    steps = [
        Step(
            line=told[number],
            distance=distances[number],
            causes=tuple(cause for cause in told[number].because if cause in distances),
            effects=tuple(sorted(effects[number])),
            outside=tuple(cause for cause in told[number].because if cause not in distances),
        )
        for number in here
        if number in told
    ]
    cut = any(sum(way == each for each, _, _ in walked) > most + 1 for way in ("before", "after", "beside"))
    led, came = len(before) - 1, len(after) - 1
    return Thread(told[start], steps, led, came, len(numbers) - led - came - 1, cut, page, pages)


Ties = defaultdict[int, set[int]]


Walked = list[tuple[str, int, int | None]]


def _walked(start: int, most: int) -> Walked:
    """The entry itself, and of each direction the `most` nearest ties and one more."""
    with connection.cursor() as cursor:
        cursor.execute(WALK, {"start": start, "most": most + 2})
        return list(cursor.fetchall())


def _grounds(start: int, walked: Walked, most: int) -> Walked:
    """What those rest on that came of it, beyond what is walked already."""
    came = sorted({number for way, number, _ in walked if way == "after"})
    known = sorted({number for _, number, _ in walked})
    marks = {"came": ", ".join(["%s"] * len(came)), "known": ", ".join(["%s"] * len(known))}
    with connection.cursor() as cursor:
        cursor.execute(GROUNDS.format(**marks), [*came, start, *known, *known, most + 2])
        return list(cursor.fetchall())


def _both_ways(walked: Walked) -> tuple[Ties, Ties]:
    """The causes of each entry, and its effects."""
    causes: Ties = defaultdict(set)
    effects: Ties = defaultdict(set)
    for way, number, tied in walked:
        if tied is not None:
            cause, effect = (tied, number) if way == "after" else (number, tied)
            causes[effect].add(cause)
            effects[cause].add(effect)
    return causes, effects


def _distances(known: Mapping[int, int], ties: Ties, step: int) -> dict[int, int]:
    """How far everything lies that these ties lead to from what is known, each tie a step."""
    distances = dict(known)
    waiting = list(known)
    for number in waiting:
        for other in sorted(ties[number]):
            if other not in distances:
                distances[other] = distances[number] + step
                waiting.append(other)
    return distances
