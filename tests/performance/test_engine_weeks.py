"""Weeks from Monday to Sunday, the same week a year ago, and what changed since."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.figures import Figure, Span
from commonhold.performance.engine.weeks import a_year_before, change, difference, followed, is_week, part_of, week_of
from tests.performance.test_engine_report import AGED, SHARE, of

DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@given(DAYS)
def test_a_week_has_the_day_and_begins_on_a_monday(day: date) -> None:
    week = week_of(day)

    assert week.first <= day <= week.last and week.days == 7
    assert (week.first.weekday(), is_week(week)) == (0, True)


@given(DAYS)
def test_the_same_week_a_year_ago_has_the_same_days_of_the_week(day: date) -> None:
    then = a_year_before(week_of(day))

    assert is_week(then)
    assert abs((week_of(day).first - then.first).days - 365) <= 2


def test_other_spans_are_no_weeks() -> None:
    assert not is_week(Span(date(2026, 7, 7), date(2026, 7, 13)))
    assert not is_week(Span(date(2026, 7, 6), date(2026, 7, 11)))


def test_the_week_at_hand_two_before_and_a_year_ago_are_followed() -> None:
    found = list(followed(date(2026, 7, 8), date(2020, 1, 1)))

    assert [week.first for week in found[:3]] == [date(2026, 7, 6), date(2026, 6, 29), date(2026, 6, 22)]
    assert [week.first for week in found[3:]] == [week.first - timedelta(weeks=52) for week in found[:3]]


def test_weeks_of_which_nothing_is_told_are_not() -> None:
    found = list(followed(date(2026, 7, 8), date(2026, 7, 5)))

    assert [week.first for week in found] == [date(2026, 7, 6), date(2026, 6, 29)]


@pytest.mark.parametrize(
    ("now", "then", "words"),
    [
        (AGED, replace(AGED, value=100), "100: up 101%"),
        (replace(AGED, value=50), replace(AGED, value=100), "100: down 50%"),
        (AGED, AGED, "201: no change"),
        (replace(AGED, value=3), replace(AGED, value=0), "0"),
        (of(9, 10), of(8, 10), "80%"),
        (AGED, None, ""),
        (replace(AGED, value=None), AGED, ""),
        (SHARE, replace(SHARE, value=None), ""),
    ],
)
def test_what_changed_is_said_in_words(now: Figure, then: Figure | None, words: str) -> None:
    said = change(now, then)

    assert said.replace(".0%", "%").startswith(words) if words else said == ""


def test_a_share_changes_by_percentage_points() -> None:
    assert change(of(90, 100), of(80, 100)).endswith("up 10.0 percentage points")


def test_where_there_is_nothing_now_it_says_what_was_then() -> None:
    assert change(None, replace(AGED, value=3)) == "3"
    assert change(None, None) == ""


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_difference_is_exact_and_a_part_of_what_was_then(now: int, then: int) -> None:
    ours, theirs = replace(AGED, value=now), replace(AGED, value=then)

    assert difference(ours, theirs) == now - then
    assert part_of(ours, theirs) == (Fraction(now - then, then) if then else None)


def test_what_is_not_known_has_no_difference_and_a_share_is_no_part() -> None:
    assert difference(of(9, 10), of(8, 11)) == Fraction(9, 10) - Fraction(8, 11)
    assert part_of(of(9, 10), of(8, 10)) is None
    for now, then in ((None, AGED), (AGED, None), (replace(AGED, value=None), AGED), (AGED, replace(AGED, value=None))):
        assert difference(now, then) is None and part_of(now, then) is None
