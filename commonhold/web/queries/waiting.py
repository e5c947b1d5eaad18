"""What waits for a post, as every app knows it, soonest due first."""

from datetime import date

from commonhold.demand.queries import disputes
from commonhold.demand.queries import owed as demand
from commonhold.governance import queries as governance
from commonhold.ledger.engine.by import By
from commonhold.partnership import queries as partnership
from commonhold.partnership.queries import Owed
from commonhold.performance.queries import reporting as performance

__all__ = ["Owed", "awaited", "owed"]


def awaited(by: By) -> list[Owed]:
    """What the post acted in waits for from others."""
    if not by.post:
        return []
    return sorted([*partnership.awaited(by), *performance.awaited(by)], key=lambda one: one.due or date.max)


def owed(by: By) -> list[Owed]:
    """What the post acted in owes; the public owes nothing."""
    if not by.post:
        return []
    return sorted(
        [*demand.owed(by), *disputes.owed(by), *governance.owed(by), *partnership.owed(by), *performance.owed(by)],
        key=lambda one: one.due or date.max,
    )
