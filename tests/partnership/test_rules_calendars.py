"""The rule "calendars": what may stand together, and its one JSON form."""

import pytest

from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.refusals import Refused
from commonhold.workdays import Calendar, Window

OFFICE = ((Window(480, 1080),),) * 5 + ((),) * 2
FILE = (
    'time_zone = "Europe/London"\nholidays = "GB-ENG"\n[office]\nmon-fri = ["08:00-18:00"]\nobserves_holidays = true\n'
)


def test_a_file_becomes_the_rule_and_the_rule_json() -> None:
    rule = Calendars.from_toml(FILE, "hours.toml")
    form = rule.to_json()
    assert list(form) == ["time_zone", "holidays", "office"]
    assert form["office"] == {"mon-fri": ["08:00-18:00"], "observes_holidays": True}
    assert len(form["holidays"]["days"]) == 140
    assert Calendars.from_json(form) == rule


def test_the_json_stands_without_any_list_of_holidays() -> None:
    form = Calendars.from_toml(FILE, "hours.toml").to_json()
    form["holidays"]["days"] = ["2030-06-03"]
    (day,) = Calendars.from_json(form).by_name["office"].holidays
    assert day.isoformat() == "2030-06-03"


def test_there_must_be_a_calendar_under_its_own_name() -> None:
    with pytest.raises(Refused, match="There is no calendar"):
        Calendars({})
    with pytest.raises(Refused, match="under its own name"):
        Calendars({"day": Calendar("office", "UTC", OFFICE, observes_holidays=False)})


def test_all_share_one_time_zone() -> None:
    here, there = (Calendar(name, name, OFFICE, observes_holidays=False) for name in ("UTC", "Europe/London"))
    with pytest.raises(Refused, match="share one time zone"):
        Calendars({"UTC": here, "Europe/London": there})


def test_the_rule_does_not_change_with_what_it_was_made_from() -> None:
    calendars = {"office": Calendar("office", "UTC", OFFICE, observes_holidays=False)}
    rule = Calendars(calendars)
    calendars.clear()
    assert list(rule.by_name) == ["office"]
