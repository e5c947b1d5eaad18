"""What a file tells of its tickets, read without becoming known: to be held against what is known.

The rows go the way of an import - events, timelines, the clock - but nothing of them is kept and no figure counts them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

import numpy as np

from commonhold.demand.engine.chunk import Chunk
from commonhold.demand.engine.clock import Compiled, Histories, reckon
from commonhold.demand.engine.codes import KIND, PRIORITY, REASON, STATE
from commonhold.demand.engine.columns import NEVER, NONE, Tickets
from commonhold.demand.engine.events import Events
from commonhold.demand.engine.facts import facts
from commonhold.demand.engine.timelines import timelines

Row = tuple[int, ...]
FACTS: Final = (
    "priority", "kind", "team", "partner", "service", "category", "opened", "resolved", "closed", "updated", "verdict",
    "reopenings", "held_minutes",
)  # fmt: skip


@dataclass(slots=True)
class Codes:
    """The numbers of names. A name that is not known yet is given the next number, and kept here alone."""

    partner: dict[str, int]
    team: dict[str, int]
    service: dict[str, int]
    category: dict[str, int]
    new: int = field(init=False)

    def __post_init__(self) -> None:
        known = (self.partner, self.team, self.service, self.category)
        self.new = max((number for names in known for number in names.values()), default=0)

    def number(self, names: dict[str, int], name: str | None) -> int:
        if name is None:
            return 0
        if name not in names:
            self.new += 1
            names[name] = self.new
        return names[name]


@dataclass(frozen=True, slots=True)
class Aside:
    """The tickets of a file with their histories, in the order of their numbers, each with its reference."""

    tickets: Tickets
    histories: Histories
    references: tuple[str, ...]


def read_aside(
    chunks: Iterable[Chunk],
    *,
    is_history: bool,
    columns: frozenset[str],
    exported: int,
    codes: Codes,
    numbers: Mapping[str, int],
    parties: Mapping[int, int],
    rules: Compiled,
) -> Aside:
    """The tickets that a file tells of, as the instant `exported` has them.

    `numbers` has the number of every reference; `columns` are those of ours that the file has, and `parties` says who
    answers for each team.
    """
    rows: list[Row] = []
    for chunk in chunks:
        rows += _history(chunk, codes, numbers) if is_history else _snapshots(chunk, codes, numbers)
    events = _events(rows, is_history=is_history, columns=columns, exported=exported)
    told = timelines(events)
    last = told.last
    clock = reckon(told.histories, rules, np.maximum(exported, told.opened))
    found = facts(told, clock)
    team = np.maximum(last.team, 0).astype(np.int32)
    party = np.zeros(max((0, *parties, *team.tolist())) + 1, np.int32)
    for number, answering in parties.items():
        party[number] = answering
    count = len(told.tickets)
    tickets = Tickets(
        id=told.tickets,
        partner=np.maximum(last.partner, 0).astype(np.int32),
        priority=np.maximum(last.priority, 0).astype(np.int8),
        kind=np.maximum(last.kind, 0).astype(np.int8),
        team=team,
        service=np.maximum(last.service, 0).astype(np.int32),
        category=np.maximum(last.category, 0).astype(np.int32),
        party=party[team],
        answering=np.zeros(count, np.int32),
        opened=told.opened,
        resolved=found.resolved,
        closed=found.closed,
        last_event=last.at,
        own_resolved=last.own_resolved == 1,
        own_closed=last.own_closed == 1,
        verdict=last.verdict.astype(np.int8),
        grade=found.grade.astype(np.int8),
        source_reopens=last.reopenings.astype(np.int32),
        held_minutes=last.held_minutes,
        excluded=np.zeros(count, np.bool_),
        corrected=np.zeros(count, np.bool_),
        has_history=last.has_history == 1,
    )
    called = {number: reference for reference, number in numbers.items()}
    return Aside(tickets, told.histories, tuple(called[number] for number in told.tickets.tolist()))


def _history(chunk: Chunk, codes: Codes, numbers: Mapping[str, int]) -> list[Row]:
    said = zip(_common(chunk, codes, numbers), chunk.event_at, chunk.state, strict=True)
    return [
        (*common, NEVER if at is None else at, NONE if state is None else STATE[state]) for common, at, state in said
    ]


def _snapshots(chunk: Chunk, codes: Codes, numbers: Mapping[str, int]) -> list[Row]:
    return list(
        chain.from_iterable(
            ((*common, NEVER if at is None else at, STATE[state]) for at, state in steps)
            for common, steps in zip(_common(chunk, codes, numbers), chunk.steps(), strict=True)
        )
    )


def _common(chunk: Chunk, codes: Codes, numbers: Mapping[str, int]) -> list[Row]:
    """What all events of a line share, in the order of FACTS behind ticket, line, content and the reason of a hold."""

    def seconds(values: Iterable[int | None]) -> list[int]:
        return [NEVER if value is None else value for value in values]

    def counts(values: Iterable[int | None]) -> list[int]:
        return [NONE if value is None else int(value) for value in values]

    named = [
        [codes.number(names, name) for name in column]
        for names, column in (
            (codes.team, chunk.team), (codes.partner, chunk.partner), (codes.service, chunk.service),
            (codes.category, chunk.category),
        )
    ]  # fmt: skip
    return list(
        zip(
            [numbers[reference] for reference in chunk.reference],
            chunk.line,
            chunk.digest,
            [NONE if reason is None else REASON[reason] for reason in chunk.hold_reason],
            [PRIORITY[priority] for priority in chunk.priority],
            [KIND[kind] for kind in chunk.kind],
            *named,
            seconds(chunk.opened_at),
            seconds(chunk.resolved_at),
            seconds(chunk.closed_at),
            seconds(chunk.updated_at),
            counts(chunk.source_verdict),
            counts(chunk.reopen_count),
            counts(chunk.held_minutes),
            strict=True,
        )
    )


def _events(rows: list[Row], *, is_history: bool, columns: frozenset[str], exported: int) -> Events:
    names = ("ticket", "line", "content", "hold_reason", *FACTS, "at", "state")
    table = np.array(rows, np.int64).reshape(-1, len(names))
    told = {name: table[:, place] for place, name in enumerate(names)}
    order = np.lexsort((told["line"], told["at"], told["ticket"]))
    count = len(order)

    def same(value: int) -> np.ndarray:
        return np.full(count, value, np.int64)

    return Events(
        **{name: column[order] for name, column in told.items()},
        batch=same(1),
        has_history=same(int(is_history)),
        is_holds=same(0),
        own_resolved=same(int("resolved_at" in columns)),
        own_closed=same(int("closed_at" in columns)),
        exported=same(exported),
        place=same(1),
        whole_place=same(NONE),
        whole_until=same(NONE),
    )
