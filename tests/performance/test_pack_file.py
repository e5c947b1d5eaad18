"""The files of a published pack: as they were kept, readable without the site, and a PDF that everybody can read."""

import hashlib
import io
import json
from typing import Any

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonhold.performance.models import Pack
from tests import universe as cast
from tests.demand.conftest import SignIn

pytestmark = pytest.mark.django_db
FILES = ("update.html", "update.pdf", "tables.xlsx")


def file_of(client: Any, name: str) -> tuple[Any, bytes]:
    answer = client.get(f"{Pack.objects.get(profile='public').get_absolute_url()}{name}")
    assert answer.status_code == 200
    return answer, b"".join(answer.streaming_content)


def test_each_file_has_the_digest_that_the_manifest_names(universe: cast.Committee, sign_in: SignIn) -> None:
    client = sign_in("")
    manifest = json.loads(file_of(client, "manifest.json")[1])

    assert set(manifest["sha256"]) == {*FILES, "pack.html", "pack.pdf", "figures.json"}
    for name, digest in manifest["sha256"].items():
        assert hashlib.sha256(file_of(client, name)[1]).hexdigest() == digest
    assert manifest["entry"] == Pack.objects.get(profile="public").known_at


def test_the_pdf_is_tagged_titled_in_english_and_declares_pdf_ua(universe: cast.Committee, sign_in: SignIn) -> None:
    answer, content = file_of(sign_in(""), "pack.pdf")

    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert opened.check_pdf_syntax() == []
        assert opened.Root.MarkInfo.Marked and "/StructTreeRoot" in opened.Root
        assert opened.Root.Lang == "en-GB"
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Performance pack, June 2026"


def test_the_page_to_keep_reads_alone_and_runs_nothing(universe: cast.Committee, sign_in: SignIn) -> None:
    answer, content = file_of(sign_in(""), "pack.html")

    assert answer["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"<script" not in content and b"http://" not in content.replace(b"http://www.w3.org", b"")


def test_the_figures_say_what_they_were_made_from(universe: cast.Committee, sign_in: SignIn) -> None:
    said = json.loads(file_of(sign_in(""), "figures.json")[1])

    assert said["made_from"]["rule_version"] == "calendars v1, targets v1"
    assert [one["kind"] for one in said["made_from"]["batches"]] == ["file"]
    assert len(said["made_from"]["batches"][0]["sha256"]) == 64
    assert {one["evidence"] for one in said["figures"]} == set(
        Pack.objects.get(profile="public").readings.values_list("reference", flat=True)
    )


@pytest.mark.parametrize("name", ["body.html", "pack.docx", "secret"])
def test_there_is_no_other_file(universe: cast.Committee, sign_in: SignIn, name: str) -> None:
    assert sign_in("").get(f"{Pack.objects.get(profile='public').get_absolute_url()}{name}").status_code == 404


def test_a_file_takes_one_query(universe: cast.Committee, sign_in: SignIn) -> None:
    client, address = sign_in(""), f"{Pack.objects.get(profile='public').get_absolute_url()}manifest.json"
    with CaptureQueriesContext(connection) as asked:
        client.get(address).close()

    assert len(asked) == 1
