"""The tables of a pack as files: a workbook that is frozen with it, and each table from its page, never recomputed."""

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from commonhold.performance.models import Draft, Pack
from tests import universe as cast
from tests.demand.bringing import bring, events
from tests.demand.conftest import Commonhold, SignIn
from tests.reading import body_of, links

pytestmark = pytest.mark.django_db
ANALYST = "service-analyst"


def taken(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def of(profile: str) -> Pack:
    return Pack.objects.get(profile=profile)


def test_each_table_of_the_page_leads_to_its_files(universe: cast.Committee, sign_in: SignIn) -> None:
    client, address = sign_in(ANALYST), of("board").get_absolute_url()
    found = {words: href for words, href in links(client.get(address)).items() if " as CSV" in words}

    assert len(found) > 8 and all(href.startswith("?take=") for href in found.values())
    for href in found.values():
        assert len(taken(client.get(f"{address}{href}"))) > 1, href
        sheet = client.get(f"{address}{href.replace('.csv', '.xlsx')}")
        assert b"".join(sheet.streaming_content).startswith(b"PK")


def test_a_table_is_as_it_was_published_whatever_is_known_since(universe: cast.Committee, sign_in: SignIn) -> None:
    client, address = sign_in(ANALYST), f"{of('board').get_absolute_url()}?take=table-targets.csv"
    before = taken(client.get(address))
    about = "P3,incident,Service Desk,Northgate,Email,Fault"
    bring(events(f"NEW,2026-06-20T08:00Z,open,{about}", f"NEW,2026-06-20T09:00Z,resolved,{about}"))

    assert taken(client.get(address)) == before
    assert before[0][:4] == ["Measure", "June 2026", "June 2026: counted", "June 2026: of"]
    assert before[-1][:4] == ["All", str(5 / 6), "5", "6"], "exact, where the page prints 5 of 6 (83.3%)"


def test_a_spreadsheet_of_one_table_says_first_what_it_is(universe: cast.Committee, sign_in: SignIn) -> None:
    answer = sign_in(ANALYST).get(f"{of('board').get_absolute_url()}?take=table-volumes.xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}

    assert about["From"] == "2026-06-01" and about["To, included"] == "2026-06-30"
    assert about["Known at entry"] == of("board").known_at and str(about["As of"]).startswith("2026-0")
    assert "each partner" in str(about["Who may see it"]) and of("board").tables in str(about["Taken from"])
    assert str(about["Definition: Tickets opened"]).startswith("tickets_opened.v1")
    assert book["Table"]["B2"].value == 8


def test_the_workbook_is_a_file_of_the_pack_with_its_digest(universe: cast.Committee, sign_in: SignIn) -> None:
    pack = of("public")
    answer = sign_in("").get(f"{pack.get_absolute_url()}tables.xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))

    assert pack.entry is not None and pack.entry.facts["files"]["tables.xlsx"] == pack.tables
    assert book.sheetnames[0] == "About" and len(book.sheetnames) > 5
    text = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert not [one for one in ("Northgate", "Southmere", "SD00") if one in text]


def test_a_pack_of_before_has_no_such_file_and_its_page_is_there(universe: cast.Committee, sign_in: SignIn) -> None:
    pack = of("public")
    assert set(Pack(html="a", pdf="b", figures="c", manifest="d", tables=None).files) == {
        "pack.html", "pack.pdf", "figures.json", "manifest.json",
    }  # fmt: skip
    assert sign_in("").get(f"{pack.get_absolute_url()}?take=nothing.csv").status_code == 404


def test_a_table_of_another_s_pack_is_taken_by_nobody_else(universe: cast.Committee, sign_in: SignIn) -> None:
    cast.publish("northgate")
    address = f"{of('northgate').get_absolute_url()}?take=table-volumes.csv"

    assert len(taken(sign_in("client-lead-of-northgate").get(address))) > 3
    for post in ("", "client-lead-of-southmere"):
        assert sign_in(post).get(address).status_code == 404


def test_a_draft_s_tables_are_taken_too(universe: cast.Committee, sign_in: SignIn) -> None:
    from commonhold.performance.acts import publishing

    days = {"first": cast.JUNE.first, "last": cast.JUNE.last}
    draft = publishing.ask_for_draft(by=cast.somebody(ANALYST), profile="southmere", **days)
    publishing.write_draft(draft=draft)
    client, address = sign_in(ANALYST), Draft.objects.get().get_absolute_url()

    assert "Table 1 as CSV" in body_of(client.get(address))
    assert len(taken(client.get(f"{address}?take=table-volumes.csv"))) > 3
    assert b"".join(client.get(f"{address}tables.xlsx").streaming_content).startswith(b"PK")


def test_the_command_writes_it_and_the_same_bytes_again(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Any
) -> None:
    for name in ("one", "two"):
        commonhold("pack", "--from", "2026-06-01", "--to", "2026-06-30", "--profile", "board", "--out", tmp_path / name)
    assert (tmp_path / "one/tables.xlsx").read_bytes() == (tmp_path / "two/tables.xlsx").read_bytes()
