"""Numbers, dates and lengths of time as pages write them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.figures import Span
from commonhold.govuk import formats
from commonhold.govuk.formats import Exact


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (1824, 0, "1,824"),
        (0, 0, "0"),
        (1_234_567, 0, "1,234,567"),
        (22.104, 1, "22.1"),
        (22, 1, "22.0"),
        (Fraction(5, 2), 0, "2"),  # half to even
        (Fraction(7, 2), 0, "4"),
        (Decimal("0.125"), 2, "0.12"),
        (0.3, 1, "0.3"),
        (-1500, 0, "\N{MINUS SIGN}1,500"),
    ],
)
def test_a_number(value: Exact, places: int, written: str) -> None:
    assert formats.number(value, places) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("1234.50", "£1,234.50"),
        ("1234.00", "£1,234"),
        ("0.005", "£0"),  # half to even
        ("0.015", "£0.02"),
        ("-12.30", "\N{MINUS SIGN}£12.30"),
        (Fraction(1, 3), "£0.33"),
    ],
)
def test_money(value: Exact | str, written: str) -> None:
    assert formats.money(value) == written


@pytest.mark.parametrize(
    ("change", "written"),
    [
        (0.024, "up 2.4 percentage points"),
        (-0.005, "down 0.5 percentage points"),
        (0, "no change"),
        (Fraction(4, 10_000), "no change"),
        (Fraction(1, 100), "up 1.0 percentage points"),
    ],
)
def test_a_change_of_a_share(change: Exact, written: str) -> None:
    assert formats.points(change) == written


@pytest.mark.parametrize(
    ("count", "written"), [(0, "0 tickets"), (1, "1 ticket"), (2, "2 tickets"), (1824, "1,824 tickets")]
)
def test_plural(count: int, written: str) -> None:
    assert formats.plural(count, "ticket") == written


def test_an_irregular_plural() -> None:
    assert formats.plural(3, "authority", "authorities") == "3 authorities"


@pytest.mark.parametrize(
    ("minutes", "written"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (59, "59 minutes"),
        (60, "1 hour"),
        (61, "1 hour 1 minute"),
        (250, "4 hours 10 minutes"),
        (6000, "100 hours"),
        (72_061, "1,201 hours 1 minute"),
        (59.5, "1 hour"),  # rounds before it divides
        (-90, "minus 1 hour 30 minutes"),
    ],
)
def test_a_duration(minutes: Exact, written: str) -> None:
    assert formats.duration(minutes) == written


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        (datetime(2026, 7, 21, 17, 30, tzinfo=UTC), "21 July 2026 at 6:30pm"),  # summer time
        (datetime(2026, 1, 5, 9, 0, tzinfo=UTC), "5 January 2026 at 9am"),
        (datetime(2026, 1, 5, 12, 0, tzinfo=UTC), "5 January 2026 at midday"),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), "1 July 2026 at midnight"),
        (datetime(2026, 1, 5, 0, 1, tzinfo=UTC), "5 January 2026 at 12:01am"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25 October 2026 at 1:30am BST"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25 October 2026 at 1:30am GMT"),
    ],
)
def test_an_instant(instant: datetime, written: str) -> None:
    assert formats.instant(instant) == written


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        formats.instant(datetime(2026, 7, 21, 17, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        ("2016-03-01", "2016-03-31", "March 2016"),
        ("2016-01-01", "2016-03-31", "January to March 2016"),
        ("2015-04-01", "2016-03-31", "April 2015 to March 2016"),
        ("2016-03-01", "2016-03-15", "1 to 15 March 2016"),
        ("2016-02-20", "2016-03-15", "20 February to 15 March 2016"),
        ("2015-12-28", "2016-01-03", "28 December 2015 to 3 January 2016"),
        ("2016-03-09", "2016-03-09", "9 March 2016"),
    ],
)
def test_a_period(first: str, last: str, written: str) -> None:
    assert formats.period(Span(date.fromisoformat(first), date.fromisoformat(last))) == written


@given(st.dates(date(1990, 1, 1), date(2099, 1, 1)), st.integers(0, 2000))
def test_two_periods_are_never_written_alike(first: date, days: int) -> None:
    last = first + timedelta(days=days)

    assert formats.period(Span(first, last)) != formats.period(Span(first, last + timedelta(days=1)))


def test_a_list_of_words() -> None:
    assert [formats.listed("abc"[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("count", "written"), [(0, "0 bytes"), (1, "1 byte"), (48_213, "47 KB"), (200 * 2**20, "200.0 MB")]
)
def test_a_size(count: int, written: str) -> None:
    assert formats.size(count) == written
