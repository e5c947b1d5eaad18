"""The page of a pack to those whom it is not for: a paper names it to everybody, and otherwise nobody learns of it."""

import pytest
import time_machine
from django.test import Client

from commonhold.governance.acts import papers
from commonhold.governance.models import Paper
from commonhold.performance.models import Pack
from tests import universe as cast
from tests.reading import links, words

pytestmark = pytest.mark.django_db


def test_the_public_follows_a_paper_to_a_pack_for_the_boards_and_is_told_to_sign_in(universe: cast.Committee) -> None:
    address = Pack.objects.get(profile="board").get_absolute_url()
    page = Client().get(universe.meeting.get_absolute_url())
    assert address in links(page).values()

    answer = Client().get(address)

    assert answer.status_code == 403
    assert "This is for people who hold a post that allows it" in words(answer)
    assert f"next={address}" in links(answer)["Sign in"]


def test_of_a_pack_that_no_paper_names_the_public_learns_nothing(universe: cast.Committee) -> None:
    pack = Pack.objects.get(profile="board")
    with time_machine.travel(cast.NOON, tick=False):
        papers.withdraw(by=cast.somebody("managing-director"), paper=Paper.objects.get(), reason="Tabled too early")

    assert Client().get(pack.get_absolute_url()).status_code == 404
