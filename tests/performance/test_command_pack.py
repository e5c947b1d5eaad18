"""commonhold pack: its files, the same bytes each time, and publishing only when it is asked for."""

import hashlib
import io
import json
from pathlib import Path

import pikepdf
import pytest
from pytest_django.fixtures import Settings

from commonhold.ledger.models import Entry
from commonhold.partnership.acts import people
from commonhold.partnership.queries import acting
from commonhold.performance.models import Pack
from tests import universe as cast
from tests.demand.bringing import bring, events
from tests.demand.conftest import Commonhold

pytestmark = pytest.mark.django_db

JUNE = ("--from", "2026-06-01", "--to", "2026-06-30")
FILES = [
    "figures.json", "manifest.json", "pack.html", "pack.pdf", "tables.xlsx", "update.html", "update.pdf",
]  # fmt: skip


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("profile", ["public", "board", "Northgate"])
def test_it_writes_its_files_and_records_nothing(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path, profile: str
) -> None:
    before = Entry.objects.count()
    said = commonhold("pack", *JUNE, "--profile", profile, "--out", tmp_path / "new" / "pack", "--json")
    files = written(tmp_path / "new" / "pack")

    assert said.code == 0
    assert list(files) == FILES
    assert said.json == {
        "out": str(tmp_path / "new" / "pack"),
        "sha256": {name: hashlib.sha256(files[name]).hexdigest() for name in said.json["sha256"]},
        "pack": None,
        "entry": None,
    }
    assert sorted(said.json["sha256"]) == FILES
    assert Entry.objects.count() == before


def test_the_same_inputs_give_the_same_bytes(universe: cast.Committee, commonhold: Commonhold, tmp_path: Path) -> None:
    for name in ("first", "second"):
        assert commonhold("pack", *JUNE, "--profile", "board", "--out", tmp_path / name).code == 0

    assert written(tmp_path / "first") == written(tmp_path / "second")


def test_so_do_the_files_of_an_earlier_state_of_knowledge(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    commonhold("pack", *JUNE, "--profile", "board", "--out", tmp_path / "then")
    known = json.loads((tmp_path / "then" / "manifest.json").read_bytes())["entry"]
    bring(events("SD0007,2026-06-23T12:00:00Z,resolved,P3,incident,Service Desk,Northgate"), at=cast.NOON)
    commonhold("pack", *JUNE, "--profile", "board", "--out", tmp_path / "now")
    commonhold("pack", *JUNE, "--profile", "board", "--known-at", known, "--out", tmp_path / "again")

    assert written(tmp_path / "again") == written(tmp_path / "then") != written(tmp_path / "now")


def test_the_pdf_is_tagged_and_declares_pdf_ua(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    commonhold("pack", *JUNE, "--profile", "board", "--out", tmp_path)
    with pikepdf.open(io.BytesIO((tmp_path / "pack.pdf").read_bytes())) as opened:
        assert opened.check_pdf_syntax() == []
        assert opened.Root.MarkInfo.Marked and "/StructTreeRoot" in opened.Root
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["xmp:CreateDate"].startswith("2026-06-30"), "dates inside are the period's"


def test_published_it_is_on_the_record_as_who_was_named(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    options = ("--profile", "northgate", "--publish", "--acting", "service-analyst", "--out", tmp_path)
    said = commonhold("pack", *JUNE, *options, "--json").json
    pack, entry = Pack.objects.get(profile="northgate"), Entry.objects.order_by("-number")[0]

    assert (said["pack"], said["entry"]) == (pack.ref, entry.number)
    assert (entry.kind, entry.post) == ("pack.published", "service-analyst")
    again = commonhold("pack", *JUNE, *options)
    assert (again.code, again.err.endswith("This very pack is published already.\n")) == (2, True)


def test_for_people_it_names_the_files_and_the_entry(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    out = commonhold("pack", *JUNE, "--profile", "southmere", "--publish", "--out", tmp_path).out.splitlines()

    assert sorted(out[:7]) == [str(tmp_path / name) for name in FILES]
    assert out[7] == f"Published as {Pack.objects.get(profile='southmere').ref}, on the record as entry {last_entry()}."
    assert Entry.objects.get(number=last_entry()).post == "operator"


def test_without_the_site_s_address_it_warns_that_links_lead_nowhere(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path, settings: Settings
) -> None:
    settings.SITE = ""
    without = commonhold("pack", *JUNE, "--out", tmp_path, "--json")
    settings.SITE = "https://ict.example.gov.uk"
    beside = commonhold("pack", *JUNE, "--out", tmp_path, "--json")

    assert without.code == beside.code == 0
    assert without.err.startswith("Warning: COMMONHOLD_SITE is not set, so links to evidence") and without.json
    assert beside.err == ""
    assert b'href="https://ict.example.gov.uk/evidence/' in written(tmp_path)["pack.html"]


def test_no_pack_is_made_for_an_authority_that_is_not_a_party(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    people.add_partner(by=acting(None, cast.NOON), name="Ashvale")

    said = commonhold("pack", *JUNE, "--profile", "Ashvale", "--out", tmp_path / "pack")

    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("Ashvale is not yet a party to the agreement, so no pack is made for it;")
    assert "Choose public, board, or a partner: Eastwell Vale, Northgate, Southmere." in said.err
    assert not (tmp_path / "pack").exists()


def last_entry() -> int:
    return Entry.objects.order_by("-number")[0].number


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--profile", "everybody"), "There is no profile 'everybody'. Choose public, board, or a partner: "),
        (("--acting", "nobody", "--publish", "--profile", "southmere"), "There is no post 'nobody'."),
        (
            ("--acting", "committee-member-of-southmere", "--publish", "--profile", "southmere"),
            "You may not publish packs",
        ),
        (("--from", "2027-01-01", "--to", "2027-01-31"), "Nothing is known yet of the days"),
        (("--from", "2010-04-01", "--to", "2010-06-30"), "Nothing is known of the days from 2010-04-01 to 2010-06-30"),
        (("--known-at", "9999"), "The record has no entry 9999 yet"),
    ],
)
def test_what_makes_no_sense_or_is_not_allowed_is_refused(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    before = Entry.objects.count()
    answer = commonhold("pack", *JUNE, "--out", tmp_path, *options)

    assert answer.code == 2
    assert said in answer.err and "Traceback" not in answer.err
    assert Entry.objects.count() == before


def test_a_period_that_the_files_tell_of_in_part_says_from_when(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    day = ("--from", "2026-05-31", "--to", "2026-06-01")
    assert commonhold("pack", *day, "--profile", "board", "--out", tmp_path).code == 0
    pack = " ".join((tmp_path / "pack.html").read_text(encoding="utf-8").split())

    assert "The files tell of what happened from 1 June 2026 on, after the period begins." in pack
    assert ">None<" not in pack and ">none<" not in pack


def test_where_it_cannot_write_nothing_is_published(
    universe: cast.Committee, commonhold: Commonhold, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("A file is here.")
    answer = commonhold("pack", *JUNE, "--profile", "southmere", "--publish", "--out", tmp_path / "taken")

    assert answer.code == 2
    assert "cannot be written" in answer.err and "Nothing was published." in answer.err
    assert not Pack.objects.filter(profile="southmere").exists()
