"""Opening hours as a file says them, and what is wrong with a file that cannot be read (C1, C3)."""

import json
from datetime import date
from pathlib import Path

import pytest

from commonhold.refusals import Refused
from commonhold.workdays import (
    Calendar,
    Window,
    calendars_as_json,
    calendars_from_json,
    read_calendars,
    read_toml,
    zone,
)

FILE = """
time_zone = "Europe/London"
holidays = "GB-ENG"

[office]
mon-fri = ["08:00-12:00", "13:00-18:00"]
sat = ["09:00-13:00"]
observes_holidays = true

["24x7"]
mon-sun = ["00:00-24:00"]
observes_holidays = false

[shut]
mon-sun = []
observes_holidays = false
"""


def said(hours: str, top: str = 'time_zone = "Europe/London"\nholidays = "GB-ENG"') -> str:
    return f"{top}\n[office]\n{hours}\nobserves_holidays = true\n"


def problems_of(text: str) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        read_calendars(text, "hours.toml")
    return refused.value.problems


def test_a_file_is_read() -> None:
    calendars = read_calendars(FILE, "hours.toml")
    assert list(calendars) == ["office", "24x7", "shut"]
    office = calendars["office"]
    assert office.windows_on(date(2024, 6, 11)) == (Window(480, 720), Window(780, 1080))
    assert office.windows_on(date(2024, 6, 15)) == (Window(540, 780),)
    assert office.windows_on(date(2024, 6, 16)) == ()
    assert calendars["24x7"].windows_on(date(2024, 12, 25)) == (Window(0, 1440),)
    assert not any(calendars["shut"].windows)


def test_bank_holidays_close_the_whole_date() -> None:
    office = read_calendars(FILE, "hours.toml")["office"]
    assert office.closed_all_day(date(2021, 12, 27))
    assert office.closed_all_day(date(2022, 9, 19))
    assert not office.closed_all_day(date(2021, 12, 29))


def test_christmas_stays_closed_when_its_bank_holiday_is_another_day() -> None:
    """25 December 2021 was a Saturday on which this desk would open."""
    office = read_calendars(FILE, "hours.toml")["office"]
    assert office.windows_on(date(2021, 12, 18)) != ()
    assert office.windows_on(date(2021, 12, 25)) == ()
    assert office.closed_days(date(2021, 12, 24), date(2022, 1, 3)) == [
        date(2021, 12, 25),
        date(2021, 12, 26),
        date(2021, 12, 27),
        date(2021, 12, 28),
        date(2022, 1, 3),
    ]


def test_the_years_of_the_list_are_known() -> None:
    assert read_calendars(FILE, "hours.toml")["office"].holiday_years == range(2012, 2029)


def test_json_says_the_same() -> None:
    calendars = read_calendars(FILE, "hours.toml")
    form = json.loads(json.dumps(calendars_as_json(calendars)))
    assert form["office"] == {
        "mon-fri": ["08:00-12:00", "13:00-18:00"],
        "sat": ["09:00-13:00"],
        "observes_holidays": True,
    }
    assert form["shut"] == {"mon-sun": [], "observes_holidays": False}
    assert form["holidays"]["division"] == "GB-ENG"
    assert calendars_from_json(form) == calendars


def test_the_order_of_a_file_does_not_change_its_json() -> None:
    calendars = read_calendars(FILE, "hours.toml")
    turned = dict(reversed(calendars.items()))
    assert json.dumps(calendars_as_json(turned)) == json.dumps(calendars_as_json(calendars))


@pytest.mark.parametrize(
    ("hours", "problem"),
    [
        ('mon-fri = ["08:00-18:00", "17:00-19:00"]', "line 4: [office] 08:00-18:00 and 17:00-19:00 overlap"),
        ('mon-fri = ["13:00-18:00", "08:00-12:00"]', "08:00-12:00 is listed after 13:00-18:00"),
        ('mon-fri = ["22:00-06:00"]', "22:00-06:00 does not close after it opens"),
        ('mon-fri = ["18:00-00:00"]', "18:00-00:00 closes at 00:00; write 24:00"),
        ('mon-fri = ["00:00-24:30"]', "00:00-24:30 is not within 00:00-24:00"),
        ('mon-fri = ["8-18"]', "'8-18' is not a window; write it like 08:00-18:00"),
        ('mon-fri = "08:00-18:00"', "hours are a list of windows"),
        ('mon-fri = ["08:00-18:00"]\nfri = []', "line 5: [office] fri gives hours for fri a second time"),
        ('fri-mon = ["08:00-18:00"]', "fri-mon runs backwards"),
        ('monday = ["08:00-18:00"]', "unknown key 'monday'; use mon-fri, sat, mon-sun"),
        ('lunch = "12:00"', "unknown key 'lunch'"),
        ("", "line 3: [office] has no hours"),
    ],
)
def test_what_is_wrong_with_the_hours_is_said_with_its_line(hours: str, problem: str) -> None:
    assert any(problem in found for found in problems_of(said(hours)))


@pytest.mark.parametrize(
    ("top", "problem"),
    [
        ('holidays = "GB-ENG"', "hours.toml: time_zone is missing; add"),
        ('time_zone = "London"\nholidays = "GB-ENG"', "line 1: 'London' is not a time zone"),
        ('time_zone = "../secrets"\nholidays = "GB-ENG"', "line 1: '../secrets' is not a time zone"),
        (
            'time_zone = "Europe/London"\nholidays = "UK"',
            "line 2: 'UK' has no list of bank holidays; use one of GB-ENG",
        ),
        ('time_zone = "Europe/London"\nholidays = 3', "holidays names a nation"),
        ('time_zone = "Europe/London"', "name the nation of its bank holidays"),
        ('time_zone = "Europe/London"\nholidays = "GB-ENG"\ncolour = 1', "line 3: unknown key 'colour'"),
    ],
)
def test_what_is_wrong_at_the_top_is_said_with_its_line(top: str, problem: str) -> None:
    assert any(problem in found for found in problems_of(said('mon = ["08:00-18:00"]', top)))


def test_whether_holidays_are_observed_must_be_said() -> None:
    text = 'time_zone = "UTC"\n[office]\nmon = ["08:00-18:00"]\n'
    assert problems_of(text) == (
        "hours.toml, line 2: [office] say observes_holidays = true or observes_holidays = false.",
    )


def test_every_problem_is_told_at_once() -> None:
    assert len(problems_of('time_zone = "Mars"\n[a]\nmon = ["x"]\n[b]\nmonn = []\n')) == 5


def test_a_section_is_found_however_its_heading_is_written() -> None:
    top = 'time_zone = "Europe/London"\nholidays = "GB-ENG"\n'
    with pytest.raises(Refused, match=r"line 4: \[24x7\] has no hours"):
        read_calendars(f"{top}\n  [ '24x7' ]  # always\n", "hours.toml")


def test_a_line_of_nothing_but_spaces_in_a_bracket_holds_nobody_up() -> None:
    """A pattern that tries every way to share a thousand spaces out takes minutes."""
    with pytest.raises(Refused, match="unknown key 'q'"):
        read_calendars(f'q = """\n[{" " * 1_900}x\n"""\n[office]\nmon-fri = []\n', "hours.toml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{'a.' * 50_000}a = 1", "a line of more than 2,000"),
        (f"a{'.a' * 11} = 1", "a key of more than 10 parts"),
        ("# a comment\n" * 40_000, "more than 262,144 characters"),
        (f"a = {'[' * 1_900}", "is not TOML that can be read"),
        (f"a = {'9' * 1_990}\nb =", "is not TOML that can be read"),
    ],
    ids=["dots", "parts", "lines", "brackets", "half"],
)
def test_what_nobody_writes_is_refused_and_holds_nobody_up(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read_toml(text, "hours.toml")


def test_a_file_that_is_not_toml_or_empty_is_refused() -> None:
    with pytest.raises(Refused, match=r"hours.toml is not TOML that can be read: .*line 2"):
        read_calendars('holidays = "GB-ENG"\ntime_zone = UTC\n', "hours.toml")
    for text in ("a = " + "[" * 1_900, "a = ]"):
        with pytest.raises(Refused, match=r"hours.toml is not TOML that can be read"):
            read_calendars(text, "hours.toml")
    assert problems_of('time_zone = "UTC"') == (
        'hours.toml: no calendar; add a section such as [office] with mon-fri = ["08:00-18:00"]',
    )


@pytest.mark.parametrize(
    "value", [[], 3, {"time_zone": "UTC", "holidays": {"days": ["x"]}}, {"time_zone": "UTC", "a": {"mon": [8]}}]
)
def test_json_that_makes_no_sense_is_refused(value: object) -> None:
    with pytest.raises(Refused):
        calendars_from_json(value)


def test_a_calendar_cannot_be_made_wrong() -> None:
    week = ((),) * 7
    with pytest.raises(ValueError, match="a week has seven"):
        Calendar("a", "UTC", week[:6], observes_holidays=False)
    with pytest.raises(ValueError, match="needs a name"):
        Calendar(" ", "UTC", week, observes_holidays=False)
    with pytest.raises(ValueError, match="none are given"):
        Calendar("a", "UTC", week, observes_holidays=True)
    with pytest.raises(ValueError, match="overlap"):
        Calendar("a", "UTC", ((Window(0, 60), Window(30, 90)), *week[1:]), observes_holidays=False)


def test_time_zones_are_those_of_the_package() -> None:
    assert str(zone("Europe/London")) == "Europe/London"
    assert zone("Europe/London") is zone("Europe/London")


def test_the_given_calendars_are_read(shared: Path) -> None:
    text = (shared / "cases" / "calendars.toml").read_text(encoding="utf-8")
    calendars = read_calendars(text, "calendars.toml")
    assert calendars_from_json(calendars_as_json(calendars)) == calendars
    assert [str(window) for window in calendars["night-2200-0600"].windows[0]] == ["00:00-06:00", "22:00-24:00"]
