"""Files kept as evidence: by their digest, once, and whole whatever stopped an earlier attempt."""

import os
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from stat import S_ISDIR

import pytest
from pytest_django import Settings

from commonhold.ledger import durable, evidence


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """A place of its own."""
    settings.MEDIA_ROOT = str(tmp_path)
    kept = settings.STORAGES["default"]
    options = {**kept["OPTIONS"], "location": str(tmp_path)}
    settings.STORAGES = {**settings.STORAGES, "default": {**kept, "OPTIONS": options}}
    return tmp_path


def test_a_file_is_kept_once_and_found_by_its_digest() -> None:
    digest = evidence.keep(BytesIO(b"a ticket"))

    assert evidence.keep(BytesIO(b"a ticket")) == digest
    assert list(evidence.all_digests()) == [digest]
    with evidence.opened(digest) as kept:
        assert kept.read() == b"a ticket"


def test_what_was_kept_by_half_is_kept_whole_the_next_time(folder: Path) -> None:
    digest = evidence.keep(BytesIO(b"a ticket, told at length"))
    (folder / digest[:2] / digest).write_bytes(b"a tick")

    evidence.keep(BytesIO(b"a ticket, told at length"))

    with evidence.opened(digest) as kept:
        assert evidence.digest_of(kept) == digest


def test_what_is_not_kept_is_named() -> None:
    with pytest.raises(evidence.Missing, match=f"The file with SHA-256 {'0' * 64} is not among the evidence"):
        evidence.opened("0" * 64)


def test_a_file_and_every_folder_that_names_it_are_on_the_disk_before_it_counts_as_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"a ticket"
    digest = evidence.digest_of(BytesIO(content))
    place = folder / digest[:2] / digest
    synced: list[tuple[str, bool]] = []
    sync = os.fsync

    def noted(descriptor: int) -> None:
        sync(descriptor)
        about = os.fstat(descriptor)
        if S_ISDIR(about.st_mode):
            synced.append(("home" if os.path.samestat(about, folder.stat()) else "folder", place.exists()))
        else:
            synced.append((f"file of {about.st_size} bytes", place.exists()))

    monkeypatch.setattr(os, "fsync", noted)
    evidence.keep(BytesIO(content))

    assert synced == [("home", False), ("file of 8 bytes", False), ("folder", True)]


def test_a_file_that_could_not_be_written_to_its_end_has_no_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        evidence.keep(BytesIO(b"a ticket"))

    assert list(evidence.all_digests()) == []
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_file_is_its_owners_alone(folder: Path) -> None:
    digest = evidence.keep(BytesIO(b"a ticket"))

    assert (folder / digest[:2] / digest).stat().st_mode & 0o777 == 0o600


def test_what_a_killed_process_had_begun_is_removed_once_nobody_can_be_writing_it(folder: Path) -> None:
    digest = evidence.keep(BytesIO(b"a ticket"))
    left = folder / f"{durable.BEGUN}left"
    left.write_bytes(b"a tick")
    now = datetime.now(UTC)

    assert durable.forget_begun(now - timedelta(days=1)) == 0
    assert durable.forget_begun(now + timedelta(days=1)) == 1
    assert not left.exists()
    assert list(evidence.all_digests()) == [digest]
