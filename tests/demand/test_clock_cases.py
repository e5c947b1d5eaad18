"""Cases in a file: what the clock answers, and what it says of a file that makes no sense."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from commonhold.demand.engine.cases import Answer, answers, read_cases
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.refusals import Refused
from tests.demand.clock_examples import CALENDARS

Event = tuple[str, str]
HEADING = ("id", "description", "calendar", "opened", "events", "target_minutes")

OURS = [
    pytest.param(
        "office", "2024-06-12T16:00:00+01:00", [("2024-06-13T09:00:00+01:00", "resolved")], "240",
        180, "2024-06-13T10:00:00+01:00", False, id="over one night",
    ),
    pytest.param(
        "office", "2024-06-12T16:00:00Z", [("2024-06-13T10:00:00Z", "closed")], "240",
        240, "2024-06-13T11:00:00+01:00", False, id="due in the zone of the calendar",
    ),
    pytest.param(
        "24x7", "2024-10-27T00:30:00+01:00", [("2024-10-27T02:30:00+00:00", "resolved")], "120",
        180, "2024-10-27T01:30:00+00:00", True, id="through the repeated hour",
    ),
    pytest.param(
        "24x7", "2024-03-31T00:30:00+00:00", [("2024-03-31T02:30:00+01:00", "as_of")], "120",
        60, "2024-03-31T03:30:00+01:00", False, id="through the missing hour",
    ),
    pytest.param(
        "office", "2024-06-12T09:00:00+01:00",
        [("2024-06-12T10:00:00+01:00", "on_hold"), ("2024-06-12T15:00:00+01:00", "as_of")], "240",
        60, None, False, id="on hold there is no due",
    ),
    pytest.param(
        "office", "2024-06-12T09:00:00+01:00", [("2024-06-12T15:00:00+01:00", "as_of")], "",
        360, None, False, id="without a target there is no due",
    ),
    pytest.param(
        "office", "2024-06-12T09:00:00+01:00", [], "60",
        0, "2024-06-12T10:00:00+01:00", False, id="without events it is read at its opening",
    ),
    pytest.param(
        "never", "2024-06-12T09:00:00+01:00", [("2024-06-12T12:00:00+01:00", "calendar=office"),
        ("2024-06-12T13:00:00+01:00", "target=30"), ("2024-06-12T12:59:00+01:00", "in_progress")], "60",
        60, "2024-06-12T12:30:00+01:00", True, id="calendar and target change",
    ),
    pytest.param(
        "office", "2024-06-12T09:00:00+01:00",
        [("2024-06-12T11:00:00+01:00", "as_of"), ("2024-06-12T10:00:00+01:00", "on_hold"),
         ("2024-06-12T11:30:00+01:00", "cancelled")], "60",
        60, "2024-06-12T10:00:00+01:00", False, id="later events do not exist",
    ),
    pytest.param(
        "office", "2024-06-12T09:00:00+01:00", [("2024-06-12T10:00:30+01:00", "resolved")], "60",
        60, "2024-06-12T10:00:00+01:00", True, id="half a minute over is over",
    ),
]  # fmt: skip


def case_file(*rows: Sequence[str], heading: Sequence[str] = HEADING) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([heading, *rows])
    return out.getvalue().encode()


def answered(data: bytes, calendars: Calendars = CALENDARS) -> list[Answer]:
    return list(answers(read_cases(data, "cases.csv", calendars), calendars))


@pytest.mark.parametrize(("calendar", "opened", "events", "target", "minutes", "due", "breached"), OURS)
def test_our_cases(
    calendar: str, opened: str, events: list[Event], target: str, minutes: int, due: str | None, breached: bool
) -> None:
    (answer,) = answered(case_file(["a", "words", calendar, opened, json.dumps(events), target]))
    said = answer.as_json()
    assert (said["elapsed_working_minutes"], said["due"], said["breached"]) == (minutes, due, breached)
    assert (said["why_no_due"] is None) == (due is not None)
    assert sum(interval["seconds"] for interval in said["explanation"]) == answer.seconds


def test_the_given_cases(shared: Path) -> None:
    calendars = Calendars.from_toml((shared / "cases/calendars.toml").read_text(encoding="utf-8"), "calendars.toml")
    given = (shared / "cases" / "clock.csv").read_bytes()
    expected = {row["id"]: row for row in csv.DictReader(io.StringIO(given.decode()))}
    said = {answer.id: answer.as_json() for answer in answered(given, calendars)}
    assert list(said) == list(expected)
    for name, row in expected.items():
        assert said[name]["elapsed_working_minutes"] == int(row["expected_elapsed_working_minutes"]), name
        assert (said[name]["due"] or "") == row["expected_due_iso"], name
        assert said[name]["breached"] is (row["expected_breached"] == "true"), name


def test_the_explanation_lists_what_counted_and_what_did_not() -> None:
    events = [("2024-06-12T17:30:00+01:00", "on_hold"), ("2024-06-13T08:30:00+01:00", "open")]
    row = [
        "a",
        "",
        "office",
        "2024-06-12T17:00:00+01:00",
        json.dumps([*events, ("2024-06-14T08:10:00+01:00", "closed")]),
    ]
    (answer,) = answered(case_file([*row, "60"]))
    said = answer.as_json()
    assert list(said)[:5] == ["id", "elapsed_working_minutes", "due", "breached", "explanation"]
    assert said["explanation"] == [
        {
            "from": "2024-06-12T17:00:00+01:00",
            "to": "2024-06-12T17:30:00+01:00",
            "minutes": 30,
            "seconds": 1800,
            "state": "open",
        },
        {
            "from": "2024-06-13T08:30:00+01:00",
            "to": "2024-06-13T18:00:00+01:00",
            "minutes": 570,
            "seconds": 34_200,
            "state": "open",
        },
        {
            "from": "2024-06-14T08:00:00+01:00",
            "to": "2024-06-14T08:10:00+01:00",
            "minutes": 10,
            "seconds": 600,
            "state": "open",
        },
    ]
    assert [(part["state"], part["why_not"]) for part in said["not_counted"]] == [("on_hold", "on hold")]


def test_a_year_without_known_bank_holidays_is_warned_of() -> None:
    row = ["far", "", "office", "2031-06-12T17:00:00+01:00", "[]", "60"]
    (answer,) = answered(case_file(row))
    assert answer.warning == (
        "far: bank holidays are known from 2012 to 2028; outside these years office closes on 25 and 26 December only."
    )
    (known,) = answered(case_file(["near", "", "office", "2024-06-12T17:00:00+01:00", "[]", "60"]))
    assert known.warning == ""


def test_columns_may_come_in_any_order_with_others_and_a_byte_order_mark() -> None:
    data = b"\xef\xbb\xbf" + case_file(
        ["60", "[]", "x", "2024-06-12T09:00:00+01:00", "office", "a"],
        heading=("target_minutes", "events", "theirs", "opened", "calendar", "id"),
    )
    assert answered(data)[0].as_json()["due"] == "2024-06-12T10:00:00+01:00"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"calendar": "offic"}, "no calendar 'offic'; use one of 24x7, lunch"),
        ({"opened": "yesterday"}, "opened is 'yesterday'; write it like 2024-06-11T12:30:00+01:00"),
        ({"opened": "2024-06-11T12:30:00"}, "opened 2024-06-11T12:30:00 has no offset"),
        ({"opened": "1024-06-11T12:30:00Z"}, "the clock reads the years from 1900 to 3000"),
        ({"target_minutes": "4h"}, "target_minutes is '4h'; write whole minutes"),
        ({"target_minutes": "-5"}, "target_minutes is '-5'"),
        ({"target_minutes": "9" * 11}, "target_minutes is '99999999999'"),
        ({"target_minutes": "9" * 5000}, "target_minutes is '999"),
        ({"events": "[" * 100_000}, "events is not JSON that can be read"),
        ({"events": f"[{'9' * 5000}]"}, "events is not JSON that can be read"),
        ({"events": "resolved"}, "events is not JSON"),
        ({"events": "{}"}, "events is not a list"),
        ({"events": '[["2024-06-11T12:30:00Z"]]'}, "event 1 is not [instant, word]"),
        ({"events": '[["2024-06-11T12:30:00Z", 4]]'}, "event 1 is not [instant, word]"),
        ({"events": '[["2024-06-11T12:30:00Z", "done"]]'}, "event 1: 'done' is no word of the clock; use open"),
        ({"events": '[["12:30", "resolved"]]'}, "event 1: the instant is '12:30'"),
        ({"events": '[["2024-06-11T12:30:00Z", "target=x"]]'}, "event 1: target is 'x'"),
        ({"events": '[["2024-06-11T12:30:00Z", "calendar=x"]]'}, "event 1: no calendar 'x'"),
        ({"events": '[["2024-06-01T12:30:00Z", "as_of"]]'}, "as_of is before the opening"),
        ({"events": '[["2024-06-13T12:30:00Z", "as_of"], ["2024-06-13T12:30:00Z", "as_of"]]'}, "more than one as_of"),
        ({"id": ""}, "no id"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused(change: dict[str, str], problem: str) -> None:
    right = dict(zip(HEADING, ["a", "", "office", "2024-06-12T09:00:00+01:00", "[]", "60"], strict=True))
    data = case_file(list(right.values()), list({**right, "id": "b", **change}.values()))
    with pytest.raises(Refused) as refused:
        read_cases(data, "cases.csv", CALENDARS)
    assert len(refused.value.problems) == 1
    assert refused.value.problems[0].startswith("cases.csv, line 3: ")
    assert problem in refused.value.problems[0]


def test_every_bad_line_is_listed_by_the_number_it_begins_on() -> None:
    good = ["a", "two\nlines", "office", "2024-06-12T09:00:00+01:00", "[]", "60"]
    data = case_file(good, good, ["c", "", "x", "2024-06-12T09:00:00+01:00", "[]", "60"], ["d"])
    with pytest.raises(Refused) as refused:
        read_cases(data, "cases.csv", CALENDARS)
    assert refused.value.problems == (
        "cases.csv, line 4: id 'a' stands on line 2 already; give each case its own.",
        "cases.csv, line 6: no calendar 'x'; use one of 24x7, lunch, never, night, office, sundays.",
        "cases.csv, line 7: 1 cells, but the heading has 6; look for a comma unquoted.",
    )


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "cases.csv is empty; it needs a heading with id, calendar, opened, events, target_minutes"),
        (b"\n\n", "cases.csv is empty"),
        (b"id,calendar\n", "cases.csv, line 1: no column opened, events, target_minutes"),
        (b"id,calendar\nx,\xff\n", "cases.csv, line 2: not UTF-8 text"),
        (b"id,calendar\nx,\0\n", "cases.csv, line 2: a NUL character"),
        (b'id,calendar,opened,events,target_minutes\n"x"y,,,,\n', "cases.csv, line 2: not CSV that can be read"),
        (b"id,calendar,opened,events,target_minutes\n" + b"x" * 2**20, "cases.csv, line 2: not CSV that can be read"),
    ],
    ids=["empty", "blank", "heading", "encoding", "NUL", "quotes", "a huge cell"],
)
def test_a_file_that_makes_no_sense_is_refused(data: bytes, problem: str) -> None:
    with pytest.raises(Refused) as refused:
        read_cases(data, "cases.csv", CALENDARS)
    assert problem in str(refused.value)


def test_a_heading_without_cases_has_no_answers() -> None:
    assert answered(case_file()) == []
