"""What workers do for figures: the months by what is known now, what a page asked for, what nobody needs any more."""

from datetime import UTC, datetime, timedelta

import pytest

from commonhold.demand.models.batch import TAKEN_OVER
from commonhold.jobs.engine import Running
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.performance import tasks
from commonhold.performance.models import Period, Table
from commonhold.performance.queries import readings
from commonhold.performance.queries.periods import basis
from tests import universe
from tests.demand.bringing import bring, events
from tests.universe import JUNE, NOON

THE_SERVICE = By(post="the-service", at=NOON, roles=frozenset({"service"}))
DAYS = {"first": JUNE.first.isoformat(), "last": JUNE.last.isoformat()}


def running(at: datetime = NOON) -> Running:
    return Running(
        job=1, task="performance.keep_months", attempt=1, asked_by=THE_SERVICE, clock=lambda: at, report=lambda *_: None
    )


def keep_months(at: datetime = NOON) -> None:
    entry = Entry.objects.filter(kind__in=TAKEN_OVER).order_by("number").last()
    assert entry
    tasks.keep_months(running(at), entry)


@pytest.mark.django_db
@pytest.mark.usefixtures("june")
class TestWithTickets:
    def test_months_that_a_later_file_overtook_are_computed_again_and_the_earlier_ones_go_after_an_hour(self) -> None:
        keep_months()
        first = basis().known.batch
        bring(events("SD0007,2026-06-23T12:00:00Z,resolved,P3,incident,Service Desk,Northgate"), at=NOON)
        keep_months()

        assert [kept.overtaken for kept in readings.ready().periods.values()] == [False, False]
        assert Period.objects.filter(batch=first).count() == 2
        assert not Table.objects.filter(period__batch=first).exists()
        tasks.forget_superseded(running(NOON + timedelta(hours=1)))
        assert not Period.objects.filter(batch=first).exists()

    def test_what_a_pack_rests_on_stays_through_all_of_it(self) -> None:
        keep_months()
        universe.publish("board")
        first = basis().known.batch
        bring(events("SD0007,2026-06-23T12:00:00Z,resolved,P3,incident,Service Desk,Northgate"), at=NOON)
        keep_months(NOON + timedelta(hours=2))

        assert JUNE in [row.span for row in Period.objects.filter(batch=first)]

    def test_what_is_read_at_an_instant_of_its_own_is_kept_for_its_evidence_and_not_for_pages(self) -> None:
        instant = datetime(2026, 6, 22, 12, tzinfo=UTC)
        tasks.compute(running(), **DAYS, as_of=instant.isoformat())

        assert Period.objects.get().as_of == instant
        assert not Table.objects.exists()

    def test_what_is_read_at_its_end_is_ready_for_pages(self) -> None:
        tasks.compute(running(), **DAYS, as_of="2026-06-30T23:59:59+01:00")

        assert list(readings.ready().periods) == [JUNE]


@pytest.mark.django_db
def test_where_nothing_is_known_there_is_nothing_to_forget() -> None:
    tasks.forget_superseded(running())

    assert not Period.objects.exists()
