"""The list of what was brought in: who sees what, newest first, paging, files that wait, and the empty list."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commonhold.demand.acts import putting_right
from commonhold.demand.queries import batches
from tests.demand.bringing import bring, events, ticket
from tests.demand.conftest import SignIn
from tests.demand.desk import bring_a_month
from tests.reading import links, words
from tests.universe import somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
ANALYST = "service-analyst"


def test_before_anything_came_it_says_who_brings_it(sign_in: SignIn) -> None:
    seen = words(sign_in("").get("/imports/"))

    assert "Nothing was brought in yet" in seen and "commonhold import-tickets" in seen


@pytest.mark.parametrize("post", ["", "committee-member-of-southmere", "client-lead-of-northgate", ANALYST])
def test_everybody_sees_what_was_brought_in_and_those_who_bring_files_a_button(sign_in: SignIn, post: str) -> None:
    bring_a_month()
    page = sign_in(post).get("/imports/")

    assert "Batch 1 Ticket file, canonical 21 July 2026 at midday 6 0 1 July 2026 at 12:30am" in words(page)
    assert ("Bring a ticket file" in links(page)) == (post == ANALYST)


def test_what_is_put_right_stands_among_them_newest_first(sign_in: SignIn) -> None:
    bring_a_month()
    putting_right.exclude(by=somebody(ANALYST), ticket=ticket("SD1"), reason="A test.")
    page = sign_in("").get("/imports/")

    assert [said for said in links(page) if said.startswith("Batch")] == ["Batch 2", "Batch 1"]
    assert "Batch 2 Exclusion" in words(page)


def test_a_file_read_anew_is_marked(sign_in: SignIn) -> None:
    lines = events("SD1,2026-06-01T08:00:00,open")
    bring(lines, time_zone="UTC")
    bring(lines, time_zone="Europe/London")

    assert "Batch 1 (read anew in 2)" in words(sign_in("").get("/imports/"))


def test_older_batches_are_a_page_further(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "PAGE", 2)
    for n in range(5):
        bring(events(f"SD{n},2026-06-01T08:00Z,open"))
    client, seen, address = sign_in(""), [], "/imports/"
    while address:
        page = client.get(address)
        seen.append([said for said in links(page) if said.startswith("Batch")])
        older = next((href for said, href in links(page).items() if said.startswith("Older")), "")
        address = f"/imports/{older}" if older else ""

    assert seen == [["Batch 5", "Batch 4"], ["Batch 3", "Batch 2"], ["Batch 1"]]
    assert client.get("/imports/?before=nonsense").status_code == 200


def test_files_that_wait_are_shown_to_those_who_bring_files(sign_in: SignIn) -> None:
    file = SimpleUploadedFile("a.csv", events("SD1,2026-06-01T08:00Z,open").encode())
    sign_in(ANALYST).post("/imports/new/", {"file": file, "mapping": "canonical", "tolerate": "0.01"})

    assert "canonical, 1 row , looked through" in words(sign_in("service-manager").get("/imports/"))
    for post in ("", "client-lead-of-southmere"):
        assert "Waiting to be imported" not in words(sign_in(post).get("/imports/"))


@pytest.mark.parametrize("count", [1, 3])
def test_one_batch_or_three_take_as_many_queries(
    sign_in: SignIn, count: int, queries_of: Callable[[Client, str], int]
) -> None:
    for n in range(count):
        bring(events(f"SD{n},2026-06-01T08:00Z,open"))

    assert queries_of(sign_in(""), "/imports/") == 3
    assert queries_of(sign_in(ANALYST), "/imports/") == 6
