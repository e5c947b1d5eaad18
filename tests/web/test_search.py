"""Search: what every app finds, in groups, and to each reader what they may see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonhold.web.queries.search import FEW
from tests import universe as cast
from tests.reading import body_of, links, words
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "title", "address"),
    [
        ("northgate", "Northgate", "/partnership/partners/northgate/"),
        ("managing", "Managing Director", "/partnership/posts/managing-director/"),
        ("targets", "Targets", "/agreement/rules/targets/"),
        ("within target", "Resolved within target", "/figures/within-target/"),
        ("joint committee", "Joint Committee", "/meetings/joint-committee/"),
        ("June 2026", "Performance pack, June 2026, for the public", None),
        ("Town Hall", "Joint Committee, 21 July 2026", "/meetings/joint-committee/2026-07-21/"),
    ],
)
def test_things_are_found_by_their_words(as_post: SignIn, text: str, title: str, address: str | None) -> None:
    found = links(as_post("").get("/search/", {"q": text}))

    assert title in found
    assert address in (None, found[title])


def test_tickets_are_found_by_the_beginning_of_their_reference_by_those_who_may_see_them(as_post: SignIn) -> None:
    analyst = words(as_post("service-analyst").get("/search/?q=sd000"))
    lead = words(as_post("client-lead-of-southmere").get("/search/?q=SD000"))
    public = words(as_post("").get("/search/?q=SD000"))

    assert "SD0001, P3, Southmere" in analyst and "SD0002, P3, Eastwell Vale" in analyst
    assert "SD0001" in lead and "SD0002" not in lead
    assert "SD0001" not in public and "Nothing was found" in public


def test_people_are_found_by_those_who_hold_a_post(as_post: SignIn) -> None:
    assert "Helen Marsh, Managing Director" in words(as_post("service-analyst").get("/search/?q=helen"))
    assert "Helen Marsh" not in words(as_post("").get("/search/?q=helen"))


def test_a_number_finds_its_entry_and_its_batch(as_post: SignIn) -> None:
    found = links(as_post("").get("/search/?q=1"))

    assert found["Entry 1: A post was made"] == "/record/entries/1/"
    assert found["Batch 1: ticket file"] == "/imports/1/"
    assert "Entry 1: A post was made" in links(as_post("").get("/search/?q=entry+1"))


def test_more_than_a_few_are_a_step_away(as_post: SignIn) -> None:
    few = as_post("").get("/search/?q=o")
    more = as_post("").get("/search/?q=o&in=partnership")

    assert body_of(few).count('<span class="govuk-hint">Post</span>') <= FEW
    assert links(few)["More of: The partnership and its agreement"] == "?q=o&in=partnership"
    assert body_of(more).count('<span class="govuk-hint">') > FEW


@pytest.mark.parametrize("text", ["", "  ", "%", "\x00", "''", "<script>", "nothing of it", "9" * 400, "\U0001f600"])
def test_what_is_not_there_is_said_plainly(as_post: SignIn, text: str) -> None:
    page = as_post("service-analyst").get("/search/", {"q": text})

    assert page.status_code == 200
    assert "<script>" not in body_of(page).partition("<main")[2]
    assert bool(text.strip("\x00 ")) == ("Nothing was found" in words(page))


def test_the_search_stands_on_every_page_but_its_own(as_post: SignIn) -> None:
    client = as_post("")

    assert 'action="/search/"' in body_of(client.get("/"))
    assert body_of(client.get("/search/")).count('role="search"') == 1


@pytest.mark.parametrize("text", ["o", "12", "SD0001", "northgate"])
@pytest.mark.parametrize("post", ["", "service-analyst", "client-lead-of-southmere"])
def test_a_search_takes_few_queries(as_post: SignIn, universe: cast.Committee, post: str, text: str) -> None:
    client = as_post(post)
    client.get("/search/", {"q": text})
    with CaptureQueriesContext(connection) as asked:
        client.get("/search/", {"q": text})

    assert len(asked) <= 12
