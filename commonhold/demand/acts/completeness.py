"""Keeping ready how complete the tickets of each of the last months are, whenever a file has been taken over."""

from django.db import transaction

from commonhold.demand.models import Batch, MonthComplete
from commonhold.demand.queries import completeness as queries
from commonhold.ledger.workings import working


@working
def keep_months() -> int:
    """Find it for the newest month and those of the year before it, as known now; returns how many months."""
    known, file = Batch.objects.known(), queries.newest_file()
    newest = queries.last_month(known)
    months = queries.months_before(newest) if newest else []
    for month in months:
        desks = queries.complete(month.first, month.last, known=known)
        _keep(
            batch=file,
            month=MonthComplete(
                batch=file, first=month.first, last=month.last, told=[desk.to_json() for desk in desks]
            ),
        )
    return len(months)


@working
@transaction.atomic
def _keep(*, batch: int, month: MonthComplete) -> None:
    """The month as it is now, in place of what was kept of it."""
    MonthComplete.objects.filter(first=month.first, last=month.last, batch__lte=batch).delete()
    MonthComplete.objects.bulk_create([month], ignore_conflicts=True)
