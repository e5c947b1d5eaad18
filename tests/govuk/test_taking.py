"""Tables taken away from pages: what stands in them, cell by cell as what it is, and what a page hands over instead."""

import csv
import io
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from django.http import Http404
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as some
from openpyxl import load_workbook

from commonhold.govuk import taking
from commonhold.govuk.pages import page
from commonhold.govuk.taking import Sheet
from tests.govuk.rendering import rendered

TABLE = """
{% set columns = [{"text": "Reference"}, {"text": "Opened"}, {"text": "Count", "numeric": true}, {"text": "Change"}] %}
{% call govuk.table("Tickets of June", columns, id="june") %}
  <tr class="govuk-table__row">
    <th scope="row" class="govuk-table__header">
      <a href="/x">007<span class="govuk-visually-hidden"> of Northgate <span>here</span></span></a>
    </th>
    <td class="govuk-table__cell">{{ govuk.instant(at) }}</td>
    <td class="govuk-table__cell govuk-table__cell--numeric">1,234</td>
    <td class="govuk-table__cell"><a href="/y">End</a></td>
  </tr>
  <tr class="govuk-table__row">
    <th scope="row" class="govuk-table__header">=1+1</th>
    <td class="govuk-table__cell">{{ govuk.day(at.date()) }}</td>
    <td class="govuk-table__cell govuk-table__cell--numeric">92.4%</td>
    <td class="govuk-table__cell"></td>
  </tr>
{% endcall %}
{{ govuk.table("Others", [{"text": "A"}], [["b"]], id="others") }}
"""
AT = datetime.fromisoformat("2026-06-30T17:30:00+01:00")


def asked(query: str = "") -> Any:
    return RequestFactory().get(f"/list/?from=2026&{query}")


def taken(query: str, content: str = "", sheet: Sheet | None = None) -> Any:
    request = asked(query)
    found = taking.wanted(request)
    assert found is not None
    answer: Any = taking.answer(request, found, "A page", sheet, content)
    content = b"".join(answer.streaming_content)
    for close in answer._resource_closers:
        close()
    return content


def test_what_stands_in_a_table_is_taken_as_what_it_is() -> None:
    book = load_workbook(io.BytesIO(taken("take=june.xlsx", rendered(TABLE, at=AT))))

    assert [[cell.value for cell in row] for row in book["Table"].iter_rows()] == [
        ["Reference", "Opened", "Count"],
        ["007", datetime(2026, 6, 30, 17, 30), 1234],  # noqa: DTZ001  # a spreadsheet knows no time zones
        ["'=1+1", datetime(2026, 6, 30), "92.4%"],  # noqa: DTZ001
    ]
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert about["Table"] == "Tickets of June"
    assert about["Address"] == "http://testserver/list/?from=2026"


def test_a_csv_has_the_same_rows() -> None:
    written = taken("take=others.csv", rendered(TABLE, at=AT)).decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(written))) == [["A"], ["b"]]


def test_a_cell_that_stands_beside_several_rows_is_said_in_each() -> None:
    content = (
        '<table id="june"><thead><tr><th>A</th><th>B</th><th>C</th></tr></thead><tbody>'
        '<tr><th rowspan="3">1</th><td>2</td><td rowspan="2">3</td></tr>'
        "<tr><td>4</td></tr><tr><td>5</td><td>6</td></tr>"
        '<tr><th rowspan="x">7</th><td>8</td><td>9</td></tr></tbody></table>'
    )

    assert list(csv.reader(io.StringIO(taken("take=june.csv", content).decode("utf-8-sig")))) == [
        ["A", "B", "C"], ["1", "2", "3"], ["1", "4", "3"], ["1", "5", "6"], ["7", "8", "9"],
    ]  # fmt: skip


def test_a_sheet_that_the_page_hands_over_comes_before_what_it_shows() -> None:
    sheet = Sheet("all of june", ["Reference"], iter([["008"], ["009"]]), {"Period": "June"})

    assert b"009" in taken("take=june.csv", "", sheet)


@pytest.mark.parametrize("query", ["take=june", "take=june.pdf", "take=.csv", "take=csv"])
def test_there_is_no_other_form(query: str) -> None:
    with pytest.raises(Http404):
        taking.wanted(asked(query))


def test_a_table_that_is_not_there_is_not_found() -> None:
    with pytest.raises(Http404, match="no table called"):
        taken("take=july.csv", rendered(TABLE, at=AT))


def test_a_table_says_where_it_can_be_taken_and_keeps_the_filters() -> None:
    with taking.shown(asked("page=2")):
        shown = rendered(TABLE, at=AT)

    assert 'href="?from=2026&amp;page=2&amp;take=june.csv" download>CSV<span' in shown
    assert 'href="?from=2026&amp;page=2&amp;take=june.xlsx"' in shown
    assert "take=" not in rendered(TABLE, at=AT), "no page is printed: there is no address"
    with taking.shown(RequestFactory().post("/list/")):
        assert "take=" not in rendered(TABLE, at=AT), "an answer to a form has no address of its own"


def test_a_page_answers_with_the_table_that_is_asked_for() -> None:
    request = asked("take=june.csv")
    sheet = Sheet("june", ["A"], iter([[date(2026, 6, 1)]]))
    answer: Any = page(request, "govuk/page.html", title="Tickets", sheets={"june": lambda: sheet})

    assert b"2026-06-01" in b"".join(answer.streaming_content)
    assert answer["Content-Disposition"] == 'attachment; filename="june.csv"'


@given(some.text(max_size=200), some.text(max_size=20))
def test_no_page_whatever_stands_in_it_makes_trouble(content: str, table: str) -> None:
    with suppress(Http404):
        taken("take=june.csv", f'<table id="june"><thead><tr><th>{content}</th></tr></thead><tr><td>{table}')


def test_the_same_table_is_the_same_bytes() -> None:
    shown = rendered(TABLE, at=AT)

    assert taken("take=june.xlsx", shown) == taken("take=june.xlsx", shown)
