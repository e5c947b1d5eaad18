"""Keeping ready how complete the tickets of days are: of the last months with every file, of others as asked for."""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from commonhold.demand.models import Batch, DaysComplete
from commonhold.demand.permissions import asks_for_completeness
from commonhold.demand.queries import completeness as queries
from commonhold.jobs import acts as jobs
from commonhold.jobs.models import Job
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.refusals import require


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
    return jobs.ask(
        "demand.look_at_days",
        by=by,
        key=queries.job_key(first, last),
        title=f"Are the tickets all there, from {first} to {last}?",
        first=first.isoformat(),
        last=last.isoformat(),
    )


@working
@transaction.atomic
def _keep(*, days: DaysComplete) -> None:
    """The days as they are now, in place of what was kept of them."""
    DaysComplete.objects.filter(first=days.first, last=days.last, batch__lte=days.batch).delete()
    DaysComplete.objects.bulk_create([days], ignore_conflicts=True)
