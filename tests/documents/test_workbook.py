"""The tables of a document as a workbook: typed values, the same bytes, read again as they were written."""

import io
import zipfile
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from commonhold.documents.engine.document import Document
from commonhold.documents.engine.sheets import sheets
from commonhold.documents.engine.tables import Cell, Column, Exact, Table
from commonhold.documents.workbook import opened, workbook
from tests.documents.sample import pack

SHARE = Cell("85.0% (17 of 20)", "/evidence/x", exact=Exact(0.85, 17, 20, "share"))


def document(*tables: Table) -> Document:
    return Document("T", "", date(2026, 6, 30), "A", "B", tables)


def table(rows: tuple[tuple[str | Cell, ...], ...], *columns: Column, place: str = "t") -> Table:
    return Table("Caption", columns or (Column("Name"), Column("Value", "number")), rows, id=place)


def test_a_figure_is_its_exact_value_with_its_counts_beside_it() -> None:
    (found,) = sheets(document(table((("A", SHARE), ("B", Cell("not shown")), ("C", Cell("\N{EN DASH}"))))))

    assert found.headings == ("Name", "Value", "Value: counted", "Value: of", "Unit")
    assert found.rows == (
        ("A", 0.85, 17, 20, "share"), ("B", "not shown", None, None, None), ("C", None, None, None, None),
    )  # fmt: skip
    assert found.shares == {1}


def test_what_is_printed_as_a_number_is_one_and_other_words_are_words() -> None:
    rows = (("A", "1,234"), ("B", "\N{MINUS SIGN}3.5"), ("C", "63.3%"), ("D", "4 of 9"), ("E", "1.2.3"))
    (found,) = sheets(document(table(rows)))

    assert [row[1] for row in found.rows] == [1234, -3.5, 0.633, "4 of 9", "1.2.3"]
    (text,) = sheets(document(table((("2026", "12"),), Column("Year"), Column("Text"))))
    assert text.rows == (("2026", "12"),), "a column of words stays one"


def test_a_unit_is_said_where_it_is_not_tickets() -> None:
    minutes, count = Cell("2 hours", exact=Exact(120, None, 7, "minutes")), Cell("7", exact=Exact(7, unit="tickets"))
    (mixed,) = sheets(document(table((("A", minutes), ("B", count)))))
    (counts,) = sheets(document(table((("B", count),))))

    assert mixed.headings[-1] == "Unit" and [row[-1] for row in mixed.rows] == ["minutes", "tickets"]
    assert counts.headings == ("Name", "Value")


def test_the_workbook_opens_in_the_usual_reader_with_what_it_is_about_first() -> None:
    written = workbook({"From": "2026-04-01", "Known at entry": 7}, sheets(document(table((("A", SHARE),)))))
    book = load_workbook(io.BytesIO(written))

    assert book.sheetnames == ["About", "Table 1"]
    assert [cell.value for cell in book["About"][2]][:2] == ["Known at entry", 7]
    assert book["Table 1"]["B2"].value == 0.85 and book["Table 1"]["B2"].number_format == "0.00%"
    assert book["Table 1"].freeze_panes == "A2"


ATTRIBUTES = 0o600 << 16
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
VALUES = st.one_of(st.integers(-(10**12), 10**12), st.floats(allow_nan=False, allow_infinity=False))


@given(st.lists(st.tuples(TEXT, st.one_of(TEXT, VALUES)), min_size=1, max_size=6))
def test_whatever_is_written_is_read_again(given_: list[tuple[str, str | int | float]]) -> None:
    rows = tuple(
        (name, value if isinstance(value, str) else Cell("x", exact=Exact(value, unit="tickets")))
        for name, value in given_
    )
    whole = sheets(document(table(rows, Column("Name"), Column("Value"))))
    written = workbook({"A": "b"}, whole)
    read = opened(written)

    assert read.about == {"A": "b"}
    assert [list(row) for row in read.tables["t"].rows] == [
        [one if one != "" else None for one in row] for row in whole[0].rows
    ]
    assert written == workbook({"A": "b"}, whole)


def test_no_part_is_packed_dated_or_named_after_a_machine() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook({}, sheets(pack())))) as archive:
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {(one.create_system, one.external_attr, one.extra) for one in archive.infolist()} == {
            (0, ATTRIBUTES, b"")
        }


def test_text_is_never_a_formula() -> None:
    written = workbook({}, sheets(document(table((("=1+1", "=cmd()"),)))))
    cell = load_workbook(io.BytesIO(written))["Table 1"]["A2"]

    assert (cell.value, cell.data_type) == ("=1+1", "s")
