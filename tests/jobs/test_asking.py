"""Asking for work: with the act or not at all, once under a key, cancelled and tried again by those who may."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from commonhold.jobs import acts as jobs
from commonhold.jobs.models import Job, State
from commonhold.ledger.engine.by import By, public
from commonhold.ledger.models import Entry
from commonhold.refusals import NotAllowed, Refused
from tests.jobs.conftest import ANALYST, NOON, OPERATOR

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NEIGHBOUR = By(post="analyst-of-northmere", at=NOON, partner="northmere", roles=frozenset({"analyst"}))
ADMINISTRATOR = By(post="administrator-of-southmere", at=NOON, partner="southmere", roles=frozenset({"administrator"}))
NEXT_DOOR = By(post="administrator-of-northmere", at=NOON, partner="northmere", roles=frozenset({"administrator"}))
SHARED = By(post="administrator", at=NOON, roles=frozenset({"administrator"}))
MANAGER = By(post="service-manager", at=NOON, roles=frozenset({"service_manager"}))


def test_a_job_says_what_is_to_be_done_for_whom_and_when() -> None:
    job = jobs.ask("demand.import_file", by=ANALYST, batch=7)

    kept = Job.objects.get(pk=job.pk)
    assert (kept.name, kept.arguments) == ("demand.import_file", {"batch": 7})
    assert (kept.post, kept.asked_at, kept.due_at, kept.state) == (ANALYST.post, NOON, NOON, State.ASKED)
    assert kept.by(NOON) == ANALYST


def test_asking_leaves_no_entry() -> None:
    before = Entry.objects.count()
    job = jobs.ask("demand.import_file", by=ANALYST)
    jobs.cancel(by=ANALYST, job=job)

    assert Entry.objects.count() == before


def test_what_was_asked_for_by_an_act_that_failed_was_not_asked_for() -> None:
    with pytest.raises(Refused), transaction.atomic():
        jobs.ask("demand.import_file", by=ANALYST)
        raise Refused("The act fails.")

    assert not Job.objects.exists()


def test_a_page_calls_a_job_by_the_words_given_or_by_its_name() -> None:
    assert jobs.ask("demand.import_file", by=ANALYST).title == "Import file"
    assert jobs.ask("demand.import_file", by=ANALYST, title="Import of March").title == "Import of March"


def test_asked_twice_under_one_key_while_it_waits_is_one_job() -> None:
    first = jobs.ask("performance.keep", by=ANALYST, key="period/3", due_at=NOON + HOUR)
    again = jobs.ask("performance.keep", by=OPERATOR, key="period/3")

    assert again.pk == first.pk
    assert Job.objects.get().due_at == NOON, "the earlier moment counts"


def test_one_that_has_begun_is_not_the_one_that_is_asked_for_now() -> None:
    first = jobs.ask("performance.keep", by=ANALYST, key="period/3")
    Job.objects.update(state=State.RUNNING, lease_until=NOON + HOUR)

    assert jobs.ask("performance.keep", by=ANALYST, key="period/3").pk != first.pk


def test_one_that_waits_after_a_failure_is_not_hastened_by_asking_again() -> None:
    jobs.ask("performance.keep", by=ANALYST, key="period/3")
    Job.objects.update(failures=1, due_at=NOON + HOUR)
    jobs.ask("performance.keep", by=ANALYST, key="period/3")

    assert Job.objects.get().due_at == NOON + HOUR


@pytest.mark.parametrize("state", [State.ASKED, State.RUNNING])
def test_the_database_holds_one_waiting_and_one_running_job_of_a_key(state: State) -> None:
    lease = NOON if state == State.RUNNING else None
    row = {"name": "x", "key": "k", "post": "p", "asked_at": NOON, "due_at": NOON, "state": state}
    Job.objects.create(**row, lease_until=lease)

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(**row, lease_until=lease)


def test_a_round_of_regular_work_has_one_job() -> None:
    first = jobs.ask_as_the_service(name="demand.sweep", at=NOON, round=NOON)
    Job.objects.update(state=State.DONE, ended_at=NOON)

    assert jobs.ask_as_the_service(name="demand.sweep", at=NOON + HOUR, round=NOON).pk == first.pk
    assert jobs.ask_as_the_service(name="demand.sweep", at=NOON + HOUR, round=NOON + HOUR).pk != first.pk


def test_a_waiting_job_is_cancelled_at_once() -> None:
    job = jobs.ask("demand.import_file", by=ANALYST)
    jobs.cancel(by=ANALYST, job=job)

    job.refresh_from_db()
    assert (job.state, job.ended_at) == (State.CANCELLED, NOON)


def test_what_has_ended_can_not_be_cancelled() -> None:
    job = jobs.ask("demand.import_file", by=ANALYST)
    jobs.cancel(by=ANALYST, job=job)

    with pytest.raises(Refused, match="ended already"):
        jobs.cancel(by=ANALYST, job=job)


@pytest.mark.parametrize("act", [jobs.cancel, jobs.retry])
@pytest.mark.parametrize("by", [NEIGHBOUR, NEXT_DOOR, SHARED, public(NOON)])
def test_others_jobs_are_left_alone(act: object, by: By) -> None:
    job = jobs.ask("demand.import_file", by=ANALYST)

    with pytest.raises(NotAllowed):
        act(by=by, job=job)


@pytest.mark.parametrize("act", [jobs.cancel, jobs.retry])
@pytest.mark.parametrize("by", [ADMINISTRATOR, NEXT_DOOR, SHARED])
def test_no_administrator_stops_what_the_shared_service_asked_for(act: object, by: By) -> None:
    job = jobs.ask("demand.import_file", by=MANAGER)
    regular = jobs.ask_as_the_service(name="demand.sweep", at=NOON)

    for one in (job, regular):
        with pytest.raises(NotAllowed):
            act(by=by, job=one)
    assert set(Job.objects.values_list("state", flat=True)) == {State.ASKED}


@pytest.mark.parametrize("by", [ADMINISTRATOR, OPERATOR])
def test_a_partner_s_administrator_may_stop_that_partner_s_jobs_and_the_operator_any(by: By) -> None:
    job = jobs.ask("demand.import_file", by=ANALYST)
    jobs.cancel(by=by, job=job)

    assert Job.objects.get().state == State.CANCELLED


def test_a_job_that_failed_is_tried_again_from_the_beginning() -> None:
    job = jobs.ask("demand.import_file", by=ANALYST)
    Job.objects.update(state=State.FAILED, ended_at=NOON, failures=4, attempts=4, problem="Something went wrong.")
    jobs.retry(by=ANALYST, job=job)

    job.refresh_from_db()
    assert (job.state, job.failures, job.problem, job.ended_at) == (State.ASKED, 0, "", None)
    assert job.attempts == 4, "the number of an attempt is given once"


def test_only_a_job_that_failed_is_tried_again() -> None:
    job = jobs.ask("demand.import_file", by=ANALYST)

    with pytest.raises(Refused, match="Only a job that failed"):
        jobs.retry(by=ANALYST, job=job)


def test_a_failed_job_is_not_tried_again_beside_its_twin() -> None:
    job = jobs.ask("performance.keep", by=ANALYST, key="period/3")
    Job.objects.update(state=State.FAILED, ended_at=NOON)
    jobs.ask("performance.keep", by=ANALYST, key="period/3")

    with pytest.raises(Refused, match="asked for again since"):
        jobs.retry(by=ANALYST, job=job)


def test_old_jobs_are_removed_and_those_of_regular_work_sooner() -> None:
    days = timedelta(days=1)
    for age in (30, 40, 100):
        jobs.ask("demand.import_file", by=ANALYST)
        jobs.ask_as_the_service(name="demand.sweep", at=NOON)
        Job.objects.filter(state=State.ASKED).update(state=State.DONE, ended_at=NOON - age * days)
    waiting = jobs.ask("demand.import_file", by=ANALYST)

    assert jobs.remove_old(now=NOON) == 3
    left = Job.objects.exclude(pk=waiting.pk).order_by("pk").values_list("name", "ended_at")
    assert list(left) == [
        ("demand.import_file", NOON - 30 * days),
        ("demand.sweep", NOON - 30 * days),
        ("demand.import_file", NOON - 40 * days),
    ]
