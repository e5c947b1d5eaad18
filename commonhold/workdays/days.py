"""Working days and clear days, as notices of meetings, call-in and effective dates count them.

A working day is Monday to Friday and no bank holiday. Clear days are the full working days between two days: both of
these, weekends and bank holidays are left out.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

ONE: Final = timedelta(days=1)
SATURDAY: Final = 5


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() < SATURDAY and day not in holidays


def working_days(first: date, last: date, holidays: Collection[date]) -> tuple[date, ...]:
    """The working days from `first` to `last`, both included where they are working days."""
    days = (first + n * ONE for n in range((last - first).days + 1))
    return tuple(day for day in days if is_working_day(day, holidays))


def clear_days(given: date, held: date, holidays: Collection[date]) -> int:
    """How many clear days lie between the day a notice is given and the day the meeting is held."""
    return len(working_days(given + ONE, held - ONE, holidays))


def nth_working_day(count: int, after: date, holidays: Collection[date]) -> date:
    """The working day that is `count`-th after a day, that day not counted; a negative count goes back in time."""
    if count == 0:
        raise ValueError("the first working day after a day is number 1; there is no number 0")
    step = ONE if count > 0 else -ONE
    day = after
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day, holidays):
            day += step
    return day


def last_day_to_give(count: int, held: date, holidays: Collection[date]) -> date:
    """The last day on which a notice of `count` clear days can be given; it may itself be no working day."""
    return (nth_working_day(-count, held, holidays) if count else held) - ONE
