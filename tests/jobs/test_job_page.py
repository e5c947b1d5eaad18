"""The page of one job: how far it is, what came of it, and the ways to stop it or try it again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from commonhold.jobs import acts as jobs
from commonhold.jobs.models import Job, State
from tests.jobs.conftest import ANALYST, NOON, OPERATOR
from tests.jobs.reading import words_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[str, str], Client]
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def job() -> Job:
    return jobs.ask("demand.import_file", by=OPERATOR, title="Import of March")


def change(job: Job, **values: object) -> None:
    Job.objects.filter(pk=job.pk).update(**values)


def run(job: Job, **values: object) -> None:
    change(job, state=State.RUNNING, lease_until=NOON + timedelta(minutes=1), attempts=1, began_at=NOON, **values)


def test_a_running_job_says_how_far_it_is_and_looks_again(sign_in: SignIn, job: Job) -> None:
    run(job, done=1200, total=4800, words="1,200 of 4,800 rows")
    answer = sign_in("operator", "operator").get(f"/jobs/{job.pk}/")

    page = answer.content.decode()
    assert 'value="1200" max="4800"' in page
    assert f'hx-get="/jobs/{job.pk}/?shown=running"' in page
    assert "1,200 of 4,800 rows See how far it is now" in words_of(answer), "and by a link without JavaScript"
    assert "Cancel this job" in words_of(answer)


def test_htmx_is_given_the_progress_alone(sign_in: SignIn, job: Job) -> None:
    run(job)
    answer = sign_in("operator", "operator").get(f"/jobs/{job.pk}/?shown=running", headers=PART)

    assert "<h1" not in answer.content.decode()
    assert "<progress" in answer.content.decode()
    assert "HX-Refresh" not in answer


def test_once_its_state_has_changed_htmx_fetches_the_whole_page(sign_in: SignIn, job: Job) -> None:
    change(job, state=State.DONE, ended_at=NOON, result="4,800 rows")
    client = sign_in("operator", "operator")

    assert client.get(f"/jobs/{job.pk}/?shown=running", headers=PART)["HX-Refresh"] == "true"
    answer = client.get(f"/jobs/{job.pk}/")
    assert "What came of it 4,800 rows" in words_of(answer)
    assert "<progress" not in answer.content.decode()
    assert "Cancel this job" not in words_of(answer)


def test_a_waiting_job_is_cancelled_by_its_button(sign_in: SignIn, job: Job) -> None:
    answer = sign_in("operator", "operator").post(f"/jobs/{job.pk}/cancel/", follow=True)

    assert "This job stops as soon as it can." in words_of(answer)
    assert "State Cancelled" in words_of(answer)


def test_a_running_job_that_was_cancelled_says_that_it_stops(sign_in: SignIn, job: Job) -> None:
    run(job)
    answer = sign_in("operator", "operator").post(f"/jobs/{job.pk}/cancel/", follow=True)

    assert "Stopping: it was cancelled." in words_of(answer)
    assert "Cancel this job" not in words_of(answer)


def test_a_failed_job_says_what_went_wrong_and_what_to_do(sign_in: SignIn, job: Job) -> None:
    change(job, state=State.FAILED, ended_at=NOON, problem="The file is empty.")
    client = sign_in("operator", "operator")
    answer = client.get(f"/jobs/{job.pk}/")
    assert "The file is empty. You can try it again" in words_of(answer)

    answer = client.post(f"/jobs/{job.pk}/retry/", follow=True)
    assert "This job will be tried again." in words_of(answer)
    assert Job.objects.get(pk=job.pk).state == State.ASKED


def test_a_job_that_waits_to_be_tried_again_says_when(sign_in: SignIn, job: Job) -> None:
    change(job, failures=1, attempts=1, due_at=NOON + timedelta(minutes=5))
    text = words_of(sign_in("operator", "operator").get(f"/jobs/{job.pk}/"))

    assert "Waiting to try again" in text
    assert "Begins 21 July 2026 at 12:05pm" in text


def test_a_job_that_went_on_meanwhile_is_shown_as_it_is(sign_in: SignIn, job: Job) -> None:
    change(job, state=State.DONE, ended_at=NOON)
    answer = sign_in("operator", "operator").post(f"/jobs/{job.pk}/cancel/", follow=True)

    assert "This job has ended already." in words_of(answer)
    assert "State Done" in words_of(answer)


@pytest.mark.parametrize("address", ["", "cancel/", "retry/"])
def test_others_jobs_are_not_there(sign_in: SignIn, address: str) -> None:
    job = jobs.ask("demand.import_file", by=ANALYST)
    client = sign_in("service-manager", "service_manager")
    asked = client.post if address else client.get

    assert asked(f"/jobs/{job.pk}/{address}").status_code == 404
    assert Job.objects.get().state == State.ASKED


def test_a_job_is_not_cancelled_by_following_a_link(sign_in: SignIn, job: Job) -> None:
    assert sign_in("operator", "operator").get(f"/jobs/{job.pk}/cancel/").status_code == 405


def test_a_job_asked_for_by_a_post_with_a_strange_title_is_escaped(sign_in: SignIn) -> None:
    job = jobs.ask("demand.import_file", by=OPERATOR, title="<script>alert(1)</script>")
    page = sign_in("operator", "operator").get(f"/jobs/{job.pk}/").content.decode()

    assert "<script>alert(1)" not in page
