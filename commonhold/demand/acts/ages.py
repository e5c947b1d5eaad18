"""Keeping ready how old each desk's file is: whenever a file comes or a feed changes, and every few minutes besides."""

from datetime import datetime

from django.db import transaction

from commonhold.databases.alone import in_turn
from commonhold.demand.models import DeskAge
from commonhold.demand.queries import ages as queries
from commonhold.ledger.workings import working


@working
@transaction.atomic
def keep_ages(*, at: datetime) -> int:
    """Find the age of every desk's file as known now; returns how many desks there are."""
    # One after another, so that what was found first is not written last.
    in_turn("ages")
    found = list(queries.found(at))
    DeskAge.objects.exclude(desk__in=[age.desk for age in found]).delete()
    told = ["feed", "came", "told_to", "missing_from"]
    DeskAge.objects.bulk_create(found, update_conflicts=True, unique_fields=["desk"], update_fields=told)
    return len(found)
