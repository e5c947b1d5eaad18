"""Tickets read as somebody says that they were: as a fact stands corrected (F6), or as a partner that disputes it says.

A fact that is claimed was so from the opening on. Of holds it is claimed that their time counts: they are still holds,
and pause no clock. Who reads tickets so never changes what is kept of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from commonhold.demand.engine.clock.histories import COUNTS, SINCE_EVER, STEP, Histories, Op, Step, Steps
from commonhold.demand.engine.columns import NONE, Bools, Longs, State, Tickets
from commonhold.partnership.engine.rules.hold_reasons import REASONS

EVERY: Final = 0
"""All holds of a ticket. Other numbers stand for those of one reason, or for one hold."""
_REASON: Final = 2
_ONE: Final = 2**41

EVERY_IN_WORDS: Final = "every hold"
NO_REASON: Final = "no reason given"


def of_reason(reason: int) -> int:
    """The number that stands for the holds of a reason, by its place in REASONS; NONE for those that are given none."""
    return reason + _REASON


def of_one(instant: int) -> int:
    """The number that stands for the hold that begins at an instant, in seconds since 1970."""
    return _ONE + instant


def reason_of(which: int) -> int | None:
    """The reason whose holds a number stands for, NONE for those that are given none; None where it is another."""
    return which - _REASON if 0 < which <= len(REASONS) + 1 else None


def begun_at(which: int) -> int | None:
    """When the one hold begins that a number stands for; None where it stands for several."""
    return None if which <= len(REASONS) + 1 else which - _ONE


def hold_in_words(which: int) -> str:
    """Which holds a number stands for, as the command line and exports spell it; `hold_of` reads it back."""
    begins, reason = begun_at(which), reason_of(which)
    if begins is not None:
        return datetime.fromtimestamp(begins, UTC).isoformat()
    if reason is None:
        return EVERY_IN_WORDS
    return NO_REASON if reason == NONE else REASONS[reason].replace("_", " ")


def hold_of(words: str) -> int | None:
    """The number for "every hold", a reason, or the instant at which a hold begins; None for anything else."""
    said = words.strip().lower().replace("_", " ")
    spoken = {hold_in_words(which): which for which in range(len(REASONS) + 2)}
    if said in spoken:
        return spoken[said]
    try:
        instant = datetime.fromisoformat(words.strip())
    except ValueError:
        return None
    return of_one(int(instant.timestamp())) if instant.tzinfo is not None else None


@dataclass(frozen=True, slots=True)
class Hold:
    """A time on hold: from when to when (None: still), in seconds since 1970, and its reason (NONE: given none)."""

    begins: int
    ends: int | None
    reason: int


def holds(steps: Iterable[Step]) -> list[Hold]:
    """The holds of one timeline in their order; each has the reason that it ends with."""
    found: list[Hold] = []
    begins, reason = None, NONE
    for at, op, arg in steps:
        if op == Op.STATE and (arg == State.ON_HOLD) != (begins is not None):
            if begins is not None:
                found.append(Hold(begins, at, reason))
            begins = at if begins is None else None
        elif op == Op.HOLD_REASON:
            reason = arg
    return [*found, *([Hold(begins, None, reason)] if begins is not None else [])]


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said of the tickets at these places: a fact, and the number of its value; of a hold, of which holds."""

    fact: str
    value: int
    places: Longs


def read_as(tickets: Tickets, histories: Histories, claims: Iterable[Claim]) -> tuple[Tickets, Histories]:
    """The tickets and their histories as claimed; of two claims of one fact of a ticket the later one prevails."""
    for claim in claims:
        places, value = claim.places, claim.value
        match claim.fact:
            case "partner":
                tickets = replace(tickets, partner=_put(tickets.partner, places, value))
            case "priority":
                tickets = replace(tickets, priority=_put(tickets.priority, places, value))
                histories = _from_the_opening(histories, places, Op.PRIORITY, ~0b111, value)
            case "kind":
                tickets = replace(tickets, kind=_put(tickets.kind, places, value))
                histories = _from_the_opening(histories, places, Op.KIND, ~(0b11111 << 3), value << 3)
            case "responsible":
                tickets = replace(
                    tickets,
                    party=_put(tickets.party, places, value),
                    answering=_put(tickets.answering, places, value),
                )
            case "hold":
                histories = counting(histories, value, places)
                tickets = replace(tickets, held_minutes=none_held(tickets.held_minutes, value, places))
            case _:
                raise ValueError(f"{claim.fact} cannot be claimed of tickets that are read already.")
    return tickets, histories


def counting(histories: Histories, which: int, places: Longs) -> Histories:
    """The histories with the time of some holds counting in those at these places."""
    begins = begun_at(which)
    if begins is not None:
        return _with_one(histories, places, begins)
    reason = reason_of(which)
    told = (histories.steps["op"] == Op.HOLD_REASON) & _steps_of(histories, places)
    if reason is not None:
        told &= histories.steps["arg"] == reason
    steps = histories.steps.copy()
    steps["arg"][told] = COUNTS
    changed = Histories(steps, histories.offsets, histories.calendars)
    # Until a reason is given there is none.
    return _with_none_counting(changed, places) if reason in (None, NONE) else changed


def none_held(held_minutes: Longs, which: int, places: Longs) -> Longs:
    """Stated totals of holds, by ticket: where the time of every hold counts, nothing was held."""
    if which != EVERY:
        return held_minutes
    changed = held_minutes.copy()
    changed[places] = np.minimum(held_minutes[places], 0)
    return changed


def _put(column: NDArray[Any], places: Longs, value: int) -> NDArray[Any]:
    changed = column.copy()
    changed[places] = value
    return changed


def _steps_of(histories: Histories, places: Longs) -> Bools:
    """Which steps belong to the histories at these places."""
    ours = np.zeros(len(histories), np.bool_)
    ours[places] = True
    of: Bools = np.repeat(ours, np.diff(histories.offsets))
    return of


def _from_the_opening(histories: Histories, places: Longs, op: Op, kept: int, packed: int) -> Histories:
    """The histories with a fact that their openings set, and nothing that changes it later."""
    gone = _steps_of(histories, places) & (histories.steps["op"] == op)
    steps = histories.steps.copy()
    begins = histories.offsets[places]
    steps["arg"][begins] = steps["arg"][begins] & kept | packed
    before = np.concatenate(([0], np.cumsum(gone)))
    return Histories(steps[~gone], histories.offsets - before[histories.offsets], histories.calendars)


def _with_none_counting(histories: Histories, places: Longs) -> Histories:
    added = np.zeros(len(histories.offsets), np.int64)
    added[places + 1] = 1
    step = np.array((SINCE_EVER, Op.HOLD_REASON, COUNTS), STEP)
    steps = np.insert(histories.steps, histories.offsets[places] + 1, step)
    return Histories(steps, histories.offsets + np.cumsum(added), histories.calendars)


def _with_one(histories: Histories, places: Longs, begins: int) -> Histories:
    """The histories with the time of the hold counting that begins at an instant, where there is one."""
    changed = {
        place: made
        for place in sorted(set(places.tolist()))
        if (made := _one(histories.one(place), begins)) is not None
    }
    pieces: list[Steps] = []
    lengths, since = np.diff(histories.offsets), 0
    for place, made in changed.items():
        pieces += [histories.steps[since : histories.offsets[place]], np.array(made, STEP)]
        lengths[place], since = len(made), histories.offsets[place + 1]
    steps = np.concatenate([*pieces, histories.steps[since:]])
    return Histories(steps, np.concatenate(([0], np.cumsum(lengths))), histories.calendars)


def _one(steps: list[Step], begins: int) -> list[Step] | None:
    """One timeline so; None where no hold begins then. After the hold the reason is what it would be."""
    made: list[Step] = []
    state, reason, inside, found = int(State.OPEN), NONE, False, False
    for at, op, arg in steps:
        if op == Op.HOLD_REASON:
            reason = arg
            if inside:
                continue
        made.append((at, op, arg))
        if op != Op.STATE or arg == state:
            continue
        state = arg
        if inside:
            inside = False
            made.append((at, Op.HOLD_REASON, reason))
        elif arg == State.ON_HOLD and at == begins and not found:
            inside = found = True
            made.append((at, Op.HOLD_REASON, COUNTS))
    return made if found else None
