"""export-ledger and verify-ledger: what they print, and with what they leave (0 done, 1 no, 2 refused)."""

import base64
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from commonhold.ledger import queries
from commonhold.refusals import Refused
from tests.ledger.acting import entry, partner
from tests.ledger.logs import log_of, root_of


@pytest.mark.django_db
def test_an_export_is_written_and_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry()
    out, kept = tmp_path / "record.zip", tmp_path / "kept.txt"
    kept.write_text(queries.checkpoint())
    entry()
    call_command("export_ledger", "--out", str(out))
    said = capsys.readouterr().out
    assert f"{queries.head().size} entries of {queries.head().origin}, root " in said
    assert {path.name for path in tmp_path.iterdir()} == {"record.zip", "kept.txt"}

    call_command("verify_ledger", str(out), "--checkpoint", str(kept))
    assert capsys.readouterr().out.startswith("The record is whole.")


@pytest.mark.django_db
def test_an_export_for_a_partner_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    partner()
    entry()
    call_command("export_ledger", "--out", str(tmp_path / "record.zip"), "--partner", "Southmere", "--json")
    said = json.loads(capsys.readouterr().out)

    assert said["partner"] == "southmere"
    assert said["entries"] == queries.head().size
    with pytest.raises(Refused, match="There is no partner 'Atlantis'"):
        call_command("export_ledger", "--out", str(tmp_path / "other.zip"), "--partner", "Atlantis")


@pytest.mark.django_db
def test_an_export_that_cannot_be_written_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be written: No such file or directory"):
        call_command("export_ledger", "--out", str(tmp_path / "none" / "record.zip"))
    (tmp_path / "folder.zip").mkdir()
    with pytest.raises(Refused, match="cannot be written"):
        call_command("export_ledger", "--out", str(tmp_path / "folder.zip"))
    assert [path.name for path in tmp_path.iterdir()] == ["folder.zip"]


def test_verification_needs_no_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], django_db_blocker: DjangoDbBlocker
) -> None:
    out = tmp_path / "record.zip"
    out.write_bytes(log_of(5).export())
    with django_db_blocker.block():
        call_command("verify_ledger", str(out), "--json")

    assert json.loads(capsys.readouterr().out) == {
        "ok": True,
        "entries": 5,
        "root": base64.b64encode(root_of(log_of(5).lines)).decode(),
        "problems": [],
        "unlisted_problems": 0,
        "origin": "commonhold/0123456789abcdef",
        "notes": [
            "the export's checkpoint is not signed; compare it with one you kept.",
            "the entries hold 10 salted digests; this export holds the values of 10.",
        ],
    }


def test_a_record_that_is_not_whole_is_a_no(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "record.zip"
    out.write_bytes(log_of(5).export(**{"entries.jsonl": b""}))
    with pytest.raises(SystemExit) as left:
        call_command("verify_ledger", str(out))

    assert left.value.code == 1
    assert capsys.readouterr().out.startswith("The record is NOT whole.\nEntry 1: entries 1 to 5 are missing")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read: No such file"):
        call_command("verify_ledger", str(tmp_path / "none.zip"))
    with pytest.raises(Refused, match="cannot be read"):
        call_command("verify_ledger", str(tmp_path))
