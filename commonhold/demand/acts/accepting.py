"""Accepting a dispute, and undoing what was put right, as a worker does for an officer who asked for it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from commonhold.demand.acts import disputing
from commonhold.demand.acts.importing import importing
from commonhold.demand.models import Dispute, DisputeState, DisputeStep
from commonhold.demand.queries import disputes as queries
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working


@working
def accept_asked_for(
    *, by: By, dispute: int, words: str, clock: Callable[[], datetime], waiting: Callable[[], None]
) -> DisputeStep:
    """Accept a dispute as an officer asked for it, once no file is being imported; twice changes nothing."""
    found = Dispute.shown().get(pk=dispute)
    if queries.state_of(found) == DisputeState.ACCEPTED:
        return found.steps.order_by("-pk")[0]
    with importing(waiting=waiting):
        pass
    return disputing.accept(by=replace(by, at=clock()), dispute=found, words=words)


@working
def take_back_asked_for(
    *, by: By, dispute: int, step: int, words: str, clock: Callable[[], datetime], waiting: Callable[[], None]
) -> DisputeStep | None:
    """Undo what a step put right as an officer asked for it, once no file is being imported; None where it was undone
    already.
    """
    found = Dispute.shown().get(pk=dispute)
    with importing(waiting=waiting):
        pass
    last = queries.put_right(found)
    if last is None or last.pk != step:
        return None
    return disputing.take_back(by=replace(by, at=clock()), dispute=found, words=words)
