"""The list of jobs: who sees which, filters in the address, a page at a time."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonhold.jobs import acts as jobs
from commonhold.jobs import queries
from commonhold.jobs.models import Job, State
from commonhold.ledger.engine.by import By, public
from tests.jobs.conftest import ANALYST, NOON, OPERATOR
from tests.jobs.reading import words_of

ANY = queries.Wanted()
pytestmark = pytest.mark.django_db
COLLEAGUE = By(post="client-lead-of-southmere", at=NOON, partner="southmere", roles=frozenset({"client_lead"}))
NEIGHBOUR = By(post="analyst-of-northmere", at=NOON, partner="northmere", roles=frozenset({"analyst"}))
ADMINISTRATOR = By(post="administrator-of-southmere", at=NOON, partner="southmere", roles=frozenset({"administrator"}))
NEXT_DOOR = By(post="administrator-of-northmere", at=NOON, partner="northmere", roles=frozenset({"administrator"}))
SHARED = By(post="administrator", at=NOON, roles=frozenset({"administrator"}))
MANAGER = By(post="service-manager", at=NOON, roles=frozenset({"service_manager"}))


def seen(by: By, wanted: queries.Wanted = ANY) -> list[str]:
    return [job.title for job in queries.listed(wanted, seen_by=by).jobs]


@pytest.fixture
def three() -> None:
    jobs.ask("demand.import_file", by=ANALYST, title="Southmere's")
    jobs.ask("demand.import_file", by=MANAGER, title="The manager's")
    jobs.ask_as_the_service(name="jobs.remove_old_jobs", at=NOON)


@pytest.mark.parametrize(
    ("by", "titles"),
    [
        (ANALYST, ["Remove old jobs", "Southmere's"]),
        (COLLEAGUE, ["Remove old jobs", "Southmere's"]),
        (NEIGHBOUR, ["Remove old jobs"]),
        (ADMINISTRATOR, ["Remove old jobs", "Southmere's"]),
        (NEXT_DOOR, ["Remove old jobs"]),
        (SHARED, ["Remove old jobs"]),
        (MANAGER, ["Remove old jobs", "The manager's"]),
        (OPERATOR, ["Remove old jobs", "The manager's", "Southmere's"]),
        (public(NOON), []),
    ],
)
def test_jobs_are_seen_by_who_asked_their_partner_and_the_operator_the_service_s_by_every_post(
    three: None, by: By, titles: list[str]
) -> None:
    assert seen(by) == titles


def test_the_list_is_narrowed_down_by_state_and_by_who_asked(three: None) -> None:
    Job.objects.filter(post=MANAGER.post).update(state=State.DONE, ended_at=NOON)

    assert seen(OPERATOR, queries.Wanted(state="done")) == ["The manager's"]
    assert seen(OPERATOR, queries.Wanted(asked_by="service")) == ["Remove old jobs"]
    assert seen(OPERATOR, queries.Wanted(asked_by="people", state="asked")) == ["Southmere's"]


def test_a_page_goes_on_where_the_one_before_ended() -> None:
    made = [jobs.ask("demand.import_file", by=ANALYST).pk for _ in range(queries.A_PAGE + 2)]
    first = queries.listed(queries.Wanted(), seen_by=ANALYST)
    second = queries.listed(queries.Wanted(before=first.older_than), seen_by=ANALYST)

    assert [job.pk for job in (*first.jobs, *second.jobs)] == made[::-1]
    assert second.older_than is None


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_is_one_query_however_many_rows(rows: int) -> None:
    for _ in range(rows):
        jobs.ask("demand.import_file", by=ANALYST)
    with CaptureQueriesContext(connection) as asked:
        assert len(seen(ANALYST)) == rows

    assert len(asked) == 1


def test_the_page_names_each_job_and_says_how_it_is(sign_in: Callable[[str, str], Client]) -> None:
    jobs.ask("demand.import_file", by=OPERATOR, title="Import of March")
    failed = jobs.ask("demand.import_file", by=OPERATOR, title="Import of April")
    Job.objects.filter(pk=failed.pk).update(state=State.FAILED, ended_at=NOON)
    answer = sign_in("operator", "operator").get("/jobs/")

    assert answer.status_code == 200
    text = words_of(answer)
    assert "Import of April, job" in text and "Failed" in text
    assert "Import of March, job" in text and "Waiting" in text
    assert text.index("Import of April") < text.index("Import of March")


def test_a_filter_stays_in_the_address_and_can_be_taken_off(sign_in: Callable[[str, str], Client]) -> None:
    jobs.ask("demand.import_file", by=OPERATOR, title="Import of March")
    answer = sign_in("operator", "operator").get("/jobs/?state=failed")

    assert "No such jobs" in words_of(answer)
    assert "Remove the filter State: Failed" in words_of(answer)


@pytest.mark.parametrize("asked", ["?state=nonsense", "?older=nonsense", f"?older={'9' * 40}", "?asked_by=x&older=-1"])
def test_an_address_that_makes_no_sense_still_answers(sign_in: Callable[[str, str], Client], asked: str) -> None:
    assert sign_in("operator", "operator").get(f"/jobs/{asked}").status_code == 200


def test_who_has_asked_for_nothing_is_told_what_would_be_here(sign_in: Callable[[str, str], Client]) -> None:
    assert "No jobs yet" in words_of(sign_in("service-manager", "service_manager").get("/jobs/"))


def test_the_public_is_asked_to_sign_in(client: Client, three: None) -> None:
    text = words_of(client.get("/jobs/"))

    assert "Sign in to see the jobs" in text
    assert "Southmere" not in text


def test_more_than_a_page_is_reached_by_a_link(sign_in: Callable[[str, str], Client]) -> None:
    for _ in range(queries.A_PAGE + 1):
        jobs.ask("demand.import_file", by=OPERATOR)
    client = sign_in("operator", "operator")
    (link,) = set(re.findall(r'href="(\?older=\d+)"', client.get("/jobs/").content.decode()))

    assert client.get(f"/jobs/{link}").content.decode().count("Import file") == 1
