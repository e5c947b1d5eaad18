"""The tickets behind a figure to take away: for those entitled, as CSV or spreadsheet, no cell of it a formula."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from commonhold.performance.models import Period, Table
from tests import universe as cast
from tests.demand.bringing import bring, events
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.reading import words
from tests.universe import NOON

pytestmark = pytest.mark.django_db

ANALYST, LEAD = "service-analyst", "client-lead-of-southmere"


def reference(measure: str = "within_target") -> str:
    """The reference of a figure of the whole service as it was computed last."""
    row = Table.objects.filter(by="", measure=measure).order_by("-pk").first()
    assert row
    return str(row.figures[0]["evidence"])


def csv_of(client: Client, of: str) -> list[list[str]]:
    page: Any = client.get(f"/rows.csv/{of}")
    assert page.status_code == 200
    text = b"".join(page.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def xlsx_of(client: Client, of: str) -> Any:
    page: Any = client.get(f"/rows.xlsx/{of}")
    assert page.status_code == 200
    return load_workbook(io.BytesIO(b"".join(page.streaming_content)))


def test_a_csv_holds_every_row_with_what_it_brings(universe: cast.Committee, sign_in: SignIn) -> None:
    headings, *rows = csv_of(sign_in(ANALYST), reference("resolution_hours_median"))

    assert headings[:4] == ["Reference", "Counts in the numerator", "Brings, hours", "Partner"]
    assert [(row[0], row[2]) for row in rows] == [
        ("SD0001", "4.0"), ("SD0002", "60.0"), ("SD0003", "2.0"), ("SD0004", "30.0"), ("SD0005", "20.0"),
        ("SD0006", "5.0"),
    ]  # fmt: skip
    assert rows[0][3:] == [
        "Southmere", "P3", "Incident", "Service Desk", "Email and calendar", "2026-06-01T09:00:00+01:00",
        "2026-06-01T13:00:00+01:00", "",
    ]  # fmt: skip


def test_a_spreadsheet_says_first_what_it_is_about(universe: cast.Committee, sign_in: SignIn) -> None:
    book = xlsx_of(sign_in(LEAD), reference())
    about = {row[0].value: row[1].value for row in book["About"]}

    assert about["Measure"] == "Resolved within target"
    assert str(about["Definition"]).startswith("within_target.v1: Of the tickets whose last resolution")
    assert (about["Scope"], about["Rows behind the figure"], about["Rows in this file"]) == ("all", 6, 2)
    assert [row[0].value for row in book["Table"]] == ["Reference", "SD0001", "SD0004"]


@pytest.mark.parametrize(
    ("post", "shown"),
    [
        (ANALYST, 6), ("managing-director", 6), (LEAD, 2), ("client-lead-of-eastwell-vale", 2),
        ("committee-member-of-northgate", 2),
    ],
)  # fmt: skip
def test_each_partner_takes_its_own_rows(universe: cast.Committee, sign_in: SignIn, post: str, shown: int) -> None:
    rows = csv_of(sign_in(post), reference())[1:]

    assert len(rows) == shown
    assert len({row[3] for row in rows}) == (3 if shown == 6 else 1)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_public_takes_none(universe: cast.Committee, sign_in: SignIn, kind: str) -> None:
    page = sign_in("").get(f"/rows.{kind}/{reference()}")

    assert page.status_code == 403
    assert "SD000" not in words(page)


def test_no_cell_becomes_a_formula(universe: cast.Committee, sign_in: SignIn) -> None:
    hostile = ("=HYPERLINK(1)", "+44 20", "@SUM(A1)", "-1+1")
    bring(events(*(f"{text},2026-06-20T08:00Z,open,P3,incident,={text},Southmere,{text}" for text in hostile)), at=NOON)
    cast.compute()
    client, of = sign_in(ANALYST), reference("tickets_opened")
    rows = [row for row in csv_of(client, of) if "SD" not in row[0]][1:]

    assert sorted(row[0] for row in rows) == sorted(f"'{text}" for text in hostile)
    assert not any(cell.startswith(("=", "+", "@", "-")) for row in rows for cell in row)
    cells = [cell for sheet in xlsx_of(client, of) for line in sheet.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert f"'{hostile[0]}" in {cell.value for cell in cells}


def test_where_the_period_is_not_kept_ready_it_says_what_to_do(universe: cast.Committee, sign_in: SignIn) -> None:
    of = reference()
    Period.objects.all().delete()
    page = sign_in(ANALYST).get(f"/rows.csv/{of}")

    assert page.status_code == 400
    assert "Open the figure's evidence and have it computed first." in words(page)


def test_there_is_no_other_kind_of_file(universe: cast.Committee, sign_in: SignIn) -> None:
    assert sign_in(ANALYST).get(f"/rows.pdf/{reference()}").status_code == 404
    assert sign_in(ANALYST).post(f"/rows.csv/{reference()}").status_code == 405


@pytest.mark.parametrize("post", [ANALYST, LEAD])
def test_it_takes_few_queries_before_the_first_row(universe: cast.Committee, sign_in: SignIn, post: str) -> None:
    assert queries_of(sign_in(post), f"/rows.csv/{reference()}") == (5 if post == ANALYST else 6)
