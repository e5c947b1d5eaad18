"""Files that no desk should send: refused in plain words by the command and by the page, and nothing is changed."""

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from pytest_django import Settings

from commonhold.ledger import evidence
from commonhold.web import uploading
from tests.demand.bringing import bring, events, everything
from tests.demand.conftest import Commonhold, SignIn
from tests.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership"), pytest.mark.long]

HEADINGS = "reference,event_at,state"
GOOD = "SD1,2026-06-01T08:00Z,open\n"


def table(*lines: str, headings: str = HEADINGS, newline: str = "\n") -> bytes:
    return (newline.join((headings, *lines)) + newline).encode()


def workbook() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    return out.getvalue()


REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "only blanks": (b" \n\n \r\n", "The file is empty"),
    "only headings": (table(), "The file has a heading line but no rows"),
    "no table": (b"Dear colleague\nplease find attached\n", "No comma, semicolon or tab divides the heading line"),
    "UTF-16": (table("SD1,2026-06-01T08:00Z,open").decode().encode("utf-16"), "The file is UTF-16"),
    "no encoding at all": (table("SD1,2026-06-01T08:00Z,\x81é").decode().encode("latin-1"), "neither UTF-8 (line 2"),
    "UTF-8 by its mark alone": (b"\xef\xbb\xbf" + table() + b"caf\xe9,2026-06-01T08:00Z,open\n", "but line 2 is not"),
    "a NUL byte": (table("SD1,2026-06-01T08:00Z,o\0pen"), "Line 2 holds a NUL byte"),
    "nothing but NUL bytes": (b"\0" * 100_000, "UTF-16"),
    "random bytes": (bytes(range(1, 256)) * 400, "neither UTF-8"),
    "a workbook named csv": (workbook(), "an Excel workbook or a zip file, not CSV"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "an old Excel workbook"),
    "a PDF": (b"%PDF-1.7\n" + b"x" * 1_000, "This is a PDF, not CSV"),
    "a sign-in page": (b"<!DOCTYPE html><html><body>Sign in</body></html>", "perhaps a sign-in page was saved"),
    "JSON without a ticket": (b'{"error": {"message": "Sign in"}}', "This JSON file holds no list of records"),
    "JSON of something else": (b'[{"number": "SD1"}, {"number": "SD2"}]', "The file has no column"),
    "JSON cut short": (b'[{"reference": "SD1"}, {"reference": "SD', "it is cut short or damaged"),
    "JSON nested deeply": (b'[{"reference": ' + b"[" * 200_000, "nested too deeply"),
    "JSON of very many names": (
        b"[" + b",".join(b'{"n%d": 1}' % n for n in range(2_001)) + b"]", "more than 2,000 different names"
    ),
    "JSON that opens for ever": (b'[{"reference": "' + b"x" * 2_100_000, "one record has more than 2,000,000"),
    "gzip cut short": (gzip.compress(table(GOOD * 2_000))[:-20], "The gzip file is cut short"),
    "gzip damaged": (gzip.compress(table(GOOD)).replace(b"\x00\x00\x00", b"\x07\x07\x07", 1)[:30], "The gzip file is"),
    "gzip twice": (gzip.compress(gzip.compress(table(GOOD))), "packed with gzip twice"),
    "a gzip bomb": (gzip.compress(table() + GOOD.encode() * 1_000_000), "grows more than 200-fold"),
    "a line without an end": (table() + b"x" * 2_100_000, "more than 2,000,000 characters come without the end"),
    "a quotation never closed": (table('"SD1,2026-06-01T08:00Z,open', GOOD * 9), "opened in line 2 is not closed"),
    "ten thousand columns": (table("1," * 9_999, headings=",".join(map(str, range(10_000)))), "10,000 columns"),
    "a heading missing": (table("SD1,open", headings="reference,state"), "'event_at'"),
    "no heading line": (GOOD.encode() * 3, "'reference'"),
    "a heading twice, two words": (
        table("SD1,2026-06-01T08:00Z,open,closed", headings=f"{HEADINGS},state"),
        "'open' differs from what another column of this name says",
    ),
    "a cell of 1 MB": (table(f"SD1,2026-06-01T08:00Z,{'x' * 1_000_000}"), "more than 100,000 characters"),
    "a quoted cell of 1 MB": (table(f'SD1,2026-06-01T08:00Z,"{"x" * 1_000_000}"'), "more than 100,000 characters"),
    "a cell too long to be a word": (table(f"SD1,2026-06-01T08:00Z,{'x' * 300}"), "state"),
    "too few cells": (table("SD1,2026-06-01T08:00Z"), "The row has 2 cells where the heading line has 3"),
    "too many cells": (table("SD1,2026-06-01T08:00Z,open,"), "The row has 4 cells where the heading line has 3"),
    "an unknown state": (table("SD1,2026-06-01T08:00Z,pondering"), "pondering"),
    "a date that is none": (table("SD1,yesterday,open"), "yesterday"),
    "the 31st of April": (table("SD1,2026-04-31T08:00Z,open"), "2026-04-31T08:00Z"),
    "the year 9999": (table("SD1,9999-12-31T00:00Z,open"), "9999-12-31T00:00Z"),
    "an hour that did not exist": (table("SD1,2026-03-29T01:30:00,open"), "2026-03-29T01:30:00"),
    "a formula for a state": (table("SD1,2026-06-01T08:00Z,=1+1"), "=1+1"),
    "a formula for a date": (table("SD1,=NOW(),open"), "=NOW()"),
    "a reference that acts on a screen": (table("\x1b[2JSD1,2026-06-01T08:00Z,open"), "reference"),
    "no reference": (table(",2026-06-01T08:00Z,open"), "reference"),
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def brought(partnership: None) -> None:
    """What is known before any of these files comes."""
    bring(events("SD7,2026-06-01T08:00Z,open,P3,incident,Desk,Southmere,Email,Fault"))


@pytest.fixture
def unchanged() -> Iterator[None]:
    """Every row of every table, and every file kept as evidence, is as it was before."""
    rows, kept = everything(SESSIONS), set(evidence.all_digests())
    yield
    assert everything(SESSIONS) == rows
    assert set(evidence.all_digests()) == kept


SESSIONS = ("django_session", "partnership_person")
"""What signing in changes: it is no answer to a file."""


def by_page(client: Client, content: bytes, **told: Any) -> Any:
    """What the page for bringing a file answers."""
    asked = {"mapping": "canonical", "tolerate": "0.01", **told}
    return client.post("/imports/new/", {"file": SimpleUploadedFile("tickets.csv", content), **asked})


def looked_through(client: Client, content: bytes, **told: Any) -> Any:
    """The page that says what an import of these bytes would do."""
    answer = by_page(client, content, **told)
    assert answer.status_code == 302, words(answer)
    return client.get(answer.url)


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_the_command_refuses_it_in_plain_words_and_changes_nothing(
    content: bytes, said: str, tmp_path: Path, commonhold: Commonhold, unchanged: None
) -> None:
    file = tmp_path / "tickets.csv"
    file.write_bytes(content)

    answer = commonhold("import-tickets", file, "--mapping", "canonical", "--json")

    assert (answer.code, answer.json["batch"], answer.json["tickets"]["new"]) == (2, None, 0)
    assert said in "\n".join([answer.json["problem"], *(row["problem"] for row in answer.json["refused"])])
    assert answer.err.startswith(f"{file} was refused: ")
    assert said in answer.err and "Traceback" not in answer.err and len(answer.err) < 5_000


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_the_page_refuses_it_in_plain_words_and_changes_nothing(
    content: bytes, said: str, sign_in: SignIn, unchanged: None
) -> None:
    answer = by_page(sign_in("service-analyst"), content)

    assert answer.status_code == 200
    seen = words(answer)
    assert seen.startswith("There is a problem") and said in seen
    assert len(seen) < 5_000


TAKEN: dict[str, tuple[bytes, str]] = {
    "carriage returns alone end its lines": (table("SD1,2026-06-01T08:00Z,open", newline="\r"), ""),
    "a heading twice that says one thing": (
        table("SD1,2026-06-01T08:00Z,open,open", headings=f"{HEADINGS},state"),
        "",
    ),
    "an unmapped cell of half a line's limit": (
        table(f"SD1,2026-06-01T08:00Z,open,{'x' * 99_000}", headings=f"{HEADINGS},description"),
        "",
    ),
    "Windows-1252": (table() + b"SD1,2026-06-01T08:00Z,open\n\xe9,2026-06-01T08:00Z,open\n", "read as Windows-1252"),
    "the hour of October that came twice": (
        table("SD1,2026-10-25T01:30:00,open"),
        "happened twice",
    ),
}


@pytest.mark.parametrize(("content", "warned"), TAKEN.values(), ids=TAKEN)
def test_what_only_looks_hostile_is_taken_with_a_warning_where_it_is_read_in_one_of_two_ways(
    content: bytes, warned: str, tmp_path: Path, commonhold: Commonhold, sign_in: SignIn
) -> None:
    file = tmp_path / "tickets.csv"
    file.write_bytes(content)

    page = looked_through(sign_in("service-analyst"), content)
    answer = commonhold("import-tickets", file, "--mapping", "canonical", "--json")

    assert answer.code == 0 and answer.json["refused"] == []
    assert warned in " ".join(answer.json["warnings"]) and warned in words(page)
    assert "Nothing has changed yet" in words(page)


def test_what_is_tolerated_is_reported_by_line_on_the_page_and_by_the_command(
    tmp_path: Path, commonhold: Commonhold, sign_in: SignIn
) -> None:
    content = table("SD1,2026-06-01T08:00Z,open", "SD2,2026-04-31T08:00Z,open", "SD3,2026-06-01T08:00Z,=1+1")
    file = tmp_path / "tickets.csv"
    file.write_bytes(content)

    page = looked_through(sign_in("service-analyst"), content, tolerate="0.7")
    answer = commonhold("import-tickets", file, "--mapping", "canonical", "--tolerate", "0.7")

    assert answer.code == 0
    for line, column, value in ((3, "event_at", "2026-04-31T08:00Z"), (4, "state", "=1+1")):
        assert f"left out line {line}, {column}: " in answer.err
        assert f" {line} {column} {value} " in words(page)


def test_formulas_of_a_file_are_plain_text_in_every_download(
    tmp_path: Path, commonhold: Commonhold, sign_in: SignIn
) -> None:
    cells = "reference,event_at,state,team,category,service,priority,kind,partner"
    bad = '=HYPERLINK("http://example.org")'
    file = tmp_path / "tickets.csv"
    file.write_text(
        f"{cells}\n=SD1,2026-06-01T08:00Z,open,@SUM(A1),+1+1,-2+3,P3,incident,Southmere\n"
        f'SD2,2026-06-01T08:00Z,"{bad.replace(chr(34), chr(34) * 2)}",Desk,,,P3,incident,Southmere\n'
    )
    answer = commonhold("import-tickets", file, "--mapping", "canonical", "--tolerate", "0.5", "--json")
    client = sign_in("service-analyst")

    tickets, refused = "/tickets.{}?reference=%3DSD1", f"/imports/{answer.json['batch']}/left-out.{{}}"
    for address, texts in ((tickets, ("=SD1", "@SUM(A1)", "+1+1", "-2+3")), (refused, (bad,))):
        rows = list(csv.reader(io.StringIO(taken(client, address.format("csv")).decode("utf-8-sig"))))
        sheet = load_workbook(io.BytesIO(taken(client, address.format("xlsx"))))["Table"]
        for found in ([cell for row in rows for cell in row], [cell.value for row in sheet for cell in row]):
            assert {f"'{text}" for text in texts} <= set(found)
            assert not [cell for cell in found if str(cell).startswith(("=", "@", "+"))]


def taken(client: Client, address: str) -> bytes:
    """The bytes of a download."""
    return b"".join(client.get(address))


def test_an_upload_is_limited_as_it_comes_and_unpacked(sign_in: SignIn, settings: Settings, unchanged: None) -> None:
    client = sign_in("service-analyst")
    plain = table(*(f"SD{n},2026-06-01T08:00Z,open" for n in range(50_000)))

    settings.UPLOAD_LIMIT = 1_000_000
    assert "The file must be smaller than 977 KB; this one has 1.5 MB" in words(by_page(client, plain))
    settings.UNPACKED_LIMIT = 1_000_000
    assert "Unpacked, the file passes 1 MB" in words(by_page(client, gzip.compress(plain)))


@pytest.mark.parametrize("post", ["", "service-analyst"])
def test_what_says_that_it_is_larger_than_any_page_takes_is_not_even_received(
    sign_in: SignIn, settings: Settings, monkeypatch: pytest.MonkeyPatch, unchanged: None, post: str
) -> None:
    client = sign_in(post)
    settings.UPLOAD_LIMIT = 1_000
    monkeypatch.setattr(uploading, "BESIDE", 500)

    answer = by_page(client, b"x" * 2_000)

    assert answer.status_code == 413
    assert "What you sent is larger than this site takes." in words(answer)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("own_mapping", b"", "The file is empty"),
        ("own_mapping", b"\xff\xfe\x00", "UTF-8"),
        ("own_mapping", b"kind = ", "TOML"),
        ("own_mapping", b'kind = "events"\nsurprise = 1\n', "surprise"),
        ("own_mapping", workbook(), "UTF-8"),
        ("partners", b"\0\0\0\0", "UTF-16"),
        ("partners", workbook(), "an Excel workbook"),
        ("partners", b"value\nDepot\n", "divides the heading line"),
        ("partners", b"value,partner\nDepot,Southmere\nDepot,Northgate\n", "keep one of them"),
        ("partners", b"value,partner,more\nDepot,Southmere,x\n", "two columns"),
    ],
)
def test_a_mapping_or_a_map_of_partners_that_makes_no_sense_is_refused(
    name: str, content: bytes, said: str, sign_in: SignIn, tmp_path: Path, commonhold: Commonhold, unchanged: None
) -> None:
    beside = {name: SimpleUploadedFile("x.toml", content), "mapping": "own" if name == "own_mapping" else "canonical"}
    file, other = tmp_path / "tickets.csv", tmp_path / "x.toml"
    file.write_bytes(table(GOOD))
    other.write_bytes(content)
    option = ("--mapping", other) if name == "own_mapping" else ("--mapping", "canonical", "--partners", other)

    page = by_page(sign_in("service-analyst"), table(GOOD), **beside)
    answer = commonhold("import-tickets", file, *option)

    assert page.status_code == 200 and said in words(page)
    assert (answer.code, answer.out) == (2, "")
    assert "Traceback" not in answer.err
    assert said in answer.err or not content
