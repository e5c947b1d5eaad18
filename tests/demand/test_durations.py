"""Lengths of time as desks write them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.demand.engine.durations import duration


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("90", 60, 5_400),
        ("90", 1, 90),
        ("1.5", 3_600, 5_400),
        ("102,197", 1, 102_197),
        ("1,102,197", 60, 66_131_820),
        ("8:30", 60, 30_600),
        ("168:00:59", 60, 604_859),
        ("-1:30", 60, -5_400),
        ("- 15", 60, -900),
        ("1970-01-01 00:10:00", 60, 600),
        ("1970-01-03 01:00:30", 1, 176_430),
        ("8 Hours", 60, 28_800),
        ("1 Day 2 Hours 3 Minutes 4 Seconds", 60, 93_784),
        ("2h 5m", 60, 7_500),
        ("2h5m", 60, 7_500),
        ("1 Hour, 10 Minutes", 60, 4_200),
        ("0 Seconds", 60, 0),
        ("1.5 hours", 60, 5_400),
    ],
)
def test_a_length_of_time(text: str, unit: int, seconds: int) -> None:
    assert duration(text, unit) == seconds


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "-",
            "soon",
            "1:60",
            "1:2",
            "99,99",
            "1,5",
            "5 Minutes 2 Hours",
            "2 Hours 2 Hours",
            "2 weeks",
            "2 hoursago",
        ),
        *("1970-02-31 00:00:00", "1980-01-01 00:00:00", "2024-05-01 08:00:00", "--5", "1e5", "٣", "5 minutes x"),
    ],
)
def test_what_is_no_length_of_time(text: str) -> None:
    assert duration(text, 60) is None


@given(hours=st.integers(0, 999_999), minutes=st.integers(0, 59), seconds=st.integers(0, 59))
def test_the_forms_agree(hours: int, minutes: int, seconds: int) -> None:
    """Hypothesis: the same length however it is written."""
    expected = hours * 3_600 + minutes * 60 + seconds
    assert duration(f"{hours}:{minutes:02}:{seconds:02}", 60) == expected
    assert duration(f"{hours} Hours {minutes} Minutes {seconds} Seconds", 60) == expected
    assert duration(f"{expected:,}", 1) == expected
    assert duration(f"-{hours}h {minutes}m {seconds}s", 60) == -expected


@given(text=st.text(max_size=30) | st.from_regex(r"[-0-9:., dhms]{0,30}", fullmatch=True))
def test_any_text_has_an_answer(text: str) -> None:
    found = duration(text, 60)
    assert found is None or isinstance(found, Fraction)
