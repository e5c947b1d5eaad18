"""From a desk's export to mapped rows and the reduced file: what is kept, what is keyed, what is left out and why."""

import csv
import gzip
import hashlib
import hmac
import io
import time
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonhold.demand.engine import mapping, partners, snapshots, unpack
from commonhold.demand.engine.chunk import FIELDS
from commonhold.demand.engine.intake import Intake, TooManyBadRows
from commonhold.demand.engine.mapping import BUILT_IN, Mapping
from commonhold.refusals import Refused
from tests.demand.reading import CANONICAL, KEY, SAMPLES, Taken, events

AUDIT = mapping.built_in("servicenow-audit")
TABLE = mapping.built_in("servicenow-table")


def sample(name: str, **how: object) -> Taken:
    return Taken((SAMPLES / f"{name}.csv").read_bytes(), mapping.built_in(name), **how)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def keyed(person: str) -> str:
    return hmac.new(KEY, person.encode(), "sha256").hexdigest()


def changed(given: Mapping, **parts: object) -> Mapping:
    return replace(given, **parts)


# The built-in mappings, each on ten rows of its tool's own columns.


def test_an_audit_log_is_a_history_of_events() -> None:
    taken = sample("servicenow-audit", time_zone="UTC")
    assert taken.report.kept == 10
    assert taken.rows[2] == dict.fromkeys(FIELDS) | {
        "line": 4,
        "digest": taken.rows[2]["digest"],
        "reference": "INC9000001",
        "event_at": at("2016-01-04T10:05"),
        "state": "on_hold",
        "hold_reason": "awaiting_customer",
        "opened_at": at("2016-01-04T08:55"),
        "resolved_at": at("2016-01-04T15:20"),
        "closed_at": at("2016-01-09T16:00"),
        "partner": "Location 12",
        "team": "Group 70",
        "responsible": "service",
        "assignee": keyed("Resolver 8"),
        "priority": "P3",
        "category": "Category 26",
        "kind": "incident",
        "channel": "Phone",
        "reopen_count": 0,
        "source_verdict": True,
        "grade": "intervals",
    }
    assert taken.column("state")[5:] == ["open", None, "on_hold", "closed", "open"], "-100 changes nothing"
    assert taken.column("resolved_at")[5] is None, "a blank of a mapped column is never filled"
    assert "The state '-100' is ignored in 1 row; what else it says counts." in taken.report.warnings


def test_the_same_log_saved_again_by_excel_says_the_same() -> None:
    """Dates with dashes and zeros, TRUE for true: the digests of the events are the same."""
    with (SAMPLES / "servicenow-audit.csv").open(newline="") as file:
        table = list(csv.reader(file))
    again = io.StringIO()
    writer = csv.writer(again, lineterminator="\r\n")
    for row in table:
        writer.writerow([_as_excel_saves(cell) for cell in row])
    assert "04-01-2016 08:55" in again.getvalue()
    one, other = sample("servicenow-audit"), Taken("\ufeff" + again.getvalue(), AUDIT)
    assert other.column("digest") == one.column("digest")
    assert len(set(one.column("digest"))) == 10


def _as_excel_saves(cell: str) -> str:
    try:
        return datetime.strptime(cell, "%d/%m/%Y %H:%M").strftime("%d-%m-%Y %H:%M")  # noqa: DTZ007
    except ValueError:
        return cell.upper() if cell in ("true", "false") else cell


def test_a_table_of_incidents_is_one_snapshot_each_in_raw_values_or_words() -> None:
    taken = sample("servicenow-table")
    assert taken.column("state") == [
        *("closed", "resolved", "on_hold", "on_hold", "in_progress"),
        *("on_hold", "closed", "cancelled", "open", "in_progress"),
    ]
    assert taken.column("priority") == ["P3", "P2", "P3", "P4", "P1", "P3", "P4", "P4", "P5", "P1"]
    assert taken.column("hold_reason")[2:6] == ["awaiting_customer", "awaiting_supplier", None, "awaiting_change"]
    assert taken.column("reopen_count")[-1] == 102_197
    assert set(taken.column("grade")) == {"none"}
    assert taken.report.ask_the_desk_for == (
        "An export of the history of changes: this one says nothing of time on hold.",
    )
    assert taken.rows[1]["line"] == 4, "rows whose descriptions run over two lines are counted by physical lines"


def test_hornbill_requests_are_of_several_kinds() -> None:
    taken = sample("hornbill")
    assert taken.column("kind") == ["incident"] * 4 + ["request"] * 3 + ["problem"] * 2 + ["change"]
    assert taken.column("source_verdict") == [True, False, True, True, True, True, False, None, None, True]
    assert taken.column("state")[2] == "on_hold"
    assert taken.report.delimiter == ";"


def test_our_own_form_says_everything_in_its_own_words() -> None:
    taken = sample("canonical")
    assert taken.column("state")[:8] == [
        *("open", "in_progress", "on_hold", "in_progress", "resolved", "reopened", "resolved", "closed"),
    ]
    assert taken.column("event_at")[0] == taken.column("opened_at")[0] == at("2024-07-01T07:00")
    assert taken.column("event_at")[8] == at("2024-07-01T07:30"), "no offset: London's summer time"
    assert taken.column("kind") == ["incident"] * 8 + ["request"] * 2
    assert taken.column("assignee")[0] == keyed("Ivo Penn")


LONG = [f"SD{n},2024-01-0{1 + n % 9}T08:00Z,open,{'x' * 60},Person {n % 7}" for n in range(4_000)]
"""More lines than are read as one piece."""


def long_file(*more: str) -> str:
    return events(*LONG, *more, headings="reference,event_at,state,description,assignee")


def test_beyond_the_rows_that_are_looked_at_the_others_are_reduced_and_counted() -> None:
    given = long_file("SD1,never,odd,secret,Ivo Penn", ",,,nothing that is kept,", "SD2,2024-01-01,open,too,many,cells")
    whole, part = Taken(given), Taken(given, look_at=100)

    assert part.reduced == whole.reduced and part.report.sha256 == whole.report.sha256
    assert b"Ivo Penn" not in part.reduced and b"secret" not in part.reduced
    assert part.report.rows == whole.report.rows == whole.report.looked_at == 4_003
    assert 100 <= part.report.looked_at == len(part.rows) < 4_000
    assert part.rows == whole.rows[: len(part.rows)]
    assert [problem.line for problem in whole.report.refused] == [4_002, 4_003, 4_004]
    assert [problem.line for problem in part.report.refused] == [4_004], "what is no row of the table at all"


def test_rows_that_are_none_refuse_a_file_beyond_those_looked_at_too() -> None:
    with pytest.raises(TooManyBadRows, match="of the"):
        Taken(long_file(*["SD9,2024-01-01,open"] * 400), look_at=100, tolerate=0.01)


def test_the_digest_of_an_event_is_the_number_that_databases_hold() -> None:
    assert sample("servicenow-audit").column("digest")[:2] == [8736331942565851666, -203952905466330132]


# The reduced file.


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_reduced_file_is_the_mapped_columns_in_order_cells_as_they_came_people_keyed(name: str) -> None:
    given = (SAMPLES / f"{name}.csv").read_bytes()
    mapped = mapping.built_in(name)
    text = given.decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;", key=text.partition("\n")[0].count)))
    headings = table[0]
    named = {*mapped.columns.values(), *mapped.leave_out}
    kept = [place for place, heading in enumerate(headings) if heading in named]
    person = headings.index(mapped.columns["assignee"])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([headings[place] for place in kept])
    for row in table[1:]:
        row[person] = row[person] if row[person] in mapped.missing else keyed(row[person])
        writer.writerow([row[place] for place in kept])
    taken = Taken(gzip.compress(given), mapped)
    assert taken.reduced == out.getvalue().encode()
    assert taken.report.sha256 == hashlib.sha256(taken.reduced).hexdigest()
    for word in ("Wren Alder", "Ivo Penn", "Pennf", "Resolver", "Caller", "caller@", "resident", "Text that nobody"):
        assert word not in taken.reduced.decode()


def test_the_digest_of_the_original_is_of_the_bytes_as_they_came() -> None:
    given = gzip.compress((SAMPLES / "canonical.csv").read_bytes(), mtime=0)
    assert Taken(given).report.original_sha256 == hashlib.sha256(given).hexdigest()


def test_quotation_marks_stand_where_they_are_needed_and_nowhere_else() -> None:
    given = (
        "reference;event_at;state;category\r\n"
        '"A1";"2024-01-02 10:00";open;"a;b"\r\n'
        'A2;2024-01-02 10:00;open;"c,d ""e""\r\nf"\r\n'
    )
    assert Taken(given).reduced == (
        b'reference,event_at,state,category\nA1,2024-01-02 10:00,open,a;b\nA2,2024-01-02 10:00,open,"c,d ""e""\r\nf"\n'
    )


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0") | st.sampled_from('",;\n\r?'), max_size=6)
LINES = st.lists(
    st.tuples(
        st.sampled_from(["A1", "A2", " A1 ", ""]) | TEXT,
        st.sampled_from(["2024-01-02 10:00", "2024-03-31 01:30", "soon", ""]),
        st.sampled_from(["open", "closed", "ignore", "odd", ""]),
        st.sampled_from(["Ivo Penn", "", " Ivo Penn", "Mára"]) | TEXT,
        TEXT,
        TEXT,
    ).filter(lambda line: any(line[:5])),
    min_size=1,
    max_size=10,
)
HEADINGS = ("reference", "event_at", "state", "assignee", "category", "notes")


@settings(max_examples=200)
@given(lines=LINES, delimiter=st.sampled_from([",", ";", "\t"]), bom=st.booleans())
def test_reducing_the_reduced_file_gives_the_same_bytes_rows_and_problems(
    lines: list[tuple[str, ...]], delimiter: str, bom: bool
) -> None:
    """People who are keyed already stay as they are, because the caller says that the file was reduced before."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([HEADINGS, *lines])
    once = Taken(("\ufeff" if bom else "") + out.getvalue())
    again = Taken(once.reduced, already_reduced=True)
    assert again.reduced == once.reduced
    assert again.report.sha256 == once.report.sha256
    assert _without_lines(again) == _without_lines(once)
    assert [(each.column, each.value, each.problem) for each in again.report.refused] == [
        (each.column, each.value, each.problem) for each in once.report.refused
    ]


def test_a_row_with_nothing_in_any_mapped_column_is_listed_but_leaves_no_line() -> None:
    taken = Taken("reference,event_at,state,notes\nA1,2024-01-02,open,\n,,,hello\n")
    assert [problem.line for problem in taken.report.refused] == [3]
    assert taken.reduced == b"reference,event_at,state\nA1,2024-01-02,open\n"


def _without_lines(taken: Taken) -> list[dict[str, object]]:
    return [{name: value for name, value in row.items() if name != "line"} for row in taken.rows]


@settings(max_examples=200)
@given(lines=LINES, spoilt=st.booleans())
def test_nothing_that_the_mapping_does_not_name_and_nobodys_name_leaves(
    lines: list[tuple[str, ...]], spoilt: bool
) -> None:
    """D1: not in a row, nor the reduced file, nor a problem, nor a warning, whatever else is wrong."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("reference", "event_at", "state", "assignee", "assignee", "notes"))
    for line in lines:
        writer.writerow(
            (*line[:3], "SECRET person", f"SECRET {line[3]}" if spoilt else "SECRET person", "SECRET notes")
        )
        writer.writerow((*line[:3], "SECRET person", "SECRET", "SECRET notes", "SECRET"))
    taken = Taken(out.getvalue())
    for told in (taken.rows, taken.reduced.decode(), taken.report):
        assert "SECRET" not in str(told)


# What is refused, row by row, and what is only warned of.


@pytest.mark.parametrize(
    ("line", "column", "value", "words"),
    [
        ("A1,2024-01-02 10:00,odd", "state", "odd", "'odd' is a state that the mapping canonical does not name"),
        ("A1,2024-01-02 10:00,Open", "state", "Open", "does not name"),
        ("A1,2024-01-02 10:00,", "state", "", "the cell is blank: an event without a state says nothing."),
        ("A1,31/12/2024,open", "event_at", "31/12/2024", "is no date in the mapping's forms (iso)"),
        ("A1,,open", "event_at", "", "the cell is blank: without this date the row says nothing."),
        ("A1,2024-03-31 01:30,open", "event_at", "2024-03-31 01:30", "did not exist in Europe/London"),
        ("A1,1970-01-01 00:00,open", "event_at", "1970-01-01 00:00", "outside the years 1980 to 2099"),
        (" ,2024-01-02 10:00,open", "reference", " ", "the cell is blank: a row without a reference"),
        ("A\x071,2024-01-02 10:00,open", "reference", "A\ufffd1", "holds a control character"),
        ("A" * 101 + ",2024-01-02 10:00,open", "reference", "A" * 80 + "…", "has 101 characters where at most 100"),
    ],
)
def test_a_row_that_cannot_be_read_is_listed_and_left_out(line: str, column: str, value: str, words: str) -> None:
    taken = Taken(events("A0,2024-01-02 09:00,open", line, "A2,2024-01-02 11:00,closed"))
    (problem,) = taken.report.refused
    assert (problem.line, problem.column, problem.value) == (3, column, value)
    assert words in problem.problem
    assert taken.column("line") == [2, 4]
    assert taken.report.rows == 3
    assert taken.report.kept == 2
    assert line.strip() in taken.reduced.decode(), "the evidence holds the row all the same"


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("kind", "Release", "is a kind of ticket that the mapping does not name: add it under [kinds]"),
        (
            "category",
            "x" * 201,
            "has 201 characters where at most 200 are kept: does the mapping name the right column?",
        ),
        ("reopen_count", "-1", "is no whole number from 0 to 2,147,483,647"),
        ("reopen_count", "1.5", "is no whole number"),
        ("reopen_count", "9" * 5000, "is no whole number"),
        ("reopen_count", "99,99", "is no whole number"),
        ("closed_at", "never", "is no date"),
    ],
)
def test_any_mapped_cell_can_refuse_its_row(column: str, value: str, words: str) -> None:
    given = f'reference,event_at,state,{column}\nA1,2024-01-02 10:00,open,"{value}"\n'
    (problem,) = Taken(given).report.refused
    assert (problem.line, problem.column) == (2, column)
    assert words in problem.problem


def test_one_problem_names_all_that_is_wrong_with_a_row() -> None:
    (problem,) = Taken(events("A1,soon,odd")).report.refused
    assert problem.column == "event_at"
    assert "'soon' is no date" in problem.problem
    assert "Also state: 'odd' is a state that the mapping canonical does not name" in problem.problem


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("category", "=cmd|'/c calc'!A1", "=cmd|'/c calc'!A1"),
        ("category", "  Café ", "Café"),
        ("category", "two\nlines\tand\x1b[0m", "two lines and [0m"),
        ("category", "safe\u202eevas", "safe evas"),
        ("category", "\u200b", None),
        ("service", "", None),
        ("priority", "P2", "P2"),
        ("priority", "Urgent", None),
        ("hold_reason", "awaiting_supplier", None),
        ("kind", "", "incident"),
        ("reopen_count", "102,197", 102_197),
        ("reopen_count", "3.0", 3),
        ("source_verdict", "met", True),
        ("source_verdict", "missed", False),
        ("source_verdict", "", None),
    ],
)
def test_what_a_cell_becomes(column: str, value: str, expected: object) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([("reference", "event_at", "state", column), ("A1", "2024-01-02", "open", value)])
    taken = Taken(out.getvalue())
    assert taken.column(column) == [expected]


def test_words_are_compared_without_blanks_around_them_in_composed_form_and_in_their_own_case() -> None:
    mapped = changed(CANONICAL, states={"Geöffnet": "open", **CANONICAL.states})
    taken = Taken(events("A1,2024-01-02, Geo\u0308ffnet ", "A1,2024-01-02,geöffnet"), mapped)
    assert taken.column("state") == ["open"]
    assert [problem.line for problem in taken.report.refused] == [3]
    assert " Geo\u0308ffnet " in taken.reduced.decode(), "the reduced file keeps cells as they came"


def test_a_reason_counts_only_while_on_hold() -> None:
    given = events(
        "A1,2024-01-02,on_hold,awaiting_change",
        "A1,2024-01-03,in_progress,awaiting_change",
        "A1,2024-01-04,on_hold,the weather",
        "A1,2024-01-05,noted,awaiting_change",
        headings="reference,event_at,state,hold_reason",
    )
    taken = Taken(given, changed(CANONICAL, states={"noted": "ignore", **CANONICAL.states}))
    assert taken.column("hold_reason") == ["awaiting_change", None, "other", "awaiting_change"]
    assert "1 value of 'hold_reason' is not named under [hold_reasons], so it counts as \"other\": 'the weather'." in (
        taken.report.warnings
    )


def test_teams_belong_to_the_service_unless_the_mapping_says_otherwise() -> None:
    mapped = changed(CANONICAL, teams={"Depot IT": "authority: Ashvale", "Net Works": "supplier: Net Works Ltd"})
    lines = [f"A1,2024-01-02,open,{team}" for team in ("Depot IT", "Net Works", "Desk", "", "Desk")]
    taken = Taken(events(*lines, headings="reference,event_at,state,team"), mapped)
    assert taken.column("responsible") == [
        *("authority: Ashvale", "supplier: Net Works Ltd", "service", "service", "service"),
    ]
    (warning,) = [warning for warning in taken.report.warnings if "[teams]" in warning]
    assert warning == "1 value of 'team' is not named under [teams], so the shared service answers for it: 'Desk'."


def test_partners_are_looked_up_and_a_value_that_is_not_in_the_map_has_none() -> None:
    with (SAMPLES / "partners.csv").open("rb") as stream:
        areas = partners.read(stream)
    lines = [f"A1,2024-01-02,open,{place}" for place in ("Location 12", " Location 40", "Depot", "", "Depot")]
    given = events(*lines, headings="reference,event_at,state,partner")
    taken = Taken(given, partners=areas)
    assert taken.column("partner") == ["Ashvale", "Brackmoor", None, None, None]
    assert "1 value of 'partner' is not in the map of partners, so it has no partner: 'Depot'." in taken.report.warnings
    assert Taken(given).column("partner") == ["Location 12", "Location 40", "Depot", None, "Depot"]


def test_a_row_that_names_no_partner_of_the_partnership_is_refused_with_what_to_do() -> None:
    given = events(
        "T1,2026-01-05T09:00Z,open,Ashvale",
        "T2,2026-01-05T09:00Z,open,Ashvail",
        "T3,2026-01-05T09:00Z,open,",
        headings="reference,event_at,state,partner",
    )
    taken = Taken(given, parties=("Ashvale", "Brackmoor"))
    assert taken.column("partner") == ["Ashvale", None]
    (problem,) = taken.report.refused
    assert (problem.line, problem.column, problem.value) == (3, "partner", "Ashvail")
    assert problem.problem == (
        "'Ashvail' is no partner of this partnership: its partners are 'Ashvale', 'Brackmoor'. "
        "Write one of these names in the file or in a map of partners, or leave the cell blank; "
        "another authority becomes a partner by a change of the agreement."
    )


def test_a_map_that_names_no_partner_of_the_partnership_refuses_its_rows() -> None:
    areas = partners.PartnerMap({"Depot": "Ashvail", "Hall": "Ashvale"})
    lines = ("T1,2026-01-05T09:00Z,open,Depot", "T2,2026-01-05T09:00Z,open,Hall")
    taken = Taken(events(*lines, headings="reference,event_at,state,partner"), partners=areas, parties=("Ashvale",))
    assert taken.column("partner") == ["Ashvale"]
    assert taken.report.refused[0].problem.startswith(
        "'Depot' means 'Ashvail' in the map of partners, which is no partner of this partnership"
    )


def test_a_moment_that_happened_twice_is_taken_as_the_first_and_warned_of_by_line() -> None:
    taken = Taken(events("A1,2024-10-27 01:30,open", "A1,2024-10-27 02:30,closed", "A2,2024-10-27 01:00,open"))
    assert taken.column("event_at")[0] == at("2024-10-27T00:30")
    assert (
        "2 moments of 'event_at' happened twice, when the clocks went back; each is taken as the first: line 2, 4."
        in (taken.report.warnings)
    )
    assert not [w for w in Taken(events("A1,2024-10-27 01:30,open"), time_zone="UTC").report.warnings if "twice" in w]


def test_a_time_zone_given_overrides_the_mappings() -> None:
    assert Taken(events("A1,2024-07-01 10:00,open"), time_zone="UTC").column("event_at") == [at("2024-07-01T10:00")]
    with pytest.raises(Refused, match="'Europe/Camelot' is no time zone"):
        Taken(events("A1,2024-07-01 10:00,open"), time_zone="Europe/Camelot")


# Headings.


def test_a_mapped_heading_that_is_missing_is_named_with_those_that_are_there() -> None:
    with pytest.raises(Refused) as refusal:
        Taken("Reference;When;state\nA1;2024-01-02;open\n")
    assert refusal.value.message == (
        "The file has no column 'event_at', 'reference', which the mapping canonical names. "
        "Its columns are 'Reference', 'When', 'state'. Export what is missing, or use the mapping that fits."
    )


def test_an_optional_column_that_is_missing_is_only_said() -> None:
    taken = Taken(events("A1,2024-01-02,open"))
    assert "The file has no 'closed_at', so it says nothing of closed_at." in taken.report.warnings


def test_of_a_repeated_heading_the_first_is_read_and_rows_that_say_two_things_are_refused() -> None:
    given = "reference,state,event_at,state,notes,notes\nA1,open,2024-01-02,open ,a,b\nA2,open,2024-01-02,closed,a,b\n"
    taken = Taken(given)
    assert taken.column("reference") == ["A1"]
    (problem,) = taken.report.refused
    assert problem.line == 3
    assert problem.problem == "'open' differs from what another column of this name says: rename the one that is meant."
    assert (
        "The heading 'state' stands 2 times. The first is read, and rows in which they differ are refused."
        in taken.report.warnings
    )
    assert taken.reduced.splitlines()[0] == b"reference,state,event_at,state"


# How much may be wrong.


@pytest.mark.parametrize(("bad", "tolerate", "taken"), [(1, 0.01, True), (2, 0.01, False), (0, 0, True), (1, 0, False)])
def test_more_bad_rows_than_are_tolerated_refuse_the_file(bad: int, tolerate: float, taken: bool) -> None:
    given = events(*["A1,2024-01-02,open"] * (100 - bad), *["A1,2024-01-02,odd"] * bad)
    if taken:
        assert Taken(given, tolerate=tolerate).report.refused_rows == bad
        return
    with pytest.raises(TooManyBadRows) as refusal:
        Taken(given, tolerate=tolerate)
    assert refusal.value.message == (
        f"{bad} of the 100 rows cannot be read, more than the {tolerate * 100:g}% that is tolerated, "
        "so nothing was taken from this file."
    )
    assert [problem.line for problem in refusal.value.refused] == list(range(102 - bad, 102))
    at = "2 rows (lines 100, 101)" if bad == 2 else "Line 101"
    assert refusal.value.problems[0].startswith(f"{at}, state: 'odd' is a state")


@pytest.mark.parametrize(("rows", "said"), [(1, "The only row cannot be read"), (2, "2 of the 2 rows cannot be read")])
def test_a_file_of_one_row_is_refused_in_the_singular(rows: int, said: str) -> None:
    with pytest.raises(TooManyBadRows, match=f"^{said}, more than the 1%"):
        Taken(events(*["A1,2024-01-02,odd"] * rows), tolerate=0.01)


def test_thousands_of_rows_with_one_wrong_name_are_one_problem_and_each_of_them_is_listed() -> None:
    given = events(*["A1,2024-01-02,open,Sitex 9"] * 9_000, headings="reference,event_at,state,partner")
    with pytest.raises(TooManyBadRows) as refusal:
        Taken(given, parties=["Ashvale"], tolerate=0.01)
    (said,) = refusal.value.problems
    rows = len(refusal.value.refused)
    assert rows > 1_000
    assert said.startswith(f"{rows:,} rows (lines 2, 3, 4, 5, 6 and {rows - 5:,} more), partner: 'Sitex 9' is no")


def test_a_file_that_cannot_become_good_enough_is_refused_before_its_end() -> None:
    bad = events(*["A1,2024-01-02,odd"] * 300_000)
    began = time.process_time()
    with pytest.raises(TooManyBadRows, match="of the first"):
        Taken(bad, tolerate=0.01)
    assert time.process_time() - began < 5


@settings(max_examples=200)
@given(
    rows=st.lists(
        st.sampled_from(["A1,2024-01-02,open,é", "A1,odd,odd,é", '"A\n1",2024-01-02,open,', "x", '"x\n"']), min_size=1
    ),
    tolerate=st.floats(0, 1),
    piece=st.integers(2, 60),
)
def test_a_file_is_refused_exactly_when_its_share_of_bad_rows_is_too_large(
    rows: list[str], tolerate: float, piece: int
) -> None:
    """However early that is found."""
    given = events(*rows, headings="reference,event_at,state,category")
    bad = sum(row not in ("A1,2024-01-02,open,é",) for row in rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unpack, "PIECE", piece)
        if bad > tolerate * len(rows):
            with pytest.raises(TooManyBadRows):
                Taken(given, tolerate=tolerate)
        else:
            assert Taken(given, tolerate=tolerate).report.refused_rows == bad


def test_the_share_to_tolerate_is_a_share() -> None:
    for share in (-0.1, 1.1, float("nan")):
        with pytest.raises(Refused, match="a number from 0 to 1"):
            Taken(events("A1,2024-01-02,open"), tolerate=share)


def test_only_so_many_problems_are_listed() -> None:
    taken = Taken(events(*["A1,2024-01-02,odd"] * 10_001))
    assert (taken.report.refused_rows, len(taken.report.refused)) == (10_001, 10_000)
    assert "10,001 rows are refused; the first 10,000 are listed." in taken.report.warnings


def test_large_cells_that_never_repeat_do_not_pile_up() -> None:
    line = "A{n},2024-01-02,open,{n:050000}"
    given = events(*(line.format(n=n) for n in range(1000)), headings="reference,event_at,state,category").encode()
    tracemalloc.start()
    intake = Intake(io.BytesIO(given), CANONICAL, key=KEY, tolerate=1)
    assert list(intake.chunks()) == []
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 40_000_000 < len(given)


# Snapshots.


@pytest.mark.parametrize(
    ("resolved", "closed", "state", "expected"),
    [
        (None, None, "open", [(0, "open")]),
        (None, None, "in_progress", [(0, "open"), (None, "in_progress")]),
        (None, None, "on_hold", [(0, "open"), (None, "on_hold")]),
        (None, None, None, [(0, "open")]),
        (5, None, "resolved", [(0, "open"), (5, "resolved")]),
        (None, None, "resolved", [(0, "open"), (None, "resolved")]),
        (5, 9, "closed", [(0, "open"), (5, "resolved"), (9, "closed")]),
        (9, 5, "closed", [(0, "open"), (5, "closed"), (9, "resolved"), (None, "closed")]),
        (None, 9, "closed", [(0, "open"), (9, "closed")]),
        (None, 9, "cancelled", [(0, "open"), (9, "cancelled")]),
        (5, None, "in_progress", [(0, "open"), (5, "resolved"), (None, "in_progress")]),
        (5, None, "on_hold", [(0, "open"), (5, "resolved"), (None, "on_hold")]),
        (5, None, "reopened", [(0, "open"), (5, "resolved"), (None, "reopened")]),
    ],
)
def test_a_snapshot_says_in_which_state_a_ticket_is_but_only_its_dates_say_since_when(
    resolved: int | None, closed: int | None, state: str | None, expected: list[tuple[int | None, str]]
) -> None:
    assert snapshots.steps(0, resolved, closed, state) == tuple(expected)


def test_a_total_of_minutes_on_hold_is_a_better_grade_than_nothing() -> None:
    mapped = changed(TABLE, columns={**TABLE.columns, "held_minutes": "held"})
    given = "number,state,opened_at,held\nA1,Closed,2024-01-02,90\nA2,Closed,2024-01-02,\n"
    taken = Taken(given, mapped)
    assert taken.column("grade") == ["total", "none"]
    assert taken.report.ask_the_desk_for[0] == (
        "An export of the history of changes: this one says only how long tickets were on hold, not when."
    )


def test_a_ticket_that_ended_before_it_began_is_refused() -> None:
    given = "number,state,opened_at,resolved_at\nA1,Resolved,2024-01-02,2024-01-01\n"
    (problem,) = Taken(given, TABLE).report.refused
    assert problem.problem == "'2024-01-01' is before opened_at: put one of them right."


# The public log.


def read_log(
    shared: Path, name: str, zone: str | None, tolerate: float = 0.01
) -> tuple[list[tuple[object, ...]], Intake]:
    with (shared / "servicenow_location_to_partner.csv").open("rb") as stream:
        areas = partners.read(stream)
    with (shared / name).open("rb") as stream:
        intake = Intake(stream, AUDIT, key=KEY, partners=areas, time_zone=zone, tolerate=tolerate)
        rows = [
            row for chunk in intake.chunks() for row in zip(chunk.reference, chunk.digest, chunk.partner, strict=True)
        ]
    return rows, intake


LOG = "servicenow_incident_event_log.csv.gz"
RESAVE = "servicenow_excel_resave_first_5998_events.csv.gz"


@pytest.mark.long
def test_the_public_log_and_its_excel_resave_say_the_same(shared: Path) -> None:
    rows, intake = read_log(shared, LOG, "UTC")
    assert (len(rows), len({row[0] for row in rows}), intake.report.rows) == (141_712, 24_918, 141_712)
    assert intake.report.refused == ()
    assert "The state '-100' is ignored in 5 rows; what else they say counts." in intake.report.warnings
    assert {row[2] for row in rows} == {"Partner A", "Partner B", "Partner C", None}
    resave, _ = read_log(shared, RESAVE, "UTC")
    assert len(resave) == 5998
    assert resave == rows[:5998]


@pytest.mark.long
def test_exactly_the_moments_that_did_not_exist_in_london_refuse_their_rows(shared: Path) -> None:
    rows, intake = read_log(shared, LOG, "Europe/London")
    dates = ("opened_at", "sys_updated_at", "resolved_at", "closed_at")
    with gzip.open(shared / LOG, "rt", newline="") as file:
        skipped = {
            line: [row[name] for name in dates if row[name].startswith("27/3/2016 01:")]
            for line, row in enumerate(csv.DictReader(file), start=2)
        }
    expected = {line: cells for line, cells in skipped.items() if cells}
    assert (len(expected), sum(map(len, expected.values()))) == (53, 59)
    assert [problem.line for problem in intake.report.refused] == sorted(expected)
    for problem in intake.report.refused:
        assert problem.problem.count("did not exist in Europe/London") == len(expected[problem.line])
        assert problem.value in expected[problem.line]
    assert len(rows) == 141_712 - 53
