"""A mapping built on screen from a file: proposals, each step, what is kept of the file, and what is refused."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commonhold.demand.acts import uploads
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine.mapping import BUILT_IN
from commonhold.demand.models import SavedMapping, Sketch, Upload
from commonhold.ledger import evidence
from commonhold.ledger.models import Entry
from tests.demand.bringing import SAMPLES
from tests.demand.conftest import SignIn
from tests.demand.filled import Sent, filled
from tests.demand.reading import Taken
from tests.reading import body_of, words
from tests.universe import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
ANALYST = "service-analyst"
OWN = (
    "Ticket No;Status;Logged;Fixed;Council;Resolver Group;Priority;Caller;Description;Assigned To\n"
    "T-1;Brand new;01/06/2026 08:00;;Southmere;Desk;Very low;A resident;Text that nobody needs;Ivo Penn\n"
    "T-2;Awaiting reply from user;02/06/2026 09:30;;Northgate;Net Works Ltd;Urgent;A resident;Text;Ivo Penn\n"
    "T-3;All done;03/06/2026 10:00;04/06/2026 11:00;Elsewhere;Desk;Urgent;A resident;Text;Wren Alder\n"
)


def upload_of(content: str | bytes, name: str = "t.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def begun(client: Client, content: str | bytes = OWN, **told: Any) -> Any:
    return client.post("/mappings/build/", {"file": upload_of(content), **told})


def the_sketch() -> Sketch:
    return Sketch.objects.latest("pk")


def with_columns(client: Client, content: str | bytes = OWN, **changes: Any) -> Any:
    page = begun(client, content)
    assert page.status_code == 200, page
    sent: Sent = {**filled(page), **changes}
    return client.post(f"/mappings/build/{the_sketch().pk}/columns/", {**sent, "file": upload_of(content)})


def gone_on(client: Client, step: str, **changes: Any) -> Any:
    address = f"/mappings/build/{the_sketch().pk}/{step}/"
    return client.post(address, {**filled(client.get(address)), **changes})


CHOSEN = {
    "column_reference": "Ticket No", "column_state": "Status", "column_opened_at": "Logged",
    "column_resolved_at": "Fixed", "column_partner": "Council", "column_team": "Resolver Group",
    "column_priority": "Priority", "column_assignee": "Assigned To", "desk": "Own desk", "kind": "tickets",
}  # fmt: skip


@pytest.mark.parametrize("name", BUILT_IN)
def test_what_is_proposed_for_a_known_tools_file_reads_it_as_its_own_mapping_does(sign_in: SignIn, name: str) -> None:
    """With nothing changed but the desk's name and a tick; then the saved mapping against the built-in."""
    content = (SAMPLES / f"{name}.csv").read_bytes()
    client = sign_in(ANALYST)
    assert with_columns(client, content, desk=name, sure="on").status_code == 302
    assert gone_on(client, "words").status_code == 302
    assert gone_on(client, "dates").url.endswith("/check/")
    answer = gone_on(client, "check", name="built-here")
    row = SavedMapping.objects.get()
    assert answer.url in (
        f"/imports/uploads/{Upload.objects.latest('pk').pk}/" if Upload.objects.exists() else "",
        row.get_absolute_url(),
    )

    own, built_in = Taken(content, row.mapping()), Taken(content, mappings.built_in(name))
    unlike = {"digest"}
    assert [{k: v for k, v in line.items() if k not in unlike} for line in own.rows] == [
        {k: v for k, v in line.items() if k not in unlike} for line in built_in.rows
    ]
    assert own.report.refused == built_in.report.refused


def test_a_file_of_a_desk_of_ones_own_the_whole_way(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    page = begun(client)
    seen = words(page)
    assert "Step" not in seen and "step 1 of 4" in seen
    assert "These look as if they held people: Caller, Assigned To" in seen
    assert "A resident" not in seen and "Ivo Penn" not in seen, "the first rows are shown without people"
    assert "Text that nobody needs" in seen
    proposed = filled(page)
    assert (proposed["column_state"], proposed["column_priority"]) == ("Status", "Priority")
    assert proposed["column_opened_at"] == "Logged"

    assert with_columns(client, **CHOSEN).url.endswith("/words/")
    sketch = the_sketch()
    assert sketch.words["state"] == [["Brand new", 1], ["Awaiting reply from user", 1], ["All done", 1]]
    with evidence.opened(sketch.sha256) as kept:
        reduced = kept.read().decode()
    for word in ("resident", "Text", "Ivo Penn", "Wren"):
        assert word not in reduced and word not in json.dumps(sketch.words) + json.dumps(sketch.samples)

    page = client.get(f"/mappings/build/{sketch.pk}/words/")
    proposed = filled(page)
    states = [word for word, _ in sketch.words["state"]]
    means = {word: proposed[f"states_{place}"] for place, word in enumerate(states)}
    assert means == {"Brand new": "open", "Awaiting reply from user": "on_hold", "All done": "resolved"}
    assert proposed["why_1"] == "awaiting_customer"
    priorities = {word: proposed[f"priorities_{place}"] for place, (word, _) in enumerate(sketch.words["priority"])}
    assert priorities == {"Urgent": "P1", "Very low": "P5"}
    assert "Elsewhere 1 no: bring a map of partners with the file" in words(page)
    assert "Southmere 1 yes" in words(page)

    answer = gone_on(client, "words", team_1="supplier")
    assert "Enter the name of the supplier" in words(answer)
    assert filled(answer)["team_1"] == "supplier", "nothing that was said is lost"
    assert gone_on(client, "words", team_1="supplier", supplier_1="Net Works Ltd").url.endswith("/dates/")

    page = client.get(f"/mappings/build/{sketch.pk}/dates/")
    assert filled(page)["dates"] == "%d/%m/%Y %H:%M"
    assert "could also be read with the month first" in words(page)
    assert "01/06/2026 08:00 1 June 2026" in words(page).replace("\xa0", " ")
    assert gone_on(client, "dates", time_zone="Europe/London").url.endswith("/check/")

    page = client.get(f"/mappings/build/{sketch.pk}/check/")
    assert "Tickets that are new 2" in words(page), "one row names nobody who is a partner"
    assert "is no partner of this partnership" in words(page)
    before = Entry.objects.count()
    answer = gone_on(client, "check", name="own-desk")
    row = SavedMapping.objects.get()
    assert (row.name, row.version, row.why) == ("own-desk", 1, "Built from a file of 3 rows.")
    assert Entry.objects.count() == before + 1
    assert answer.url == "/mappings/own-desk/1/", "with a third of its rows left out the file itself is refused"
    again = gone_on(client, "check", name="own-desk")
    assert "This says the same as own-desk, version 1" in words(again)
    found = row.mapping()
    assert found.teams == {"Desk": "service", "Net Works Ltd": "supplier: Net Works Ltd"}
    assert found.hold_reasons == {"Awaiting reply from user": "awaiting_customer"}
    assert found.optional == {"resolved_at", "partner", "team", "priority", "assignee"}


def test_the_reduced_file_can_be_imported_at_once(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    content = OWN.replace("Elsewhere", "Southmere")
    with_columns(client, content, **CHOSEN)
    gone_on(client, "words")
    gone_on(client, "dates", time_zone="Europe/London")
    answer = gone_on(client, "check", name="own-desk")
    upload = Upload.objects.get()
    assert answer.url == f"/imports/uploads/{upload.pk}/"
    assert (upload.mapping, upload.rows, upload.rehearsal["tickets"]["new"]) == ("own-desk", 3, 3)


def test_columns_that_are_chosen_no_longer_are_not_kept_either(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    with_columns(client, **CHOSEN)
    sketch = the_sketch()
    address = f"/mappings/build/{sketch.pk}/columns/"
    sent = {**filled(client.get(address)), "column_partner": "", "file": upload_of(OWN)}
    assert client.post(address, sent).status_code == 302
    assert not evidence.is_kept(sketch.sha256) and evidence.is_kept(the_sketch().sha256)


def test_of_the_first_step_only_headings_are_kept(sign_in: SignIn) -> None:
    digests = set(evidence.all_digests())
    begun(sign_in(ANALYST))
    sketch = the_sketch()
    kept = {field.name: getattr(sketch, field.name) for field in Sketch._meta.concrete_fields}
    assert "T-1" not in str(kept) and "Southmere" not in str(kept)
    assert set(evidence.all_digests()) == digests


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"column_reference": ""}, "Select the column: the ticket's own reference"),
        ({"column_category": "Caller"}, "'Caller' looks as if it held people: choose another, or tick below"),
        ({"column_category": "Description"}, "'Description' looks as if it held free text"),
        ({"column_category": "Assigned To", "sure": "on"}, "This column holds the person: no other may read it"),
        ({"kind": "events"}, "Select the column: when the event happened"),
        ({"column_team": "Nothing like it"}, "Select one of the choices given"),
        ({"desk": ""}, "Enter"),
        ({"column_priority": "Logged"}, ""),
    ],
)
def test_columns_that_cannot_be_are_said_and_the_first_rows_stay_in_sight(
    sign_in: SignIn, changes: dict[str, str], problem: str
) -> None:
    answer = with_columns(sign_in(ANALYST), **{**CHOSEN, **changes})
    if not problem:
        assert answer.status_code == 302
        return
    assert problem in words(answer)
    assert "The file's first rows" in words(answer)
    assert filled(answer)["column_state"] == "Status"
    assert not the_sketch().sha256


def test_a_column_of_very_many_words_is_no_state(sign_in: SignIn) -> None:
    content = "id,state,opened\n" + "".join(f"A{n},word {n},2026-06-01\n" for n in range(101))
    told = {"column_reference": "id", "column_state": "state", "column_opened_at": "opened", "desk": "d"}
    answer = with_columns(sign_in(ANALYST), content, **told, kind="tickets")
    assert "'state' has 101 different words, too many to be the state of tickets" in words(answer)


@pytest.mark.parametrize(
    ("content", "problem"),
    [("", "The file is empty"), ("%PDF-1.7", "This is a PDF"), ("a,b\n", "no rows"), ('[{"a": 1}', "cut short")],
)
def test_what_is_no_table_is_refused_at_the_first_step(sign_in: SignIn, content: str, problem: str) -> None:
    assert problem in words(begun(sign_in(ANALYST), content))
    assert not Sketch.objects.exists()


def test_another_file_at_the_second_step_is_refused_by_its_headings(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    sent = {**filled(begun(client)), **CHOSEN, "file": upload_of("a,b\n1,2\n")}
    answer = client.post(f"/mappings/build/{the_sketch().pk}/columns/", sent)
    assert "This file has no 'Ticket No'" in words(answer)
    assert not the_sketch().sha256


def test_dates_that_make_no_sense_are_said_and_nothing_is_lost(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    with_columns(client, **CHOSEN)
    gone_on(client, "words")
    answer = gone_on(client, "dates", dates="%Q", time_zone="Europe/Camelot")
    assert "'%Q' is no form of date" in words(answer) and "'Europe/Camelot' is no time zone" in words(answer)
    assert filled(answer)["dates"] == "%Q"
    answer = gone_on(client, "dates", look="yes", dates="%m/%d/%Y %H:%M", time_zone="UTC")
    assert answer.url.endswith("/dates/")
    assert "6 January 2026" in words(client.get(answer.url)).replace("\xa0", " ")


def test_a_verdict_by_its_words_and_a_total_in_hours(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    content = "id,state,opened,sla,held\nA1,New,2026-06-01 08:00,Kept,1.5\nA2,New,2026-06-01 08:00,Broken,2\n"
    told = {
        "column_reference": "id", "column_state": "state", "column_opened_at": "opened", "desk": "d",
        "column_source_verdict": "sla", "column_held_minutes": "held",
    }  # fmt: skip
    assert with_columns(client, content, **told, kind="tickets").status_code == 302
    gone_on(client, "words")
    answer = gone_on(client, "dates", verdict="words", time_zone="UTC")
    assert "Select at least one word that means met" in words(answer)
    gone_on(client, "dates", verdict="words", verdict_true=["Kept"], held_unit="hours", time_zone="UTC")
    gone_on(client, "check", name="d")
    taken = Taken(content, SavedMapping.objects.get().mapping())
    assert taken.column("source_verdict") == [True, False]
    assert taken.column("held_minutes") == [90, 120]


def test_steps_are_taken_in_their_order(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    begun(client)
    number = the_sketch().pk
    for step, leads in (("words", "columns"), ("dates", "words"), ("check", "columns")):
        assert client.get(f"/mappings/build/{number}/{step}/").url == f"/mappings/build/{number}/{leads}/"
    assert "shown only right after the file was chosen" in words(client.get(f"/mappings/build/{number}/columns/"))


def test_a_preview_that_somebody_made_up_is_not_shown(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    begun(client)
    answer = client.post(f"/mappings/build/{the_sketch().pk}/columns/", {"preview": '{"rows": [["<script>"]]}'})
    assert "The file's first rows" not in words(answer) and "<script>" not in body_of(answer)


@pytest.mark.parametrize("post", ["", "client-lead-of-southmere", "managing-director"])
def test_others_build_none(sign_in: SignIn, post: str) -> None:
    begun(sign_in(ANALYST))
    client = sign_in(post)
    assert begun(client).status_code in (302, 403)
    for step in ("columns", "words", "dates", "check"):
        assert client.get(f"/mappings/build/{the_sketch().pk}/{step}/").status_code in (302, 403)
    assert Sketch.objects.count() == 1


def test_a_sketch_is_its_makers_own(sign_in: SignIn) -> None:
    begun(sign_in(ANALYST))
    assert sign_in("service-manager").get(f"/mappings/build/{the_sketch().pk}/columns/").status_code == 404


def test_sketches_of_a_week_ago_are_forgotten_with_what_was_kept_for_them(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    with_columns(client, **CHOSEN)
    digest = the_sketch().sha256
    uploads.forget_uploads(at=NOON + timedelta(days=6))
    assert Sketch.objects.exists() and evidence.is_kept(digest)
    uploads.forget_uploads(at=NOON + timedelta(days=8))
    assert not Sketch.objects.exists() and not evidence.is_kept(digest)


def test_the_first_page_takes_few_queries(sign_in: SignIn, queries_of: Callable[[Client, str], int]) -> None:
    assert queries_of(sign_in(ANALYST), "/mappings/build/") == 4
