"""A file that was looked through: what an import would do, line by line; the import with its progress; forgetting."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commonhold.demand.acts import uploads
from commonhold.demand.models import Batch, Upload
from commonhold.demand.queries import batches
from commonhold.jobs.management.runner.doing import Worker, do_next
from commonhold.jobs.management.runner.watching import learn_tasks
from commonhold.jobs.models import Job
from commonhold.ledger import evidence
from tests.demand import elsewhere
from tests.demand.bringing import events, everything, references
from tests.demand.conftest import SignIn
from tests.reading import body_of, links, words
from tests.universe import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
ANALYST = "service-analyst"
GOOD = events("SD1,2026-06-01T08:00Z,open,P3", "SD2,2026-06-01T08:00Z,open,P3")


def brought(client: Client, content: str = GOOD, **told: Any) -> Any:
    """The page of a file that was brought."""
    file = SimpleUploadedFile("tickets.csv", content.encode())
    answer = client.post("/imports/new/", {"file": file, "mapping": "canonical", "tolerate": "0.01", **told})
    assert answer.status_code == 302, words(answer)
    return client.get(answer.url)


def the_upload() -> Upload:
    return Upload.objects.get()


def asked_for(client: Client) -> Any:
    """The page after somebody said that the file is to be imported."""
    return client.post(f"/imports/uploads/{the_upload().pk}/import/", follow=True)


def work() -> None:
    """A worker does what is due."""
    learn_tasks()
    worker = Worker("one", lambda: NOON)
    while do_next(worker):
        pass


def test_it_says_what_an_import_would_do_and_changes_nothing(sign_in: SignIn) -> None:
    before = everything(("django_session", "partnership_person", "demand_upload"))

    page = brought(sign_in(ANALYST), GOOD)

    for said in ("Nothing has changed yet. This is what an import would do.", "Rows read 2", "Tickets that are new 2"):
        assert said in words(page)
    assert "Import this file" in words(page)
    assert everything(("django_session", "partnership_person", "demand_upload")) == before


def test_problems_are_listed_line_by_line_and_can_be_taken_away(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    page = brought(client, GOOD + "SD3,never,open,,,,,,\n", tolerate="0.5")

    assert "4 event_at never 'never' is no date in the mapping's forms" in words(page)
    address = next(href for href in links(page).values() if "left-out" in href)
    rows = list(csv.reader(io.StringIO(b"".join(client.get(address)).decode("utf-8-sig"))))
    assert rows[1][:3] == ["4", "event_at", "never"]


@pytest.mark.parametrize(
    ("post", "status"),
    [("", 404), ("client-lead-of-southmere", 404), ("managing-director", 404), ("service-manager", 200)],
)
def test_it_is_there_for_those_who_bring_files(sign_in: SignIn, post: str, status: int) -> None:
    brought(sign_in(ANALYST))
    address = f"/imports/uploads/{the_upload().pk}/"
    client = sign_in(post)

    assert client.get(address).status_code == status
    assert client.get(f"{address}left-out.csv").status_code == status
    assert status == 200 or client.post(f"{address}import/").status_code == status
    assert not Job.objects.filter(name="demand.import_upload").exists()


def test_somebody_says_so_and_a_worker_imports_it(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    brought(client)
    page = asked_for(client)
    assert "The import has been asked for. This page shows how far it is." in words(page)
    assert "Import this file" not in words(page)
    assert references() == []

    work()

    page = client.get(the_upload().get_absolute_url())
    assert words(page).startswith("A ticket file, imported Success Imported as batch 1")
    assert links(page)["batch 1"] == "/imports/1/"
    assert references() == ["SD1", "SD2"]
    assert "Waiting to be imported" not in words(client.get("/imports/"))


def test_twice_asked_is_imported_once_and_an_imported_file_is_not_asked_for_again(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    brought(client)
    asked_for(client)
    asked_for(client)
    assert Job.objects.filter(name="demand.import_upload").count() == 1
    work()

    page = asked_for(client)

    assert page.status_code < 500
    assert Batch.objects.count() == 1
    work()
    assert Batch.objects.count() == 1


def test_a_file_whose_tickets_were_known_says_that_nothing_changed(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    brought(client)
    asked_for(client)
    work()
    first = Upload.objects.get()
    brought_again = client.post(
        "/imports/new/",
        {"file": SimpleUploadedFile("b.csv", (GOOD + "\n").encode()), "mapping": "canonical", "tolerate": "0.01"},
    )
    second = Upload.objects.exclude(pk=first.pk).get()
    client.post(f"/imports/uploads/{second.pk}/import/")
    work()

    assert "Everything in this file was known already. Nothing changed." in words(client.get(brought_again.url))


def test_an_import_that_is_refused_says_why_and_can_be_asked_for_again(sign_in: SignIn) -> None:
    """Here the kept file went away, and came back."""
    client = sign_in(ANALYST)
    brought(client)
    with evidence.opened(the_upload().sha256) as kept:
        content = kept.read()
    evidence.remove(the_upload().sha256)
    asked_for(client)
    work()

    page = client.get(the_upload().get_absolute_url())
    assert "is not among the evidence kept here" in words(page)
    assert "Import this file" in words(page)
    evidence.keep(io.BytesIO(content))
    asked_for(client)
    work()
    assert "Imported as batch 1" in words(client.get(the_upload().get_absolute_url()))


def test_an_import_that_was_cancelled_says_so(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    brought(client)
    asked_for(client)
    client.post(f"/jobs/{the_upload().job}/cancel/")

    page = client.get(the_upload().get_absolute_url())

    assert "The last import of this file was cancelled." in words(page)
    assert "Import this file" in words(page)


def test_an_import_that_went_wrong_says_so(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(ANALYST)
    brought(client)
    asked_for(client)
    monkeypatch.setattr(uploads, "bring", None)
    for hours in range(9):
        while do_next(Worker("one", lambda later=NOON + timedelta(hours=hours): later)):
            pass

    page = client.get(the_upload().get_absolute_url())

    assert "The last import of this file went wrong: " in words(page)
    assert "Import this file" in words(page)


def test_many_causes_are_read_a_page_at_a_time(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "LINES", 2)
    client = sign_in(ANALYST)
    page = brought(
        client, events(*(f"SD{n},day {n},open" for n in range(5)), "SD9,2026-06-01T08:00Z,open"), tolerate="1"
    )
    further = client.get(the_upload().get_absolute_url() + links(page)["Causes after"].partition("#")[0])

    assert "1 to 2 of 5 causes" in words(page) and "3 to 4 of 5 causes" in words(further)


def test_rows_left_out_for_one_cause_stand_on_one_line(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    page = brought(client, events(*(f"SD{n},never,open" for n in range(7)), "SD9,2026-06-01T08:00Z,open"), tolerate="1")
    at = next(address for address in links(page).values() if address.endswith("left-out.csv"))
    every: Any = client.get(at)

    assert words(page).count("'never' is no date") == 1
    assert "2, 3, 4, 5, 6 and 2 more event_at never" in words(page)
    assert every.getvalue().decode().count("'never' is no date") == 7


def many(*more: str) -> str:
    """A file of more lines than are read as one piece."""
    return events(*(f"SD{n},2026-06-01T08:00Z,open,P3,incident,Desk,Southmere,Mail" for n in range(2_000)), *more)


def test_of_a_long_file_the_first_rows_are_looked_at_and_the_page_says_so_until_all_is_imported(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LOOKED_AT", 10)
    client = sign_in(ANALYST)
    page = brought(client, many())
    looked_at = the_upload().rehearsal["looked_at"]

    assert 10 <= looked_at < 2_000
    first = f"the first {looked_at:,} of 2,000 rows"
    assert f"This is what an import would do with {first}. The import itself reads them all, and takes" in words(page)
    assert f"Rows in the file 2,000 Tickets that are new (of the first {looked_at:,} rows) {looked_at:,}" in words(page)

    asked_for(client)
    work()

    page = client.get(the_upload().get_absolute_url())
    assert "Rows read 2,000 Tickets that are new 2,000" in words(page)
    assert "of the first" not in words(page)


def test_an_import_takes_nothing_where_too_many_of_the_rows_not_looked_at_are_bad(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LOOKED_AT", 10)
    client = sign_in(ANALYST)
    page = brought(client, many(*(f"SD{n},never,open" for n in range(200))))
    assert "Import this file" in words(page) and "'never'" not in words(page)

    asked_for(client)
    work()

    page = client.get(the_upload().get_absolute_url())
    assert "The last import of this file was refused: " in words(page)
    assert "cannot be read, more than the 1% that is tolerated" in words(page)
    assert references() == [] and not Batch.objects.exists()


def test_a_file_no_longer_than_what_is_looked_at_is_looked_at_whole(sign_in: SignIn) -> None:
    page = brought(sign_in(ANALYST), many())

    assert "looked_at" not in the_upload().rehearsal
    assert "Rows read 2,000 Tickets that are new 2,000" in words(page)


def test_while_one_file_is_looked_through_another_is_asked_to_wait(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    file = SimpleUploadedFile("tickets.csv", GOOD.encode())
    with elsewhere.at(uploads.LOOKING):
        page = client.post("/imports/new/", {"file": file, "mapping": "canonical", "tolerate": "0.01"})

    assert "Another file is being looked through just now. Bring this one again in a minute." in words(page)
    assert not Upload.objects.exists()
    brought(client)


def test_a_file_that_nobody_imported_is_forgotten_after_a_week(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    brought(client)
    address, digest = the_upload().get_absolute_url(), the_upload().sha256

    assert uploads.forget_uploads(at=NOON + timedelta(days=6)) == 0
    assert uploads.forget_uploads(at=NOON + timedelta(days=8)) == 1
    assert client.get(address).status_code == 404
    assert not evidence.is_kept(digest)


def test_what_a_batch_rests_on_stays_when_its_upload_is_forgotten(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    brought(client)
    asked_for(client)
    work()

    uploads.forget_uploads(at=NOON + timedelta(days=8))

    assert evidence.is_kept(Batch.objects.get().sha256)


@pytest.mark.parametrize("count", [1, 3])
def test_one_line_left_out_or_three_take_as_many_queries(
    sign_in: SignIn, count: int, queries_of: Callable[[Client, str], int]
) -> None:
    client = sign_in(ANALYST)
    page = brought(client, GOOD + "SD3,never,open,,,,,,\n" * count, tolerate="1")

    assert "csrfmiddlewaretoken" in body_of(page)
    assert queries_of(client, the_upload().get_absolute_url()) == 5
