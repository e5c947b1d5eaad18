"""The page on which a file is brought: who may, what it asks for, and errors in plain words."""

import errno
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commonhold.demand.models import Batch, Upload
from commonhold.ledger import evidence
from tests.demand.bringing import HOLDS, SAMPLES, bring, events
from tests.demand.conftest import SignIn
from tests.reading import body_of, fields, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
ANALYST = "service-analyst"
GOOD = events("SD1,2026-06-01T08:00Z,open")


def brought(client: Client, content: str = GOOD, **told: Any) -> Any:
    file = SimpleUploadedFile("tickets.csv", content.encode())
    return client.post("/imports/new/", {"file": file, "mapping": "canonical", "tolerate": "0.01", **told})


@pytest.mark.parametrize("post", ["service-analyst", "service-manager"])
def test_those_who_bring_files_are_asked_for_one(sign_in: SignIn, post: str) -> None:
    page = sign_in(post).get("/imports/new/")

    asked = {"file", "mapping", "own_mapping", "partners", "time_zone", "tolerate"}
    assert asked <= fields(page)
    assert 'value="0.01"' in body_of(page)


@pytest.mark.parametrize("post", ["", "client-lead-of-southmere", "managing-director"])
def test_others_are_told_who_does_and_their_file_is_not_taken(sign_in: SignIn, post: str) -> None:
    client = sign_in(post)
    page = client.get("/imports/new/")
    assert "Service analysts and service managers bring ticket files" in words(page)
    assert "file" not in fields(page)

    assert brought(client).status_code in (302, 403, 404)
    assert not Upload.objects.exists()


def test_a_file_is_looked_through_and_only_what_is_mapped_is_kept(sign_in: SignIn) -> None:
    content = events("SD1,2026-06-01T08:00Z,open,secret words", headings="reference,event_at,state,description")

    answer = brought(sign_in(ANALYST), content)

    upload = Upload.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/imports/uploads/{upload.pk}/")
    with evidence.opened(upload.sha256) as kept:
        assert b"secret words" not in kept.read()
    assert (upload.rows, upload.post) == (1, ANALYST)
    assert not Batch.objects.exists()


def test_a_mapping_and_a_map_of_partners_of_one_s_own(sign_in: SignIn) -> None:
    mapping = (
        b'kind = "events"\ntime_zone = "Europe/London"\n[columns]\nreference = "ref"\nevent_at = "when"\n'
        b'state = "what"\npartner = "where"\n[states]\n"New" = "open"\n'
    )
    told = {
        "mapping": "own",
        "own_mapping": SimpleUploadedFile("our-desk.toml", mapping),
        "partners": SimpleUploadedFile("map.csv", b"value,partner\nDepot,Southmere\n"),
    }
    answer = brought(sign_in(ANALYST), "ref,when,what,where\nA1,2026-06-01T08:00,New,Depot\n", **told)

    upload = Upload.objects.get()
    assert answer.status_code == 302
    assert (upload.mapping, upload.rehearsal["tickets"]["new"]) == ("our-desk", 1)
    assert "Depot" in upload.partners_text


def test_a_mapping_file_may_have_a_name_of_any_length(sign_in: SignIn) -> None:
    mapping = b'kind = "events"\n[columns]\nreference = "reference"\nevent_at = "event_at"\nstate = "state"\n'
    own = SimpleUploadedFile(f"{'long' * 50}.toml", mapping + b'[states]\nopen = "open"\n')

    answer = brought(sign_in(ANALYST), mapping="own", own_mapping=own)

    assert answer.status_code == 302
    assert Upload.objects.get().mapping == "long" * 25


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"file": ""}, "Choose ticket file"),
        ({"mapping": ""}, "Which desk does it come from"),
        ({"mapping": "own"}, "Choose the mapping file"),
        ({"mapping": "crystal-ball"}, "Select one of the choices given"),
        ({"tolerate": "2"}, "Share of rows that may be left out"),
        ({"tolerate": "a few"}, "Share of rows that may be left out must be a number, like 0.05"),
        ({"time_zone": "Atlantis/Sea"}, "Atlantis/Sea"),
    ],
)
def test_what_makes_no_sense_is_said_in_plain_words(sign_in: SignIn, told: dict[str, str], said: str) -> None:
    page = brought(sign_in(ANALYST), **told)
    seen = words(page)

    assert page.status_code == 200 and seen.startswith("There is a problem")
    assert said in seen.partition("Bring a ticket file")[0], seen
    assert not Upload.objects.exists()


def test_a_file_of_holds_is_looked_through_and_imported(sign_in: SignIn) -> None:
    bring(GOOD)
    client = sign_in(ANALYST)

    own = SimpleUploadedFile("ours.toml", HOLDS.encode())
    rows = "reference,from,to\nSD1,2026-06-01T09:00Z,\n"
    told = {"tells": "every-hold", "exported_at": "2026-06-30T12:00:00+01:00"}
    page = brought(client, rows, mapping="own", own_mapping=own, **told)

    assert page.status_code == 302
    upload = Upload.objects.get()
    assert (upload.rehearsal["tickets"]["changed"], upload.exported_at.isoformat()) == (1, "2026-06-30T11:00:00+00:00")
    assert '"complete":true' in upload.mapping_text


def test_a_moment_that_is_none_is_said_in_plain_words(sign_in: SignIn) -> None:
    page = brought(sign_in(ANALYST), exported_at="yesterday")
    assert "'yesterday' is no instant such as" in words(page).partition("Bring a ticket file")[0]


def test_problems_of_many_rows_are_said_once_each_with_their_lines(sign_in: SignIn) -> None:
    lines = [f"SD{n},2026-06-01T08:00Z,pondering" for n in range(20)]
    seen = words(brought(sign_in(ANALYST), events(*lines, "SD99,never,open")))

    assert "20 rows (lines 2, 3, 4, 5, 6 and 15 more), state: 'pondering'" in seen
    assert "Line 22, event_at: 'never' is no date" in seen


def test_a_full_disk_is_said_and_nothing_is_kept(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(file: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(evidence, "keep", no_room)
    page = brought(sign_in(ANALYST))

    assert "There is no room left on the disk. The file was not looked through." in words(page)
    assert not Upload.objects.exists()


def test_a_file_that_would_be_read_as_by_another_desk_says_what_is_missing(sign_in: SignIn) -> None:
    seen = words(brought(sign_in(ANALYST), (SAMPLES / "canonical.csv").read_text(), mapping="hornbill"))

    assert "There is a problem" in seen and "h_pk_reference" in seen


@pytest.mark.parametrize("post", ["", ANALYST])
def test_it_takes_few_queries(sign_in: SignIn, post: str, queries_of: Callable[[Client, str], int]) -> None:
    assert queries_of(sign_in(post), "/imports/new/") == (4 if post else 2)
