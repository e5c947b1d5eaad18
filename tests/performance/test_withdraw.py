"""The page on which a pack is taken down: for who may, with a reason that is shown in its place."""

import pytest

from commonhold.governance.models import Paper
from commonhold.performance.models import Pack, Withdrawal
from tests import universe as cast
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.reading import body_of, words

pytestmark = pytest.mark.django_db

LEAD = "client-lead-of-eastwell-vale"


def address() -> str:
    return f"{Pack.objects.get(profile='board').get_absolute_url()}withdraw/"


def test_it_says_what_happens_and_asks_why(universe: cast.Committee, sign_in: SignIn) -> None:
    page = sign_in(LEAD).get(address())

    assert "<title>Withdraw: Performance pack, June 2026, for the boards - " in body_of(page)
    assert "with it the papers by which it was put before meetings" in words(page)


def test_it_takes_the_pack_and_its_papers_down(universe: cast.Committee, sign_in: SignIn) -> None:
    client = sign_in(LEAD)
    done = client.post(address(), {"reason": "The wrong quarter."}, follow=True)

    assert done.status_code == 410
    assert "The pack is withdrawn everywhere, and its place says so." in body_of(done)
    assert "The wrong quarter." in words(done)
    assert Paper.objects.get().retraction.reason == "The wrong quarter."
    meeting = body_of(client.get(universe.meeting.get_absolute_url()))
    assert "<s>Performance pack, June 2026, for the boards</s>" in meeting and "The wrong quarter." in meeting


def test_without_a_reason_it_stays(universe: cast.Committee, sign_in: SignIn) -> None:
    page = sign_in(LEAD).post(address(), {"reason": "  "})

    assert "There is a problem" in words(page)
    assert not Withdrawal.objects.exists()


@pytest.mark.parametrize(
    ("post", "status"), [("", 403), ("committee-member-of-southmere", 403), ("auditor-of-eastwell-vale", 403)]
)
def test_it_is_for_those_who_may(universe: cast.Committee, sign_in: SignIn, post: str, status: int) -> None:
    client = sign_in(post)

    assert client.get(address()).status_code == status
    assert client.post(address(), {"reason": "Wrong."}).status_code == status
    assert not Withdrawal.objects.exists()


def test_it_takes_few_queries(universe: cast.Committee, sign_in: SignIn) -> None:
    assert queries_of(sign_in(LEAD), address()) == 4
