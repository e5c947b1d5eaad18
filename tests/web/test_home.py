"""Home: how to begin, how the service does, what comes next, and what waits for whom."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonhold.governance.acts import actions
from commonhold.partnership.models import Told
from tests import universe as cast
from tests.reading import body_of, links, words
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db
ROLES = (
    "", "client-lead-of-southmere", "administrator-of-southmere", "governance-officer-of-northgate",
    "committee-member-of-southmere", "managing-director", "service-manager", "service-analyst",
    "auditor-of-eastwell-vale", "administrator-of-the-shared-service",
)  # fmt: skip


def test_before_anything_is_founded_it_says_how_to_begin(client: Client, real: None) -> None:
    page = client.get("/")

    assert page.status_code == 200
    for said in ("commonhold start", "commonhold import-tickets", "commonhold demo --serve"):
        assert said in words(page)
    assert links(page)["The start page"] == "/start/"


def test_a_founded_service_without_tickets_says_who_brings_them(client: Client) -> None:
    from commonhold.web.demo import founding

    founding.found()
    seen = words(client.get("/"))

    assert "Three Boroughs Shared ICT Service" in seen
    assert "No tickets are known yet" in seen and "None is called." in seen and "None is published yet." in seen


def test_everybody_sees_how_the_service_does_and_what_comes_next(as_post: SignIn) -> None:
    page = as_post("").get("/")
    seen = words(page)

    assert "The service in June 2026" in seen
    assert "What is known of it reaches to 2 July 2026" in seen
    assert "Tickets opened 8 tickets" in seen
    assert "Joint Committee, 21 July 2026" in seen, "it meets today"
    assert "/evidence/performance/2026-06-01..2026-06-30/" in body_of(page)
    assert "What waits for you" not in seen


def test_packs_are_those_that_the_reader_may_see(as_post: SignIn) -> None:
    public, member = as_post("").get("/"), as_post("committee-member-of-southmere").get("/")

    assert "for the public" in words(public) and "for the boards" not in words(public)
    assert "for the boards" in words(member)


def test_who_owes_something_sees_it_first(as_post: SignIn, universe: cast.Committee) -> None:
    page = as_post("managing-director").get("/")
    owed = f"Action {universe.action.pk}: Find why Northgate was served worse, and put it right"

    assert links(page)[owed] == f"/actions/{universe.action.pk}/"
    assert "due 24 November 2026" in words(page)


def test_the_header_says_who_reads_in_which_post_and_what_is_new(as_post: SignIn) -> None:
    header = body_of(as_post("managing-director").get("/")).partition("<main")[0]

    assert "Helen Marsh" in header and "acting as Managing Director" in header
    assert f"{Told.objects.filter(person__name='Helen Marsh', seen_at=None).count()} new" in header


@pytest.mark.parametrize("post", ROLES)
def test_home_takes_at_most_twelve_queries(as_post: SignIn, post: str) -> None:
    client = as_post(post)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")

    assert len(asked) <= 12


@pytest.mark.parametrize("rows", [1, 3])
def test_home_takes_as_many_queries_for_one_row_as_for_three(
    as_post: SignIn, universe: cast.Committee, rows: int
) -> None:
    for number in range(1, rows):
        actions.ask(
            by=cast.somebody("governance-officer-of-northgate"),
            resolution=universe.resolution,
            text=f"Another {number}",
            owner=universe.action.owner,
        )
    client = as_post("managing-director")
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        seen = words(client.get("/"))

    assert seen.count("Joint Committee asked for it") == rows
    assert len(asked) == 11
