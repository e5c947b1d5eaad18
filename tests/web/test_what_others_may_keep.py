"""What stands between us and a reader may keep nothing for others that was shown to somebody signed in."""

import pytest

from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db

PLACES = ("/", "/tickets/", "/tickets.csv", "/packs/2/", "/nowhere/", "/packs/new/")


@pytest.mark.parametrize("address", PLACES)
def test_what_somebody_signed_in_is_shown_is_theirs(as_post: SignIn, address: str) -> None:
    answer = as_post("committee-member-of-southmere").get(address)

    assert "private" in answer.get("Cache-Control", "").split(", ")


def test_whoever_is_not_signed_in_is_told_apart_by_the_cookie(as_post: SignIn) -> None:
    answer = as_post("").get("/packs/")

    assert "private" not in answer.get("Cache-Control", "")
    assert "Cookie" in answer["Vary"]
