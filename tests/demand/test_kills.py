"""Imports that are killed or run out of room: wholly done or not at all, and the same file can be given again.

In full, at fifty random moments on each database: `bench/kills.py`.
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demand.killing import Look, Place, kill_and_give_again, place, undisturbed

SOCKET = Path(os.environ["PGHOST"]) if os.environ.get("COMMONHOLD_TEST_DATABASE") == "postgresql" else None
LARGEST = (100_000, 300_000) if SOCKET else (100_000, 500_000, 1_000_000)
"""Bytes that no file may pass: rows that stand aside meet the first, and a SQLite database the others."""

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("kills"), SOCKET, tickets=1_500) as made:
        yield made


@pytest.fixture(scope="module")
def looks(here: Place) -> tuple[Look, Look, float]:
    """What readers see before an import and after it, and how long it takes."""
    return undisturbed(here)


@pytest.mark.parametrize("share", [random.Random(2026).uniform(0.1, 0.9) for _ in range(4)])
def test_a_killed_import_is_wholly_done_or_not_at_all_and_can_be_given_again(
    here: Place, looks: tuple[Look, Look, float], share: float
) -> None:
    before, after, seconds = looks

    outcome = kill_and_give_again(here, before, after, share * seconds)

    assert outcome.faults == ()
    assert outcome.left in ("nothing", "everything")


@pytest.mark.parametrize("largest", LARGEST)
def test_an_import_without_room_says_so_and_changes_nothing(
    here: Place, looks: tuple[Look, Look, float], largest: int
) -> None:
    before, after, _ = looks
    here.put_back()
    here.said()

    code = here.give(largest=largest)

    assert code == 2
    assert (
        here.said()
        .strip()
        .endswith(
            f"{here.later} was refused: There is no room left on the disk. "
            "Nothing was imported. Make room, and give the file again."
        )
    )
    assert here.seen()["seen"] == before["seen"]
    assert here.give() == 0
    assert here.seen() == after


def test_a_command_that_finds_no_room_at_all_says_so(here: Place, looks: tuple[Look, Look, float]) -> None:
    here.put_back()
    here.said()

    code = here.give(largest=20_000)

    assert code in (2, 3)
    assert "There is no room left on the disk. Nothing" in here.said()
