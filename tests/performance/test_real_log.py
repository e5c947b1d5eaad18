"""The public ServiceNow log, imported as an analyst would: the figures that its own arithmetic gives, and a quarter's
pack that comes out the same when it is computed again from the kept files.
"""

import json
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from commonhold.demand.engine import partners
from commonhold.figures import Figure, Span
from commonhold.partnership.acts import starting
from commonhold.partnership.engine.starting import read_plan
from commonhold.partnership.queries import acting
from commonhold.performance.acts import computing, publishing
from commonhold.performance.acts.composing import compose, profile_of
from commonhold.performance.models import Pack
from commonhold.performance.queries import recomputing
from commonhold.performance.queries.periods import basis, the_period, whole_history
from tests.conftest import SHARED
from tests.demand.bringing import bring
from tests.universe import NOON

pytestmark = [pytest.mark.long, pytest.mark.django_db, pytest.mark.usefixtures("log")]

AGREEMENT = """
name = "Shared ICT Service"
partners = ["Partner A", "Partner B", "Partner C"]
[agreement]
found = "Inter Authority Agreement of 1 January 2016"
from = 2016-01-01
calendars = "calendars.toml"
[targets.P1]
resolve_minutes = 240
calendar = "24x7"
[targets.P2]
resolve_minutes = 600
calendar = "24x7"
[targets.P3]
resolve_minutes = 1800
calendar = "24x7"
"""
CALENDARS = """
time_zone = "Europe/London"
holidays = "GB-ENG"
["24x7"]
mon-sun = ["00:00-24:00"]
observes_holidays = false
"""
MARCH = Span(date(2016, 3, 1), date(2016, 3, 31))
SPRING = Span(date(2016, 4, 1), date(2016, 6, 30))


@pytest.fixture(scope="module")
def log(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The whole log, imported once for these tests."""
    if not SHARED.is_dir():
        pytest.skip(f"The real data are not here ({SHARED}); these tests compare with them.")
    with time_machine.travel(NOON, tick=False), django_db_blocker.unblock(), transaction.atomic():
        plan = read_plan(AGREEMENT, "start.toml", lambda name: CALENDARS)
        starting.start(by=acting(None, NOON), plan=plan)
        with (SHARED / "servicenow_location_to_partner.csv").open("rb") as stream:
            known = partners.read(stream)
        path = SHARED / "servicenow_incident_event_log.csv.gz"
        report = bring(path, "servicenow-audit", partners=known, time_zone="UTC")
        assert (report["tickets"]["new"], report["rows"], report["refused"]) == (24_918, 141_712, [])
        yield
        transaction.set_rollback(True)


def figure(measure: str, span: Span | None = None) -> Figure:
    on = basis()
    period = the_period(span or whole_history(on.known), on.known)
    (found,) = computing.figures(period=period, on=on, measures=[measure], by=())
    return found


def test_what_was_open_at_the_end_of_march_by_the_days_of_london() -> None:
    assert figure("open_at_end", MARCH).value == 1_824
    assert figure("unclosed_at_end", MARCH).value == 3_350
    assert figure("tickets_opened", MARCH).value == 8_992
    assert figure("tickets_resolved", MARCH).value == 6_876


def test_how_long_it_took_to_resolve_them() -> None:
    median, ninetieth = figure("resolution_hours_median"), figure("resolution_hours_p90")

    assert (round(median.value or 0, 2), round(ninetieth.value or 0, 2)) == (22.10, 381.55)
    assert median.denominator == ninetieth.denominator == 24_918 - 1_556


def test_the_desk_s_own_verdict() -> None:
    found = figure("source_verdict_met")

    assert (found.numerator, found.denominator) == (15_803, 24_918)


def test_a_priority_without_a_target_is_left_out_and_counted() -> None:
    found = figure("within_target", MARCH)

    assert found.denominator and found.denominator < 6_876
    assert [note for note in found.notes if note.endswith("no target in force and are left out")]


def test_partners_add_up_to_the_whole() -> None:
    on = basis()
    by_partner = computing.figures(
        period=the_period(SPRING, on.known), on=on, measures=["tickets_opened"], by=["partner"]
    )

    assert [one.scope["partner"] for one in by_partner] == ["Partner A", "Partner B", "Partner C"]
    assert sum(one.value or 0 for one in by_partner) == figure("tickets_opened", SPRING).value == 15_450


def test_a_quarter_s_pack_is_published_and_every_figure_comes_out_the_same() -> None:
    on = basis()
    files = compose(period=the_period(SPRING, on.known), profile=profile_of("board"), on=on)
    pack = publishing.publish(by=acting(None, NOON), files=files)
    said = json.loads(files.files["figures.json"])
    answers = list(recomputing.recomputed(said["figures"], said["made_from"]))

    assert Pack.objects.get() == pack
    assert len(answers) == pack.readings.count() > 80
    assert [answer for answer in answers if answer.answer != "same"] == []
