"""Tickets and histories built again from kept files alone, without the database: what recomputing rests on.

It finds lines that say again what an earlier file said by a way of its own, so that it checks the import and does not
repeat it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from commonhold.demand.engine.chunk import Chunk
from commonhold.demand.engine.claims import counting, hold_of, none_held
from commonhold.demand.engine.clock import Compiled, Histories, reckon
from commonhold.demand.engine.columns import NEVER, NONE, Ints, Longs, Tickets
from commonhold.demand.engine.events import Events
from commonhold.demand.engine.facts import facts
from commonhold.demand.engine.holds import Hold, problems
from commonhold.demand.engine.mapping import HOLD_REASONS, KINDS, PRIORITIES, SERVICE, STATES
from commonhold.demand.engine.telling import places
from commonhold.demand.engine.timelines import Timelines, timelines
from commonhold.performance.engine.groups import Names

COLUMNS: Final = (
    "ticket", "batch", "line", "content", "at", "state", "hold_reason", "priority", "kind", "team", "partner",
    "service", "category", "opened", "resolved", "closed", "updated", "verdict", "reopenings", "held_minutes",
    "has_history", "is_holds", "own_resolved", "own_closed",
)  # fmt: skip
BATCH, LINE, AT = (COLUMNS.index(name) for name in ("batch", "line", "at"))
STATE: Final = {word: code for code, word in enumerate(STATES)}
REASON: Final = {word: code for code, word in enumerate(HOLD_REASONS)}
PRIORITY: Final = {word: code for code, word in enumerate(PRIORITIES, start=1)}
KIND: Final = {word: code for code, word in enumerate(KINDS)}

HOLD, RESPONSIBLE = "hold", "responsible"
AFTERWARDS: Final = (HOLD, RESPONSIBLE)
"""The facts that are put right once the events are timelines."""


@dataclass(frozen=True, slots=True)
class Source:
    """A kept file: its batch, its desk, whether it tells histories, and which columns are the source's own.

    `is_holds` says of a file of holds that it is one, `complete` that it tells every hold of its desk. `exported`
    is when somebody said that it was made, else `brought` is the latest that it can tell of. Messages name instants
    in `zone`. `teams` are those that its mapping gives to somebody; `replaces` the batches that count no longer
    from it on.
    """

    batch: int
    desk: str
    has_history: bool
    own_resolved: bool
    own_closed: bool
    brought: int
    exported: int | None = None
    is_holds: bool = False
    complete: bool = False
    zone: str = "UTC"
    teams: frozenset[str] = frozenset()
    replaces: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Put:
    """A fact of a ticket put right, by the name that stands for it; `fact` is "excluded" for one left out."""

    desk: str
    reference: str
    fact: str
    value: str | None


@dataclass(slots=True)
class Rebuilt:
    """Everything that files told so far, under numbers of its own."""

    tickets: dict[tuple[str, str], int] = field(default_factory=dict)
    numbers: dict[str, dict[str, int]] = field(
        default_factory=lambda: {name: {} for name in ("partner", "team", "service", "category", "party")}
    )
    party_of: dict[int, int] = field(default_factory=dict)
    rows: list[tuple[int, ...]] = field(default_factory=list)
    _replaced: dict[int, int] = field(default_factory=dict)
    """By batch that counts no longer, the one that took its place."""
    _said: dict[bool, dict[int, dict[int, Counter[int]]]] = field(default_factory=lambda: {True: {}, False: {}})
    """What is stored: of histories and of snapshots apart, by ticket and batch, each line as often as it stands."""
    _holds: dict[int, dict[int, Counter[int]]] = field(default_factory=dict)
    """The same of files of holds."""
    _desks: dict[int, str] = field(default_factory=dict)
    _wholes: dict[str, list[int]] = field(default_factory=dict)
    """By desk, the batches of files that tell every hold."""
    observed: dict[int, int] = field(default_factory=dict)
    """By batch, the last instant of which its file tells."""

    def take(self, source: Source, chunks: Iterable[Chunk]) -> None:
        """Add what a file says that no earlier one said."""
        told = list(chunks)
        last = max((max(_instants(chunk)) for chunk in told), default=0)
        # What an export says of the time after it was brought is a slip; clocks are not read there.
        self.observed[source.batch] = min(last, source.brought) if source.exported is None else source.exported
        self._replaced |= dict.fromkeys(source.replaces, source.batch)
        self._desks[source.batch] = source.desk
        if source.is_holds:
            self._take_holds(source, told)
        else:
            self._take_tickets(source, told)

    def _take_tickets(self, source: Source, chunks: Iterable[Chunk]) -> None:
        waiting: dict[int, Counter[int]] = {}
        now: dict[int, Counter[int]] = {}
        again: dict[int, Counter[int]] = {}
        for chunk in chunks:
            steps = chunk.steps() if not source.has_history else None
            fresh = []
            for place, reference in enumerate(chunk.reference):
                ticket = self.tickets.setdefault((source.desk, reference), len(self.tickets) + 1)
                implied = next(steps) if steps is not None else ((chunk.event_at[place], chunk.state[place]),)
                if ticket not in waiting:
                    waiting[ticket] = self._stored(ticket, source.has_history)
                if waiting[ticket][chunk.digest[place]] > 0:
                    waiting[ticket][chunk.digest[place]] -= 1
                    if source.has_history or chunk.is_settled(place) or not self._is_later(ticket, source.batch):
                        continue
                    # Told again of a ticket at work, at a later moment: known to be so until then.
                    again.setdefault(ticket, Counter())[chunk.digest[place]] += 1
                    implied = implied[-1:]
                else:
                    fresh.append(place)
                    now.setdefault(ticket, Counter())[chunk.digest[place]] += 1
                for at, state in implied:
                    self.rows.append(self._row(source, chunk, place, ticket, at, state))
            self._learn(source, {chunk.team[place]: chunk.responsible[place] for place in fresh})
        for ticket in now.keys() | again.keys():
            said = now.get(ticket, Counter()) + again.get(ticket, Counter())
            self._said[source.has_history].setdefault(ticket, {})[source.batch] = said

    def _is_later(self, ticket: int, batch: int) -> bool:
        """Whether a file is of a later moment than the last one that told of a ticket."""
        told = [other for other in self._said[False].get(ticket, {}) if other not in self._replaced]
        return self.observed[max(told)] < self.observed[batch]

    def _take_holds(self, source: Source, chunks: Sequence[Chunk]) -> None:
        if source.complete:
            self._wholes.setdefault(source.desk, []).append(source.batch)
        references = {reference for chunk in chunks for reference in chunk.reference}
        listed = [
            Hold(line, reference, begins, ends)
            for chunk in chunks
            for line, reference, begins, ends in zip(
                chunk.line, chunk.reference, chunk.held_from, chunk.held_to, strict=True
            )
            if begins is not None
        ]
        opened = self._openings(source.desk, references)
        bad = {one.line for one in problems(listed, opened.get, ZoneInfo(source.zone))}
        said: dict[int, Counter[int]] = {}
        rows: dict[int, list[tuple[int, ...]]] = {}
        for chunk in chunks:
            for place, reference in enumerate(chunk.reference):
                if chunk.line[place] in bad:
                    continue
                ticket = self.tickets[source.desk, reference]
                said.setdefault(ticket, Counter())[chunk.digest[place]] += 1
                ends = chunk.held_to[place]
                for at, state in ((chunk.held_from[place], "on_hold"), *([(ends, None)] if ends is not None else [])):
                    rows.setdefault(ticket, []).append(self._row(source, chunk, place, ticket, at, state))
        for ticket, holds in said.items():
            told = {batch: one for batch, one in self._holds.get(ticket, {}).items() if batch not in self._replaced}
            last = max(told, default=None)
            if last is None or told[last] != holds or self.observed[last] < self.observed[source.batch]:
                self._holds.setdefault(ticket, {})[source.batch] = holds
                self.rows += rows[ticket]

    def _openings(self, desk: str, references: Collection[str]) -> dict[str, int]:
        """When these tickets were opened, as the files before say."""
        wanted = {self.tickets[desk, one]: one for one in references if (desk, one) in self.tickets}
        numbers = np.array(sorted(wanted), np.int64)
        if not len(numbers):
            return {}
        events = self._events()
        told = timelines(events.take(np.isin(events.ticket, numbers)))
        return {
            wanted[ticket]: opened for ticket, opened in zip(told.tickets.tolist(), told.opened.tolist(), strict=True)
        }

    def _stored(self, ticket: int, is_history: bool) -> Counter[int]:
        """The stored lines about a ticket that a file may tell again: of a snapshot only what was said last."""
        told = self._said[is_history].get(ticket, {})
        counting = [said for batch, said in sorted(told.items()) if batch not in self._replaced]
        return sum(counting if is_history else counting[-1:], Counter())

    def _learn(self, source: Source, teams: Mapping[str | None, str | None]) -> None:
        """Who answers for the teams named: the first that a file says, until a mapping gives the team to another."""
        for name, party in sorted((name, party or SERVICE) for name, party in teams.items() if name):
            team, answering = self._number("team", name), self._number("party", party)
            if team not in self.party_of or name in source.teams:
                self.party_of[team] = answering

    def _row(
        self, source: Source, chunk: Chunk, place: int, ticket: int, at: int | None, state: str | None
    ) -> tuple[int, ...]:
        verdict = chunk.source_verdict[place]
        return (
            ticket,
            source.batch,
            chunk.line[place],
            chunk.digest[place],
            _or_never(at),
            NONE if state is None else STATE[state],
            NONE if chunk.hold_reason[place] is None else REASON[chunk.hold_reason[place] or ""],
            PRIORITY.get(chunk.priority[place] or "", 0),
            KIND[chunk.kind[place]],
            self._number("team", chunk.team[place]),
            self._number("partner", chunk.partner[place]),
            self._number("service", chunk.service[place]),
            self._number("category", chunk.category[place]),
            *(
                NEVER if at is None else at
                for at in (
                    chunk.opened_at[place],
                    chunk.resolved_at[place],
                    chunk.closed_at[place],
                    chunk.updated_at[place],
                )
            ),
            NONE if verdict is None else int(verdict),
            *(NONE if count is None else count for count in (chunk.reopen_count[place], chunk.held_minutes[place])),
            int(source.has_history),
            int(source.is_holds),
            int(source.own_resolved),
            int(source.own_closed),
        )

    def _number(self, what: str, name: str | None) -> int:
        if name is None:
            return 0
        numbers = self.numbers[what]
        return numbers.setdefault(name, len(numbers) + 1)

    @property
    def names(self) -> Names:
        partner, team, service, party, category = (
            {number: name for name, number in self.numbers[what].items()}
            for what in ("partner", "team", "service", "party", "category")
        )
        return Names(partner, team, service, party, category)

    def built(self, put_right: Iterable[Put], rules: Compiled, as_of: int) -> tuple[Tickets, Histories]:
        """The tickets and their histories, with what was put right."""
        events = self._events()
        right = list(put_right)
        events, corrected, excluded = self._put_right(events, right)
        told = self._counting(timelines(events), right)
        clock = reckon(told.histories, rules, np.maximum(as_of, told.opened))
        found, last = facts(told, clock), told.last
        party = np.zeros(len(self.numbers["team"]) + 1, np.int32)
        for team, number in self.party_of.items():
            party[team] = number
        answering = self._answering(told.tickets, right)
        tickets = Tickets(
            id=told.tickets,
            partner=last.partner.astype(np.int32),
            priority=last.priority.astype(np.int8),
            kind=last.kind.astype(np.int8),
            team=last.team.astype(np.int32),
            service=last.service.astype(np.int32),
            category=last.category.astype(np.int32),
            party=np.where(answering != 0, answering, party[last.team]),
            answering=answering,
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
            excluded=np.isin(told.tickets, np.array(sorted(excluded), np.int64)),
            corrected=np.isin(told.tickets, np.array(sorted(corrected), np.int64)),
            has_history=last.has_history == 1,
        )
        return tickets, told.histories

    def _events(self) -> Events:
        rows = [row for row in self.rows if row[BATCH] not in self._replaced]
        table = np.array(rows, np.int64).reshape(len(rows), len(COLUMNS))
        undated = table[:, AT] == NEVER
        order = np.lexsort((np.arange(len(table)), table[:, LINE], table[:, BATCH], table[:, AT], undated, table[:, 0]))
        columns = {name: np.ascontiguousarray(table[order, place]) for place, name in enumerate(COLUMNS)}
        # By batch: moment and place of its file, and those of the last file that tells every hold of its desk.
        about = np.zeros((4, max(self.observed, default=0) + 1), np.int64)
        place = places(self._replaced)
        for batch, instant in self.observed.items():
            wholes = [other for other in self._wholes.get(self._desks[batch], ()) if other not in self._replaced]
            whole = max(((place.get(one, one), self.observed[one]) for one in wholes), default=(NONE, NONE))
            about[:, batch] = instant, place.get(batch, batch), *whole
        exported, stands, whole_place, whole_until = about[:, columns["batch"]]
        return Events(**columns, exported=exported, place=stands, whole_place=whole_place, whole_until=whole_until)

    def _put_right(self, events: Events, put_right: Iterable[Put]) -> tuple[Events, set[int], set[int]]:
        columns: dict[str, Longs] = {}
        corrected, excluded = set(), set()
        for put in put_right:
            ticket = self.tickets.get((put.desk, put.reference), 0)
            if put.fact == "excluded":
                excluded.add(ticket)
                continue
            corrected.add(ticket)
            if put.fact in AFTERWARDS:
                continue
            column = columns.setdefault(put.fact, getattr(events, put.fact).copy())
            column[events.ticket == ticket] = self._code(put)
        return replace(events, **columns), corrected, excluded

    def _counting(self, told: Timelines, put_right: Iterable[Put]) -> Timelines:
        """The timelines with the time of those holds counting that were put right to."""
        for put in put_right:
            which = hold_of(put.value or "") if put.fact == HOLD else None
            if which is not None:
                places = np.flatnonzero(told.tickets == self.tickets.get((put.desk, put.reference), 0))
                held = none_held(told.last.held_minutes, which, places)
                told = replace(
                    told, histories=counting(told.histories, which, places), last=replace(told.last, held_minutes=held)
                )
        return told

    def _answering(self, tickets: Longs, put_right: Iterable[Put]) -> Ints:
        """The party that answers for all of a ticket's minutes, where that was put right."""
        answering = np.zeros(len(tickets), np.int32)
        for put in put_right:
            if put.fact == RESPONSIBLE:
                of = self.tickets.get((put.desk, put.reference), 0)
                answering[tickets == of] = self._number("party", put.value)
        return answering

    def _code(self, put: Put) -> int:
        if put.fact == "priority":
            return PRIORITY.get(put.value or "", 0)
        if put.fact == "kind":
            return KIND[put.value or KINDS[0]]
        return self._number(put.fact, put.value)


def _or_never(at: int | None) -> int:
    return NEVER if at is None else at


def _instants(chunk: Chunk) -> tuple[int, ...]:
    columns = (
        chunk.event_at, chunk.opened_at, chunk.resolved_at, chunk.closed_at, chunk.updated_at, chunk.held_from,
        chunk.held_to,
    )  # fmt: skip
    return tuple(max((at for at in column if at is not None), default=0) for column in columns)
