"""Keeping ready how complete the tickets of days are: of the last months with every file, of others as asked for."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from commonhold.databases.alone import in_turn
from commonhold.demand.models import Batch, DaysComplete
from commonhold.demand.permissions import asks_for_completeness
from commonhold.demand.queries import completeness as queries
from commonhold.demand.queries.completeness import is_month
from commonhold.jobs import acts as jobs
from commonhold.jobs.models import Job, State
from commonhold.jobs.queries import refuse_more
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.refusals import require

JOB: Final = "demand.look_at_days"
AT_ONCE: Final = 3
"""Days that are looked at for one post, or wait to be."""

KEPT: Final = timedelta(days=7)
"""How long what was found of days that are no month is kept after somebody asked for them."""


@working
def keep_months() -> int:
    """Find it for the newest month and those of the year before it, as known now; returns how many months."""
    newest = queries.last_month(Batch.objects.known())
    months = queries.months_before(newest) if newest else []
    for month in months:
        keep_days(first=month.first, last=month.last)
    return len(months)


@working
def keep_days(*, first: date, last: date, progress: Callable[[int, int, str], None] = lambda *_: None) -> None:
    """Find it for these days, as known now; done twice it changes nothing."""
    # First: of a file that is taken over in between nothing is claimed.
    file = queries.newest_file()
    known = Batch.objects.known()
    desks = queries.complete(first, last, known=known, progress=progress)
    _keep(days=DaysComplete(batch=file, first=first, last=last, told=[desk.to_json() for desk in desks]))


@working
@transaction.atomic
def ask_for_days(*, by: By, first: date, last: date) -> Job:
    """Have a worker look at these days; what is asked for twice while it waits is one job."""
    require(asks_for_completeness(by), "have completeness looked at")
    queries.refuse_too_many(first, last)
    in_turn(f"looking at days for {by.post}")
    key = queries.job_key(first, last)
    if not Job.objects.filter(key=key, state=State.ASKED).exists():
        refuse_more(JOB, by=by, at_once=AT_ONCE, what="looks at the completeness of days")
    return jobs.ask(
        JOB,
        by=by,
        key=key,
        title=f"Are the tickets all there, from {first} to {last}?",
        first=first.isoformat(),
        last=last.isoformat(),
    )


@working
def forget_days(*, at: datetime) -> int:
    """Remove what was found of days, not of months, for which nobody has asked for a week; returns of how many."""
    rows = [row for row in DaysComplete.objects.only("first", "last") if not is_month(row.first, row.last)]
    lately = Job.objects.filter(name=JOB, asked_at__gte=at - KEPT)
    asked = set(lately.values_list("key", flat=True))
    old = [row.pk for row in rows if queries.job_key(row.first, row.last) not in asked]
    DaysComplete.objects.filter(pk__in=old).delete()
    return len(old)


@working
@transaction.atomic
def _keep(*, days: DaysComplete) -> None:
    """The days as they are now, in place of what was kept of them."""
    DaysComplete.objects.filter(first=days.first, last=days.last, batch__lte=days.batch).delete()
    DaysComplete.objects.bulk_create([days], ignore_conflicts=True)
