"""The page on which a pack is asked for: the period and the audience, for those who publish."""

from datetime import date

import pytest

from commonhold.performance.models import Draft
from tests import universe as cast
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.reading import body_of, fields, words

pytestmark = pytest.mark.django_db

ANALYST = "service-analyst"
JUNE = {"first-day": 1, "first-month": 6, "first-year": 2026, "last-day": 30, "last-month": 6, "last-year": 2026}


def test_the_last_quarter_and_the_boards_are_suggested(universe: cast.Committee, sign_in: SignIn) -> None:
    page = sign_in(ANALYST).get("/packs/new/")

    assert "<title>Make a performance pack - " in body_of(page)
    assert {"first-day", "first-month", "first-year", "last-day", "last-month", "last-year", "profile"} <= fields(page)
    assert 'name="first-month" type="text" value="4"' in body_of(page)
    for audience in ("The public: the service as a whole", "Northgate, its own figures beside the whole service's"):
        assert audience in words(page)


def test_a_draft_is_begun_and_shown(universe: cast.Committee, sign_in: SignIn) -> None:
    page = sign_in("managing-director").post("/packs/new/", {**JUNE, "profile": "northgate"})
    draft = Draft.objects.get()

    assert (draft.first, draft.last, draft.profile) == (date(2026, 6, 1), date(2026, 6, 30), "northgate")
    assert (page.status_code, page.url) == (302, draft.get_absolute_url())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"last-month": 5}, "The last day must not be before the first."),
        ({"first-year": 2027, "last-year": 2027}, "Nothing is known yet of the days from 2027-06-01 to 2027-06-30"),
        ({"first-year": 2010, "last-year": 2010}, "Nothing is known of the days from 2010-06-01 to 2010-06-30"),
        ({"first-day": 31}, "must be a real date"),
        ({"profile": "everybody"}, "Select one of the choices given"),
        ({"profile": ""}, "For whom?"),
        ({"first-year": 1066, "last-year": 1066}, "1970"),
    ],
)
def test_what_makes_no_sense_is_said_beside_what_was_entered(
    universe: cast.Committee, sign_in: SignIn, changes: dict[str, object], said: str
) -> None:
    page = sign_in(ANALYST).post("/packs/new/", {**JUNE, "profile": "board", **changes})

    assert "There is a problem" in words(page) and said in words(page)
    assert 'value="30"' in body_of(page), "nothing entered is lost"
    assert not Draft.objects.exists()


@pytest.mark.parametrize("post", ["", "client-lead-of-northgate", "governance-officer-of-northgate"])
def test_it_is_for_those_who_publish(universe: cast.Committee, sign_in: SignIn, post: str) -> None:
    client = sign_in(post)

    assert client.get("/packs/new/").status_code == 403
    assert client.post("/packs/new/", {**JUNE, "profile": "board"}).status_code == 403
    assert not Draft.objects.exists()


def test_it_takes_few_queries(universe: cast.Committee, sign_in: SignIn) -> None:
    assert queries_of(sign_in(ANALYST), "/packs/new/") == 5
