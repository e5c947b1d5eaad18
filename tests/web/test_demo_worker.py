"""The demonstration as commands and processes: a worker killed amid a chapter, a home that is for one kind alone."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from commonhold.refusals import Refused
from commonhold.web.demo.anew import remove
from tests.jobs.installation import ROOT, Installation, installation, wait_until
from tests.story.places import said

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        os.environ.get("COMMONHOLD_TEST_DATABASE") == "postgresql",
        reason="the demonstration lives on SQLite, so once is enough",
    ),
]
LAST_CHAPTER = "select state from jobs_job where name = 'web.tell_chapter' order by id desc limit 1"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Installation]:
    """A home for a demonstration, which is always on SQLite, whatever the environment says."""
    with installation(tmp_path / "demo", None) as made:
        made.folder.mkdir()
        made.environment["DJANGO_SETTINGS_MODULE"] = "commonhold.web.settings"
        made.environment["COMMONHOLD_DEMO_HOME"] = made.environment["COMMONHOLD_HOME"]
        yield made


def test_a_chapter_whose_worker_was_killed_is_told_again_and_told_once(here: Installation) -> None:
    here.run("demo", "--small")
    for count in (1, 4):
        first = here.start("work", "--lease", "1")
        wait_until(lambda count=count: here.rows(f"select 1 from demand_batch where number >= {count}"), 60)
        first.send_signal(signal.SIGKILL)
        first.wait()
    here.run("work", "--burst", "--lease", "1")
    # The job of a killed worker is given to another when its lease is over.
    wait_until(lambda: here.run("work", "--burst", "--lease", "1") and told(here), 60)

    kinds = dict(here.rows("select kind, count(*) from ledger_entry group by kind"))
    assert (kinds["tickets.imported"], kinds["pack.published"], kinds["action.closed"]) == (11, 6, 1)
    assert (kinds["dispute.raised"], kinds["tickets.corrected"], kinds["list.brought"]) == (3, 1, 1)
    assert kinds["meeting.called"] == 6
    assert here.rows("select count(*) from demand_batch where state = 'gathering'") == [(0,)]
    assert "The record" not in said(here, "backup", str(here.folder / "after.tar.gz"))[1], "the record verifies"


def told(here: Installation) -> bool:
    return here.rows(LAST_CHAPTER) == [("done",)]


def test_the_demonstration_lives_apart_whatever_the_environment_says(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COMMONHOLD_")}
    environment |= {
        "COMMONHOLD_HOME": str(tmp_path / "real"),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "COMMONHOLD_DEMO_HOME": str(tmp_path / "demo"),
        "DJANGO_SETTINGS_MODULE": "commonhold.web.settings",
    }

    subprocess.run(
        [sys.executable, "-m", "commonhold", "demo", "--small"], cwd=ROOT, env=environment, check=True,
        capture_output=True,
    )  # fmt: skip

    with closing(sqlite3.connect(tmp_path / "demo" / "commonhold.sqlite3")) as connection:
        ((origin,),) = connection.execute("select origin from ledger_head").fetchall()
    assert origin.endswith("-DEMONSTRATION")
    assert not (tmp_path / "real").exists()


def test_a_demonstration_never_becomes_real(here: Installation) -> None:
    here.run("demo", "--small")
    before = here.rows("select size, origin from ledger_head")

    code, words = said(here, "start", "tests/partnership/start.toml")

    assert code == 2
    assert "it can never hold a real partnership" in words
    assert here.rows("select size, origin from ledger_head") == before


def test_a_real_partnership_never_becomes_a_demonstration(here: Installation) -> None:
    here.run("figures", "--help")
    code, _ = said(here, "import-tickets", "tests/story/samples/october-to-december.csv", "--mapping", "canonical")
    before = here.rows("select size, origin from ledger_head")

    refused = said(here, "demo", "--small")
    fresh = said(here, "demo", "--fresh", "--small")

    assert code == 0
    assert refused[0] == fresh[0] == 2
    assert "it can never become a demonstration" in refused[1]
    assert "does not hold a demonstration, so it is not removed" in fresh[1]
    assert here.rows("select size, origin from ledger_head") == before


def test_only_a_demonstration_is_removed(tmp_path: Path) -> None:
    remove(tmp_path / "nothing there")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to keep.txt").write_text("Dear clerk")

    with pytest.raises(Refused, match="does not hold a demonstration"):
        remove(tmp_path / "letters")

    assert (tmp_path / "letters" / "to keep.txt").exists()


def test_begun_afresh_nothing_of_the_earlier_one_is_left(here: Installation) -> None:
    here.run("demo", "--small")
    ((before,),) = here.rows("select origin from ledger_head")

    here.run("demo", "--fresh", "--small")

    assert here.rows("select count(*) from jobs_job") == [(1,)]
    assert here.rows("select origin from ledger_head") != [(before,)]
