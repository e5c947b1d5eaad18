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
from commonhold.demand.engine.clock import SINCE_EVER, Histories, compile_rules
from commonhold.demand.queries import columns
from commonhold.figures import Figure, Span
from commonhold.partnership.acts import starting
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.partnership.engine.rules.targets import Target, Targets
from commonhold.partnership.engine.starting import read_plan
from commonhold.partnership.queries import acting
from commonhold.performance.acts import computing, publishing
from commonhold.performance.acts.composing import compose, profile_of
from commonhold.performance.engine import groups
from commonhold.performance.engine.measures import MEASURES
from commonhold.performance.engine.reading import read
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
OFFICE = """
[office]
mon-fri = ["08:00-18:00"]
observes_holidays = true
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


@pytest.mark.parametrize(("span", "minutes"), [(MARCH, 6_275_327), (SPRING, 14_818_029)])
def test_who_is_on_hold_at_midnight_is_on_hold_through_the_last_second_before(span: Span, minutes: int) -> None:
    on = basis()
    period = the_period(span, on.known)
    tickets, timelines = columns.tickets(on.known.batch, period.start, period.end)
    targets = Targets({"P1": Target(240, "24x7")} | {f"P{n}": Target(1_800, "office") for n in (2, 3, 4)})
    calendars = Calendars.from_toml(CALENDARS + OFFICE, "calendars.toml")
    rules = compile_rules([(SINCE_EVER, calendars)], [(SINCE_EVER, targets)], period.start, period.end)
    extract = read(period, tickets, Histories.joined(timelines), rules, on.named.party_of)
    (found,) = groups.figures([extract], ["on_hold_minutes"], (), on.names, on.stamp(period))

    assert (found.value, type(found.value)) == (minutes, int)


@pytest.mark.parametrize("word", ["partner", "priority", "team", "responsible", "month"])
def test_minutes_by_anything_add_up_to_the_whole(word: str) -> None:
    on = basis()
    period = the_period(SPRING, on.known)
    measures = ["on_hold_minutes", "minutes_used"] if word != "month" else ["on_hold_minutes"]
    for measure in measures:
        parts = computing.figures(period=period, on=on, measures=[measure], by=[word])
        assert sum(one.value or 0 for one in parts) == figure(measure, SPRING).value


def test_minutes_are_whole() -> None:
    names = [one.name for one in MEASURES.values() if one.unit == "minutes"]

    assert [type(figure(name).value) for name in names] == [int] * 4


def test_what_has_no_team_is_not_passed_on_to_another() -> None:
    assert figure("reassigned_tickets").value == 9_575


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
