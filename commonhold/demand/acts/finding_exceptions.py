"""Finding exceptions in what a batch made known, set-based: workings, found again at any time."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

import numpy as np
from django.db import transaction

from commonhold.databases.loading import load
from commonhold.databases.removing import remove
from commonhold.demand.engine.clock import Histories
from commonhold.demand.engine.columns import NEVER, NONE, Longs
from commonhold.demand.engine.exceptional import Rule
from commonhold.demand.engine.exceptions import MINUTE, Found, Looked, bulk, exceptions
from commonhold.demand.models import BulkClosing, FoundException, Reckoning
from commonhold.demand.queries.knowledge import last_told
from commonhold.demand.queries.rules import clock_rules
from commonhold.ledger.workings import working

TOGETHER: Final = 20_000
"""Tickets looked at at once."""
COLUMNS: Final = ("reckoning_id", "known_from", "kind", "at", "team_id", "amount", "of")

Row = tuple[int, int, int, int, int | None, int | None, int | None]


@working
def find_exceptions(*, batch: int, progress: Callable[[int], None] | None = None) -> int:
    """Find the exceptions of the tickets that a batch told of, in place of those found before; returns how many.

    Only what this batch made known is read; what many tickets did in one minute is kept for the batches to come.
    """
    remove(FoundException._meta.db_table, "known_from", batch)
    rules = clock_rules(last_told()).compiled
    count, looked = 0, 0
    stops: list[tuple[Longs, Longs, Longs]] = []
    for numbers, part in _parts(batch):
        found, stopped = exceptions(part, rules)
        stops.append((numbers[stopped.ticket], stopped.team, stopped.minute))
        _keep(_rows(batch, numbers, found))
        count, looked = count + len(found), looked + len(numbers)
        if progress:
            progress(looked)
    if stops:
        count += _in_bulk(batch, *(np.concatenate(column) for column in zip(*stops, strict=True)))
    return count


def _parts(batch: int) -> Iterator[tuple[Longs, Looked]]:
    """What the batch made known, some tickets at a time: the numbers of the reckonings, and what is looked at."""
    last = 0
    fields = ("pk", "opened_at", "own_resolved", "has_history", "resolved_at", "timeline")
    while True:
        rows = list(
            Reckoning.objects.filter(known_from=batch, pk__gt=last).order_by("pk").values_list(*fields)[:TOGETHER]
        )
        if not rows:
            return
        last = rows[-1][0]
        yield (
            np.array([row[0] for row in rows], np.int64),
            Looked(
                histories=Histories.joined([bytes(row[5]) for row in rows]),
                opened=np.array([int(row[1].timestamp()) for row in rows], np.int64),
                own_resolution=np.array([_own(*row[2:5]) for row in rows], np.int64),
            ),
        )


def _own(own: bool, has_history: bool, resolved: datetime | None) -> int:
    """The desk's own word on when a ticket was resolved, where a history says when that was entered."""
    return int(resolved.timestamp()) if own and has_history and resolved else int(NEVER)


def _rows(batch: int, numbers: Longs, found: Found) -> Iterator[Row]:
    for ticket, kind, at, team, amount, of in found:
        yield int(numbers[ticket]), batch, kind, at, team or None, _or_none(amount), _or_none(of)


def _or_none(value: int) -> int | None:
    return None if value == NONE else value


@transaction.atomic
def _keep(rows: Iterator[Row]) -> None:
    load(FoundException._meta.db_table, COLUMNS, rows)


def _in_bulk(batch: int, numbers: Longs, team: Longs, minute: Longs) -> int:
    """Keep which tickets were stopped in bulk, and with how many."""
    many = bulk(team, minute, _known_bulk(team, minute))
    rows = [
        (number, batch, int(Rule.IN_BULK), m * MINUTE, t, many[t, m], None)
        for number, t, m in zip(numbers.tolist(), team.tolist(), minute.tolist(), strict=True)
        if (t, m) in many
    ]
    _keep(iter(rows))
    _keep_bulk(many)
    return len(rows)


def _known_bulk(team: Longs, minute: Longs) -> dict[tuple[int, int], int]:
    if not len(minute):
        return {}
    first, last = (datetime.fromtimestamp(int(at) * MINUTE, UTC) for at in (minute.min(), minute.max()))
    rows = BulkClosing.objects.filter(at__gte=first, at__lte=last).values_list("team", "at", "tickets")
    return {(of, int(at.timestamp()) // MINUTE): tickets for of, at, tickets in rows}


@transaction.atomic
def _keep_bulk(many: dict[tuple[int, int], int]) -> None:
    BulkClosing.objects.bulk_create(
        (
            BulkClosing(team_id=team, at=datetime.fromtimestamp(minute * MINUTE, UTC), tickets=tickets)
            for (team, minute), tickets in sorted(many.items())
        ),
        update_conflicts=True,
        unique_fields=("team", "at"),
        update_fields=("tickets",),
        batch_size=2_000,
    )
