"""The fictional libraries' table and file of holds: the same every time, and each export one of the same requests."""

import csv
from datetime import date
from importlib import resources
from itertools import pairwise

import pytest

from commonhold.web.demo import libraries
from commonhold.web.demo.desk import A_DAY, A_FEW, office_hours
from commonhold.web.demo.founding import at
from commonhold.web.demo.libraries import EXPORTED, Request, draw, holds, table
from commonhold.workdays import read_calendars

LAST = at(EXPORTED[-1], 6)


@pytest.fixture(scope="module")
def requests() -> list[Request]:
    return drawn(A_DAY)


def drawn(tickets_a_day: int) -> list[Request]:
    text = (resources.files("commonhold.web.demo") / "calendars.toml").read_text(encoding="utf-8")
    return draw(office_hours(read_calendars(text, "calendars.toml")["office-hours"]), tickets_a_day)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(content.decode().splitlines()))


@pytest.mark.parametrize("tickets_a_day", [A_DAY, A_FEW])
def test_it_is_the_same_every_time_and_in_order(tickets_a_day: int) -> None:
    first, second = drawn(tickets_a_day), drawn(tickets_a_day)

    assert first == second
    assert all(one.opened <= one.begun < one.fixed for one in first)
    assert all(one.begun < one.held_from < one.held_until < one.fixed for one in first if one.held_from > 0)


def test_a_later_table_has_every_request_of_the_one_before_and_says_the_same_of_what_was_fixed(
    requests: list[Request],
) -> None:
    tables = [{row["Number"]: row for row in rows(table(requests, at(day, 6)))} for day in EXPORTED]

    for earlier, later in pairwise(tables):
        assert earlier.keys() < later.keys()
        fixed = {number: row for number, row in earlier.items() if row["Status"] == "Fixed"}
        assert fixed.items() <= later.items()
    assert {row["Status"] for seen in tables for row in seen.values()} >= {"In hand", "Waiting", "Fixed"}


def test_a_table_says_of_no_request_what_came_later(requests: list[Request]) -> None:
    for row in rows(table(requests, LAST)):
        assert bool(row["Fixed"]) == bool(row["In time"]) == (row["Status"] == "Fixed")


def test_the_file_of_holds_tells_of_the_second_half_of_the_month_alone(requests: list[Request]) -> None:
    told = {row["reference"] for row in rows(holds(requests, at(libraries.HOLDS_EXPORTED, 6)))}
    logged = {row["Number"]: row["Logged"] for row in rows(table(requests, LAST))}

    assert told
    assert told < logged.keys(), "of each the ticket was imported before"
    assert all(int(logged[number][:2]) >= libraries.HELD_SINCE.day for number in told)


def test_what_is_still_on_hold_has_no_end(requests: list[Request]) -> None:
    there = [row["to"] for row in rows(holds(requests, at(date(2026, 6, 24), 6)))]

    assert "" in there and any(there)
