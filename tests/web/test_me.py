"""My page: posts, what waits for them, what I was told, and how I sign in."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonhold.partnership.acts import people, telling
from commonhold.partnership.models import Person, Post
from tests import universe as cast
from tests.reading import body_of, links, words
from tests.web.conftest import SignIn
from tests.web.test_home import ROLES

pytestmark = pytest.mark.django_db


def test_who_is_signed_out_is_sent_to_sign_in_and_back(client: Client, db: None) -> None:
    answer = client.get("/me/")

    assert answer.status_code == 302
    assert answer["Location"] == "/personas/?next=/me/"


def test_it_lists_what_waits_what_was_told_and_the_posts(as_post: SignIn, universe: cast.Committee) -> None:
    page = as_post("managing-director").get("/me/")
    seen = words(page)

    assert f"Action {universe.action.pk}: Find why Northgate was served worse" in seen
    assert "New Joint Committee asked for something." in seen
    assert "Managing Director You act in this" in seen
    assert links(page)["Be somebody else"] == "/personas/"


def test_who_has_a_password_can_change_it(as_post: SignIn) -> None:
    Person.objects.filter(name="Helen Marsh").update(persona=False)
    page = as_post("managing-director").get("/me/")

    assert links(page)["Change your password"] == "/accounts/password/change/"
    assert links(page)["Authenticator app, passkeys and recovery codes"] == "/accounts/2fa/"


def test_who_holds_two_posts_acts_in_one_and_can_change(as_post: SignIn) -> None:
    helen = cast.person("managing-director")
    people.appoint(
        by=cast.somebody("administrator-of-the-shared-service"),
        post=Post.objects.get(slug="service-analyst"),
        person=helen,
        kind="cover",
        starts=cast.TODAY,
        ends=cast.TODAY.replace(month=8),
    )
    client = as_post("managing-director")
    assert "acting as Managing Director" in body_of(client.get("/"))
    client.post("/me/post/", {"post": "service-analyst"})

    assert "acting as Service analyst" in body_of(client.get("/"))
    assert links(client.get("/"))["Change post"] == "/me/post/"
    assert links(client.get("/imports/"))["Bring a ticket file"] == "/imports/new/"


def test_who_holds_no_post_is_told_whom_to_ask(client: Client) -> None:
    stranger = Person.objects.create(email="nobody@example.org", name="Nobody")
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")

    assert "You hold no post today" in words(client.get("/me/"))
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("post", ROLES[1:])
def test_my_page_takes_at_most_twelve_queries(as_post: SignIn, post: str) -> None:
    client = as_post(post)
    client.get("/me/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/me/")

    assert len(asked) <= 12


@pytest.mark.parametrize("rows", [1, 3])
def test_it_takes_as_many_queries_for_one_line_as_for_three(
    as_post: SignIn, universe: cast.Committee, rows: int
) -> None:
    member = cast.person("committee-member-of-southmere")
    member.told.all().delete()
    for _ in range(rows):
        telling.tell(
            by=cast.somebody("service-analyst"), people=[member], subject=universe.meeting, why="It is called."
        )
    client = as_post("committee-member-of-southmere")
    client.get("/me/")
    with CaptureQueriesContext(connection) as asked:
        assert words(client.get("/me/")).count("It is called.") == rows

    assert len(asked) == 6
