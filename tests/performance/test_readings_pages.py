"""The pages of readings: list, one with its thread, bringing, correcting, taking back; and figures made of them."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from commonhold.performance.acts import bringing
from commonhold.performance.models import OwnMeasure, SourceReading
from commonhold.performance.queries import brought
from tests import readings
from tests import universe as cast
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.reading import body_of, fields, links, words
from tests.readings import bring, enter, file, line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]

ANALYST, LEAD, MEMBER = "service-analyst", "client-lead-of-southmere", "committee-member-of-northgate"
JUNE = "?first=2026-06-01&last=2026-06-30"
ENTERED = {
    "measure": "site_visits", "partner": "southmere", "service": "", "site": "Town Hall", "threshold": "",
    "first-day": "1", "first-month": "6", "first-year": "2026",
    "last-day": "30", "last-month": "6", "last-year": "2026",
    "numerator": "", "denominator": "", "value": "412", "unit": "visits", "source": "Queue report",
    "grade": "counted by the source", "note": "",
}  # fmt: skip


def upload(content: bytes = b"%PDF-1.7\n", name: str = "report.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_without_any_reading_the_list_says_who_brings_them(sign_in: SignIn) -> None:
    page = sign_in(ANALYST).get("/readings/")

    assert "No readings yet" in words(page)
    assert {"Enter a reading", "Bring a file of readings"} <= set(links(page))
    assert "Enter a reading" not in links(sign_in(MEMBER).get("/readings/"))


def test_the_public_sees_what_packs_publish_and_no_reading(sign_in: SignIn) -> None:
    made = enter()
    page = sign_in("").get("/readings/")

    assert "Readings are published in packs" in words(page) and "412" not in words(page)
    taken = b"".join(sign_in("").get("/readings.csv").streaming_content).decode()
    assert taken.count("\n") == 1 and "412" not in taken
    assert sign_in("").get(made.get_absolute_url()).status_code == 404
    assert sign_in("").get(made.delivery.get_absolute_url()).status_code == 404
    assert "412" not in words(sign_in("").get("/figures/site-visits/" + JUNE))


def test_the_list_is_narrowed_down_and_taken_away(sign_in: SignIn) -> None:
    bring(line(), line(measure="calls_offered", first="2026-05-01", last="2026-05-31", value="900"))
    enter()
    browser = sign_in(MEMBER)
    everything, visits = browser.get("/readings/"), browser.get("/readings/?measure=site_visits")

    assert [text in words(everything) for text in ("1,200 calls", "900 calls", "412 visits")] == [True, True, True]
    assert "412 visits" in words(visits) and "1,200 calls" not in words(visits)
    assert "900 calls" not in words(browser.get("/readings/?first=2026-06-01"))
    assert "No such readings" in words(browser.get("/readings/?partner=northgate"))
    assert "there is no 'happiness'" in words(browser.get("/readings/?measure=happiness"))
    taken = b"".join(browser.get("/readings.csv?measure=site_visits").streaming_content).decode()
    assert taken.count("\n") == 2 and '"Southmere"' in taken and "1200" not in taken
    book = load_workbook(BytesIO(b"".join(browser.get("/readings.xlsx").streaming_content)))
    about = {str(name.value): value.value for name, value in book["About"].iter_rows(max_col=2)}
    assert about["Filters"] == "no filter"
    assert str(about["Definition"]).startswith("One row for each reading") and about["Known at entry"]


def test_the_list_is_paged_by_keys(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brought, "PAGE", 2)
    bring(*(line(first=f"2026-06-0{day}", last=f"2026-06-0{day}", value=str(day)) for day in range(1, 6)))
    first = sign_in(ANALYST).get("/readings/?measure=calls_offered")

    assert "5 calls" in words(first) and "3 calls" not in words(first)
    older = next(href for text, href in links(first).items() if text.startswith("Older"))
    second = sign_in(ANALYST).get("/readings/" + older)
    assert "3 calls" in words(second) and "measure=calls_offered" in older
    delivery = SourceReading.objects.latest("pk").delivery
    assert "3 calls" not in words(sign_in(ANALYST).get(delivery.get_absolute_url()))


def test_a_reading_shows_its_numbers_its_evidence_and_its_thread(sign_in: SignIn) -> None:
    made = enter()
    page = sign_in(LEAD).get(made.get_absolute_url())

    assert "412 visits, June 2026" in words(page)
    assert "Brought by Service analyst" in words(page) and "service-analyst" not in words(page)
    assert "Site Town Hall" in words(page) and "Who counted Counted by the source" in words(page)
    assert "What it was taken from: queue-report.pdf" in links(page)
    assert {"Correct it", "Take it back", "its thread", "the figure of these days"} <= set(links(page))
    kept = sign_in(LEAD).get(f"/readings/deliveries/{made.delivery_id}/attached")
    assert b"".join(kept.streaming_content).startswith(b"%PDF")
    other = sign_in(MEMBER).get(made.get_absolute_url())
    assert "412 visits" in words(other) and "Correct it" not in links(other)
    assert sign_in(MEMBER).get(f"/readings/deliveries/{made.delivery_id}/kept.csv").status_code == 404


@pytest.mark.parametrize(
    ("of", "opens", "shut"),
    [
        (("",), ("auditor-of-eastwell-vale", LEAD, MEMBER, ANALYST), ("",)),
        (("Southmere",), (LEAD, ANALYST), (MEMBER, "auditor-of-eastwell-vale", "")),
        (("", "Southmere"), (LEAD, ANALYST), (MEMBER, "auditor-of-eastwell-vale", "")),
        (("Northgate", "Southmere"), (ANALYST,), (LEAD, MEMBER, "auditor-of-eastwell-vale", "")),
    ],
)
def test_what_is_kept_of_a_file_is_for_whoever_reads_the_figure_but_for_one_partners_own(
    sign_in: SignIn, of: tuple[str, ...], opens: tuple[str, ...], shut: tuple[str, ...]
) -> None:
    bring(*(line(partner=name, service="" if name else "Email") for name in of))
    made = SourceReading.objects.first()
    assert made is not None
    kept = f"/readings/deliveries/{made.delivery_id}/kept.csv"

    for post in opens:
        assert sign_in(post).get(kept).status_code == 200, post
        assert "what is kept of it (CSV)" in links(sign_in(post).get(made.get_absolute_url())), post
        assert "what is kept of it (CSV)" in links(sign_in(post).get(made.delivery.get_absolute_url())), post
    for post in shut:
        assert sign_in(post).get(kept).status_code == 404, post
        assert "what is kept of it (CSV)" not in links(sign_in(post).get(made.get_absolute_url())), post


def test_what_a_reading_of_the_whole_service_was_taken_from_is_open_to_every_partner(sign_in: SignIn) -> None:
    made = enter(partner="")
    attached = f"/readings/deliveries/{made.delivery_id}/attached"

    for post in (LEAD, MEMBER, "auditor-of-eastwell-vale"):
        assert b"".join(sign_in(post).get(attached).streaming_content).startswith(b"%PDF")
        assert "What it was taken from: queue-report.pdf" in links(sign_in(post).get(made.get_absolute_url()))
    assert sign_in("").get(attached).status_code == 404


def test_a_file_is_looked_through_then_brought(sign_in: SignIn) -> None:
    browser = sign_in(ANALYST)
    looked = browser.post(
        "/readings/file/", {"file": upload(file(line(), line(partner="Westover")), "a.csv"), "look": "on"}
    )
    assert "3 partner Westover 'Westover' is no partner of this partnership" in words(looked)
    well = browser.post("/readings/file/", {"file": upload(file(line()), "a.csv"), "look": "on"})
    assert "It can be taken: 1 new reading, 0 corrected, 0 as before." in words(well)
    assert not SourceReading.objects.exists()

    bad = browser.post("/readings/file/", {"file": upload(file(line(value="12%")), "a.csv")})
    assert "1 row cannot be taken, so nothing was." in words(bad)
    assert "Line 2, value: '12%' is not a number" in words(bad)

    done = browser.post("/readings/file/", {"file": upload(file(line()), "a.csv")}, follow=True)
    assert "1 new readings" in words(done) or "1 new reading" in words(done)
    assert "1,200 calls" in words(done)
    again = browser.post("/readings/file/", {"file": upload(file(line()), "a.csv")}, follow=True)
    assert "1 as before" in words(again)


def test_a_reading_is_typed_with_its_evidence(sign_in: SignIn) -> None:
    browser = sign_in(LEAD)
    form = browser.get("/readings/new/?measure=site_visits")
    assert {"measure", "partner", "threshold", "value", "unit", "file"} <= fields(form)
    assert "Northgate" not in body_of(form).partition("<main")[2].partition("Service")[0]

    lacking = browser.post("/readings/new/", ENTERED)
    assert "Choose what it was taken from" in words(lacking)
    wrong = browser.post("/readings/new/", {**ENTERED, "value": "lots", "file": upload()})
    assert "'lots' is not a number" in words(wrong) and 'value="lots"' in body_of(wrong)

    done = browser.post("/readings/new/", {**ENTERED, "file": upload()}, follow=True)
    assert "The reading counts in every figure from now on." in words(done)
    assert "412 visits, June 2026" in words(done)


def test_a_client_lead_types_none_of_another_partner(sign_in: SignIn) -> None:
    browser = sign_in(LEAD)

    others = browser.post("/readings/new/", {**ENTERED, "partner": "northgate", "file": upload()})
    assert others.status_code == 200 and "Select one of the choices given" in words(others)
    missing = browser.post("/readings/new/", {**ENTERED, "partner": "", "file": upload()})
    assert missing.status_code == 200 and "Error: " in body_of(missing)
    assert not SourceReading.objects.exists()


@pytest.mark.parametrize("address", ["/readings/new/", "/comparators/new/"])
def test_a_client_lead_s_form_begins_at_their_own_partner(sign_in: SignIn, address: str) -> None:
    theirs, all_ = body_of(sign_in(LEAD).get(address)), body_of(sign_in(ANALYST).get(address))

    assert '<option value="southmere" selected>' in theirs and "The whole service" not in theirs
    assert "The whole service" in all_


def test_a_reading_is_corrected_and_the_correction_taken_back(sign_in: SignIn) -> None:
    made, browser = enter(), sign_in(LEAD)
    form = browser.get(f"{made.get_absolute_url()}correct/")
    assert 'value="412"' in body_of(form)
    said = {"value": "421", "unit": "visits", "source": "Queue report", "grade": "stated"}
    assert "Answer the question" in words(browser.post(f"{made.get_absolute_url()}correct/", said))

    done = browser.post(f"{made.get_absolute_url()}correct/", {**said, "reason": "Swapped"}, follow=True)
    assert "421 visits, June 2026" in words(done) and "It corrects reading" in words(done)
    old = words(browser.get(made.get_absolute_url()))
    assert "Corrected since, so it does not count." in old and "421 visits" in old

    right = SourceReading.objects.latest("pk")
    back = browser.post(f"{right.get_absolute_url()}take-back/", {"reason": "They were right"}, follow=True)
    assert "Taken back, so it does not count: They were right" in words(back)
    assert "Corrected since" not in words(browser.get(made.get_absolute_url()))
    assert browser.get(f"{right.get_absolute_url()}correct/").status_code == 200
    refused = browser.post(f"{right.get_absolute_url()}take-back/", {"reason": "Again"})
    assert "corrected or taken back before" in words(refused)


def test_figures_stand_beside_those_of_tickets(sign_in: SignIn) -> None:
    bring(line(), line(measure="calls_answered", value="", numerator="900", denominator="1200", partner="Southmere"))
    seen = words(sign_in(MEMBER).get("/figures/" + JUNE))

    assert "Brought as readings, June 2026" in seen
    assert "Calls offered 1,200 calls" in seen and "75.0%" in seen and "counted by the source" in seen
    assert words(sign_in(MEMBER).get("/figures/")).count("June 2026") >= 1


def test_a_measure_of_readings_has_its_page(sign_in: SignIn) -> None:
    bring(
        line(measure="audit_actions_overdue", unit="actions", value="9", threshold="0", partner="Southmere"),
        line(measure="audit_actions_overdue", unit="actions", value="4", threshold="90", partner="Southmere"),
        line(measure="satisfaction", unit="score", value="4.7", denominator="30", threshold="5", site="Town Hall"),
        line(measure="satisfaction", unit="score", value="4.1", denominator="10", threshold="5", site="Town Hall",
             first="2026-04-01", last="2026-04-30"),
    )  # fmt: skip
    browser = sign_in(MEMBER)
    overdue, satisfied = browser.get("/figures/audit-actions-overdue/"), words(browser.get("/figures/satisfaction/"))

    assert "By threshold" in words(overdue) and "by more than 90 days 4 actions" in words(overdue)
    assert "see them by threshold" in words(overdue)
    assert "4.7 , June 2026: evidence (30 returns) stated" in satisfied.replace("counted by the source", "stated")
    assert "By site Site Whole service Town Hall 4.7" in satisfied
    assert "How it went" in satisfied and "April 2026" in satisfied
    assert "No readings yet" in words(browser.get("/figures/vacancies/"))
    spring = words(browser.get("/figures/satisfaction/?first=2026-04-01&last=2026-06-30"))
    assert "Told in part: 60 of 91 days; missing 1 May 2026 to 31 May 2026" in spring
    assert "Worked out from means that were rounded" in spring


def test_the_evidence_of_a_figure_opens_onto_its_readings_and_the_kept_file(sign_in: SignIn) -> None:
    bring(line())
    browser = sign_in(MEMBER)
    href = next(h for text, h in links(browser.get("/figures/calls-offered/" + JUNE)).items() if "1,200" in text)
    page = browser.get(href)

    assert "The readings in it 1 reading." in words(page)
    made = SourceReading.objects.get()
    assert links(page)[f"Reading {made.pk}"] == made.get_absolute_url()
    assert made.delivery.sha256 in words(page) and "Compute it again" not in words(page)
    assert browser.post(href).status_code == 200
    assert sign_in("").get(href).status_code == 403
    assert browser.get(href.replace("calls_offered.v1", "calls_offered.v9")).status_code == 400
    assert browser.get(f"/rows.csv/{href.partition('/evidence/')[2]}").status_code == 400


def test_a_measure_is_declared_and_stands_among_the_others(sign_in: SignIn) -> None:
    browser = sign_in(ANALYST)
    said = {
        "name": "training_days", "title": "Days of training", "adding": "sum", "unit": "days", "counted_in": "Days",
        "better": "higher", "formula": "Days in training.", "leaves_out": "Work.",
        "effective_from-day": "1", "effective_from-month": "1", "effective_from-year": "2026",
    }  # fmt: skip
    assert "A measure's name is of small letters" in words(browser.post("/measures/new/", {**said, "name": "No No"}))

    done = browser.post("/measures/new/", said, follow=True)
    assert "Days of training" in words(done) and "own_training_days.v1" in words(done)
    assert sign_in("").get("/figures/own-training-days/").status_code == 200
    assert sign_in(LEAD).get("/measures/new/").status_code == 403
    again = {**said, "effective_from-month": "3", "reason": "Half days count"}
    assert "Version 2, in force from 1 March 2026 . Why: Half days count" in words(
        browser.post("/measures/own_training_days/new/", again, follow=True)
    )
    assert OwnMeasure.objects.count() == 2


def test_the_pages_take_as_many_queries_for_one_reading_as_for_three(sign_in: SignIn) -> None:
    browser = sign_in(ANALYST)
    bring(line(partner="Southmere"))
    pages = ("/readings/", "/figures/calls-offered/" + JUNE, "/figures/" + JUNE)
    one = [queries_of(browser, page) for page in pages]
    bring(line(partner="Northgate"), line(partner="Eastwell Vale"))

    assert [queries_of(browser, page) for page in pages] == one == [7, 11, 11]


def test_what_was_typed_is_kept_as_evidence_once(sign_in: SignIn) -> None:
    made = readings.enter()
    found = b"".join(sign_in(ANALYST).get(f"/readings/deliveries/{made.delivery_id}/kept.csv").streaming_content)

    assert BytesIO(found).read().startswith(b"measure,partner,service,site,threshold,from,to")


def test_days_of_which_readings_tell_can_have_their_tickets_counted_too(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    rows = b"measure,partner,service,from,to,numerator,denominator,value,unit,source,note\n"
    bringing.bring(
        by=cast.somebody("service-analyst"),
        stream=BytesIO(rows + b"site_visits,Southmere,,2026-06-23,2026-06-29,,,12,visits,Reception,\n"),
    )
    page = sign_in("managing-director").get("/figures/?first=2026-06-23&last=2026-06-29")

    assert "from the readings that were brought" in words(page) and "Compute them" in words(page)
