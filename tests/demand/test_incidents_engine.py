"""The account of an incident, who was told against the plan, and what is counted, as plain values."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.demand.engine.incidents.account import (
    Account,
    Clocked,
    differences,
    instant_of,
    is_party,
    party_in_words,
    result_of,
)
from commonhold.demand.engine.incidents.cascade import Said, against, is_open
from commonhold.demand.engine.incidents.counting import Group, apart, counted
from commonhold.partnership.engine.rules.communication_plan import CommunicationPlan
from commonhold.refusals import Refused
from commonhold.workdays import read_calendars
from tests.incidents import ACCOUNT, DETECTED, PLAN

NOW = datetime(2026, 7, 21, 11, tzinfo=UTC)
OFFICE = read_calendars(
    'time_zone = "Europe/London"\nholidays = "GB-ENG"\n[office]\nmon-fri = ["08:00-18:00"]\nobserves_holidays = true\n',
    "x",
)["office"]


def clocked(reference: str = "SD1", minutes: int | None = 240, after: int = 0, result: str = "met") -> Clocked:
    opened = DETECTED + timedelta(minutes=after)
    resolved = None if minutes is None else opened + timedelta(minutes=minutes)
    return Clocked(reference, opened, resolved, minutes, 240, result)


def test_an_account_is_read_and_written_back_the_same() -> None:
    whole = replace(ACCOUNT, services=(1, 2), partners=(3,), actions=(4,))

    assert Account.from_json(whole.to_json()) == whole
    assert Account.from_json({}) == Account()
    assert whole.minutes == 235


def test_an_account_says_what_it_lacks() -> None:
    assert ACCOUNT.lacks == ["which partners it hit"]
    assert len(Account().lacks) == 9
    assert replace(ACCOUNT, partners=(1,)).lacks == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"restored": DETECTED}, "restored after the incident was detected"),
        ({"detected": NOW + timedelta(minutes=1), "restored": None}, "in the time to come"),
        ({"restored": NOW + timedelta(minutes=1)}, "in the time to come"),
        ({"party": "the weather"}, "responsible party"),
        ({"party": "supplier: "}, "responsible party"),
        ({"legacy": "perhaps"}, "yes, no, or not known"),
        ({"title": "x" * 121}, "The title has at most 120 characters"),
        ({"closed": "x" * 4_001}, "The closed wording has at most 4,000"),
        ({"cause": "a\x00b"}, "null character"),
        ({"services": tuple(range(51))}, "At most 50"),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused) as refused:
        replace(ACCOUNT, **changes).checked(NOW)

    assert words in str(refused.value)


def test_what_is_unfinished_can_be_kept() -> None:
    assert Account(title="  Half  ").checked(NOW) == Account(title="Half")


def test_an_instant_is_local_and_the_hour_that_the_clocks_skip_is_refused() -> None:
    assert instant_of(date(2026, 6, 16), time(12, 5), "It") == DETECTED
    assert instant_of(None, None, "It") is None
    assert instant_of(date(2026, 10, 25), time(1, 30), "It") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    with pytest.raises(Refused, match="the clocks went forward"):
        instant_of(date(2026, 3, 29), time(1, 30), "It")
    with pytest.raises(Refused, match="both the day and the time"):
        instant_of(date(2026, 3, 29), None, "It")


def test_where_the_account_and_its_tickets_differ_is_said() -> None:
    assert differences(ACCOUNT, []) == []
    assert differences(ACCOUNT, [clocked(minutes=235)]) == []
    assert differences(ACCOUNT, [clocked(minutes=300, after=-75)]) == [
        "Detected 1 hour 15 minutes after SD1 was opened.",
        "Restored 10 minutes after SD1 was resolved.",
    ]
    assert differences(ACCOUNT, [clocked(minutes=235), clocked("SD2", None)]) == [
        "Restored, while as the desk tells SD2 is not resolved."
    ]


@pytest.mark.parametrize(
    ("results", "whole"),
    [([], "not set"), (["met", "missed"], "missed"), (["met", "running"], "running"), (["not set", "met"], "met")],
)
def test_the_result_of_several_tickets_is_the_worst(results: list[str], whole: str) -> None:
    assert result_of([clocked(result=result) for result in results]) == whole


def test_parties_are_told_from_other_words() -> None:
    assert [is_party(words) for words in ("service", "authority: Northgate", "supplier: Calldale")] == [True] * 3
    assert not any(is_party(words) for words in ("", "service: us", "authority", "somebody: X"))
    assert party_in_words("authority: Northgate") == "Northgate: own teams"
    assert party_in_words(None) == "Nobody named"


def held(minutes: dict[str, int], *, detected: datetime = DETECTED, now: datetime = NOW) -> dict[str, tuple[str, int]]:
    plan = CommunicationPlan.from_json({**PLAN, "calendar": "office"})
    said = [Said(who, "telephone", detected + timedelta(minutes=after)) for who, after in minutes.items()]
    open_hours = is_open(OFFICE, detected)
    found = against(plan, open_hours=open_hours, detected=detected, said=said, now=now)
    return {line.audience: (line.result, line.late) for line in found}


NIGHT = datetime(2026, 6, 13, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "detected", "results"),
    [
        ({}, DETECTED, {"Managing Director": ("not told", 0), "Client leads": ("not told", 0)}),
        ({"Managing Director": 15}, DETECTED, {"Managing Director": ("in time", 0), "Client leads": ("not told", 0)}),
        ({"managing director": 16}, DETECTED, {"Managing Director": ("late", 1), "Client leads": ("not told", 0)}),
        ({}, NIGHT, {"Managing Director": ("not told", 0), "Client leads": ("not asked for", 0)}),
        ({"Managing Director": 60}, NIGHT, {"Managing Director": ("in time", 0), "Client leads": ("not asked for", 0)}),
    ],
)
def test_each_audience_is_held_against_the_plan(
    minutes: dict[str, int], detected: datetime, results: dict[str, tuple[str, int]]
) -> None:
    assert held(minutes, detected=detected) == results


def test_what_is_not_due_yet_is_not_missing_and_what_is_beyond_the_plan_is_listed() -> None:
    soon = DETECTED + timedelta(minutes=10)

    assert held({"The press": 5}, now=soon) == {
        "Managing Director": ("not due yet", 0),
        "Client leads": ("not due yet", 0),
        "The press": ("beyond the plan", 0),
    }
    assert held({"Managing Director": -5})["Managing Director"] == ("beyond the plan", 0), "before it was detected"


def test_office_hours_are_local_and_end_on_bank_holidays() -> None:
    assert is_open(OFFICE, datetime(2026, 6, 16, 7, 0, tzinfo=UTC))
    assert not is_open(OFFICE, datetime(2026, 6, 16, 17, 0, tzinfo=UTC)), "six in London: closing is not open"
    assert not is_open(OFFICE, datetime(2026, 5, 25, 10, tzinfo=UTC)), "the spring bank holiday"


GROUPS = st.lists(
    st.builds(
        Group,
        st.sampled_from([None, "service", "authority: Northgate", "supplier: Calldale"]),
        st.sampled_from(["met", "missed", "running", "on hold", "not set"]),
        st.integers(0, 50),
    )
)


@given(GROUPS)
def test_counts_add_up_whatever_the_parties(groups: list[Group]) -> None:
    found = counted(groups)

    assert sum(one.opened for one in found) == sum(group.tickets for group in groups)
    assert all(one.opened == one.met + one.missed + one.running + one.unset for one in found)
    assert len({one.party for one in found}) == len(found)


def test_the_shared_services_own_are_told_apart_from_others_host_and_guests_alike() -> None:
    groups = [
        Group("authority: Southmere", "met", 4),
        Group("service", "met", 9),
        Group("service", "missed", 7),
        Group("authority: Northgate", "missed", 3),
        Group(None, "running", 1),
    ]

    assert [one.party for one in counted(groups)] == ["service", "authority: Northgate", "authority: Southmere", None]
    assert list(apart(counted(groups))) == [
        "The shared service's own: 9 of 16 within target.",
        "Answered for by others, shown apart: 4 of 8 within target (1 open still).",
    ]
    assert next(apart([])) == "The shared service's own: none."
