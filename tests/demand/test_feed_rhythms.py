"""When a feed's file is expected and since when it is missing: examples by the calendar, and properties."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as some

from commonhold.demand.engine.feeds import Brought, Expected, Rhythm, brought, missing, missing_from
from commonhold.workdays import LONDON, bank_holidays

HOLIDAYS = bank_holidays("GB-ENG")
MONDAY = date(2026, 7, 20)


def at(day: int, hour: int = 12, minute: int = 0, month: int = 7) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


DAILY = Expected(Rhythm.DAILY, time(6))
WEEKLY = Expected(Rhythm.WEEKLY, time(9), weekday=0)
WORKING = Expected(Rhythm.WORKING_DAYS, time(9))
MONTHLY = Expected(Rhythm.MONTHLY, time(9))
NEVER = Expected(Rhythm.NONE)
SINCE = at(1, month=5)


@pytest.mark.parametrize(
    ("expected", "now", "last", "next_one", "words"),
    [
        (DAILY, at(21, 5, 59), at(20, 6), at(21, 6), "every day by 06:00"),
        (DAILY, at(21, 6), at(21, 6), at(22, 6), "every day by 06:00"),
        (WEEKLY, at(22), at(20, 9), at(27, 9), "every Monday by 09:00"),
        (WORKING, at(19), at(17, 9), at(20, 9), "every working day by 09:00"),  # a Sunday
        (WORKING, at(6, month=4), at(2, 9, month=4), at(7, 9, month=4), "every working day by 09:00"),  # Easter Monday
        (MONTHLY, at(21), at(1, 9), at(1, 9, month=8), "on the first of every month by 09:00"),
    ],
)
def test_a_file_is_expected_by_the_calendar(
    expected: Expected, now: datetime, last: datetime, next_one: datetime, words: str
) -> None:
    assert next(expected.before(now, HOLIDAYS)) == last
    assert expected.after(now, HOLIDAYS) == next_one
    assert expected.in_words == words


def test_without_a_rhythm_none_is_expected() -> None:
    assert list(NEVER.before(at(21), HOLIDAYS)) == []
    assert NEVER.after(at(21), HOLIDAYS) is None
    assert missing(NEVER, SINCE, [], at(21), HOLIDAYS) is None


@pytest.mark.parametrize(
    ("expected", "came", "now", "since"),
    [
        (DAILY, [at(21, 5)], at(21, 7), None),  # in time
        (DAILY, [at(20, 5)], at(21, 5, 59), None),  # not due yet
        (DAILY, [at(20, 5)], at(21, 6), at(21, 6)),  # due, and not there
        (DAILY, [at(20, 5)], at(24), at(21, 6)),  # missing since the first that did not come
        (DAILY, [at(19, 5), at(20, 14)], at(21, 7), at(21, 6)),  # the late one was yesterday's
        (DAILY, [at(19, 5), at(20, 14), at(21, 5)], at(21, 7), None),
        (DAILY, [at(16, 5), at(20, 14)], at(20, 15), None),  # one makes up for all before it
        (DAILY, [at(20, 5), at(20, 5, 30)], at(21, 7), at(21, 6)),  # two at once are not two days'
        (DAILY, [at(21, 6)], at(21, 7), None),  # at the very minute
        (WEEKLY, [at(13, 8), at(14, 10)], at(20, 10), None),  # an early one, a day after its week's
        (WORKING, [at(17, 8)], at(19), None),  # nobody expects one at the weekend
        (MONTHLY, [at(30, 8, month=6)], at(21), None),
        (DAILY, [], at(21), at(10, 6)),  # of the last twelve
    ],
)
def test_a_file_is_missing_since_it_was_expected(
    expected: Expected, came: list[datetime], now: datetime, since: datetime | None
) -> None:
    asked_from = SINCE if not came else min(came) - timedelta(hours=1)

    assert missing(expected, asked_from, came, now, HOLIDAYS) == since


def test_a_late_file_of_last_week_is_not_this_week_s() -> None:
    assert missing(WEEKLY, at(7), [at(14, 10)], at(20, 10), HOLIDAYS) == at(20, 9)


def test_nothing_is_missing_from_before_the_feed_was_set_up() -> None:
    assert missing(DAILY, at(21, 5), [], at(21, 5, 30), HOLIDAYS) is None
    assert missing(DAILY, at(21, 7), [], at(21, 20), HOLIDAYS) is None
    assert missing(DAILY, at(21, 7), [], at(22, 6), HOLIDAYS) == at(22, 6)


JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES = 330 * 24 * 60
instants = some.integers(0, MINUTES).map(lambda minutes: JANUARY + timedelta(minutes=minutes))
rhythms = some.builds(
    Expected,
    some.sampled_from([rhythm for rhythm in Rhythm if rhythm != Rhythm.NONE]),
    some.integers(0, 1439).map(lambda minutes: time(minutes // 60, minutes % 60)),
    some.integers(0, 6),
)


@given(rhythms, instants)
def test_between_the_last_and_the_next_there_is_none(expected: Expected, now: datetime) -> None:
    last, following = next(expected.before(now, HOLIDAYS)), expected.after(now, HOLIDAYS)

    assert following is not None
    assert last <= now < following
    assert next(expected.before(following, HOLIDAYS)) == following
    assert expected.after(last, HOLIDAYS) == following
    earlier = list(islice(expected.before(now, HOLIDAYS), 5))
    assert earlier == sorted(earlier, reverse=True)


@given(rhythms, some.lists(instants, max_size=20), instants)
def test_a_file_that_has_just_come_leaves_none_missing(expected: Expected, came: list[datetime], now: datetime) -> None:
    since = datetime(2025, 12, 1, tzinfo=UTC)
    found = missing(expected, since, came, now, HOLIDAYS)

    assert found is None or found <= now
    assert missing(expected, since, [*came, now], now, HOLIDAYS) is None


@given(rhythms, some.lists(instants, max_size=20), instants, some.timedeltas(timedelta(0), timedelta(days=90)))
def test_from_when_on_a_file_is_missing_is_known_before(
    expected: Expected, came: list[datetime], now: datetime, later: timedelta
) -> None:
    """If none comes any more: at any later instant one is missing exactly where that has passed."""
    there = [at for at in came if at <= now]
    found = missing_from(expected, SINCE, there, now, HOLIDAYS)
    then = missing(expected, SINCE, there, now + later, HOLIDAYS)

    assert (then is not None) == (found is not None and found <= now + later)


@given(
    some.sampled_from([DAILY, WEEKLY, WORKING]),
    some.lists(some.integers(0, 60 * 24 * 9), max_size=20, unique=True).map(sorted),
    some.integers(0, 60 * 24 * 8),
)
def test_what_did_not_come_in_time_is_what_was_missing_at_that_instant(
    expected: Expected, minutes: list[int], since: int
) -> None:
    """Against the rule that tells since when one is missing, asked at every instant at which one was expected."""
    began, until = at(13) + timedelta(minutes=since), at(22)
    came = [at(13) + timedelta(minutes=minute) for minute in minutes]
    instants = sorted(takewhile(lambda one: one > began, expected.before(until, HOLIDAYS)))
    lacking = [one for one in instants if missing(expected, began, came, one, HOLIDAYS) is not None]
    first = {one: next((moment for moment in came if moment > one), None) for one in lacking}

    assert brought(expected, began, until, came, at(13), HOLIDAYS) == Brought(
        len(instants),
        tuple((one, moment) for one, moment in first.items() if moment is not None),
        tuple(one for one, moment in first.items() if moment is None),
    )
