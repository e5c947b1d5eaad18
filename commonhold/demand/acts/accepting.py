"""Accepting a dispute, and undoing what was put right, as a worker does for an officer who asked for it.

The clocks of thousands of tickets are read in small commits, under a batch that no reader knows, and others write in
between. What was read is taken over in one short transaction, which leaves the entry. A worker that was stopped begins
again, and what it left behind is swept.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from commonhold.demand.acts import disputing
from commonhold.demand.acts.importing import begin, give_up, importing
from commonhold.demand.acts.putting_right import read_clocks_of_all
from commonhold.demand.models import Batch, Dispute, DisputeState, DisputeStep
from commonhold.demand.queries import disputed_tickets
from commonhold.demand.queries import disputes as queries
from commonhold.demand.queries.reading import Progress
from commonhold.demand.queries.reckoned import PutRight
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working


@working
def accept_asked_for(
    *,
    by: By,
    dispute: int,
    words: str,
    clock: Callable[[], datetime],
    progress: Progress,
    waiting: Callable[[], None],
) -> DisputeStep:
    """Accept a dispute as an officer asked for it, once no file is being imported; twice changes nothing."""
    found = Dispute.shown().get(pk=dispute)
    with importing(waiting=waiting):
        if queries.state_of(found) == DisputeState.ACCEPTED:
            return found.steps.order_by("-pk")[0]
        tickets = disputed_tickets.to_put_right(found)
        batch = begin(kind=Batch.Kind.CORRECTION, at=clock()) if tickets else None
        try:
            if batch:
                said = disputed_tickets.as_it_says(found)
                read_clocks_of_all(batch=batch, tickets=tickets, put_right=said, progress=progress)
            return disputing.accept_as_read(
                by=replace(by, at=clock()), dispute=found, words=words, tickets=tickets, batch=batch
            )
        except BaseException:
            if batch:
                give_up(batch=batch)
            raise


@working
def take_back_asked_for(
    *,
    by: By,
    dispute: int,
    step: int,
    words: str,
    clock: Callable[[], datetime],
    progress: Progress,
    waiting: Callable[[], None],
) -> DisputeStep | None:
    """Undo what a step put right as an officer asked for it, once no file is being imported; None where it was undone
    already.
    """
    found = Dispute.shown().get(pk=dispute)
    with importing(waiting=waiting):
        last = queries.put_right(found)
        if last is None or last.pk != step:
            return None
        batch, tickets = begin(kind=Batch.Kind.CORRECTION, at=clock()), queries.corrected_by(last)
        try:
            undone = PutRight(undone=last.batch)
            read_clocks_of_all(batch=batch, tickets=tickets, put_right=undone, progress=progress)
            return disputing.take_back_as_read(
                by=replace(by, at=clock()), dispute=found, step=last, words=words, tickets=tickets, batch=batch
            )
        except BaseException:
            give_up(batch=batch)
            raise
