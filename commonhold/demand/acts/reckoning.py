"""What the clock makes of tickets, kept from the batch in which it became known."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from commonhold.databases.loading import load
from commonhold.demand.engine.clock import Compiled
from commonhold.demand.engine.columns import Longs
from commonhold.demand.models import Batch, Reckoning
from commonhold.demand.queries.reckoned import AS_IT_STANDS, COLUMNS, PutRight, Row, reckoned, reckoned_first
from commonhold.ledger.workings import working

AT_ONCE: Final = 2_000


@working
def reckon_tickets(
    *, batch: int, tickets: Sequence[int], rules: Compiled, as_of: int, put_right: PutRight = AS_IT_STANDS
) -> None:
    """Reckon tickets anew from their stored events: what was known of them ends with this batch, and this begins."""
    rows = reckoned(tickets, rules, np.full(len(tickets), as_of), put_right)
    keep(batch=batch, tickets=tickets, rows=rows)


@working
def reckon_new(*, batch: Batch, events: Mapping[str, Longs], rules: Compiled, as_of: int) -> int:
    """Reckon tickets that this batch, a history, is the first to tell of; returns how many there are."""
    return _add(batch.number, reckoned_first(events, batch, rules, as_of))


@working
def keep(*, batch: int, tickets: Sequence[int], rows: Iterable[Row]) -> None:
    """Keep what is known of these tickets from a batch on; one without a row is told of no longer.

    In small commits, so that others can write in between: until the batch is taken over all that was known still is.
    """
    for first in range(0, len(tickets), AT_ONCE):
        part = tickets[first : first + AT_ONCE]
        Reckoning.objects.filter(ticket__in=part, known_until=None).update(known_until=batch)
    _add(batch, rows)


def _add(batch: int, rows: Iterable[Row]) -> int:
    return load(Reckoning._meta.db_table, ("known_from", *COLUMNS), ((batch, *row) for row in rows))
