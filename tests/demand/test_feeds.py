"""Feeds: set up, changed and stopped on the record; files sent to them, imported once, refused in plain words."""

import errno
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client, RequestFactory
from pytest_django import Settings

from commonhold.demand.acts import feeding, feeds
from commonhold.demand.engine import mapping
from commonhold.demand.models import Batch, Feed, FeedFile, FeedVersion, Ticket
from commonhold.demand.queries import feeds as queries
from commonhold.demand.views.feeding import Whole
from commonhold.jobs.models import Job, State
from commonhold.ledger import evidence
from commonhold.ledger.models import Entry
from commonhold.partnership.acts import people
from commonhold.partnership.models import Appointment, Told
from commonhold.performance.acts.bringing import Attached
from commonhold.refusals import NotAllowed, Refused
from tests.demand.feeds import LEAD, file, packed, put, set_up, setting, token, work
from tests.readings import published_before
from tests.universe import NOON, TODAY, browser_of, somebody

pytestmark = pytest.mark.usefixtures("universe", "db", "noon")


@pytest.fixture
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(autouse=True)
def no_attempts_yet(settings: Settings) -> Iterator[None]:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    yield


def newest() -> Entry:
    return Entry.objects.order_by("-number")[0]


# Setting up


def test_a_feed_is_set_up_in_a_version_that_leaves_an_entry_without_words() -> None:
    version = set_up()
    entry = newest()

    assert (entry.kind, entry.subject) == ("feed.made", f"feedversion/{version.pk}")
    assert entry.facts["feed"] == "service-desk"
    assert entry.facts["mapping"] == mapping.built_in("canonical").digest
    assert LEAD not in str(entry.facts)
    assert (version.number, version.posts) == (1, sorted([LEAD, "service-analyst"]))


def test_a_change_is_a_version_because_of_the_one_before_and_an_older_edition_is_refused() -> None:
    first = set_up()
    by = somebody("service-manager")
    second = feeds.change_feed(by=by, feed=first.feed, setting=setting(tolerate=0.05), reason="More slips.", edition=1)

    assert (newest().kind, newest().because) == ("feed.changed", [first.entry.number])
    assert (second.number, second.tolerate, FeedVersion.objects.get(number=1).tolerate) == (2, 0.05, 0.01)
    with pytest.raises(Refused, match="Somebody saved"):
        feeds.change_feed(by=by, feed=first.feed, setting=setting(), reason="Again.", edition=1)
    with pytest.raises(Refused, match="Say why"):
        feeds.change_feed(by=by, feed=first.feed, setting=setting(), reason=" ", edition=2)


def test_a_stopped_feed_takes_nothing_and_can_go_on() -> None:
    first, text = set_up(), token()
    by = somebody("service-analyst")
    stopped = feeds.stop_feed(by=by, feed=first.feed, reason="The desk moves.", edition=1)

    assert (newest().kind, stopped.stopped, stopped.number) == ("feed.stopped", True, 2)
    assert put(file("F1"), text=text).status_code == 403
    assert queries.standing(NOON + timedelta(days=9)) == []
    with pytest.raises(Refused, match="stopped already"):
        feeds.stop_feed(by=by, feed=first.feed, reason="Again.", edition=2)
    feeds.change_feed(by=by, feed=first.feed, setting=setting(), reason="It has moved.", edition=2)
    assert put(file("F1"), text=text).status_code == 202


def test_one_desk_has_one_feed() -> None:
    first = set_up()
    with pytest.raises(Refused, match="has a feed already: service-desk"):
        set_up("another")
    feeds.stop_feed(by=somebody("service-analyst"), feed=first.feed, reason="Replaced.", edition=1)
    set_up("another")
    with pytest.raises(Refused, match="has a feed already: another"):
        feeds.change_feed(by=somebody("service-analyst"), feed=first.feed, setting=setting(), reason="Back.", edition=2)


@pytest.mark.parametrize(
    ("name", "wrong", "words"),
    [
        ("Service Desk", {}, "small letters"),
        ("", {}, "small letters"),
        ("../x", {}, "small letters"),
        ("d" * 61, {}, "small letters"),
        ("desk", {"posts": ()}, "Name a post"),
        ("desk", {"posts": ("nobody",)}, "no post 'nobody'"),
        ("desk", {"time_zone": "Mars/Olympus"}, "no time zone"),
        ("desk", {"tolerate": 1.5}, "from 0 to 1"),
    ],
)
def test_what_is_no_feed_is_refused(name: str, wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        set_up(name, **wrong)
    assert not Feed.objects.exists()


def test_who_does_not_bring_files_sets_up_no_feed() -> None:
    for post in (LEAD, "administrator-of-southmere", "governance-officer-of-northgate"):
        with pytest.raises(NotAllowed):
            feeds.set_up_feed(by=somebody(post), name="desk", setting=setting())


# Bringing


def test_a_file_is_received_imported_by_a_job_and_its_bytes_go() -> None:
    version, text = set_up(), token()
    answer = put(file("F1", "F2"), text=text)
    row = FeedFile.objects.get()

    assert (answer.status_code, row.state, row.through, row.post) == (202, "waiting", "a token", LEAD)
    assert answer["Location"].endswith(f"/feeds/service-desk/files/{row.pk}/")
    assert evidence.is_kept(row.sha256)
    assert Job.objects.get(name="demand.import_fed").arguments == {"feed": version.feed_id}

    work(version.feed_id)
    row.refresh_from_db()

    assert (row.state, row.rows, row.problem) == ("imported", 2, "")
    assert set(Ticket.objects.filter(reference__in=["F1", "F2"]).values_list("reference", flat=True)) == {"F1", "F2"}
    entry = newest()
    assert (entry.kind, entry.post, entry.through) == ("tickets.imported", LEAD, "a token")
    assert entry.because == [version.entry.number]
    assert entry.facts["feed"] == "service-desk"
    batch = Batch.objects.get(number=row.batch)
    assert row.sha256 == batch.sha256 or not evidence.is_kept(row.sha256), "the bytes as they came are not kept (D1)"
    assert evidence.is_kept(batch.sha256)


def test_a_file_packed_with_gzip_is_read() -> None:
    version = set_up()
    assert put(packed(file("F1")), text=token()).status_code == 202
    work(version.feed_id)

    assert FeedFile.objects.get().state == "imported"
    assert not evidence.is_kept(FeedFile.objects.get().sha256)


def test_the_same_file_again_says_so_and_is_taken_once() -> None:
    version, text = set_up(), token()
    put(file("F1"), text=text)
    waits = put(file("F1"), text=text)
    work(version.feed_id)
    known = put(file("F1"), text=text)

    assert [answer.status_code for answer in (waits, known)] == [200, 200]
    assert "came already" in known.content.decode()
    assert FeedFile.objects.count() == 1


def test_files_that_come_while_another_waits_take_their_turn() -> None:
    version, text = set_up(), token()
    for number in range(3):
        assert put(file(f"F{number}"), text=text).status_code == 202
    assert Job.objects.filter(name="demand.import_fed", state=State.ASKED).count() == 1

    work(version.feed_id)

    assert list(FeedFile.objects.order_by("pk").values_list("state", flat=True)) == ["imported"] * 3
    batches = list(FeedFile.objects.order_by("pk").values_list("batch", flat=True))
    assert batches == sorted(batches)
    assert work(version.feed_id) == "Nothing waited"


def test_a_file_in_which_nothing_is_new_has_come_all_the_same() -> None:
    version, text = set_up(), token()
    put(file("F1"), text=text)
    put(packed(file("F1")), text=text)
    work(version.feed_id)

    assert list(FeedFile.objects.order_by("pk").values_list("state", flat=True)) == ["imported", "known"]


def test_too_many_bad_rows_are_refused_and_people_are_told() -> None:
    version, text = set_up(), token()
    put(file("F1", opened="yesterday"), text=text)
    before = Entry.objects.count()
    work(version.feed_id)
    row = FeedFile.objects.get()

    assert (row.state, row.batch) == ("refused", None)
    assert "yesterday" in row.problem
    assert not evidence.is_kept(row.sha256)
    assert Entry.objects.count() == before
    told = Told.objects.filter(subject=f"feedversion/{version.pk}", why__contains="was refused")
    posts = {"service-analyst", "service-manager", LEAD}
    assert {one.person_id for one in told} == {somebody(post).person for post in posts}
    assert put(file("F1", opened="yesterday"), text=text).status_code == 202, "one that was refused can be sent again"


def test_evidence_of_the_same_bytes_stays_when_a_file_was_read() -> None:
    version, text, content = set_up(), token(), file("F1", opened="yesterday")
    shown = published_before(attached=Attached("a.csv", BytesIO(content)))
    put(content, text=text)
    work(version.feed_id)

    assert FeedFile.objects.get().sha256 == shown.attached
    assert evidence.content(shown.attached) == content


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"post": "client-lead-of-eastwell-vale"}, 403, "may bring files of"),
        ({"feed": "other-desk"}, 403, "may bring files of"),
        ({"purpose": "read"}, 403, "one purpose"),
    ],
)
def test_a_token_that_is_not_for_this_is_refused(given: dict[str, str], status: int, words: str) -> None:
    set_up()
    answer = put(file("F1"), text=token(**given))

    assert (answer.status_code, FeedFile.objects.exists()) == (status, False)
    assert words in answer.content.decode()


def test_whether_there_is_a_feed_is_told_to_nobody_who_may_not_bring_to_it() -> None:
    set_up()
    text = token("client-lead-of-eastwell-vale")
    there, not_there = put(file("F1"), text=text), put(file("F1"), text=text, name="nothing")

    assert there.content.decode().replace("service-desk", "X") == not_there.content.decode().replace("nothing", "X")


def test_no_session_brings_a_file_whatever_its_cookies() -> None:
    set_up()
    browser = browser_of("service-analyst")

    assert browser.put("/feeds/service-desk", file("F1"), content_type="text/csv").status_code == 401
    assert browser.post("/feeds/service-desk", {"a": "b"}).status_code == 405
    assert Client().put("/feeds/service-desk", file("F1")).status_code == 401
    assert not FeedFile.objects.exists()


@pytest.mark.parametrize(
    ("content", "length", "status", "words"),
    [
        (b"x", "0", 400, "is empty"),
        (b"x", "", 411, "Content-Length"),
        (b"x", "-1", 411, "Content-Length"),
        (b"x" * 2_000, "2000", 413, "larger than"),
    ],
)
def test_what_cannot_be_a_file_is_refused_in_plain_words(
    settings: Settings, content: bytes, length: str, status: int, words: str
) -> None:
    settings.UPLOAD_LIMIT = 1_000
    set_up()
    sent = {"Authorization": f"Bearer {token()}"}
    answer = Client().put("/feeds/service-desk", content, headers=sent, CONTENT_LENGTH=length)

    assert (answer.status_code, FeedFile.objects.exists()) == (status, False)
    assert words in answer.content.decode()


def test_a_file_of_which_the_end_is_missing_is_refused() -> None:
    version, content = set_up(), file("F1")
    request: Any = RequestFactory().put("/feeds/service-desk", CONTENT_LENGTH=str(len(content) + 100))
    request._stream = BytesIO(content)

    with pytest.raises(Refused, match="did not come whole"):
        feeding.receive(by=somebody(LEAD), version=version, stream=Whole(request), through="a token")
    assert not FeedFile.objects.exists()


def test_a_full_disk_is_told_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    version, text = set_up(), token()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(evidence, "keep", full)
        answer = put(file("F1"), text=text)
    assert (answer.status_code, FeedFile.objects.exists()) == (507, False)
    assert "Make room" in answer.content.decode()

    put(file("F1"), text=text)
    with monkeypatch.context() as patch:
        patch.setattr("commonhold.demand.acts.imports.begin_gathering", full)
        with pytest.raises(Refused, match="no room left"):
            work(version.feed_id)
    row = FeedFile.objects.get()
    assert (row.state, "imported as soon as there is room" in row.problem) == ("waiting", True)
    Job.objects.update(state=State.FAILED, ended_at=NOON, problem="There is no room left on the disk.")
    assert feeding.go_on(by=somebody("service-analyst")) == 1
    work(version.feed_id)
    assert FeedFile.objects.get().state == "imported"


def test_a_file_at_which_the_program_fails_time_after_time_does_not_keep_the_others_waiting() -> None:
    version, text = set_up(), token()
    put(file("F1"), text=text)
    put(file("F2"), text=text)
    Job.objects.update(state=State.FAILED, ended_at=NOON, problem=f"{feeding.FAULT} (KeyError). It was tried 4 times.")

    feeding.go_on(by=somebody("service-analyst"))
    work(version.feed_id)

    assert list(FeedFile.objects.order_by("pk").values_list("state", flat=True)) == ["refused", "imported"]


def test_what_waits_is_imported_when_its_bringer_has_left() -> None:
    """The file came while the post could bring it; nobody who left brings another."""
    version, text = set_up(), token()
    put(file("F1"), text=text)
    held = Appointment.objects.get(post__slug=LEAD)
    people.end_appointment(
        by=somebody("administrator-of-southmere"), appointment=held, ends=TODAY, edition=held.edition
    )

    assert put(file("F2"), text=text).status_code == 401
    work(version.feed_id)
    assert FeedFile.objects.get().state == "imported"


def test_a_program_learns_what_became_of_its_file() -> None:
    version, text = set_up(), token()
    put(file("F1"), text=text)
    address = FeedFile.objects.get().get_absolute_url()
    headers = {"Authorization": f"Bearer {text}"}

    waits = Client().get(address, headers=headers)
    work(version.feed_id)
    done = Client().get(address, headers=headers)
    other = Client().get(address, headers={"Authorization": f"Bearer {token('client-lead-of-eastwell-vale')}"})

    assert (waits.status_code, done.status_code, other.status_code) == (202, 200, 404)
    assert "Imported as batch" in done.content.decode()


# What is missing


def test_those_who_look_after_figures_are_told_once_of_a_file_that_is_missing() -> None:
    version = set_up()
    later = NOON + timedelta(days=1)
    by = somebody("service-analyst", later)

    assert feeding.tell_of_missing(by=somebody("service-analyst")) == 0
    assert feeding.tell_of_missing(by=by) == 1
    assert feeding.tell_of_missing(by=somebody("service-analyst", later + timedelta(days=3))) == 0
    told = Told.objects.filter(why__contains="has not come")
    assert {one.person.name for one in told} == {
        person.name for person in queries.those_who_look_after(later) if person.pk != by.person
    }
    assert queries.overdue(later)[0].version == version


def test_a_refused_file_has_not_come() -> None:
    version, text = set_up(), token()
    put(file("F1", opened="yesterday"), text=text)
    work(version.feed_id)

    assert queries.overdue(NOON + timedelta(days=1))


# Pages


def test_a_feed_is_set_up_changed_and_stopped_on_pages() -> None:
    browser = browser_of("service-analyst")
    form = {
        "name": "nightly", "mapping": "canonical", "tolerate": "0.01", "rhythm": "weekly", "weekday": "2",
        "due_by": "6am", "posts": [LEAD], "time_zone": "",
    }  # fmt: skip
    made = browser.post("/feeds/new/", form)
    assert made.status_code == 302, made.content.decode()[-3000:]
    version = FeedVersion.objects.get()
    assert version.expected.in_words == "every Wednesday by 06:00"

    shown = browser.get("/feeds/nightly/").content.decode()
    assert "every Wednesday by 06:00" in shown
    assert "--upload-file" in shown
    change = form | {"mapping": "kept", "rhythm": "daily", "reason": "Every night now.", "edition": "1"}
    assert browser.post("/feeds/nightly/change/", change).status_code == 302
    again = browser.post("/feeds/nightly/change/", change)
    assert "Somebody saved" in again.content.decode()
    assert browser.post("/feeds/nightly/stop/", {"reason": "Enough.", "edition": "2"}).status_code == 302
    assert "Stopped" in browser.get("/feeds/").content.decode()
    assert FeedVersion.objects.count() == 3


def test_why_a_file_was_refused_is_for_those_who_may_read_it() -> None:
    version = set_up()
    put(file("F1", opened="yesterday"), text=token())
    work(version.feed_id)
    address = FeedFile.objects.get().get_absolute_url()

    assert "yesterday" in browser_of("service-analyst").get(address).content.decode()
    assert "yesterday" in browser_of(LEAD).get(address).content.decode()
    other = browser_of("client-lead-of-eastwell-vale").get(address).content.decode()
    assert "yesterday" not in other
    assert "quotes the file" in other
    assert browser_of().get(address).status_code == 404
    assert browser_of().get("/feeds/service-desk/").status_code == 404


def test_a_token_s_form_offers_the_feeds_that_the_post_may_bring_and_no_other() -> None:
    set_up()
    set_up("north", mapping=replace(mapping.built_in("canonical"), desk="North desk"), posts=("service-analyst",))

    theirs = browser_of(LEAD).get("/me/tokens/make/").content.decode()
    analyst_s = browser_of("service-analyst").get("/me/tokens/make/").content.decode()
    assert "service-desk, " in theirs and "North desk" not in theirs
    assert "service-desk, " in analyst_s and "North desk" in analyst_s


def test_each_day_of_the_week_is_offered_once() -> None:
    page = browser_of("service-analyst").get("/feeds/new/").content.decode()

    assert page.count(">Monday<") == page.count(">Sunday<") == 1
