"""A random desk as somebody says that it was: what the oracle reads in place of what the files tell."""

from collections.abc import Callable, Collection
from dataclasses import replace
from random import Random
from typing import Any

from tests.performance.desks import CHOICES, PARTIES
from tests.performance.oracle import Agreement, Row, Told
from tests.performance.test_against_the_oracle import THEIRS

COUNTS = "counts"
REASONS = tuple(dict.fromkeys(CHOICES["reason"]))


class Counting(Agreement):
    """The agreement, under which a hold whose time counts never pauses the clock."""

    def refuses(self, reason: str | None, instant: int) -> bool:
        return reason == COUNTS or super().refuses(reason, instant)


COUNTING = Counting(THEIRS.hours, THEIRS.targets, THEIRS.refused)


def told_as(tickets: dict[str, Told], whose: Collection[str], fact: str, value: Any) -> dict[str, Told]:
    """The desk with a fact of some tickets as claimed; of holds, `value` is the reason, or "every"."""
    return {name: _as(told, fact, value) if name in whose else told for name, told in tickets.items()}


def _as(told: Told, fact: str, value: Any) -> Told:
    if fact != "hold":
        return replace(told, rows=_each(told, lambda facts: {**facts, fact: value}))
    return replace(
        told,
        rows=_each(
            told, lambda facts: {**facts, "reason": COUNTS} if value in ("every", facts["reason"]) else dict(facts)
        ),
    )


def _each(told: Told, change: Callable[[Any], dict[str, Any]]) -> list[Row]:
    return [replace(row, facts=change(row.facts)) for row in told.rows]


def claim(random: Random) -> tuple[str, Any, str]:
    """A fact, its value as the oracle says it, and as the command line spells it."""
    fact = random.choice(("priority", "kind", "partner", "responsible", "hold", "hold"))
    if fact == "responsible":
        party = random.choice(("service", *PARTIES.values()))
        return fact, party, party
    if fact == "hold":
        reason = random.choice(("every", *REASONS))
        spelt = "every hold" if reason == "every" else "no reason given" if reason is None else reason
        return fact, reason, spelt
    value = random.choice([one for one in CHOICES[fact] if one is not None])
    return fact, value, str(value)
