"""Keeping the figures of the week ready, and what the days after it will bring: workings."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.db import transaction

from commonhold.demand.queries.ahead import due_to_be_missed, on_hold_by_reason
from commonhold.ledger.workings import working
from commonhold.performance.acts.computing import make_ready
from commonhold.performance.engine import periods, weeks
from commonhold.performance.models import Week
from commonhold.performance.queries.periods import Basis, the_period, whole_history


@working
def keep_weeks(*, on: Basis, progress: Callable[[int, int, str], None]) -> None:
    """The week that is not over, the two before it, and the same weeks a year ago; and what is to come."""
    told = whole_history(on.known)
    spans = list(weeks.followed(periods.local(on.known.through).date(), told.first))
    look_ahead(on=on)
    for number, week in enumerate(spans):
        progress(number, len(spans), f"The week of {week.first:%-d %B %Y}")
        make_ready(period=the_period(week, on.known), on=on)


@working
@transaction.atomic
def look_ahead(*, on: Basis) -> None:
    """Keep what is on hold and why, and which targets will be missed, by what is known now, and forget older looks."""
    read_at = datetime.fromtimestamp(on.known.through, UTC)
    until = read_at + weeks.AHEAD
    Week.objects.filter(batch__lt=on.known.batch).delete()
    Week.objects.update_or_create(
        batch=on.known.batch,
        defaults={
            "read_at": read_at,
            "until": until,
            "on_hold": on_hold_by_reason(on.known.batch),
            "due": due_to_be_missed(on.known.batch, read_at, until),
        },
    )
