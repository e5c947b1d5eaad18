"""A file of readings: what can be taken, and each row that cannot with its line, its column and what to do."""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.performance.engine.brought import lines, rows, standing
from commonhold.performance.engine.brought.definition import Definitions, Grade
from commonhold.performance.engine.brought.given import COLUMNS
from commonhold.performance.engine.brought.lines import Lines, lines_of
from commonhold.performance.engine.brought.measures import BUILT_IN
from commonhold.refusals import Refused
from tests.readings import file, line

TODAY = date(2026, 7, 21)
KNOWN = Definitions({name: [(date.min, one)] for name, one in BUILT_IN.items()})
PARTIES = ["Eastwell Vale", "Northgate", "Southmere"]


def read(content: bytes) -> rows.Brought:
    return rows.read(BytesIO(content), KNOWN, parties=PARTIES, today=TODAY)


def test_a_row_says_all_there_is_to_say_of_a_reading() -> None:
    found = read(
        file(
            line(
                measure="calls_abandoned", partner="Southmere", service="Email", site="Town Hall", threshold="30",
                value="", numerator="60", denominator="1,200", note="Line one\ntwo", grade="Counted by us",
            )
        )
    )  # fmt: skip

    (given,) = found.given
    assert (given.partner, given.service, given.site, given.threshold) == ("Southmere", "Email", "Town Hall", 30)
    assert (given.numerator, given.denominator, given.value) == (Decimal(60), Decimal(1200), None)
    assert (given.first, given.last) == (date(2026, 6, 1), date(2026, 6, 30))
    assert given.grade is Grade.OURS
    assert (found.problems, found.warnings) == ([], [])


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({}, "1,200 calls"),
        ({"measure": "calls_abandoned", "threshold": "30", "value": "", "numerator": "60", "denominator": "1200"},
         "60 of 1,200 calls"),
        ({"measure": "call_queue_time", "unit": "seconds", "value": "", "numerator": "38", "denominator": "1"},
         "38 seconds over 1 call"),
        ({"measure": "satisfaction", "unit": "score", "threshold": "5", "value": "", "numerator": "354",
          "denominator": "77"}, "scores of 354 in all, from 77 returns"),
        ({"measure": "satisfaction", "unit": "score", "threshold": "5", "value": "4.6"}, "a mean score of 4.6"),
        ({"measure": "satisfaction", "unit": "score", "threshold": "5", "value": "4.6", "denominator": "77"},
         "a mean score of 4.6, from 77 returns"),
    ],
)  # fmt: skip
def test_a_reading_s_number_is_said_in_plain_words(cells: dict[str, str], words: str) -> None:
    found = read(file(line(**cells)))

    assert found.problems == [] and standing.words(found.given[0]) == words


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_any_spreadsheet_s_way_of_writing_is_read(encoding: str, delimiter: str, newline: str) -> None:
    text = newline.join(
        (
            delimiter.join(("Measure", "Partner", "Service", "From", "To", "Value", "Unit", "Source", "Note", "Hue")),
            delimiter.join(("calls_offered", "", "", "01/06/2026", "30/6/2026", "1200", "Calls", "Café", "", "red")),
            "",
        )
    )
    (given,) = read(text.encode(encoding)).given
    assert (given.source, given.unit, given.first.month, given.last.day) == ("Café", "calls", 6, 30)


def test_a_row_without_a_grade_is_stated_and_warned_of() -> None:
    found = read(file(line(grade="")))

    assert found.given[0].grade is Grade.STATED
    assert "1 row does not say who counted, so it is taken as stated" in found.warnings[0]


WRONG = (
    ({"measure": "happiness"}, "measure", "There is no measure 'happiness' that readings feed."),
    ({"measure": "within_target"}, "measure", "There is no measure 'within_target' that readings feed."),
    ({"partner": "Westover"}, "partner", "'Westover' is no partner of this partnership."),
    ({"source": ""}, "source", "Say where the number comes from"),
    ({"value": "12%"}, "value", "'12%' is not a number"),
    ({"value": "-3"}, "value", "'-3' is not a number"),
    ({"value": "1,20"}, "value", "'1,20' is not a number"),
    ({"value": "1e9"}, "value", "'1e9' is not a number"),
    ({"value": "9999999999999"}, "value", "is not a number"),
    ({"value": "12.5"}, "value", "Calls are whole numbers."),
    ({"value": ""}, "value", "Give the number of calls once"),
    ({"numerator": "12"}, "value", "Give the number of calls once"),
    ({"denominator": "12"}, "denominator", "calls_offered is a count, which has no denominator."),
    ({"unit": "minutes"}, "unit", "calls_offered is brought in calls."),
    ({"unit": ""}, "unit", "calls_offered is brought in calls."),
    ({"threshold": "30"}, "threshold", "calls_offered has no threshold."),
    ({"first": "30 June"}, "from", "'30 June' is not a day."),
    ({"first": "2026-02-30"}, "from", "'2026-02-30' is not a day."),
    ({"first": "2026-06-30", "last": "2026-06-01"}, "to", "lies before the first"),
    ({"last": "2026-07-22"}, "to", "which is yet to come"),
    ({"first": "1969-12-31", "last": "1970-01-01"}, "from", "1970 or later"),
    ({"first": "2024-06-01"}, "to", "at most 366 days"),
    ({"grade": "guessed"}, "grade", "'guessed' does not say who counted."),
    ({"site": "x" * 101}, "site", "A site has at most 100 characters."),
    ({"service": "a\x07b"}, "service", "There is a control character"),
    ({"measure": "calls_answered", "value": "", "numerator": "5"}, "denominator", "needs both counts"),
    ({"measure": "calls_answered", "value": "0.9"}, "denominator", "A percentage alone cannot be added"),
    ({"measure": "calls_answered", "value": "", "numerator": "7", "denominator": "5"}, "numerator", "7 cannot be part"),
    (
        {"measure": "calls_answered", "value": "1", "numerator": "4", "denominator": "5"},
        "value",
        "the share follows from them",
    ),
    (
        {"measure": "calls_abandoned", "value": "", "numerator": "4", "denominator": "5"},
        "threshold",
        "there is no usual one",
    ),
    ({"measure": "call_queue_time", "value": "", "numerator": "400", "unit": "seconds"}, "denominator", "needs its"),
    ({"measure": "call_queue_time", "value": "40", "denominator": "0", "unit": "seconds"}, "denominator", "no mean of"),
    ({"measure": "satisfaction", "value": "4.7", "unit": "score"}, "threshold", "there is no usual one"),
    ({"measure": "satisfaction", "value": "5.7", "unit": "score", "threshold": "5"}, "value", "above 5, the top"),
    ({"measure": "satisfaction", "value": "0", "unit": "score", "threshold": "0"}, "threshold", "a top above nought"),
    ({"measure": "patching", "value": "", "numerator": "1", "denominator": "2", "unit": "devices", "threshold": "3.5"},
     "threshold", "'3.5' is not a whole number"),
)  # fmt: skip


@pytest.mark.parametrize(("cells", "column", "words"), WRONG)
def test_what_makes_no_sense_is_listed_by_line(cells: dict[str, str], column: str, words: str) -> None:
    found = read(file(line(), line(first="2026-05-01", last="2026-05-31", **cells) if "first" not in cells
                      and "last" not in cells else line(**cells)))  # fmt: skip

    assert [one.line for one in found.problems][:1] == [3]
    assert any(one.column == column and words in one.problem for one in found.problems), found.problems


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"measure,partner\ncalls_offered,\n", "The file has no column 'service', 'from', 'to', 'unit'"),
        (b"measure,partner,service,from,to,unit,source,note\n,,,,,,,\n", "'numerator (with denominator) or value'"),
        (file(), "The file has a heading line but no rows."),
        (b"PK\x03\x04" + b"x" * 50, "an Excel workbook"),
        (file(line()).replace(b"note", b"source"), "These columns stand there twice: 'source'."),
    ],
)
def test_a_file_that_is_none_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(Refused, match=re.escape(words)):
        read(content)


def test_more_rows_than_can_be_taken_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_ROWS", 2)

    with pytest.raises(Refused, match="more than 2 rows"):
        read(file(line(), line(), line()))


CELLS = st.sampled_from(
    ["", "calls_offered", "Southmere", "2026-06-01", "2026-06-30", "01/06/2026", "12", "1,200", "calls", "none",
     'She said "no"', "two\nlines", "  blanks\t", "né", "counted by us", "x" * 1_001]
)  # fmt: skip


@given(st.lists(st.lists(CELLS, min_size=0, max_size=16), min_size=1, max_size=8))
def test_rows_that_waited_for_a_worker_are_checked_as_those_that_did_not(cells: list[list[str]]) -> None:
    """Whatever is in them: the same readings, and the same rows named by their lines in the file as it came."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([COLUMNS, ["calls_offered", *[""] * 13], *cells])
    content = written.getvalue().encode()

    waited = Lines.from_kept(lines_of(BytesIO(content)).kept())

    assert rows.check(waited, KNOWN, parties=PARTIES, today=TODAY) == read(content)
    assert len(waited) == len(waited.rows) + len(waited.problems)


def test_what_waits_has_our_columns_and_no_other() -> None:
    content = file(line()).replace(b"note\n", b"note,caller\n")
    content = b"\n".join(one + (b",Mrs Smith" if place else b"") for place, one in enumerate(content.splitlines()))

    assert b"Smith" in content and b"Smith" not in lines_of(BytesIO(content)).kept()


def test_how_far_the_check_is_is_told_now_and_then() -> None:
    told: list[int] = []
    many = lines_of(BytesIO(file(*(line(service=str(n)) for n in range(1_001)))))

    rows.check(many, KNOWN, parties=PARTIES, today=TODAY, progress=told.append)

    assert told == [0, 500, 1_000]


def test_what_is_kept_reads_as_what_was_brought() -> None:
    brought = read(
        file(
            line(note='She said "no", twice', value="1,200"),
            line(measure="sickness", value="", numerator="12.5", denominator="1000", unit="days", partner="Northgate"),
        )
    )
    again = read(rows.canonical(brought.given))

    assert list(again.given) == list(brought.given)
    assert rows.canonical(again.given) == rows.canonical(brought.given)
    assert rows.canonical(brought.given).splitlines()[2].count(b"12.5") == 1
