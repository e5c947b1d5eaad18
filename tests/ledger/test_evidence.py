"""Files kept as evidence: by their digest, once, and whole whatever stopped an earlier attempt."""

from io import BytesIO
from pathlib import Path

import pytest
from pytest_django import Settings

from commonhold.ledger import evidence


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """A place of its own."""
    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}},
    }
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
