"""What workers do for figures: the months by what is known now, what a page asked for, what nobody needs any more."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commonhold.demand.models.batch import TAKEN_OVER
from commonhold.figures import Span
from commonhold.jobs.engine import Running
from commonhold.ledger.engine.by import By
from commonhold.ledger.models import Entry
from commonhold.performance import tasks
from commonhold.performance.acts import reporting
from commonhold.performance.models import Period, Table
from commonhold.performance.queries import kept_up, readings
from commonhold.performance.queries.periods import basis
from tests import universe
from tests.demand.bringing import bring, events
from tests.demand.conftest import SignIn
from tests.reading import fields, words
from tests.universe import JUNE, NOON

THE_SERVICE = By(post="the-service", at=NOON, roles=frozenset({"service"}))
QUARTER = Span(date(2026, 4, 1), date(2026, 6, 30))
DAYS = {"first": JUNE.first.isoformat(), "last": JUNE.last.isoformat()}


def told(response: Any) -> str:
    """A table that is sent part by part."""
    return b"".join(response.streaming_content).decode()


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

    def test_an_open_report_and_a_program_have_figures_of_a_quarter_through_every_import(self, sign_in: SignIn) -> None:
        universe.compute(QUARTER)
        days = {"first": QUARTER.first, "last": QUARTER.last}
        report = reporting.open_report(by=universe.somebody("managing-director"), **days)
        client, table = sign_in("service-manager"), "/tables/figures.csv?each=period&from=2026-04-01&to=2026-06-30"
        before = told(client.get(table))
        bring(events("SD0007,2026-06-23T12:00:00Z,resolved,P3,incident,Service Desk,Northgate"), at=NOON)
        tasks.forget_superseded(running(NOON + timedelta(days=1)))
        page, waiting = client.get(report.get_absolute_url()), told(client.get(table))

        assert "A worker computes them again; until then they stand here as they were." in words(page)
        assert waiting == before.replace('"FALSE"', '"TRUE"')
        keep_months(NOON + timedelta(days=1))
        page, after = client.get(report.get_absolute_url()), told(client.get(table))
        assert "A worker computes them again" not in words(page) and '"TRUE"' not in after
        assert Period.objects.filter(first=QUARTER.first).count() == 1

    def test_those_of_a_report_are_computed_though_none_are_kept(self, sign_in: SignIn) -> None:
        universe.compute(QUARTER)
        days = {"first": QUARTER.first, "last": QUARTER.last}
        report = reporting.open_report(by=universe.somebody("managing-director"), **days)
        Period.objects.all().delete()
        page = sign_in("client-lead-of-southmere").get(report.get_absolute_url())

        assert "not kept ready" in words(page) and {"first", "last"} <= fields(page)
        assert "the worker" not in words(page)
        keep_months()
        assert readings.ready().periods[QUARTER].overtaken is False

    def test_of_other_days_those_asked_for_last_are_kept_up_and_whole_months_before_them(self) -> None:
        spans = [Span(date(2026, 6, 2), date(2026, 6, day)) for day in range(4, 5 + kept_up.OTHERS)]
        universe.compute(QUARTER)
        for span in (*spans[1:], spans[0]):
            universe.compute(span)
        for _ in range(2):
            found = [part.span for part in kept_up.kept_up(basis().known)]
            assert set(spans) - set(found) == {spans[1], spans[2]} and QUARTER in found
            bring(events(f"SD0007,2026-06-{23 + _}T12:00:00Z,open,P3,incident,Service Desk,Northgate"), at=NOON)
            keep_months()

    def test_days_in_the_middle_of_a_month_that_is_not_over_are_kept_up_as_others_are(self) -> None:
        told_to = readings.ready().told_to
        assert told_to
        middle = Span(told_to, told_to + timedelta(days=3))
        universe.compute(middle)

        assert middle.first.day > 1
        assert middle in [part.span for part in kept_up.kept_up(basis().known)]

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
