"""Opening hours as instants: every minute of the tables is what the wall clock says (C1-C3, C7)."""

from datetime import UTC, date, datetime
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.demand.engine.clock.hours import hours
from commonhold.workdays import Calendar, Window
from commonhold.workdays import zone as time_zone
from tests.demand import clock_worlds
from tests.demand.clock_examples import CALENDARS, at

DAY = 86_400
WEEK = ((Window(0, 1440),),) * 7


@pytest.mark.parametrize("seed", range(12))
def test_every_minute_is_open_when_the_wall_says_so(seed: int) -> None:
    random = Random(seed)
    begin = clock_worlds.start(random)
    world = clock_worlds.world(random, begin)
    end = begin + 4 * DAY
    for name in world.names:
        versions = tuple((since, rule.by_name[name]) for since, rule in world.calendars)
        table = hours(versions, begin, end)
        open_minutes = {minute for a, b in table.between(begin, end) for minute in range(a // 60, b // 60)}
        assert open_minutes == {minute for minute in range(begin // 60, end // 60) if world.is_open(name, minute * 60)}


@given(st.integers(0, 400 * DAY), st.integers(0, 400 * DAY))
def test_seconds_and_instants_undo_each_other(one: int, other: int) -> None:
    begin = at("2024-01-01")
    table = hours(((begin, CALENDARS.by_name["lunch"]),), begin, begin + 400 * DAY)
    first, last = begin + min(one, other), begin + max(one, other)
    passed = table.open_before(last) - table.open_before(first)
    assert passed == sum(b - a for a, b in table.between(first, last))
    number = table.open_before(first)
    second = table.second(number)
    assert second is None or (second >= first and table.open_before(second) == number)


def test_windows_are_in_order_and_never_touch() -> None:
    begin = at("2020-01-01")
    table = hours(((begin, CALENDARS.by_name["night"]),), begin, at("2030-01-01"))
    assert all(later > earlier for earlier, later in zip(table.ends, table.starts[1:], strict=False))
    assert all(ends > starts for starts, ends in zip(table.starts, table.ends, strict=True))


def test_a_span_that_begins_at_closing_time_begins_shut() -> None:
    begin, opens = at("2024-06-11 18:00"), at("2024-06-12 08:00")
    table = hours(((begin, CALENDARS.by_name["office"]),), begin, begin + DAY)
    assert list(zip(table.starts.tolist(), table.ends.tolist(), strict=True)) == [(opens, begin + DAY)]


def test_round_the_clock_is_one_window() -> None:
    begin, end = at("2020-01-01"), at("2030-01-01")
    assert list(hours(((begin, CALENDARS.by_name["24x7"]),), begin, end).between(begin, end)) == [(begin, end)]


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_local_midnights_are_found_in_every_year(zone: str) -> None:
    """A calendar closed on one date a year is shut from that local midnight to the next."""
    days = frozenset(date(year, 6, 2) for year in range(1980, 2100))
    begin, end = at("1980-01-01"), at("2100-01-01")
    closed = Calendar("a", zone, WEEK, observes_holidays=True, holidays=days)
    table = hours(((begin, closed),), begin, end)
    shut = [(a, b) for (_, a), (b, _) in pairwise(table.between(begin, end))]
    for day in days:
        midnight = int(datetime(day.year, 6, 2, tzinfo=time_zone(zone)).timestamp())
        assert any(a == midnight for a, _ in shut), datetime.fromtimestamp(midnight, UTC)


def test_a_calendar_without_hours_has_none() -> None:
    begin = at("2024-01-01")
    table = hours(((begin, CALENDARS.by_name["never"]),), begin, begin + 400 * DAY)
    assert (table.total, table.open_before(begin + DAY), table.second(0)) == (0, 0, None)
    assert list(table.between(begin, begin + DAY)) == []
