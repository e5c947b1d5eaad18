"""Cases for the service-level clock: a CSV file of small histories in, what the clock says of each out.

One row a case: id, description, calendar, opened, events, target_minutes. Events are a JSON list of [instant, word];
a word is a state, `target=MINUTES`, `calendar=NAME` or `as_of`. Without `as_of` a case is read at its last event.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from commonhold.demand.engine.clock import SINCE_EVER, Compiled, Explanation, Op, compile_rules, explain, opened
from commonhold.demand.engine.clock.compiled import EARLIEST, LATEST
from commonhold.demand.engine.clock.histories import ANY, Step
from commonhold.demand.engine.columns import State
from commonhold.partnership.engine.rules.calendars import Calendars
from commonhold.refusals import Refused
from commonhold.workdays import Calendar, zone

COLUMNS: Final = ("id", "calendar", "opened", "events", "target_minutes")
STATES: Final = {state.name.lower(): state for state in State if state is not State.NOT_YET}
WORDS: Final = f"{', '.join(STATES)}, target=MINUTES, calendar=NAME or as_of"
EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
SECOND: Final = timedelta(seconds=1)
LONDON: Final = "Europe/London"


@dataclass(frozen=True, slots=True)
class Case:
    """A history that names its calendar and target outright, and the instant at which its clock is read."""

    id: str
    steps: tuple[Step, ...]
    as_of: int


@dataclass(frozen=True, slots=True)
class Interval:
    """A part of a case's time, in the time zone of its calendar; minutes are whole ones.

    `why_not` says why it did not count, `why` why it did though on hold.
    """

    begins: datetime
    ends: datetime
    seconds: int
    state: str
    why_not: str = ""
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        times = {"from": self.begins.isoformat(), "to": self.ends.isoformat()}
        if self.why_not:
            return {**times, "state": self.state, "why_not": self.why_not}
        why = {"why": self.why} if self.why else {}
        return {**times, "minutes": self.seconds // 60, "seconds": self.seconds, "state": self.state, **why}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the clock says of a case, and the intervals it counted."""

    id: str
    seconds: int
    due: datetime | None
    why_no_due: str
    breached: bool
    counted: tuple[Interval, ...]
    uncounted: tuple[Interval, ...]
    warning: str = ""

    @property
    def minutes(self) -> int:
        return self.seconds // 60

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "elapsed_working_minutes": self.minutes,
            "due": self.due.isoformat() if self.due else None,
            "breached": self.breached,
            "explanation": [interval.as_json() for interval in self.counted],
            "not_counted": [interval.as_json() for interval in self.uncounted],
            "why_no_due": self.why_no_due or None,
        }


def answers(cases: Sequence[Case], calendars: Calendars) -> Iterator[Answer]:
    """What the clock says of each case."""
    first = min((case.steps[0][0] for case in cases), default=0)
    last = max((case.as_of for case in cases), default=0)
    rules = compile_rules([(EARLIEST, calendars)], [], min(first, last), last)
    for case in cases:
        yield answer_to(case, explain(case.steps, rules, case.as_of), rules)


def answer_to(case: Case, said: Explanation, rules: Compiled) -> Answer:
    """What the clock says of a case, its instants in the time zone of its calendar; London's where it has none."""
    named = said.calendar is not None
    calendar = rules.calendar_at(case.as_of, rules.names.index(str(said.calendar))) if named else None

    def local(instant: int) -> datetime:
        return datetime.fromtimestamp(instant, zone(calendar.time_zone if calendar else LONDON))

    def interval(begins: int, ends: int, state: State, **words: str) -> Interval:
        return Interval(local(begins), local(ends), ends - begins, state.name.lower(), **words)

    last = max(case.as_of, said.due or case.as_of)
    return Answer(
        id=case.id,
        seconds=said.used,
        due=None if said.due is None else local(said.due),
        why_no_due=said.why_no_due,
        breached=said.breached,
        counted=tuple(
            interval(begins, ends, stretch.state, why=stretch.why)
            for stretch in said.stretches
            if stretch.counted
            for begins, ends in stretch.windows
        ),
        uncounted=tuple(
            interval(s.begins, s.ends, s.state, why_not=s.why_not) for s in said.stretches if not s.counted
        ),
        warning=_warning(case.id, calendar, local(case.steps[0][0]).year, local(last).year) if calendar else "",
    )


def _warning(name: str, calendar: Calendar, first: int, last: int) -> str:
    known = calendar.holiday_years
    if not calendar.observes_holidays or (first in known and last in known):
        return ""
    return (
        f"{name}: bank holidays are known from {known[0]} to {known[-1]}; "
        f"outside these years {calendar.name} closes on 25 and 26 December only."
    )


def read_cases(data: bytes, source: str, calendars: Calendars) -> list[Case]:
    """The cases of a CSV file, or a refusal that lists every line that makes no sense."""
    rows = _rows(data, source)
    heading = next(rows, None)
    if heading is None:
        raise Refused(f"{source} is empty; it needs a heading with {', '.join(COLUMNS)}.")
    missing = [name for name in COLUMNS if name not in heading[1]]
    if missing:
        raise Refused(f"{source}, line {heading[0]}: no column {', '.join(missing)}; add it to the heading.")
    numbers = {name: number for number, name in enumerate(sorted(calendars.by_name))}
    cases: list[Case] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for line, cells in rows:
        try:
            if len(cells) != len(heading[1]):
                raise ValueError(
                    f"{len(cells)} cells, but the heading has {len(heading[1])}; look for a comma unquoted"
                )
            case = _case(dict(zip(heading[1], cells, strict=True)), numbers)
            if case.id in seen:
                raise ValueError(f"id {case.id!r} stands on line {seen[case.id]} already; give each case its own")
            seen[case.id] = line
            cases.append(case)
        except ValueError as problem:
            problems.append(f"{source}, line {line}: {problem}.")
    if problems:
        raise Refused(f"{source} cannot be answered; put these lines right.", problems)
    return cases


def _rows(data: bytes, source: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the number of its first line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise Refused(f"{source}, line {line}: not UTF-8 text; save the file as CSV UTF-8.") from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise Refused(f"{source}, line {line}: a NUL character; this is no CSV file, or a damaged one.")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as problem:
            raise Refused(f"{source}, line {line}: not CSV that can be read ({problem}); look at its quotes.") from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip() for cell in cells]


def _case(row: Mapping[str, str], calendars: Mapping[str, int]) -> Case:
    if not row["id"]:
        raise ValueError("no id; give each case one")
    begins = _instant(row["opened"], "opened")
    target = _minutes(row["target_minutes"], "target_minutes") if row["target_minutes"] else -1
    steps = [
        opened(begins),
        (SINCE_EVER, Op.CALENDAR, _number(row["calendar"], calendars)),
        (SINCE_EVER, Op.TARGET, target),
    ]
    read_at: list[int] = []
    events = _events(row["events"])
    for number, (instant, word) in enumerate(events, 1):
        try:
            at = _instant(instant, "the instant")
            if word == "as_of":
                read_at.append(at)
            else:
                steps.append((at, *_step(word, calendars)))
        except ValueError as problem:
            raise ValueError(f"event {number}: {problem}") from None
    if len(read_at) > 1:
        raise ValueError("more than one as_of; a case is read at one instant, so split it")
    as_of = read_at[0] if read_at else max(begins, *(at for at, _, _ in steps))
    if as_of < begins:
        raise ValueError("as_of is before the opening; nothing can be read then")
    return Case(row["id"], tuple(steps), as_of)


def _events(cell: str) -> list[tuple[str, str]]:
    try:
        events = json.loads(cell or "[]")
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"events is not JSON that can be read ({problem}); write a list of [instant, word]") from None
    if not isinstance(events, list):
        raise ValueError("events is not a list; write a list of [instant, word]")
    for number, event in enumerate(events, 1):
        if not (isinstance(event, list) and len(event) == 2 and all(isinstance(part, str) for part in event)):
            raise ValueError(
                f'event {number} is not [instant, word], such as ["2024-06-11T12:30:00+01:00", "resolved"]'
            )
    return [(event[0], event[1].strip()) for event in events]


def _step(word: str, calendars: Mapping[str, int]) -> tuple[int, int]:
    """What a word sets, and to what."""
    if word in STATES:
        return Op.STATE, STATES[word]
    name, equals, value = word.partition("=")
    setting: Callable[[], tuple[int, int]] | None = {
        "target": lambda: (Op.TARGET, _minutes(value, "target")),
        "calendar": lambda: (Op.CALENDAR, _number(value, calendars)),
    }.get(name.strip())
    if not equals or setting is None:
        raise ValueError(f"{word!r} is no word of the clock; use {WORDS}")
    return setting()


def _minutes(text: str, what: str) -> int:
    if not re.fullmatch(r"\s*[0-9]{1,10}\s*", text) or int(text) > ANY:
        raise ValueError(f"{what} is {text!r}; write whole minutes, such as 240")
    return int(text)


def _number(name: str, calendars: Mapping[str, int]) -> int:
    if name.strip() not in calendars:
        raise ValueError(f"no calendar {name.strip()!r}; use one of {', '.join(calendars)}")
    return calendars[name.strip()]


def _instant(text: str, what: str) -> int:
    """Whole seconds since 1970; parts of a second are cut off."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{what} is {text!r}; write it like 2024-06-11T12:30:00+01:00") from None
    if instant.tzinfo is None:
        raise ValueError(f"{what} {text} has no offset; write it like 2024-06-11T12:30:00+01:00")
    seconds = (instant - EPOCH) // SECOND
    if not EARLIEST <= seconds <= LATEST:
        raise ValueError(f"{what} is {text}; the clock reads the years from 1900 to 3000")
    return seconds
