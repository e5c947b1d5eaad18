"""Their telling with ours where a file says nothing: it is taken to agree with us there."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from commonhold.demand.engine.columns import NEVER
from commonhold.performance.engine.reconciling.mixing import mixed
from commonhold.performance.engine.reconciling.worlds import COLUMNS, MOMENTS, Fact, World, answered_for, holds

SILENT: Final[Mapping[Fact, str]] = {
    Fact.KIND: "kind",
    Fact.PARTNER: "partner",
    Fact.PRIORITY: "priority",
    Fact.NAMES: "team",
    Fact.VERDICT: "source_verdict",
}
"""The column of a file without which it says nothing of a fact."""

ALONE: Final[Mapping[str, str]] = {
    "service": "service",
    "category": "category",
    "source_reopens": "reopen_count",
}
"""The same of facts that are taken over with others."""


def as_told(ours: World, theirs: World, told: Collection[str]) -> World:
    """Their world with ours where their file says nothing; `told` are the columns of ours that it has.

    Holds are not filled: a file without them says that its clock did not take any out.
    """
    both = ours.there & theirs.there
    silent = {fact for fact, column in SILENT.items() if column not in told}
    took = {fact: (~both if fact in silent else np.ones(len(both), np.bool_)) for fact in Fact}
    filled = {name for fact in silent for name in COLUMNS[fact] if name not in ALONE}
    filled |= {name for name, column in ALONE.items() if column not in told}
    tickets = {
        name: np.where(both, getattr(ours.tickets, name), getattr(theirs.tickets, name)) for name in sorted(filled)
    }
    return replace(
        theirs,
        tickets=answered_for(replace(theirs.tickets, **tickets), theirs.parties),
        histories=mixed(ours.histories, theirs.histories, took),
    )


def as_listed(ours: World, theirs: World) -> World:
    """Their world where their file only lists what was counted: ours wherever it gives no date, and of the course of
    states what it says of holds.
    """
    both = ours.there & theirs.there
    tickets = {
        name: np.where(both & (other == NEVER), getattr(ours.tickets, name), other)
        for name in MOMENTS
        for other in (getattr(theirs.tickets, name),)
    }
    untold = both & ~holds(theirs)
    states = {
        name: np.where(untold, getattr(ours.tickets, name), getattr(theirs.tickets, name))
        for name in (*COLUMNS[Fact.STATES], *COLUMNS[Fact.HISTORY])
    }
    took = {fact: ~untold if fact == Fact.STATES else np.ones(len(both), np.bool_) for fact in Fact}
    return replace(
        theirs,
        tickets=replace(theirs.tickets, **tickets, **states),
        histories=mixed(ours.histories, theirs.histories, took),
    )
