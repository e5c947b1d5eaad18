"""The watched folder: whole files are taken once and moved to where they show what became of them."""

import errno
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from commonhold.demand.acts import watching
from commonhold.demand.models import FeedFile, FeedVersion
from commonhold.ledger import evidence
from commonhold.ledger.models import Entry
from commonhold.partnership.queries import acting
from tests.demand.feeds import file, packed, set_up, work
from tests.universe import NOON

pytestmark = pytest.mark.usefixtures("universe", "db")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.FEEDS = str(tmp_path)
    (tmp_path / "service-desk").mkdir()
    return tmp_path / "service-desk"


@pytest.fixture
def version() -> FeedVersion:
    return set_up(posts=(), from_folder=True)


def lay(path: Path, content: bytes, age: int = 120) -> Path:
    path.write_bytes(content)
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def look() -> int:
    return watching.look_into_folders(by=replace(acting("the-service", NOON), through=watching.FOLDER))


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_file_is_taken_imported_and_put_away(folder: Path, version: FeedVersion) -> None:
    lay(folder / "july.csv", file("F1"))

    assert look() == 1
    assert names(folder) == {"taken/20260721-110000-july.csv"}
    work(version.feed_id)

    assert names(folder) == {"done/20260721-110000-july.csv"}
    entry = Entry.objects.order_by("-number")[0]
    assert (entry.kind, entry.post, entry.through) == ("tickets.imported", "the-service", "a watched folder")
    assert look() == 0


def test_one_that_was_refused_lies_beside_the_reason(folder: Path, version: FeedVersion) -> None:
    lay(folder / "july.csv", file("F1", opened="yesterday"))
    look()
    work(version.feed_id)

    assert names(folder) == {"refused/20260721-110000-july.csv", "refused/20260721-110000-july.csv.txt"}
    assert "Line 2" in (folder / "refused" / "20260721-110000-july.csv.txt").read_text(encoding="utf-8")


def test_the_same_file_again_is_put_away_and_not_imported(folder: Path, version: FeedVersion) -> None:
    for name in ("a.csv", "b.csv"):
        lay(folder / name, file("F1"))

    assert look() == 1
    assert "done/20260721-110000-b.csv" in names(folder)
    assert FeedFile.objects.count() == 1


def test_an_empty_file_and_one_that_is_too_large_are_refused(
    folder: Path, version: FeedVersion, settings: Settings
) -> None:
    settings.UPLOAD_LIMIT = 1_000
    lay(folder / "empty.csv", b"")
    lay(folder / "large.csv", b"x" * 2_000)

    assert look() == 0
    refused = {f"refused/20260721-110000-{name}.csv{end}" for name in ("empty", "large") for end in ("", ".txt")}
    assert names(folder) == refused
    assert "empty" in (folder / "refused" / "20260721-110000-empty.csv.txt").read_text(encoding="utf-8")


def test_a_full_disk_leaves_it_where_it_lies(
    folder: Path, version: FeedVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    lay(folder / "july.csv", file("F1"))
    with monkeypatch.context() as patch:
        patch.setattr(evidence, "keep", full)
        assert look() == 0
    assert names(folder) == {"july.csv"}
    assert look() == 1


def test_a_file_of_a_name_that_came_before_takes_no_other_s_place(folder: Path, version: FeedVersion) -> None:
    for number, second in enumerate((0, 1)):
        with time_machine.travel(NOON.replace(second=second), tick=False):
            lay(folder / "july.csv", file(f"F{number}"))
            watching.look_into_folders(
                by=replace(acting("the-service", NOON.replace(second=second)), through=watching.FOLDER)
            )
    work(version.feed_id)

    assert names(folder) == {"done/20260721-110000-july.csv", "done/20260721-110001-july.csv"}


def test_what_grows_is_hidden_is_a_link_or_is_no_export_is_left_alone(
    folder: Path, version: FeedVersion, tmp_path: Path
) -> None:
    lay(folder / "growing.csv", file("F1"), age=10)
    lay(folder / ".hidden.csv", file("F2"))
    lay(folder / "notes.txt", file("F3"))
    lay(folder / "july.csv.part", file("F4"))
    outside = lay(tmp_path / "secret.csv", file("F5"))
    (folder / "link.csv").symlink_to(outside)
    (folder / "folder.csv").mkdir()

    assert look() == 0
    assert outside.exists()
    assert FeedFile.objects.count() == 0
    (folder / "july.csv.part").rename(folder / "july.csv")
    assert look() == 1, "one renamed into place is whole"


def test_a_packed_file_is_taken_as_well(folder: Path, version: FeedVersion) -> None:
    lay(folder / "JULY.CSV.GZ", packed(file("F1")))
    assert look() == 1
    work(version.feed_id)
    assert FeedFile.objects.get().state == "imported"


def test_only_feeds_that_say_so_take_from_it(folder: Path) -> None:
    set_up()
    lay(folder / "july.csv", file("F1"))

    assert look() == 0
    assert names(folder) == {"july.csv"}


def test_without_a_folder_nothing_is_looked_for(settings: Settings, version: FeedVersion) -> None:
    settings.FEEDS = ""
    assert look() == 0
