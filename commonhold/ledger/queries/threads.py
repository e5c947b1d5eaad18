"""The thread of an entry: all that led to it and all that came of it, as one story, from `because` alone."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

from commonhold.ledger.engine.by import By
from commonhold.ledger.engine.verify_commonhold import LARGEST_WHOLE_NUMBER
from commonhold.ledger.models import Entry
from commonhold.ledger.queries.subjects import Line, lines

NEAREST = 1_000
"""How many entries a thread follows each way. What lies farther off is said to be there, and is a step away."""

PAGE = 100

TIES = """
with recursive
causes(number) as (
  select number from ledger_entry where number = %(start)s
  union
  select tie.cause_id from causes join ledger_because tie on tie.entry_id = causes.number
),
effects(number) as (
  select number from ledger_entry where number = %(start)s
  union
  select tie.entry_id from effects join ledger_because tie on tie.cause_id = effects.number
),
thread(number) as (
  select number from (select number from causes limit %(most)s) as before
  union
  select number from (select number from effects limit %(most)s) as after
)
select thread.number, tie.cause_id
from thread left join ledger_because tie on tie.entry_id = thread.number
order by thread.number, tie.cause_id
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a thread, how many steps before (-) or after it lies, and its ties inside the thread and beyond."""

    line: Line
    distance: int
    causes: tuple[int, ...]
    effects: tuple[int, ...]
    outside: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """One page of a thread, in the order of the record."""

    start: Line
    steps: list[Step]
    before: int
    after: int
    cut: bool
    page: int
    pages: int


def thread(start: int, seen_by: By, *, page: int | None = None, most: int = NEAREST, size: int = PAGE) -> Thread | None:
    """The thread of the entry of this number, or None where there is none.

    Without a page asked for, the one on which the entry itself stands.
    """
    ties = _ties(start, most) if start <= LARGEST_WHOLE_NUMBER else {}
    if not ties:
        return None
    numbers = sorted(ties)
    effects = _turned(ties)
    distances = _distances(start, ties, -1) | _distances(start, effects, 1)
    pages = -(-len(numbers) // size)
    page = min(max(page if page is not None else numbers.index(start) // size + 1, 1), pages)
    here = numbers[(page - 1) * size : page * size]
    told = {line.number: line for line in lines(Entry.objects.filter(number__in={*here, start}), seen_by)}
    steps = [
        Step(
            line=told[number],
            distance=distances[number],
            causes=tuple(cause for cause in ties[number] if cause in ties),
            effects=tuple(effects[number]),
            outside=tuple(cause for cause in ties[number] if cause not in ties),
        )
        for number in here
        if number in told
    ]
    before = sum(number < start for number in numbers)
    after = len(numbers) - before - 1
    return Thread(told[start], steps, before, after, max(before, after) > most, page, pages)


def _ties(start: int, most: int) -> dict[int, list[int]]:
    """Each entry of the thread with its causes."""
    with connection.cursor() as cursor:
        cursor.execute(TIES, {"start": start, "most": most + 2})
        ties: dict[int, list[int]] = defaultdict(list)
        for number, cause in cursor.fetchall():
            ties[number].extend([cause] if cause is not None else [])
    return dict(ties)


def _turned(ties: dict[int, list[int]]) -> dict[int, list[int]]:
    """Each entry with its effects inside the thread."""
    effects: dict[int, list[int]] = {number: [] for number in ties}
    for number, causes in ties.items():
        for cause in causes:
            if cause in effects:
                effects[cause].append(number)
    return effects


def _distances(start: int, ties: dict[int, list[int]], step: int) -> dict[int, int]:
    distances = {start: 0}
    waiting = [start]
    for number in waiting:
        for other in ties[number]:
            if other in ties and other not in distances:
                distances[other] = distances[number] + step
                waiting.append(other)
    return distances
