"""What the rows of a file of readings say, each bad one by its line with what to do.

Nothing is left out in silence: one bad row refuses the whole file. What is kept as evidence is `canonical`, the same
readings under our own headings, from which figures are computed again; no other column is kept (D1).
"""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import BinaryIO, Final, TypeAlias

from commonhold.demand.engine.rows import UNSEEN, Limits, Problem, named, shown, tidy
from commonhold.partnership.engine.names import NAME_LIMIT
from commonhold.performance.engine.brought.checks import wrong_with
from commonhold.performance.engine.brought.definition import Definitions, Grade
from commonhold.performance.engine.brought.given import COLUMNS, COUNTS, Given
from commonhold.performance.engine.brought.lines import LIMITS, Lines, lines_of
from commonhold.refusals import Refused

LONGEST: Final[Mapping[str, int]] = {"partner": NAME_LIMIT, "service": 200, "site": 100, "source": 200, "note": 1_000}
AT_ONCE: Final = 500
"""Rows between two words of how far the check is."""

NUMBER: Final = re.compile(r"(?:\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:\.\d{1,3})?", re.ASCII)
DAY: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)")
BRITISH_DAY: Final = re.compile(r"(?P<day>\d\d?)/(?P<month>\d\d?)/(?P<year>\d{4})")

Wrong: TypeAlias = Callable[[str, str], None]
"""Says what is wrong with a column of the row at hand."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that was read to its end: the digest of its bytes, its good rows, its bad ones, what else to know."""

    original_sha256: str
    given: Sequence[Given]
    problems: Sequence[Problem]
    warnings: Sequence[str]


def canonical(given: Iterable[Given]) -> bytes:
    """The readings as they are kept: UTF-8, LF, minimal quoting, our columns, in the file's order."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(one.cells for one in given)
    return written.getvalue().encode()


def read(
    stream: BinaryIO, known: Definitions, *, parties: Collection[str] | None, today: date, limits: Limits = LIMITS
) -> Brought:
    """Read a file. `parties` are the names that a row may have as its partner, None where any will do."""
    return check(lines_of(stream, limits), known, parties=parties, today=today)


def check(
    lines: Lines,
    known: Definitions,
    *,
    parties: Collection[str] | None,
    today: date,
    progress: Callable[[int], None] = lambda _: None,
) -> Brought:
    """What the rows of a file say, `progress` told now and then how many were looked at."""
    given: list[Given] = []
    problems = [*lines.problems]
    lists: dict[str, int] = {}
    ungraded = 0
    for done, (line, cells) in enumerate(lines):
        if done % AT_ONCE == 0:
            progress(done)
        found = _row(line, cells, known, parties, today, lists)
        if isinstance(found, Given):
            ungraded += not cells.get("grade")
            given.append(found)
        else:
            problems += found
    problems.sort(key=lambda one: one.line)
    return Brought(lines.original_sha256, given, problems, [*lines.warnings, *_ungraded(ungraded)])


def read_one(cells: Mapping[str, str], known: Definitions, *, parties: Collection[str] | None, today: date) -> Given:
    """A reading that was typed, by the same rules; refused with every problem."""
    found = _row(1, {name: tidy(value) for name, value in cells.items()}, known, parties, today, {})
    if isinstance(found, Given):
        return found
    first, *more = (one.problem for one in found)
    raise Refused(first, more)


def _row(
    line: int,
    cells: Mapping[str, str],
    known: Definitions,
    parties: Collection[str] | None,
    today: date,
    lists: dict[str, int],
) -> Given | list[Problem]:
    """A reading, or what is wrong with it. A list of what there is stands once in a file, in the row that `lists` names
    by its column: repeated in each of many bad rows it would be longer than the file.
    """
    problems: list[Problem] = []
    # A note may be of several lines; it is kept as one.
    cells = {**cells, "note": " ".join(cells["note"].split())}

    def wrong(column: str, words: str) -> None:
        problems.append(Problem(line, column, shown(cells.get(column, "")), words))

    def listed(column: str, words: str) -> str:
        told = lists.setdefault(column, line)
        return words if told == line else f"Line {told} is told what there is."

    if cells["measure"] not in known.versions:
        wrong(
            "measure",
            f"There is no measure '{shown(cells['measure'])}' that readings feed. "
            + listed("measure", f"Write one of: {', '.join(known.versions)}; or declare one of your own first."),
        )
    for name, most in LONGEST.items():
        if len(cells.get(name, "")) > most:
            wrong(name, f"A {name} has at most {most:,} characters.")
        elif UNSEEN.search(cells.get(name, "")):
            wrong(name, f"There is a control character in the {name}. Type it anew.")
    if parties is not None and cells["partner"] and cells["partner"] not in parties:
        wrong(
            "partner",
            f"'{shown(cells['partner'])}' is no partner of this partnership. "
            + listed("partner", f"The partners are {named(sorted(parties))}; leave it empty for the whole service."),
        )
    if not cells["source"]:
        wrong("source", "Say where the number comes from, such as the name of the report.")
    numbers = {name: _number(cells.get(name, ""), name, wrong) for name in COUNTS}
    threshold = _threshold(cells.get("threshold", ""), wrong)
    first, last = _day(cells["from"], "from", wrong), _day(cells["to"], "to", wrong)
    grade = _grade(cells.get("grade", ""), wrong)
    measure = known.on(cells["measure"], first) if first else None
    if problems or measure is None or first is None or last is None or grade is None:
        return problems
    given = Given(
        line=line,
        measure=measure.name,
        partner=cells["partner"],
        service=cells["service"],
        site=cells.get("site", ""),
        threshold=threshold,
        first=first,
        last=last,
        **numbers,
        unit=cells["unit"].casefold(),
        source=cells["source"],
        grade=grade,
        note=cells["note"],
    )
    for column, words in wrong_with(given, measure, today):
        wrong(column, words)
    return problems or given


def _number(text: str, column: str, wrong: Wrong) -> Decimal | None:
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        wrong(column, f"'{shown(text)}' is not a number as it is written here: 1824, 1,824 or 4.75, not below nought, "
              "with at most three decimals and without a unit or a percent sign.")  # fmt: skip
        return None
    return Decimal(text.replace(",", ""))


def _threshold(text: str, wrong: Wrong) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        wrong("threshold", f"'{shown(text)}' is not a whole number, such as 30.")
        return None
    return int(text)


def _day(text: str, column: str, wrong: Wrong) -> date | None:
    written = (DAY.fullmatch(text) or BRITISH_DAY.fullmatch(text)) if text.isascii() else None
    if written:
        try:
            return date(int(written["year"]), int(written["month"]), int(written["day"]))
        except ValueError:
            pass
    wrong(column, f"'{shown(text)}' is not a day. Write it like 2026-06-30 or 30/06/2026.")
    return None


def _grade(text: str, wrong: Wrong) -> Grade | None:
    try:
        return Grade(text.casefold()) if text else Grade.STATED
    except ValueError:
        wrong("grade", f"'{shown(text)}' does not say who counted. Write one of: {', '.join(Grade)}.")
        return None


def _ungraded(count: int) -> Iterator[str]:
    if count:
        rows_ = "1 row does" if count == 1 else f"{count:,} rows do"
        yield f"{rows_} not say who counted, so it is taken as stated. A column grade says it: {', '.join(Grade)}."
