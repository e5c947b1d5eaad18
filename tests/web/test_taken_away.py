"""Every table of every page can be taken away by whoever sees it, and holds what the page shows or more."""

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from openpyxl import load_workbook
from pytest_django.plugin import DjangoDbBlocker

from tests import world as worlds
from tests.house.pages import BESIDE, PAGES
from tests.universe import NOON, browser_of
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.long]
LINK = re.compile(r'href="(\?[^"]*take=[^"]*)"')


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with time_machine.travel(NOON, tick=False), django_db_blocker.unblock(), transaction.atomic():
        yield worlds.everything()
        transaction.set_rollback(True)


NOT_TAKEN = {
    "demand/_left_out.html": "its rows are offered whole, line by line",
    "demand/mapping.html": "the mapping is offered whole, as the file that it is",
    "demand/sketch_columns.html": "a form's questions, beside rows of a file that is not kept",
    "demand/sketch_dates.html": "a form's questions, beside rows of a file that is not kept",
    "demand/sketch_words.html": "a form's questions, beside rows of a file that is not kept",
    "demand/_tickets.html": "its rows are offered whole, by an address of their own",
    "demand/_register.html": "its rows are offered whole, by an address of their own",
    "demand/_disputes.html": "its rows are offered whole, by an address of their own",
    "performance/sample.html": "its rows are offered as a working paper",
    "performance/exceptions.html": "its rows are offered whole, by an address of their own",
    "mfa/webauthn/authenticator_list.html": "how somebody signs in",
    "partnership/personas.html": "buttons",
    "performance/_rows.html": "its rows are offered whole, by an address of their own",
    "performance/readings_file.html": "its rows are offered whole, by an address of their own",
    "web/cookies.html": "words about the site",
    "web/tables.html": "words about the site",
}
"""Templates with a table that says that nothing of it is to be taken away, and why."""


def test_no_table_is_kept_back_without_a_reason() -> None:
    folders = (Path(__file__).parents[2] / "commonhold").glob("*/jinja2")
    templates = {str(path.relative_to(folder)): path for folder in folders for path in folder.rglob("*.html")}
    found = {name for name, path in templates.items() if "take=false" in path.read_text(encoding="utf-8")}

    assert found == set(NOT_TAKEN)


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("role", ["analyst", "administrator", "public"])
def test_every_link_to_take_a_table_away_gives_it(world: World, role: str) -> None:
    client, found = worlds.signed_in(role), set()
    for name, wanted in (*PAGES.items(), *BESIDE):
        address = wanted.address(name, world)
        answer: Any = client.get(address)
        if wanted.is_file or answer.status_code != 200 or answer.streaming:
            continue
        for link in map(unescape, LINK.findall(answer.content.decode())):
            table = client.get(address.partition("?")[0] + link)
            content = content_of(table)
            assert table.status_code == 200, (address, link)
            found.add((name, link.partition("take=")[2]))
            if link.endswith("csv"):
                assert len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) > 1, (address, link)
            else:
                about = {row[0].value: row[1].value for row in load_workbook(io.BytesIO(content))["About"].iter_rows()}
                assert {"Page", "Who may see it", "Address", "Taken"} <= set(about), (address, link)
    least = {"analyst": 30, "administrator": 30, "public": 10}[role]
    assert len(found) >= least, sorted(found)


def rows_of(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    return list(csv.DictReader(io.StringIO(content_of(answer).decode("utf-8-sig"), newline="")))


def test_a_figure_is_taken_with_its_exact_value_and_counts(world: World) -> None:
    rows = rows_of(browser_of("service-analyst"), "/figures/?first=2026-06-01&last=2026-06-30&take=list.csv")
    whole = next(row for row in rows if row["Definition"].startswith("within_target") and row["Of"] == "Whole service")

    assert float(whole["Value"]) == int(whole["Numerator"]) / int(whole["Denominator"])
    assert (whole["From"], whole["To"], whole["Unit"]) == ("2026-06-01", "2026-06-30", "share")
    assert {row["Of"] for row in rows} == {"Whole service", "Southmere", "Eastwell Vale", "Northgate"}


def test_the_public_takes_no_more_than_it_sees(world: World) -> None:
    rows = rows_of(browser_of(), "/figures/?take=list.csv")

    assert rows == [] or {row["Of"] for row in rows} == {"Whole service"}
    assert browser_of().get("/parity/?take=parity.csv").status_code == 404
    assert (
        browser_of("client-lead-of-southmere").get("/partnership/people/southmere/?take=accounts.csv").status_code
        == 404
    )


def test_the_partners_compared_are_numbers(world: World) -> None:
    address = "/parity/?first=2026-06-01&last=2026-06-30&take=parity.xlsx"
    book = load_workbook(io.BytesIO(content_of(browser_of("managing-director").get(address))))
    rows = [[cell.value for cell in row] for row in book["Table"].iter_rows()]

    assert rows[0][:4] == ["Partner", "Within", "Tickets", "Missed"]
    assert all(isinstance(row[2], int) for row in rows[1:])
    assert book["About"]["A2"].value == "Definition"
