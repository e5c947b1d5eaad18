"""The page of a pack to those whom it is not for: a paper names it to everybody, and otherwise nobody learns of it."""

from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import default_storage
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


def test_a_pack_s_file_that_was_altered_where_it_is_kept_is_not_shown(
    universe: cast.Committee,
) -> None:
    """Whoever runs the machine can change a file; nobody is shown it as what was published (F6)."""
    pack = Pack.objects.get(profile="public")
    kept = Path(default_storage.path(f"{pack.body[:2]}/{pack.body}"))
    whole = kept.read_bytes()
    try:
        kept.write_bytes(whole.replace(b"Performance", b"Excellence", 1) + b"<p>better than ever</p>")
        altered = Client().get(pack.get_absolute_url())
    finally:
        kept.write_bytes(whole)

    assert altered.status_code == 400
    assert "was altered since, so it is not shown" in words(altered)
    assert "better than ever" not in words(altered)
    assert Client().get(pack.get_absolute_url()).status_code == 200
