"""Of two who do the same with one pack at once, one does it and the other is told why not."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.writers import entries, installation
from tests.performance import publishers

SOCKET = Path(os.environ["PGHOST"]) if os.environ.get("COMMONHOLD_TEST_DATABASE") == "postgresql" else None

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with installation(tmp_path_factory.mktemp("installation"), SOCKET) as environment:
        publishers.prepare(environment)
        yield environment


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("publish_draft", "This draft is gone: it was published, or nobody touched it for a week."),
        ("publish", "This very pack is published already."),
        ("attach", "This is already attached to Item 1: Update report and performance pack."),
        ("withdraw", "This pack is withdrawn already."),
    ],
)
def test_one_does_and_the_other_is_told_why_not(environment: dict[str, str], act: str, told: str) -> None:
    before = len(entries(environment))

    assert publishers.both(environment, act) == sorted(["done", told])
    assert len(entries(environment)) == before + 1
