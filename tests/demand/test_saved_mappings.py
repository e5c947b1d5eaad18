"""Mappings saved in versions: the acts and their entries, the command, the pages, and the thread both ways."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from commonhold.demand.acts import saved_mappings as acts
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine.mapping import BUILT_IN, Mapping
from commonhold.demand.engine.mapping_toml import as_toml
from commonhold.demand.models import Batch, RetiredMapping, SavedMapping
from commonhold.demand.queries import mappings as queries
from commonhold.ledger.models import Entry
from commonhold.refusals import NotAllowed, Refused
from tests.demand.bringing import SNAPSHOTS, bring, snapshots
from tests.demand.conftest import Commonhold, SignIn
from tests.reading import body_of, fields, links, words
from tests.universe import somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
ANALYST = "service-analyst"
LATER = replace(SNAPSHOTS, states={**SNAPSHOTS.states, "Done": "closed"})


def saved(mapping: Mapping = SNAPSHOTS, name: str = "council", why: str = "First.") -> SavedMapping:
    return acts.save_mapping(by=somebody(ANALYST), name=name, mapping=mapping, why=why)


def test_a_version_is_saved_with_its_entry_and_the_next_is_because_of_it() -> None:
    first = saved()
    second = saved(LATER, why="Done means closed.")

    assert [(row.name, row.version, row.why, row.post) for row in (first, second)] == [
        ("council", 1, "First.", ANALYST),
        ("council", 2, "Done means closed.", ANALYST),
    ]
    entry = second.entry
    assert entry is not None and first.entry is not None
    assert (entry.kind, entry.facts["version"], entry.facts["digest"]) == ("mapping.saved", 2, second.digest)
    assert entry.because == [first.entry.number]
    assert set(entry.digests) == {"text", "why"}
    assert "Done" not in str(entry.plain), "words of a desk are no public values"
    assert second.mapping().version == 2
    assert second.mapping().digest == second.digest


@pytest.mark.parametrize(
    ("name", "why", "message"),
    [
        ("North Desk", "x", "A name is small letters and digits"),
        ("north--desk", "x", "A name is small letters and digits"),
        ("../etc", "x", "A name is small letters and digits"),
        ("n" * 101, "x", "A name is small letters and digits"),
        ("hornbill", "x", "'hornbill' is the name of a mapping that is built in"),
        ("north-desk", "  ", "Say why"),
        ("north-desk", "x" * 1_001, "Why has at most 1,000 characters"),
    ],
)
def test_what_is_refused(name: str, why: str, message: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refused, match=message):
        saved(name=name, why=why)
    assert (SavedMapping.objects.count(), Entry.objects.count()) == (0, before)


def test_the_same_again_is_nothing_to_save() -> None:
    saved()
    with pytest.raises(Refused, match="This says the same as council, version 1"):
        saved(replace(SNAPSHOTS, version=7))


@pytest.mark.parametrize("post", ["client-lead-of-southmere", "managing-director", "committee-member-of-southmere"])
def test_others_may_not(post: str) -> None:
    with pytest.raises(NotAllowed):
        acts.save_mapping(by=somebody(post), name="council", mapping=SNAPSHOTS, why="x")
    row = saved()
    with pytest.raises(NotAllowed):
        acts.retire_mapping(by=somebody(post), mapping=row, why="x")


def test_a_retired_mapping_stays_is_found_by_its_version_and_comes_back_as_a_new_one() -> None:
    row = saved()
    retired = acts.retire_mapping(by=somebody(ANALYST), mapping=row, why="The desk is gone.")

    entry = retired.entry
    assert entry is not None and row.entry is not None
    assert (entry.kind, entry.because) == ("mapping.retired", [row.entry.number])
    with pytest.raises(Refused, match=r"'council' was retired\. Name the version that is meant, such as council@1"):
        queries.called("council")
    assert queries.called("council@1").digest == row.digest
    assert "council" not in queries.names_in_use()
    with pytest.raises(Refused, match="is retired already"):
        acts.retire_mapping(by=somebody(ANALYST), mapping=row, why="Again.")

    again = saved(why="It is back.")
    assert (again.version, queries.called("council").version) == (2, 2)
    with pytest.raises(Refused, match="is not the newest version"):
        acts.retire_mapping(by=somebody(ANALYST), mapping=row, why="Again.")


def test_versions_are_neither_changed_nor_removed() -> None:
    row = saved()
    acts.retire_mapping(by=somebody(ANALYST), mapping=row, why="x")
    for change in (
        lambda: SavedMapping.objects.filter(pk=row.pk).update(text="{}"),
        lambda: RetiredMapping.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_what_is_read_by_a_version_is_recorded_because_of_it() -> None:
    row = saved()
    report = bring(snapshots("A-1,New,2026-06-01 08:00,,3,Desk,"), row.mapping())

    batch = Batch.objects.get(number=report["batch"])
    assert batch.entry is not None and row.entry is not None
    assert batch.entry.because == [row.entry.number]
    assert [found.number for found in queries.read_by("council", row.digest)[0]] == [batch.number]


def test_mappings_are_listed_built_in_ones_first(commonhold: Commonhold) -> None:
    saved()
    said = commonhold("mappings")
    assert said.code == 0
    assert said.out.splitlines()[0] == "servicenow-audit: built in"
    assert said.out.splitlines()[-1] == f"council: version 1, saved by {ANALYST}"
    listed = commonhold("mappings", "--json").json
    assert [one["name"] for one in listed] == [*BUILT_IN, "council"]
    assert listed[-1] | {"saved_at": ""} == {
        "name": "council", "built_in": False, "version": 1, "digest": SavedMapping.objects.get().digest,
        "retired": False, "saved_at": "", "saved_by": ANALYST, "files": 0,
    }  # fmt: skip


def test_one_is_printed_saved_and_used_by_its_name(commonhold: Commonhold, tmp_path: Path) -> None:
    file = tmp_path / "council.toml"
    file.write_text(as_toml(SNAPSHOTS))
    said = commonhold("mappings", "council", "--save", file, "--why", "First.", "--json")
    assert (said.code, said.json["version"]) == (0, 1)
    assert mappings.parse(commonhold("mappings", "council").out.encode(), "council") == SNAPSHOTS
    assert commonhold("mappings", "council", "--json").json["digest"] == said.json["digest"]

    export = tmp_path / "export.csv"
    export.write_text(snapshots("A-1,New,2026-06-01 08:00,,3,Desk,"))
    for name in ("council", "council@1"):
        report = commonhold("import-tickets", export, "--mapping", name, "--json").json
        assert report["tickets"]["new"] + report["tickets"]["unchanged"] == 1
    assert Batch.objects.get().mapping == "council"


@pytest.mark.parametrize("name", ["nobody", "council@2", "@1", "council@99999999", "council@"])
def test_a_name_that_is_not_there_says_which_are(commonhold: Commonhold, name: str) -> None:
    saved()
    said = commonhold("mappings", name)
    assert said.code == 2
    assert f"There is no mapping '{name}'" in said.err and "canonical, council" in said.err


def test_a_file_without_a_name_or_without_a_reason_is_refused(commonhold: Commonhold, tmp_path: Path) -> None:
    file = tmp_path / "council.toml"
    file.write_text(as_toml(SNAPSHOTS))
    assert commonhold("mappings", "--save", file).code == 2
    assert "Say why" in commonhold("mappings", "council", "--save", file).err
    assert "cannot be opened" in commonhold("mappings", "council", "--save", tmp_path / "none.toml").err


def test_the_list_shows_names_versions_and_files(sign_in: SignIn) -> None:
    row = saved()
    bring(snapshots("A-1,New,2026-06-01 08:00,,3,Desk,"), row.mapping())
    page = sign_in("client-lead-of-southmere").get("/mappings/")
    assert "council 1" in words(page) and "Service analyst First. 1" in words(page)
    assert links(page)["council"] == "/mappings/council/1/"
    assert links(page)["hornbill"] == "/mappings/hornbill/"
    assert "Save a mapping file of your own" not in words(page)


def test_the_public_sees_what_is_built_in_and_no_word_of_a_desk(sign_in: SignIn) -> None:
    row = saved(why="Because of Southmere's secret team.")
    client = sign_in("")
    assert "council" not in words(client.get("/mappings/"))
    for address in (
        "/mappings/council/",
        "/mappings/council/1/",
        "/mappings/council/1.toml",
        "/mappings/hornbill/",
    ):
        assert client.get(address).status_code == 404
    entry = row.entry
    assert entry is not None
    assert "secret" not in body_of(client.get(f"/record/entries/{entry.number}/"))


def test_a_version_shows_its_words_its_files_and_those_of_other_versions(sign_in: SignIn) -> None:
    first = saved()
    report = bring(snapshots("A-1,New,2026-06-01 08:00,,3,Desk,"), first.mapping())
    saved(LATER, why="Done means closed.")
    client = sign_in(ANALYST)

    page = client.get("/mappings/council/2/")
    assert "Done closed" in words(page) and "Done means closed." in words(page)
    assert "1 file by version 1" in words(page) and "No file was read by this version yet." in words(page)
    again = links(page)["read the kept file of version 1 again with this version"]
    assert again == f"/imports/{report['batch']}/read-again/?mapping=council@2"
    assert client.get("/mappings/council/").url == "/mappings/council/2/"

    page = client.get("/mappings/council/1/")
    assert "There is a later one: version 2" in words(page)
    assert links(page)[f"Batch {report['batch']}"] == f"/imports/{report['batch']}/"
    assert "/mappings/council/1/" in links(client.get(f"/imports/{report['batch']}/")).values()


def test_two_versions_side_by_side(sign_in: SignIn) -> None:
    saved()
    saved(LATER)
    client = sign_in("client-lead-of-southmere")
    page = client.get("/mappings/council/compare/?from=1&to=2")
    assert "Done States resolved closed" in words(page)
    assert "They say the same" in words(client.get("/mappings/council/compare/?from=2&to=2"))
    assert client.get("/mappings/council/compare/?from=x&to=999999999999999").status_code == 200


def test_a_file_of_one_s_own_is_saved_and_taken_away_again(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    told = {
        "name": "council",
        "why": "First.",
        "mapping": SimpleUploadedFile("c.toml", as_toml(SNAPSHOTS).encode()),
    }
    answer = client.post("/mappings/save/", told)
    assert answer.url == "/mappings/council/1/"
    file: Any = client.get("/mappings/council/1.toml")
    assert file["Content-Disposition"] == 'attachment; filename="council-1.toml"'
    assert mappings.parse(file.content, "council") == SNAPSHOTS
    assert "council, saved here" in words(client.get("/imports/new/"))


def test_what_is_wrong_with_a_file_is_said_and_nothing_is_lost(sign_in: SignIn) -> None:
    told = {"name": "council", "why": "First.", "mapping": SimpleUploadedFile("c.toml", b'kind = "spam"')}
    page = sign_in(ANALYST).post("/mappings/save/", told)
    assert "The mapping c.toml cannot be used." in words(page)
    assert 'value="council"' in body_of(page) and "First." in body_of(page)
    assert not SavedMapping.objects.exists()


@pytest.mark.parametrize("post", ["", "client-lead-of-southmere", "managing-director"])
def test_others_are_not_asked(sign_in: SignIn, post: str) -> None:
    saved()
    client = sign_in(post)
    for address in ("/mappings/save/", "/mappings/council/1/retire/"):
        assert client.get(address).status_code in (302, 403)
        assert client.post(address, {"name": "x", "why": "x"}).status_code in (302, 403)
    assert not RetiredMapping.objects.exists()


def test_one_is_retired_with_a_reason(sign_in: SignIn) -> None:
    saved()
    client = sign_in(ANALYST)
    assert {"why"} <= fields(client.get("/mappings/council/1/retire/"))
    assert "Why?" in words(client.post("/mappings/council/1/retire/", {"why": ""}))
    assert client.post("/mappings/council/1/retire/", {"why": "Gone."}).url == "/mappings/council/1/"
    assert "Retired: Gone." in words(client.get("/mappings/council/1/"))
    assert "council (retired)" in words(client.get("/mappings/"))
    assert "council, saved here" not in words(client.get("/imports/new/"))


def test_an_own_mapping_that_was_saved_brings_a_file(sign_in: SignIn) -> None:
    saved()
    file = SimpleUploadedFile("t.csv", snapshots("A-1,New,2026-06-01 08:00,,3,Desk,").encode())
    answer = sign_in(ANALYST).post("/imports/new/", {"file": file, "mapping": "council", "tolerate": "0.01"})
    assert answer.status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_the_same_number_of_queries_however_many_there_are(
    sign_in: SignIn, queries_of: Callable[[Client, str], int], count: int
) -> None:
    for number in range(count):
        row = saved(name=f"desk-{number}")
        saved(replace(SNAPSHOTS, states={"New": "open"}), name=f"desk-{number}")
        bring(snapshots(f"A-{number},New,2026-06-01 08:00,,3,Desk,"), row.mapping())
    client = sign_in("client-lead-of-southmere")
    assert (queries_of(client, "/mappings/"), queries_of(client, "/mappings/desk-0/2/")) == (8, 11)
