"""The pack in the form of an update report: words and figures for a committee, all else by link, published with it."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from commonhold.governance.models import Paper
from commonhold.performance.acts.composing import Files, compose, profile_of
from commonhold.performance.models import Pack
from commonhold.performance.queries.periods import basis, the_period
from tests import universe as cast
from tests.demand.conftest import Commonhold, SignIn
from tests.reading import links, words
from tests.universe import JUNE

pytestmark = pytest.mark.django_db
FILES = {"update.html", "update.pdf", "figures.json", "manifest.json"}
DAYS = ("--from", "2026-06-01", "--to", "2026-06-30")


def composed(profile: str = "board") -> Files:
    on = basis()
    return compose(period=the_period(JUNE, on.known), profile=profile_of(profile), on=on)


def text(files: Files) -> str:
    class Page:
        content = files.files["update.html"]

    page: Any = Page()
    return words(page)


def test_it_is_the_summary_words_and_figures_and_everything_else_by_link(universe: cast.Committee) -> None:
    files = composed()
    said, written = text(files), files.files["update.html"].decode()

    parts = ("Update report, June 2026", "In short", "P1 and key incidents", "Main figures of the period")
    for part in (*parts, "Everything else"):
        assert part in said, part
    assert "P3 resolved within target" in said and "All resolved within target 5 of 6 (83.3%)" in said
    assert "<svg" not in written and "<figure" not in written, "charts are in the pack"
    for address in ("/packs/", "/figures/?first=2026-06-01", "/parity/?first=2026-06-01", "/incidents/", "/record/"):
        assert f'href="{address}' in written, address
    assert composed().files == files.files, "the same bytes again"


def test_its_pdf_is_short_tagged_titled_and_declares_pdf_ua(universe: cast.Committee) -> None:
    with pikepdf.open(io.BytesIO(composed().files["update.pdf"])) as opened:
        assert len(opened.pages) <= 3
        assert opened.Root.MarkInfo.Marked and "/StructTreeRoot" in opened.Root and opened.Root.Lang == "en-GB"
        with opened.open_metadata() as metadata:
            assert (metadata["pdfuaid:part"], metadata["dc:title"]) == ("1", "Update report, June 2026")


def test_each_audience_reads_its_own(universe: cast.Committee) -> None:
    public, own = text(composed("public")), text(composed("northgate"))

    assert not [one for one in ("Northgate", "Southmere", "Eastwell", "SD00") if one in public]
    assert "For Northgate: its own figures" in composed("northgate").files["update.html"].decode()
    assert not [one for one in ("SD0001", "SD0002") if one in own]


def test_it_is_published_with_the_pack_and_goes_before_the_meeting_with_it(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    pack = Pack.objects.get(profile="board")
    offered = links(sign_in("service-analyst").get(pack.get_absolute_url()))

    assert pack.entry is not None and pack.entry.facts["files"]["update.pdf"] == pack.update_pdf
    assert Paper.objects.get(address=pack.get_absolute_url()).files["update.html"] == pack.update_html
    assert f"{pack.get_absolute_url()}update.pdf" in offered.values()
    answer = sign_in("service-analyst").get(f"{pack.get_absolute_url()}update.html")
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == pack.update_html
    assert "sandbox" in answer["Content-Security-Policy"]


def test_the_command_writes_this_form_alone_and_it_is_the_pack_s_own(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    said = commonhold("pack", *DAYS, "--profile", "board", "--form", "update", "--out", tmp_path / "a", "--json")
    commonhold("pack", *DAYS, "--profile", "board", "--out", tmp_path / "b")

    assert {path.name for path in (tmp_path / "a").iterdir()} == FILES == set(said.json["sha256"])
    manifest = json.loads((tmp_path / "a/manifest.json").read_text())["sha256"]
    assert set(manifest) > FILES - {"manifest.json"}, "the manifest names every file of the pack"
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert commonhold("pack", *DAYS, "--form", "poem", "--out", tmp_path / "c").code == 2
