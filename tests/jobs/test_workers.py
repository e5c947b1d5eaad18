"""Workers as processes, on either database: killed with -9 they lose and double nothing, and they stop cleanly."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.installation import Installation, installation, wait_until

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One database for this file: setting one up takes longer than any test here."""
    socket = os.environ.get("PGHOST") if os.environ.get("COMMONHOLD_TEST_DATABASE") == "postgresql" else None
    with installation(tmp_path_factory.mktemp("jobs"), Path(socket) if socket else None) as made:
        made.run("work", "--burst")
        yield made


@pytest.fixture
def here(place: Installation) -> Iterator[Installation]:
    """That database with no job waiting, and afterwards no worker left behind."""
    place.rows("delete from jobs_job where name like 'probe.%' returning id")
    for left in (place.trace, *place.folder.glob("log-*")):
        left.unlink(missing_ok=True)
    yield place
    place.stop()


def the_job(here: Installation) -> tuple[object, ...]:
    """The state of the only job, and how often it was begun, went wrong, and lost its worker."""
    (job,) = here.rows("select state, attempts, failures, losses from jobs_job where name like 'probe.%'")
    return tuple(job)


def times_done(here: Installation) -> list[int]:
    """How often each job's act is on the record."""
    counts = here.rows("select count(*) from ledger_entry where kind like 'probe.done.%' group by kind")
    return [count for (count,) in counts]


def test_a_job_whose_worker_was_killed_is_taken_up_again_and_ends_once(here: Installation) -> None:
    here.ask(seconds=1.5)
    first = here.start("work", "--lease", "1")
    wait_until(lambda: here.traced("began"))
    first.send_signal(signal.SIGKILL)
    first.wait()
    here.start("work", "--lease", "1")
    wait_until(lambda: here.traced("ended"))
    wait_until(lambda: [line["outcome"] for line in here.logged()] == ["done"])

    assert the_job(here) == ("done", 2, 0, 1)
    assert [attempt for _, attempt, *_ in here.traced("began")] == ["1", "2"]
    assert times_done(here) == [1]


def test_a_job_longer_than_its_lease_stays_with_its_worker(here: Installation) -> None:
    here.ask(task="probe.silent", seconds=2.5)
    here.start("work", "--lease", "0.5")
    here.start("work", "--lease", "0.5")
    wait_until(lambda: here.logged())

    assert len(here.traced("began")) == 1
    assert the_job(here) == ("done", 1, 0, 0)


def test_two_workers_share_the_work_and_double_none(here: Installation) -> None:
    here.ask(count=40, seconds=0.02)
    workers = [here.start("work", "--burst", "--json") for _ in range(2)]
    assert [worker.wait(30) for worker in workers] == [0, 0]

    began = [job for job, *_ in here.traced("began")]
    assert len(began) == len(set(began)) == 40
    assert len({process for *_, process, _ in here.traced("began")}) == 2
    assert sorted(line["outcome"] for line in here.logged()) == ["done"] * 40


def test_a_worker_told_to_stop_gives_back_a_job_that_would_take_too_long(here: Installation) -> None:
    here.ask(seconds=60)
    worker = here.start("work", "--patience", "0.2")
    wait_until(lambda: here.traced("began"))
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(10) == 0
    assert the_job(here) == ("asked", 1, 0, 0)
    assert [line["outcome"] for line in here.logged()] == ["given back"]
    assert "Jobs: 1 given back." in (worker.stdout.read() if worker.stdout else "")


def test_a_worker_told_to_stop_finishes_a_job_that_is_nearly_done(here: Installation) -> None:
    here.ask(task="probe.silent", seconds=1)
    worker = here.start("work")
    wait_until(lambda: here.traced("began"))
    worker.send_signal(signal.SIGINT)

    assert worker.wait(10) == 0
    assert [line["outcome"] for line in here.logged()] == ["done"]


def test_an_idle_worker_takes_up_new_work_within_a_moment(here: Installation) -> None:
    here.start("work")
    time.sleep(2)
    here.ask(task="probe.steps")
    asked = time.time()
    wait_until(lambda: here.traced("ended"))

    assert time.time() - asked < 5


def test_a_follower_reads_what_is_recorded_while_it_works(here: Installation) -> None:
    here.start("work")
    here.run("probe", "follow", "--count", "5", "--file", str(here.trace))
    wait_until(lambda: len(here.traced("read")) >= 5)

    numbers = [int(number) for (number,) in here.traced("read")]
    assert numbers == sorted(set(numbers))
