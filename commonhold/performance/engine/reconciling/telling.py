"""A reconciliation in words: what each ticket is on either side, what each cause does, and a paragraph to send."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np

from commonhold.demand.engine.clock import Reckoned, reckon
from commonhold.demand.engine.columns import NEVER, NONE, Kind, State, Verdict
from commonhold.figures import rounded
from commonhold.performance.engine.measures import definition
from commonhold.performance.engine.measures.definition import Need
from commonhold.performance.engine.periods import local
from commonhold.performance.engine.reconciling.bridge import Bridge, Records
from commonhold.performance.engine.reconciling.causes import CAUSES, Cause
from commonhold.performance.engine.reconciling.worlds import About, World, last_state, teams

KINDS: Final = {Kind.INCIDENT: "incident", Kind.REQUEST: "request", Kind.PROBLEM: "problem", Kind.CHANGE: "change"}
STATES: Final = {
    State.OPEN: "open", State.IN_PROGRESS: "in progress", State.ON_HOLD: "on hold", State.REOPENED: "reopened",
    State.RESOLVED: "resolved", State.CLOSED: "closed", State.CANCELLED: "cancelled",
}  # fmt: skip
DATED: Final = frozenset({Cause.ONLY, Cause.BASIS, Cause.ZONE, Cause.DATES, Cause.READ_AT})
CLOCKED: Final = frozenset(
    {Cause.HOLDS, Cause.STATES, Cause.CALENDAR, Cause.TARGET, Cause.REASONS, Cause.DEFINITION, Cause.OWN}
)
NOT_SO: Final = "counted in another way, it is not in the figure"
MINUS: Final = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Difference:
    """A ticket under a cause: its row, what it brought before that cause and after, and the fact on either side."""

    cause: Cause
    row: int
    before: str
    after: str
    ours: str
    theirs: str


class Teller:
    """Says what tickets are on the two sides of a reconciliation."""

    def __init__(
        self, ours: World, theirs: World, about: About, unit: str, *, is_share: bool, ways: Mapping[Cause, str]
    ) -> None:
        self.ours, self.theirs, self.about = ours, theirs, about
        self.unit, self.is_share, self.ways = unit, is_share, ways
        self.is_of_verdicts = Need.VERDICT in definition(ours.measure).needs
        self._clocks: dict[int, Reckoned] = {}
        self._states = {id(world): last_state(world) for world in (ours, theirs)}

    def differences(
        self, found: Bridge, begins: Records, path: Sequence[tuple[Cause, Records]]
    ) -> Iterator[Difference]:
        """Every ticket under every cause that changes what it brings; the path has the records reached at each."""
        reached, before = dict(path), begins
        for line in found.lines:
            after = reached[line.cause]
            for row in line.tickets.tolist():
                ours, theirs = self.facts(line.cause, row)
                if ours == theirs and line.cause in self.ways:
                    # The facts are the same: what differs is how they are counted.
                    theirs = self.ways[line.cause] if after.counted[row] else NOT_SO
                yield Difference(line.cause, row, self.brought(before, row), self.brought(after, row), ours, theirs)
            before = after

    def brought(self, records: Records, row: int) -> str:
        """What a ticket brings, in words."""
        if not records.counted[row]:
            return "does not count"
        if self.is_share:
            return "counts, target kept" if records.met[row] else "counts, target missed"
        if not records.amount[row]:
            return "counts"
        per = {"hours": 3_600, "minutes": 60}.get(self.unit, 1)
        return f"counts, {rounded(Fraction(int(records.amount[row]), per), 1 if per > 1 else 0)} {self.unit}"

    def facts(self, cause: Cause, row: int) -> tuple[str, str]:
        """What the two sides say of a ticket in the matter of a cause. Where the other side goes by the desk's verdict
        and ours does not, ours is what the clock says.
        """
        ours, theirs = (self.fact(world, cause, row) for world in (self.ours, self.theirs))
        if cause == Cause.VERDICT and self.ours.there[row] and not self.is_of_verdicts:
            ours = self._clock(self.ours, row)
        return ours, theirs

    def fact(self, world: World, cause: Cause, row: int) -> str:
        """What a side says of a ticket in the matter of a cause."""
        if not world.there[row]:
            return "not known"
        tickets = world.tickets
        if cause in DATED or cause == Cause.ROUNDING:
            return self._dates(world, row)
        if cause in CLOCKED:
            return self._clock(world, row)
        match cause:
            case Cause.CANCELLED:
                return f"{self._state(world, row)}; {self._dates(world, row)}"
            case Cause.KIND:
                return KINDS[Kind(int(tickets.kind[row]))]
            case Cause.PARTNER:
                return self.about.names.partner.get(int(tickets.partner[row]), "none")
            case Cause.PRIORITY:
                return f"P{tickets.priority[row]}" if tickets.priority[row] else "none"
            case Cause.RESPONSIBLE:
                return self._responsible(world, row)
            case Cause.VERDICT:
                return {Verdict.MET: "the desk says kept", Verdict.MISSED: "the desk says missed"}.get(
                    Verdict(int(tickets.verdict[row])), "the desk does not say"
                )
            case Cause.PUT_RIGHT:
                return _put_right(world, row)
            case _:
                return self._names(world, row)

    def _names(self, world: World, row: int) -> str:
        names, tickets = self.about.names, world.tickets
        return ", ".join(
            f"{word} {mapping.get(int(getattr(tickets, word)[row]), 'none')}"
            for word, mapping in (("team", names.team), ("service", names.service), ("category", names.category))
        )

    def _responsible(self, world: World, row: int) -> str:
        """Who answers for the ticket, or for each team that had it, in order."""
        party, team = self.about.names.party, self.about.names.team
        answering = int(world.tickets.answering[row])
        if answering:
            return f"{party.get(answering, 'none')} for all of it"
        return ", ".join(
            f"{party.get(world.parties.get(one, 0), 'none')} for team {team.get(one, 'none')}"
            for one in teams(world, row)
        )

    def _state(self, world: World, row: int) -> str:
        state = int(self._states[id(world)][row])
        return "no state" if state == NONE else STATES[State(state)]

    def _dates(self, world: World, row: int) -> str:
        tickets = world.tickets
        said = [
            f"{word} {_moment(int(getattr(tickets, word)[row]))}"
            for word in ("opened", "resolved", "closed")
            if getattr(tickets, word)[row] != NEVER
        ]
        return ", ".join(said)

    def _clock(self, world: World, row: int) -> str:
        clock = self._clocks.setdefault(id(world), reckon(world.histories, world.rules, world.period.as_of))
        if clock.calendar[row] == NONE:
            return f"{self._state(world, row)}; no clock runs"
        target = "no target" if clock.target[row] == NONE else f"target {clock.target[row] // 60:,}"
        held = int(clock.held[row])
        total = int(world.tickets.held_minutes[row])
        if total != NONE and not held:
            held = total * 60
        return f"{self._state(world, row)}; {_minutes(int(clock.used[row]))} used, {_minutes(held)} on hold, {target}"


def _put_right(world: World, row: int) -> str:
    if world.tickets.excluded[row]:
        return "left out on the record"
    return "corrected on the record" if world.tickets.corrected[row] else "as the desk has it"


def _moment(seconds: int) -> str:
    return f"{local(seconds):%-d %b %Y %H:%M}"


def _minutes(seconds: int) -> str:
    return f"{round(Fraction(seconds, 60)):,} min"


def shown(value: Fraction, unit: str) -> str:
    """A figure as sentences print it."""
    if unit == "share":
        return f"{rounded(value * 100, 1)}%"
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return f"{rounded(value, 1):,}"


def effect(value: Fraction, unit: str) -> str:
    """An effect with its sign; of a share in percentage points (F3)."""
    size = abs(value)
    said = f"{rounded(size * 100, 2)} points" if unit == "share" else shown(size, unit)
    return f"{'+' if value > 0 else MINUS if value < 0 else ''}{said}"


def paragraph(found: Bridge, *, what: str, unit: str, other: str, explains: str = "") -> str:
    """A paragraph to send to whoever has the other figure; `what` is the measure with its days and scope."""
    parts = [f"{what}: we have {shown(found.ours, unit)}, {other} has {shown(found.theirs, unit)}."]
    if not found.lines and found.is_whole:
        parts.append("The two figures are the same, ticket by ticket.")
    for line in found.lines:
        count = len(line.tickets)
        counted = f"{count:,} {'ticket' if count == 1 else 'tickets'}, " if count else ""
        parts.append(f"{CAUSES[line.cause].title}: {counted}{effect(line.effect, unit)}.")
    if explains:
        parts.append(explains)
    if not found.is_whole:
        parts.append(f"Not told by any of this: {effect(found.left_over, unit)}.")
    elif found.lines:
        parts.append("Nothing is left over.")
    return " ".join(parts)


def as_json(found: Bridge, unit: str) -> dict[str, Any]:
    """The bridge as it is kept and printed: exact numbers as fractions, beside what is shown."""
    return {
        "ours": _number(found.ours),
        "theirs": _number(found.theirs),
        "shown": {"ours": shown(found.ours, unit), "theirs": shown(found.theirs, unit)},
        "difference": _number(found.theirs - found.ours),
        "lines": [
            {
                "cause": line.cause.value,
                "title": CAUSES[line.cause].title,
                "words": CAUSES[line.cause].words,
                "tickets": len(line.tickets),
                "effect": _number(line.effect),
                "effect_shown": effect(line.effect, unit),
                "after": _number(line.after),
                "after_shown": shown(line.after, unit),
            }
            for line in found.lines
        ],
        "alike": found.alike,
        "differing": found.differing,
        "left_over": _number(found.left_over),
        "left_over_shown": effect(found.left_over, unit),
    }


def _number(value: Fraction) -> dict[str, Any]:
    return {"exact": f"{value.numerator}/{value.denominator}", "value": float(value)}


def counts(records: Records) -> tuple[int, int]:
    """Numerator and denominator of records."""
    return int(np.count_nonzero(records.met)), int(np.count_nonzero(records.counted))
