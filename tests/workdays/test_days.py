"""Working days and clear days as councils counted them: dates from their own published decisions and meetings."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.workdays import (
    bank_holidays,
    clear_days,
    is_working_day,
    last_day_to_give,
    nth_working_day,
    working_days,
)

ENGLAND = bank_holidays("GB-ENG")
ONE = timedelta(days=1)


@pytest.mark.parametrize(
    ("published", "effective"),
    [
        pytest.param(date(2020, 7, 17), date(2020, 7, 25), id="Darlington 2020"),
        pytest.param(date(2022, 7, 8), date(2022, 7, 16), id="Darlington 2022"),
        pytest.param(date(2023, 7, 6), date(2023, 7, 14), id="Darlington 2023"),
        pytest.param(date(2015, 7, 21), date(2015, 7, 29), id="Huntingdonshire"),
        pytest.param(date(2013, 7, 24), date(2013, 8, 1), id="East Herts"),
    ],
)
def test_the_day_after_the_fifth_working_day(published: date, effective: date) -> None:
    assert nth_working_day(5, published, ENGLAND) + ONE == effective


def test_the_third_working_day_itself() -> None:
    assert nth_working_day(3, date(2015, 5, 13), ENGLAND) == date(2015, 5, 18)


@pytest.mark.parametrize(
    ("meeting", "last"),
    [
        (date(2019, 10, 15), date(2019, 10, 7)),
        (date(2021, 10, 12), date(2021, 10, 4)),
        (date(2023, 11, 28), date(2023, 11, 20)),
        (date(2025, 7, 8), date(2025, 6, 30)),
        (date(2025, 11, 25), date(2025, 11, 17)),
    ],
)
def test_the_last_day_to_publish_with_five_clear_days(meeting: date, last: date) -> None:
    assert last_day_to_give(5, meeting, ENGLAND) == last
    assert clear_days(last, meeting, ENGLAND) == 5


def test_easter_and_weekends_are_no_clear_days() -> None:
    assert clear_days(date(2024, 3, 28), date(2024, 4, 4), ENGLAND) == 2
    assert working_days(date(2024, 3, 28), date(2024, 4, 4), ENGLAND) == (
        date(2024, 3, 28),
        date(2024, 4, 2),
        date(2024, 4, 3),
        date(2024, 4, 4),
    )


def test_a_notice_given_on_the_day_or_after_has_no_clear_days() -> None:
    day = date(2024, 6, 11)
    assert clear_days(day, day, ENGLAND) == clear_days(day + ONE, day, ENGLAND) == 0
    assert last_day_to_give(0, day, ENGLAND) == day - ONE


def test_going_back_from_a_meeting() -> None:
    assert nth_working_day(-1, date(2024, 4, 2), ENGLAND) == date(2024, 3, 28)
    with pytest.raises(ValueError, match="no number 0"):
        nth_working_day(0, date(2024, 4, 2), ENGLAND)


@given(
    held=st.dates(date(2013, 1, 1), date(2028, 12, 1)),
    count=st.integers(0, 30),
)
def test_one_day_later_is_too_late(held: date, count: int) -> None:
    last = last_day_to_give(count, held, ENGLAND)
    assert clear_days(last, held, ENGLAND) >= count
    assert count == 0 or clear_days(last + ONE, held, ENGLAND) < count


@given(after=st.dates(date(2013, 1, 1), date(2028, 1, 1)), count=st.integers(1, 60))
def test_the_nth_working_day_is_the_nth(after: date, count: int) -> None:
    day = nth_working_day(count, after, ENGLAND)
    assert is_working_day(day, ENGLAND)
    assert len(working_days(after + ONE, day, ENGLAND)) == count
    assert nth_working_day(-count, day + ONE, ENGLAND) == working_days(after + ONE, day, ENGLAND)[0]
