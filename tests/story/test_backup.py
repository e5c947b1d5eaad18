"""A backup holds everything: restored elsewhere the record is the same to the byte, and what is damaged is refused."""

import gzip
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.jobs.installation import Installation
from tests.story.places import place, program, said

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A partnership in which the whole story happened."""
    with place(tmp_path_factory.mktemp("story") / "home") as here:
        program(here, "tests.story.telling")
        yield here


@pytest.fixture(scope="module")
def backup(lived_in: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("backup") / "story.tar.gz"
    told = json.loads(lived_in.run("backup", str(file), "--json"))
    assert told == {"file": str(file), "entries": told["entries"], "missing": []}
    return file


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Installation]:
    with place(tmp_path / "elsewhere") as here:
        yield here


def export(here: Installation, file: Path, *how: str) -> bytes:
    here.run("export-ledger", "--out", str(file), *how)
    return file.read_bytes()


def rewritten(backup: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The backup with some of its files changed or, where `change` gives nothing, left out."""
    with tarfile.open(backup) as old, tarfile.open(target, "w:gz") as new:
        for about in old:
            file = old.extractfile(about)
            content = change(about.name, file.read()) if file else b""
            if content is not None:
                about.size = len(content)
                new.addfile(about, io.BytesIO(content) if file else None)
    return target


def refused(here: Installation, file: Path) -> str:
    """What is said when this file is given; afterwards the place can still be filled."""
    code, words = said(here, "restore", str(file))
    assert code == 2, words
    assert "Traceback" not in words
    return words


@pytest.mark.parametrize("reader", [(), ("--partner", "northgate")], ids=["public", "partner"])
def test_what_is_restored_exports_the_same_bytes(
    lived_in: Installation, backup: Path, empty: Installation, tmp_path: Path, reader: tuple[str, ...]
) -> None:
    assert json.loads(empty.run("restore", str(backup), "--json"))["file"] == str(backup)

    assert export(empty, tmp_path / "restored.zip", *reader) == export(lived_in, tmp_path / "original.zip", *reader)


def test_what_is_restored_goes_on(backup: Path, empty: Installation, tmp_path: Path) -> None:
    empty.run("restore", str(backup))
    ((before,),) = empty.rows("select size from ledger_head")

    report = json.loads(
        empty.run("import-tickets", "tests/story/samples/january-to-march.csv", "--mapping", "canonical", "--json")
    )
    pack = tmp_path / "pack"
    empty.run("pack", "--from", "2026-01-01", "--to", "2026-03-31", "--profile", "board", "--out", str(pack))
    answer = empty.run("recompute", str(pack / "figures.json"))

    assert report["tickets"]["new"] == report["tickets"]["changed"] == 0
    assert answer.endswith("figures are the same.\n")
    assert empty.rows("select size from ledger_head") == [(before,)]
    assert empty.run("work", "--burst", "--json")


def test_rows_that_only_grow_in_number_still_cannot_be_changed(backup: Path, empty: Installation) -> None:
    empty.run("restore", str(backup))

    with pytest.raises(Exception, match="append-only"):
        empty.rows("delete from ledger_entry returning number")


def test_a_backup_is_for_its_owner_s_eyes_and_carries_the_secrets(
    lived_in: Installation, backup: Path, empty: Installation
) -> None:
    empty.run("restore", str(backup))

    assert backup.stat().st_mode & 0o077 == 0
    for name in ("secret", "people.key"):
        if (lived_in.folder / name).exists():
            assert (empty.folder / name).read_bytes() == (lived_in.folder / name).read_bytes()
            assert (empty.folder / name).stat().st_mode & 0o077 == 0


def test_nothing_is_written_over(lived_in: Installation, backup: Path) -> None:
    assert "There is a database here already" in refused(lived_in, backup)
    code, words = said(lived_in, "backup", str(backup))
    assert (code, "is there already" in words) == (2, True)


def test_damaged_backups_are_refused_and_leave_nothing(backup: Path, empty: Installation, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
    flipped = bytearray(whole)
    flipped[len(whole) // 3] ^= 0xFF
    (tmp_path / "flipped").write_bytes(flipped)
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "text").write_bytes(b"not a backup")
    (tmp_path / "other").write_bytes(gzip.compress(b"neither is this" * 1_000))
    for name in ("half", "flipped", "empty", "text", "other"):
        assert "Nothing was changed" in refused(empty, tmp_path / name), name
    assert "There is no file" in refused(empty, tmp_path / "missing")

    assert "Restored" in empty.run("restore", str(backup))


def test_altered_backups_are_refused_and_leave_nothing(backup: Path, empty: Installation, tmp_path: Path) -> None:
    def evidence(name: str, content: bytes) -> bytes:
        return content + b" " if name.startswith("evidence/") else content

    def database(name: str, content: bytes) -> bytes:
        return content.replace(b"resolution.made", b"resolution.maid") if "database/" in name else content

    def strange_name(name: str, content: bytes) -> bytes | None:
        return None if name.endswith("about.json") else content

    for change, words in (
        (evidence, "was altered"),
        (database, "is damaged"),
        (strange_name, "is not a whole backup"),
    ):
        said_of_it = refused(empty, rewritten(backup, tmp_path / f"{change.__name__}.tar.gz", change))
        assert words in said_of_it
        assert "Nothing was changed" in said_of_it

    assert "Restored" in empty.run("restore", str(backup))


def test_a_forged_record_is_found_before_it_stands(backup: Path, empty: Installation, tmp_path: Path) -> None:
    """Somebody who changes an entry and the digests that the backup notes of itself cannot change the log's root."""
    from hashlib import sha256

    digests: dict[str, str] = {}

    def forged(name: str, content: bytes) -> bytes:
        if name.startswith("database/") and not name.endswith("about.json"):
            content = content.replace(b"resolution.made", b"resolution.maid")
            digests[name.removeprefix("database/")] = sha256(content).hexdigest()
        return content

    rewritten(backup, tmp_path / "first.tar.gz", forged)

    def sealed(name: str, content: bytes) -> bytes:
        if name.endswith("about.json"):
            return json.dumps(json.loads(content) | {"sha256": digests}).encode()
        return content

    file = rewritten(tmp_path / "first.tar.gz", tmp_path / "forged.tar.gz", sealed)

    words = refused(empty, file)

    assert "The record does not verify" in words
    assert "The database stays empty" in words
    assert "Restored" in empty.run("restore", str(backup))


def test_a_backup_that_lacks_evidence_which_the_record_names_is_refused(
    backup: Path, empty: Installation, tmp_path: Path
) -> None:
    def without(name: str, content: bytes) -> bytes | None:
        return None if name.startswith("evidence/") else content

    words = refused(empty, rewritten(backup, tmp_path / "without.tar.gz", without))

    assert "of evidence that this backup lacks" in words
    assert "The database stays empty" in words
    assert "Restored" in empty.run("restore", str(backup))


def test_evidence_that_was_gone_before_the_backup_is_told_of_and_the_rest_is_carried(
    backup: Path, empty: Installation, tmp_path: Path
) -> None:
    empty.run("restore", str(backup))
    ((digest,),) = empty.rows("select sha256 from demand_batch where sha256 <> '' order by number limit 1")
    (empty.folder / "evidence" / digest[:2] / digest).unlink()

    code, words = said(empty, "backup", str(tmp_path / "rest.tar.gz"))
    with place(tmp_path / "third") as third:
        again, told = said(third, "restore", str(tmp_path / "rest.tar.gz"))

    assert (code, again) == (0, 0)
    for said_of_it in (words, told):
        assert "1 file that the record names" in said_of_it
        assert digest in said_of_it


def test_a_backup_that_names_tables_of_its_own_is_refused(backup: Path, empty: Installation, tmp_path: Path) -> None:
    def named(name: str, content: bytes) -> bytes:
        if not name.endswith("about.json"):
            return content
        about = json.loads(content)
        if about["vendor"] != "postgresql":
            pytest.skip("SQLite is carried as one file, whose tables nobody names")
        columns = about["columns"]
        columns["ledger_entry"] = ["number\") from program 'true' --", *columns["ledger_entry"]]
        return json.dumps(about | {"columns": columns}).encode()

    words = refused(empty, rewritten(backup, tmp_path / "named.tar.gz", named))

    assert "does not have in this form" in words
    assert "The database stays empty" in words
