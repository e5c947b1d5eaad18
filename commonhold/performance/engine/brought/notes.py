"""What a figure made of readings says of itself: which days it tells of, what is left out and why, who counted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from commonhold.figures import TOLD_IN_PART, Span
from commonhold.performance.engine.brought.choosing import Chosen, Part, Told
from commonhold.performance.engine.brought.definition import Adding, SourceMeasure

NAMED = 3
"""Parts of the service whose missing days are named one by one."""


def notes(measure: SourceMeasure, chosen: Chosen, span: Span) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a figure says to whoever sees every partner, and what it says to everybody, which names none."""
    said = [*_threshold(measure, chosen), *_graded(chosen.used), *_left_out(chosen)]
    named, unnamed = (
        (list(_at_the_end(chosen, span)),) * 2 if measure.adding.is_stock else (
            list(_days_told(chosen, span)), list(_days_told_in_short(chosen, span))
        )
    )  # fmt: skip
    absent = [f"{TOLD_IN_PART}: nothing of {_list(_called(one) for one in chosen.absent)}"] if chosen.absent else []
    quiet = [f"{TOLD_IN_PART}: nothing of some part of the service"] if chosen.absent else []
    return (*named, *absent, *said), (*unnamed, *quiet, *said)


def _threshold(measure: SourceMeasure, chosen: Chosen) -> Iterator[str]:
    if chosen.used and chosen.used[0].threshold is not None:
        yield measure.at(chosen.used[0].threshold)
    if measure.adding is Adding.MEAN and any(one.worked_out for one in chosen.used):
        yield "worked out from means that were rounded before they were brought"
    if any(one.mean is not None for one in chosen.used):
        yield "a mean without its count, as it was brought"


def _graded(used: Sequence[Told]) -> Iterator[str]:
    counted = Counter(one.grade for one in used)
    if len(counted) == 1:
        yield f"{next(iter(counted))}"
    elif counted:
        yield f"{_list(f'{grade} in {n} of {len(used)} readings' for grade, n in sorted(counted.items()))}"


def _left_out(chosen: Chosen) -> Iterator[str]:
    if chosen.edges:
        which = _list(_span(one.first, one.last) for one in chosen.edges[:NAMED])
        yield f"{_readings(chosen.edges)} left out, which cross the period's edge ({which})"
    if chosen.beside:
        yield f"{_readings(chosen.beside)} left out, of parts whose days count already"
    if chosen.uncounted and chosen.used:
        yield f"{_readings(chosen.uncounted)} left out, a mean without its count"
    if chosen.other_versions:
        yield f"{_readings(chosen.other_versions)} left out, counted by another definition"


def _days_told(chosen: Chosen, span: Span) -> Iterator[str]:
    """For each part of the service that is told in part: how many days, and which are missing."""
    lacking = {part: days for part, days in chosen.days.items() if len(days) < span.days}
    if not lacking:
        return
    alike = len({frozenset(days) for days in chosen.days.values()}) == 1
    if alike:
        yield f"{TOLD_IN_PART}: {_told(next(iter(lacking.values())), span)}"
        return
    for part, days in list(lacking.items())[:NAMED]:
        yield f"{TOLD_IN_PART}: of {_name(part)} {_told(days, span)}"
    if len(lacking) > NAMED:
        yield f"{TOLD_IN_PART}: and {len(lacking) - NAMED} more parts of the service"


def _days_told_in_short(chosen: Chosen, span: Span) -> Iterator[str]:
    whole = set.intersection(*chosen.days.values()) if chosen.days else set()
    if chosen.days and len(whole) < span.days:
        yield f"{TOLD_IN_PART}: {_told(whole, span)}"


def _told(days: set[date], span: Span) -> str:
    missing = [_span(*run) for run in _runs(sorted({*_all(span)} - days))]
    more = f" and {len(missing) - NAMED} more spells" if len(missing) > NAMED else ""
    return f"{len(days)} of {span.days} days; missing {_list(missing[:NAMED])}{more}"


def _at_the_end(chosen: Chosen, span: Span) -> Iterator[str]:
    """Of a stock: where the last reading is of an earlier day than the period's last."""
    early = sorted({one.last for one in chosen.used if one.last < span.last})
    if early:
        yield f"{TOLD_IN_PART}: as it stood on {_list(_day(day) for day in early[:NAMED])}, before the period ends"


def _all(span: Span) -> Iterator[date]:
    return (span.first + timedelta(days=n) for n in range(span.days))


def _runs(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Days one after the other, from the first of each run to its last."""
    begin = None
    for at, day in enumerate(days):
        begin = begin or day
        if at + 1 == len(days) or days[at + 1] != day + timedelta(days=1):
            yield begin, day
            begin = None


def _readings(some: Sequence[Told]) -> str:
    return "1 reading is" if len(some) == 1 else f"{len(some):,} readings are"


def _called(one: Told) -> str:
    return _name(one.part)


def _name(part: Part) -> str:
    return ", ".join(value for value in part[:3] if value) or "the whole service"


def _span(first: date, last: date) -> str:
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _list(words: Iterable[str]) -> str:
    given = list(words)
    return given[0] if len(given) == 1 else f"{', '.join(given[:-1])} and {given[-1]}"
