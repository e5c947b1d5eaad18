"""The page of a batch: what everybody may know of it, and the lines left out for those who run the tickets."""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client

from commonhold.demand.acts import putting_right
from commonhold.demand.models import Batch
from commonhold.demand.queries import batches
from tests.demand.bringing import bring, events, ticket
from tests.demand.conftest import SignIn
from tests.reading import links, words
from tests.universe import somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
ANALYST = "service-analyst"
HALF_BAD = events(
    "SD1,2026-06-01T08:00Z,open,P3,incident,Service Desk,Southmere",
    "SD2,yesterday,open,P3,incident,Service Desk,Southmere",
    "SD3,2026-06-01T08:00Z,open,P3,incident,Service Desk,Atlantis",
)


@pytest.fixture
def brought(db: None) -> int:
    return int(bring(HALF_BAD, tolerate=0.9)["batch"])


@pytest.mark.parametrize("post", ["", "committee-member-of-southmere", "client-lead-of-southmere"])
def test_everybody_reads_counts_and_digests_and_no_line_of_the_file(sign_in: SignIn, brought: int, post: str) -> None:
    batch = Batch.objects.get()
    page = sign_in(post).get(f"/imports/{brought}/")

    for said in (
        "Ticket file Batch 1", "Desk canonical", "Rows read 3", "Tickets that are new 1", "Rows left out 2",
        batch.sha256, batch.original_sha256,
    ):  # fmt: skip
        assert said in words(page), said
    assert "yesterday" not in words(page) and "Atlantis" not in words(page) and "To know" not in words(page)
    assert links(page)[f"Entry {batch.entry.number} of the record"].startswith("/record/")
    assert sign_in(post).get(f"/imports/{brought}/left-out.csv").status_code == 404


def test_those_who_run_the_tickets_read_what_was_left_out_line_by_line(sign_in: SignIn, brought: int) -> None:
    seen = words(sign_in(ANALYST).get(f"/imports/{brought}/"))

    assert "3 event_at yesterday 'yesterday' is no date in the mapping's forms (iso), or there is no such day" in seen
    assert "4 partner Atlantis" in seen and "its partners are 'Eastwell Vale', 'Northgate', 'Southmere'" in seen
    assert "not named under [teams]" in seen


def test_all_lines_left_out_can_be_taken_away(sign_in: SignIn, brought: int) -> None:
    client = sign_in(ANALYST)
    page = client.get(f"/imports/{brought}/")
    address = next(href for href in links(page).values() if "left-out" in href)
    rows = list(csv.reader(io.StringIO(b"".join(client.get(address)).decode("utf-8-sig"))))

    assert rows[0] == ["Line", "Column", "What it says", "Why, and what to do"]
    assert [row[:3] for row in rows[1:]] == [["3", "event_at", "yesterday"], ["4", "partner", "Atlantis"]]


def test_many_causes_are_read_a_page_at_a_time(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "LINES", 2)
    bring(events(*(f"SD{n},day {n},open" for n in range(5)), "SD9,2026-06-01T08:00Z,open"), tolerate=1)
    client = sign_in(ANALYST)
    first = client.get("/imports/1/")
    second = client.get("/imports/1/" + links(first)["Causes after"].partition("#")[0])
    back = client.get("/imports/1/" + links(second)["Causes before"].partition("#")[0])

    assert "1 to 2 of 5" in words(first) and "3 to 4 of 5" in words(second) and "1 to 2 of 5" in words(back)
    assert "Causes after" in links(second)
    assert "1 to 2 of 5" in words(client.get("/imports/1/?from=99")), "a place that is none is the beginning"


def test_a_file_read_anew_leads_to_what_counts_in_its_place(sign_in: SignIn) -> None:
    lines = events("SD1,2026-06-01T08:00:00,open")
    bring(lines, time_zone="UTC")
    bring(lines, time_zone="Europe/London")
    page = sign_in("").get("/imports/1/")

    assert "The same file was read in another way since: batch 2 counts in its place." in words(page)
    assert links(page)["batch 2"] == "/imports/2/"


@pytest.mark.parametrize(("post", "told"), [("", False), ("committee-member-of-northgate", True), (ANALYST, True)])
def test_what_was_put_right_is_told_to_people_of_the_partners(
    sign_in: SignIn, brought: int, post: str, told: bool
) -> None:
    made = putting_right.correct(
        by=somebody(ANALYST), ticket=ticket("SD1"), fact="priority", value="P2", reason="Logged by mistake."
    )
    seen = words(sign_in(post).get(f"/imports/{made.made_in}/"))

    assert ("SD1" in seen, "Logged by mistake." in seen) == (told, told)
    assert told or "is for people of the partners" in seen


def test_a_batch_that_is_none_or_is_being_gathered_is_not_there(sign_in: SignIn, brought: int) -> None:
    Batch.objects.create(number=2, began_at="2026-07-21T11:00:00Z")

    assert sign_in(ANALYST).get("/imports/2/").status_code == 404
    assert sign_in(ANALYST).get("/imports/3/").status_code == 404
    assert "Batch 2" not in words(sign_in(ANALYST).get("/imports/"))


@pytest.mark.parametrize("count", [1, 3])
def test_one_line_left_out_or_three_take_as_many_queries(
    sign_in: SignIn, count: int, queries_of: Callable[[Client, str], int]
) -> None:
    bring(events(*(f"SD{n},never,open" for n in range(count)), "SD9,2026-06-01T08:00Z,open"), tolerate=1)

    assert queries_of(sign_in(ANALYST), "/imports/1/") == 8
