"""One import at a time: its batch begins, and is swept with all that was gathered under it where it was stopped."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, Final

from django.db import DatabaseError
from django.db.models import Max

from commonhold.databases.alone import Taken, alone
from commonhold.databases.removing import AT_ONCE, remove
from commonhold.demand.models import (
    Batch,
    Category,
    Desk,
    Event,
    Party,
    Reckoning,
    Responsibility,
    Service,
    Team,
    Ticket,
)  # fmt: skip
from commonhold.ledger.workings import working
from commonhold.partnership.acts import people
from commonhold.refusals import Refused

IMPORTING: Final = "importing"
BETWEEN_LOOKS: Final = 0.5
GATHERED: Final = (
    (Reckoning, "known_from"), (Event, "batch"), (Ticket, "known_from"), (Responsibility, "known_from"),
    (Team, "known_from"), (Service, "known_from"), (Category, "known_from"), (Desk, "known_from"),
)  # fmt: skip
"""The tables of an import and their columns for its batch, in an order in which their rows can be removed."""


@working
@contextmanager
def importing(*, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Be the only one by whom tickets become known; what a process left behind that ended is swept first.

    Where somebody else is at it, say `waiting` now and then until they have ended; without it, refuse.
    """
    while True:
        try:
            with alone(IMPORTING, wait=False):
                sweep_stopped()
                yield
                return
        except Taken:
            if waiting is None:
                raise Refused(
                    "Tickets are being imported. Nothing was changed; do this again when that has ended."
                ) from None
            waiting()
            time.sleep(BETWEEN_LOOKS)


@working
def begin(*, kind: str, at: datetime, **about: Any) -> Batch:
    """Begin a batch under the next number, unseen until it is taken over."""
    last = Batch.objects.aggregate(last=Max("number"))["last"] or 0
    return Batch.objects.create(number=last + 1, kind=kind, began_at=at, **about)


@working
def sweep(*, batch: Batch) -> None:
    """Remove a batch that is not taken over and all that was gathered under it, in small commits."""
    number = batch.number
    if not Batch.objects.filter(number=number, state=Batch.State.GATHERING).exists():
        return
    ended = Reckoning.objects.filter(known_until=number).order_by("pk").values_list("pk", flat=True)
    while rows := list(ended[:AT_ONCE]):
        Reckoning.objects.filter(pk__in=rows).update(known_until=None)
    Batch.objects.filter(known_until=number).update(known_until=None)
    Batch.objects.filter(number=number).update(desk=None)
    for model, column in GATHERED:
        remove(model._meta.db_table, column, number)
    Party.objects.filter(responsibilities=None).delete()
    people.forget_reserved_partners()
    # Last, for it is by the batch that the next import finds what is left to sweep.
    batch.delete()


@working
def give_up(*, batch: Batch) -> None:
    """Sweep a batch that went wrong. Where even that goes wrong, as on a full disk, the next import sweeps it."""
    with suppress(OSError, DatabaseError):
        sweep(batch=batch)


@working
def sweep_stopped() -> None:
    """Whoever is alone at importing knows that any batch still being gathered was left by a process that ended."""
    for batch in Batch.objects.filter(state=Batch.State.GATHERING).defer("report", "left_out"):
        sweep(batch=batch)
