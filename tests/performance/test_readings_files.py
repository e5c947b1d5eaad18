"""Large files of readings: a worker checks them and takes them over, wholly or not at all, once, whatever happens."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commonhold.jobs import acts as jobs
from commonhold.jobs.management.runner.doing import Worker, do_next
from commonhold.jobs.management.runner.watching import learn_tasks
from commonhold.jobs.models import Job
from commonhold.ledger import evidence
from commonhold.ledger.models import Entry
from commonhold.performance.acts import bringing, readings_files
from commonhold.performance.engine.brought.lines import lines_of
from commonhold.performance.models import Delivery, ReadingsFile, SourceReading
from commonhold.performance.queries import brought as queries
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.reading import links, words
from tests.readings import bring, file, line, published_before
from tests.universe import NOON, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
ANALYST, LEAD = "service-analyst", "client-lead-of-southmere"


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows are many."""
    monkeypatch.setattr(readings_files, "MANY", 2)


def days(count: int = 3, **cells: Any) -> list[str]:
    return [line(first=f"2026-06-{day:02}", last=f"2026-06-{day:02}", **cells) for day in range(1, count + 1)]


def give(client: Client, *lines: str, **told: Any) -> Any:
    """The page to which a file leads."""
    content = SimpleUploadedFile("readings.csv", file(*lines))
    return client.post("/readings/file/", {"file": content, **told}, follow=True)


def work() -> None:
    """A worker does what is due."""
    learn_tasks()
    worker = Worker("one", lambda: NOON)
    while do_next(worker):
        pass


def the_file() -> ReadingsFile:
    return ReadingsFile.objects.latest("pk")


def there() -> tuple[int, int, int]:
    """Readings, deliveries, entries."""
    return SourceReading.objects.count(), Delivery.objects.count(), Entry.objects.count()


def test_a_large_file_is_taken_over_by_a_worker_and_its_page_leads_to_the_delivery(sign_in: SignIn) -> None:
    client, before = sign_in(ANALYST), Entry.objects.count()

    waiting = give(client, *days())

    assert "Waiting to begin" in words(waiting) and "A worker checks every row" in words(waiting)
    assert SourceReading.objects.count() == 0 and Entry.objects.count() == before
    work()
    page = client.get(the_file().get_absolute_url())
    delivery = Delivery.objects.get()
    assert f"Brought as delivery {delivery.pk} : 3 new readings, 0 corrected, 0 as before" in words(page)
    assert Entry.objects.count() == before + 1 and Entry.objects.latest("number").post == ANALYST
    assert [row.value for row in delivery.readings.order_by("line")] == [1200] * 3
    assert f"Delivery {delivery.pk}" in words(client.get("/readings/file/"))
    assert Job.objects.get(name="performance.bring_readings").state == "done"


def test_it_leaves_what_a_file_leaves_that_is_brought_at_once(sign_in: SignIn) -> None:
    cells = ("measure", "partner_id", "service", "first", "last", "numerator", "value", "unit", "grade", "note", "line")
    asked = [*days(2), line(measure="sickness", value="", numerator="12.5", denominator="1000", unit="days", note="Né")]
    bring(*asked)
    at_once = list(SourceReading.objects.order_by("line").values(*cells))
    digest = Delivery.objects.latest("pk").sha256
    for row in SourceReading.objects.all():
        bringing.take_back(by=somebody(ANALYST), reading=row, reason="Once more.")

    give(sign_in(ANALYST), *asked)
    work()

    made = Delivery.objects.latest("pk")
    assert list(made.readings.order_by("line").values(*cells)) == at_once
    assert made.sha256 == digest


def test_bad_rows_are_named_by_their_lines_and_nothing_is_changed(sign_in: SignIn) -> None:
    client, before = sign_in(ANALYST), there()

    give(client, *days(2), line(measure="happiness", note="two\nlines"), line(value="-3"))
    work()

    page = client.get(the_file().get_absolute_url())
    assert "2 rows cannot be taken, so nothing was brought" in words(page)
    assert "4 measure happiness There is no measure 'happiness'" in words(page)
    assert "6 value -3 '-3' is not a number" in words(page)
    assert there() == before
    address = next(href for text, href in links(page).items() if text == "All of them as CSV")
    assert b"".join(client.get(address)).decode().count("\n") == 3
    again = client.post(f"{the_file().get_absolute_url()}bring/", follow=True)
    assert "This file was taken over already, or has rows that cannot be taken." in words(again)


def test_a_file_that_is_only_looked_through_is_brought_when_somebody_says_so(sign_in: SignIn) -> None:
    client, before = sign_in(ANALYST), there()
    give(client, *days(), look="on")
    work()

    page = client.get(the_file().get_absolute_url())
    assert "It can be taken: 3 new readings" in words(page) and there() == before
    client.post(f"{the_file().get_absolute_url()}bring/")
    work()
    assert SourceReading.objects.count() == 3


@pytest.mark.parametrize("stop", ["record", "_keep_outcome", "load"])
def test_a_worker_that_is_killed_loses_nothing_and_enters_no_row_twice(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    give(sign_in(ANALYST), *days())
    before, number = there(), the_file().pk

    class Killed(BaseException):
        pass

    def killed(*given: Any, **named: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(bringing, stop, killed)
        with pytest.raises(Killed):
            _work_through(number)
    assert there() == before and the_file().outcome is None

    first = _work_through(number)
    assert there() == (3, 1, before[2] + 1)
    assert _work_through(number) == first, "a job that is done twice"
    assert there() == (3, 1, before[2] + 1)


def _work_through(number: int) -> str:
    by = somebody(ANALYST)
    return readings_files.work_through(by=by, file=number, clock=lambda: by, progress=lambda *_: None)


def test_of_two_files_at_once_the_later_is_held_against_what_the_earlier_brought(sign_in: SignIn) -> None:
    client, by = sign_in(ANALYST), somebody(ANALYST)
    for value in ("1200", "1300"):
        give(client, *days(value=value))
    checked = {
        row: queries.checked(
            readings_files.Lines.from_kept(evidence.content(row.sha256)), by=by, reason="", progress=lambda _: None
        )
        for row in ReadingsFile.objects.order_by("pk")
    }
    assert [len(one.plan.problems) for one in checked.values()] == [0, 0]

    for row, one in checked.items():
        bringing.bring_waiting(by=by, file=row, checked=one)

    first, second = ReadingsFile.objects.order_by("pk")
    assert first.delivery is not None and second.delivery is None
    assert {one["line"] for one in second.refused} == {2, 3, 4}
    assert SourceReading.objects.count() == 3
    assert "tells of the same days and says 1,200 calls" in words(client.get(second.get_absolute_url()))


def test_corrections_keep_the_reason_that_was_given(sign_in: SignIn) -> None:
    bring(*days())
    give(sign_in(ANALYST), *days(value="1300"), reason="A line was left out.")
    work()

    assert Delivery.objects.latest("pk").reason == "A line was left out."
    assert SourceReading.objects.standing().filter(value=1300, corrects__value=1200).count() == 3


def test_the_same_file_again_says_so_and_leaves_no_entry(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    give(client, *days())
    work()
    before = there()
    give(client, *days())
    work()

    assert there() == before
    assert "Everything in this file was known already" in words(client.get(the_file().get_absolute_url()))


def test_a_file_is_for_whoever_brought_it_and_those_who_run_the_service(sign_in: SignIn) -> None:
    give(sign_in(LEAD), *days(partner="Southmere"))
    address = the_file().get_absolute_url()

    found = {who: sign_in(who).get(address).status_code for who in (LEAD, ANALYST, "client-lead-of-northgate", "")}
    assert found == {LEAD: 200, ANALYST: 200, "client-lead-of-northgate": 404, "": 404}
    assert sign_in("client-lead-of-northgate").get(f"{address}rows.csv").status_code == 404
    assert sign_in("client-lead-of-northgate").post(f"{address}bring/").status_code == 404


def test_a_client_lead_s_file_of_others_is_refused_row_by_row(sign_in: SignIn) -> None:
    client = sign_in(LEAD)
    give(client, *days(partner="Northgate"))
    work()

    assert "A client lead brings readings of their own partner" in words(client.get(the_file().get_absolute_url()))
    assert SourceReading.objects.count() == 0


def test_a_job_that_was_cancelled_can_be_asked_for_again(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    give(client, *days())
    jobs.cancel(by=somebody(ANALYST), job=Job.objects.get(pk=the_file().job))

    page = client.get(the_file().get_absolute_url())
    assert "It was cancelled. Nothing was brought." in words(page) and "Try it again" in words(page)
    client.post(f"{the_file().get_absolute_url()}bring/")
    work()
    assert SourceReading.objects.count() == 3


def test_while_a_worker_is_at_it_nothing_else_is_asked_for(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    give(client, *days(), look="on")

    page = client.post(f"{the_file().get_absolute_url()}bring/", follow=True)

    assert "A worker is at this file" in words(page) and the_file().only_look


def test_files_are_forgotten_after_a_week(sign_in: SignIn) -> None:
    give(sign_in(ANALYST), *days())
    work()
    digest = the_file().sha256

    assert readings_files.forget_files(at=NOON + timedelta(days=6)) == 0
    assert readings_files.forget_files(at=NOON + timedelta(days=8)) == 1
    assert not evidence.is_kept(digest) and SourceReading.objects.count() == 3


def test_evidence_of_the_same_bytes_stays_when_a_file_is_forgotten(sign_in: SignIn) -> None:
    kept = lines_of(BytesIO(file(*days()))).kept()
    shown = published_before(attached=bringing.Attached("a.csv", BytesIO(kept)))
    give(sign_in(ANALYST), *days(), look="on")
    work()
    assert the_file().sha256 == shown.attached

    assert readings_files.forget_files(at=NOON + timedelta(days=8)) == 1
    assert evidence.content(shown.attached) == kept


def test_of_very_many_problems_the_first_are_kept_and_all_are_counted(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "KEPT", 10)
    client = sign_in(ANALYST)
    give(client, *days(20, measure="happiness", partner="Nowhere", grade="good", source="", value="none"))
    work()
    found = the_file()

    assert (len(found.refused), found.problems, found.bad_rows) == (10, 100, 20)
    assert len(json.dumps(found.outcome)) < 10_000
    assert sum("Write one of: calls" in one["problem"] for one in found.refused) == 1, "the list of measures, once"
    assert [one["problem"].endswith("Line 2 is told what there is.") for one in found.refused if one["line"] == 3][:2]
    page = client.get(found.get_absolute_url())
    assert "20 rows cannot be taken" in words(page) and "The first 10 problems as CSV" in words(page)
    assert b"".join(client.get(f"{found.get_absolute_url()}rows.csv")).count(b"\n") == 11


def test_a_post_has_three_files_at_once_and_the_same_is_one(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    for value in (1, 2, 3):
        give(client, *days(value=value))
    give(client, *days(value=3))
    assert ReadingsFile.objects.count() == Job.objects.filter(name="performance.bring_readings").count() == 3

    assert "the most at once" in words(give(client, *days(value=4))) and ReadingsFile.objects.count() == 3
    give(sign_in(LEAD), *days(partner="Southmere"))
    assert ReadingsFile.objects.count() == 4, "another post has its own"
    work()
    give(client, *days(value=4))
    assert ReadingsFile.objects.count() == 5


def test_the_page_takes_as_many_queries_for_many_bad_rows_as_for_few(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    found = []
    for count in (3, 20):
        give(client, *days(count, value="none"))
        work()
        found.append(queries_of(client, the_file().get_absolute_url()))

    assert found[0] == found[1] <= 12


def test_a_file_that_is_none_is_refused_at_once(sign_in: SignIn) -> None:
    page = sign_in(ANALYST).post("/readings/file/", {"file": SimpleUploadedFile("a.csv", b"measure,partner\nx,\n")})

    assert "The file has no column" in words(page) and not ReadingsFile.objects.exists()
    assert "A file of more than 2 rows is checked by a worker" in words(page)
