"""Several processes writing at once lose, double and misnumber nothing (in full: `bench/ledger.py`)."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.ledger import writers

SOCKET = Path(os.environ["PGHOST"]) if os.environ.get("COMMONHOLD_TEST_DATABASE") == "postgresql" else None

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with writers.installation(tmp_path_factory.mktemp("installation"), SOCKET) as environment:
        yield environment


def test_no_entry_is_lost_doubled_or_misnumbered(environment: dict[str, str], tmp_path: Path) -> None:
    early, late, kept = tmp_path / "early.zip", tmp_path / "late.zip", tmp_path / "kept.txt"
    writers.commonhold(environment, "export-ledger", "--out", str(early))
    begun = len(writers.entries(environment))
    outcome = writers.write_at_once(environment, processes=4, acts=25, seed=2016)

    assert [entry["number"] for entry in outcome.entries] == list(range(1, begun + 101))
    written = [(entry["post"], entry["facts"]["act"], entry["number"]) for entry in outcome.entries[begun:]]
    assert sorted(written) == sorted(outcome.acts)
    assert all(cause < entry["number"] for entry in outcome.entries for cause in entry["because"])
    assert outcome.report.problems == []
    assert outcome.report.entries == begun + 100

    # What was exported before they wrote is the beginning of what is exported after.
    with ZipFile(early) as archive:
        kept.write_bytes(archive.read(f"checkpoints/{begun}.txt"))
    writers.commonhold(environment, "export-ledger", "--out", str(late))
    said = writers.commonhold(environment, "verify-ledger", str(late), "--checkpoint", str(kept))
    assert said.startswith("The record is whole.")


OUTSIDE_A_TRANSACTION = """
import django; django.setup()
from django.utils import timezone
from commonhold.ledger.acts import record
from commonhold.ledger.engine.by import By
record(by=By(post="clerk", at=timezone.now()), kind="meeting.called")
"""


def test_an_entry_outside_a_transaction_is_refused(environment: dict[str, str]) -> None:
    begun = len(writers.entries(environment))
    program = [sys.executable, "-c", OUTSIDE_A_TRANSACTION]
    done = subprocess.run(program, env=environment, cwd=writers.ROOT, capture_output=True, text=True, check=False)

    assert "make the act atomic" in done.stderr
    assert len(writers.entries(environment)) == begun
