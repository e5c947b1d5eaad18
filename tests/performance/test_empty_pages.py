"""Pages of a partnership that has no tickets and no packs yet: each says what comes first, and who does it."""

import pytest

from tests.demand.conftest import SignIn
from tests.reading import links, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]

ANALYST = "service-analyst"


@pytest.mark.parametrize("address", ["/figures/", "/figures/within-target/", "/parity/"])
def test_to_who_holds_a_post_figures_come_from_tickets(sign_in: SignIn, address: str) -> None:
    page = sign_in(ANALYST).get(address)

    assert page.status_code == 200
    assert "Figures come from tickets. Once a file of them has been brought in" in words(page)
    assert links(page)["See how far that is"] == "/jobs/"


@pytest.mark.parametrize("address", ["/figures/", "/figures/within-target/"])
def test_to_the_public_nothing_is_published(sign_in: SignIn, address: str) -> None:
    page = sign_in("").get(address)

    assert "Nothing is published yet" in words(page)
    assert links(page)["See the packs"] == "/packs/"


def test_parity_is_not_for_the_public(sign_in: SignIn) -> None:
    assert "Whoever holds a post sees it after signing in" in words(sign_in("").get("/parity/"))


@pytest.mark.parametrize("post", ["", ANALYST])
def test_no_pack_is_made_yet(sign_in: SignIn, post: str) -> None:
    page = sign_in(post).get("/packs/")

    assert "No packs yet A service analyst makes the first one once tickets have been brought in." in words(page)
    assert ("Make a pack" in links(page)) == bool(post)


def test_a_pack_without_tickets_is_refused_in_the_form(sign_in: SignIn) -> None:
    days = {"first-day": 1, "first-month": 6, "first-year": 2026, "last-day": 30, "last-month": 6, "last-year": 2026}
    page = sign_in(ANALYST).post("/packs/new/", {**days, "profile": "board"})

    assert "No tickets are known yet" in words(page)


def test_the_measures_are_told_all_the_same(sign_in: SignIn) -> None:
    assert "Resolved within target" in words(sign_in("").get("/measures/"))
