"""When an update is due: at the next meeting, by a date, or not at all."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.governance.engine import due_on

MARCH, JULY, NOVEMBER = date(2026, 3, 17), date(2026, 7, 21), date(2026, 11, 24)
MEETINGS = (MARCH, JULY, NOVEMBER)


@pytest.mark.parametrize(
    ("papers", "words", "due"),
    [
        ((), (), JULY),
        ((), (date(2026, 5, 1),), JULY),  # a note between meetings does not answer the committee
        ((), (JULY,), NOVEMBER),
        ((JULY,), (), NOVEMBER),
        ((JULY, NOVEMBER), (), None),  # the meeting after November is not called yet
    ],
)
def test_asked_for_at_the_next_meeting(papers: tuple[date, ...], words: tuple[date, ...], due: date | None) -> None:
    assert due_on("next_meeting", None, MARCH, MEETINGS, papers, words) == due


@pytest.mark.parametrize(
    ("papers", "words", "due"),
    [
        ((), (), date(2026, 6, 1)),
        ((), (date(2026, 5, 1),), date(2026, 6, 1)),  # an early note does not end the matter
        ((), (date(2026, 6, 1),), None),
        ((JULY,), (), None),
    ],
)
def test_asked_for_by_a_date(papers: tuple[date, ...], words: tuple[date, ...], due: date | None) -> None:
    assert due_on("date", date(2026, 6, 1), MARCH, MEETINGS, papers, words) == due


def test_where_no_update_was_asked_for_none_is_due() -> None:
    assert due_on("none", None, MARCH, MEETINGS, (), ()) is None


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(days, st.lists(days), st.lists(days), st.lists(days))
def test_what_is_due_at_a_meeting_is_due_after_all_that_was_heard(
    held: date, meetings: list[date], papers: list[date], words: list[date]
) -> None:
    due = due_on("next_meeting", None, held, meetings, papers, words)

    heard = max([held, *papers, *words])
    assert due is None or (due in meetings and due > heard)
    assert due is not None or all(meeting <= heard for meeting in meetings)


@given(days, st.lists(days), st.lists(days), st.lists(days))
def test_hearing_more_never_brings_the_day_forward(
    held: date, meetings: list[date], papers: list[date], words: list[date]
) -> None:
    before = due_on("next_meeting", None, held, meetings, papers, words)
    after = due_on("next_meeting", None, held, meetings, [*papers, held + timedelta(days=30)], words)

    assert before is None or after is None or after >= before
