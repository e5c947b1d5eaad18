"""Tables to take away: no cell becomes a formula, numbers stay numbers, and a spreadsheet says what it is about."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.http import Http404, StreamingHttpResponse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from commonhold.govuk import tables
from commonhold.govuk.tables import Cell
from commonhold.refusals import Refused

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def read_csv(rows: Iterable[Sequence[Cell]], headings: Sequence[str] = ("a",)) -> list[list[str]]:
    written = "".join(tables.csv_lines(headings, rows))
    return list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")))


def read_xlsx(rows: Iterable[Sequence[Cell]], headings: Sequence[str] = ("a",), **about: Cell) -> Any:
    with tables.spreadsheet(headings, rows, about) as file:
        return load_workbook(file)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20 7946 0000", "'+44 20 7946 0000"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r\n=1", "'\r\n=1"),
        ("INC0012345", "INC0012345"),
        ("a=b", "a=b"),
        ("'quoted'", "'quoted'"),
        ("", ""),
        ("bell\x07", "bell\N{REPLACEMENT CHARACTER}"),
        ("\x00=1", "\N{REPLACEMENT CHARACTER}=1"),
    ],
)
def test_text_that_could_be_a_formula_is_made_text(text: str, written: str) -> None:
    assert tables.neutral(text) == written


@given(st.lists(st.lists(st.text(), min_size=1, max_size=3), max_size=5))
def test_no_text_in_a_csv_is_a_formula_and_none_is_lost(rows: list[list[str]]) -> None:
    written = read_csv(rows)[1:]

    assert len(written) == len(rows)
    for given_row, row in zip(rows, written, strict=True):
        assert not any(cell.startswith(FORMULAS) for cell in row)
        assert [cell.removeprefix("'") for cell in row] == [
            tables.UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", cell).removeprefix("'") for cell in given_row
        ]


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_no_cell_of_a_spreadsheet_is_a_formula(row: list[str]) -> None:
    book = read_xlsx([row], headings=row, about=row[0])

    for sheet in book:
        for cell in (cell for line in sheet.iter_rows() for cell in line):
            assert cell.data_type != "f"
            assert not str(cell.value or "").startswith(FORMULAS)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (5, "5"),
        (-5, "-5"),
        (0.5, "0.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("12.50"), "12.50"),
        (Fraction(1, 4), "0.250000"),
        (Fraction(4, 2), "2"),
        (True, "TRUE"),
        (None, ""),
        (float("nan"), ""),
        (date(2026, 7, 21), "2026-07-21"),
        (datetime(2026, 7, 21, 17, 30, tzinfo=UTC), "2026-07-21T18:30:00+01:00"),
    ],
)
def test_what_is_no_text_is_written_as_what_it_is(cell: Cell, written: str) -> None:
    assert read_csv([[cell]])[1] == [written]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (-5, -5),
        (0.5, 0.5),
        (Decimal("12.5"), 12.5),
        (Fraction(1, 4), 0.25),
        (True, True),
        (None, None),
        (float("inf"), None),
        (10**15, "1000000000000000"),  # a spreadsheet keeps fifteen digits of a number
        (date(2026, 7, 21), datetime(2026, 7, 21)),  # noqa: DTZ001  # a spreadsheet knows no time zones
        (datetime(2026, 7, 21, 17, 30, tzinfo=UTC), datetime(2026, 7, 21, 18, 30)),  # noqa: DTZ001
    ],
)
def test_a_cell_of_a_spreadsheet_has_its_type(cell: Cell, value: object) -> None:
    assert read_xlsx([[cell]])["Table"]["A2"].value == value


def test_text_is_quoted_so_that_no_separator_splits_it() -> None:
    assert list(tables.csv_lines(["a"], [["one;=two"]])) == ['\ufeff"a"\r\n', '"one;=two"\r\n']


def test_the_first_sheet_says_what_the_table_is() -> None:
    about = {"Definition": "within_target.v1", "Period": "March 2026", "Known at": 12, "As of": date(2026, 4, 1)}

    book = read_xlsx([["INC1", 3]], headings=["Reference", "Minutes used"], **about)

    assert book.sheetnames == ["About", "Table"]
    assert [[cell.value for cell in row] for row in book["About"].iter_rows()] == [
        ["Definition", "within_target.v1"],
        ["Period", "March 2026"],
        ["Known at", 12],
        ["As of", datetime(2026, 4, 1)],  # noqa: DTZ001
    ]
    assert [cell.value for cell in book["Table"][1]] == ["Reference", "Minutes used"]
    assert book["Table"]["A1"].font.bold
    assert book["Table"].freeze_panes == "A2"


def test_a_csv_is_sent_while_it_is_made() -> None:
    read: list[int] = []

    def rows() -> Iterator[list[Cell]]:
        for number in range(30_000):
            read.append(number)
            yield [number]

    answer = tables.download("csv", "Tickets of March", ["Number"], rows())

    assert isinstance(answer, StreamingHttpResponse)
    assert read == []
    lines = iter(answer)
    next(lines)
    assert 0 < len(read) < 10_000
    assert answer["Content-Disposition"] == 'attachment; filename="tickets-of-march.csv"'


@pytest.mark.django_db  # the end of an answer closes old connections
def test_a_spreadsheet_is_sent_as_a_file() -> None:
    answer = tables.download("xlsx", "Tickets of March", ["Number"], [[1]], about={"Period": "March"})

    assert answer["Content-Disposition"] == 'attachment; filename="tickets-of-march.xlsx"'
    assert load_workbook(io.BytesIO(b"".join(answer)))["Table"]["A2"].value == 1
    answer.close()


def test_there_is_no_other_kind() -> None:
    with pytest.raises(Http404):
        tables.download("xls", "Tickets", ["Number"], [])


def test_a_spreadsheet_does_not_hold_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)

    with pytest.raises(Refused, match="Take it as CSV"):
        tables.spreadsheet(["a"], [[1], [2]], {})


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Tickets of March 2026", "tickets-of-march-2026"),
        ("../../etc/passwd", "etcpasswd"),
        ('a"; rm -rf /\r\nX: y', "a-rm-rf-x-y"),
        ("Llanelli: ŵŷ", "llanelli-wy"),
        ("…", "table"),
        ("x" * 300, "x" * 100),
    ],
)
def test_a_file_name_is_safe_everywhere(name: str, file: str) -> None:
    assert tables.safe_name(name) == file
