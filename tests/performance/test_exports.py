"""A desk's weekly exports without holds say between which values the figures of its full log lie (F5)."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from commonhold.figures import Figure, Span
from commonhold.performance.acts import computing
from commonhold.performance.queries.periods import basis, the_period
from tests.demand import exports
from tests.demand.bringing import bring

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]

BEGIN = datetime(2026, 4, 6, tzinfo=UTC)
MEASURES = (
    "within_target", "breached_open", "working_minutes_median", "working_minutes_p90", "on_hold_minutes",
    "on_hold_tickets", "minutes_used", "verdict_differs",
)  # fmt: skip
BY = (("month", "partner", "priority"), ("partner",), ("team", "month"), ())


@contextmanager
def undone() -> Iterator[None]:
    """What is brought in the block is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def figures() -> list[Figure]:
    on = basis()
    period = the_period(Span(date(2026, 4, 6), date(2026, 6, 7)), on.known)
    return [one for by in BY for one in computing.figures(period=period, on=on, measures=MEASURES, by=by)]


def as_file(log: exports.Log) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(log.rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(log.rows)
    return text.getvalue()


@pytest.mark.parametrize("with_changes", [True, False])
def test_the_figures_of_the_full_log_lie_within_the_bounds_of_its_exports(with_changes: bool) -> None:
    log = exports.made(4, 90, BEGIN)
    with undone():
        bring(as_file(log), log.mapping)
        true = figures()
    with undone():
        mapping = log.of_tickets(with_changes=with_changes)
        moments = exports.weekly(BEGIN + timedelta(days=7), log.last)
        for moment, file in log.exports(moments, with_changes=with_changes):
            bring(file, mapping, exported_at=moment)
        told = figures()

    assert exports.outside(told, true) == []
    read = {(one.measure, tuple(one.scope.items())): one.value for one in told}
    differing = [one for one in true if read.get((one.measure, tuple(one.scope.items()))) not in (None, one.value)]
    assert len(differing) > 20, "the exports alone do not say it"
