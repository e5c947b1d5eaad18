"""Plain words for what went wrong; nothing that somebody wrote is lost (U4)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from commonhold.refusals import NotAllowed, Refused
from commonhold.web import saying
from commonhold.web.views import errors, home
from tests.governance.conftest import acting  # noqa: F401  # a fixture
from tests.reading import body_of, links, words

pytestmark = pytest.mark.django_db
WRITTEN = "That calls be answered sooner than they are now."


def failing(monkeypatch: pytest.MonkeyPatch, problem: Exception) -> Client:
    """A browser before a site whose glossary fails in this way."""

    def fail(*_: Any, **__: Any) -> None:
        raise problem

    monkeypatch.setattr("commonhold.web.glossary.sections", fail)
    return Client(raise_request_exception=False)


def test_a_page_that_is_not_there_says_so_and_keeps_its_frame(client: Client) -> None:
    page = client.get("/nowhere/")

    assert page.status_code == 404
    assert "Page not found" in words(page)
    assert links(page)["Meetings"] == "/meetings/"
    assert links(page)["Sign in"] == "/personas/?next=/nowhere/"


def test_an_address_may_be_hostile(client: Client) -> None:
    for address in (
        "/%00",
        "/a%0d%0aSet-Cookie:x=y",
        "/" + "x" * 5_000,
        "/meetings/%3Cscript%3E/",
        "/?%00=%00",
        "//evil.example/",
    ):
        page = client.get(address)
        assert page.status_code in (200, 301, 404), address
        assert b"<script>" not in page.content.partition(b"<main")[2]


def test_what_a_post_does_not_give_says_which_post_it_is(acting: Any) -> None:  # noqa: F811
    page = acting("member").get("/meetings/new/")

    assert page.status_code == 403
    assert "You may not enter a body. You act as Member." in words(page)
    assert "Sign in" not in links(page)


def test_the_public_is_asked_to_sign_in_and_comes_back(client: Client) -> None:
    page = client.get("/meetings/new/")

    assert page.status_code == 403
    assert "Sign in to do this" in words(page)
    assert 'href="/personas/?next=/meetings/new/"' in body_of(page)


def test_a_form_sent_after_the_session_ended_is_kept_and_can_be_sent_again(acting: Any) -> None:  # noqa: F811
    sent = {"name": "Joint Committee", "kind": "joint_committee", "reason": WRITTEN}
    kept = Client().post("/meetings/new/?from=there", sent)

    assert kept.status_code == 403
    assert WRITTEN in words(kept)
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', body_of(kept)))
    again.pop("csrfmiddlewaretoken")
    assert again == sent
    assert 'action="/meetings/new/?from=there"' in body_of(kept)
    assert acting("clerk").post("/meetings/new/?from=there", again).status_code == 302


def test_what_somebody_in_another_post_wrote_is_kept_too(acting: Any) -> None:  # noqa: F811
    page = acting("member").post("/meetings/new/", {"name": "Joint Committee", "kind": WRITTEN})

    assert page.status_code == 403
    assert WRITTEN in words(page)


def test_a_token_that_is_no_longer_good_loses_nothing() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/meetings/new/", {"name": WRITTEN, "csrfmiddlewaretoken": "old"})

    assert page.status_code == 403
    assert "Your form was not sent" in words(page)
    assert WRITTEN in words(page) and "Send it again" in words(page)


def test_a_form_from_elsewhere_is_not_sent_again() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/meetings/new/", {"name": WRITTEN}, headers={"origin": "https://evil.example"})

    assert page.status_code == 403
    assert "not sent from a page of this site" in words(page)
    assert WRITTEN not in body_of(page)


@pytest.mark.parametrize("secret", sorted(saying.SECRETS))
def test_a_form_with_a_secret_is_never_printed_back(secret: str) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/accounts/login/", {"login": WRITTEN, secret: "correct horse battery staple"})

    assert page.status_code == 403
    assert b"correct horse" not in page.content and WRITTEN not in body_of(page)


def test_a_refusal_outside_a_form_says_what_was_wrong_and_the_way_back(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = Refused("The file cannot be read.", ["line 1: nothing", "line 2: <b>"])
    page = failing(monkeypatch, problem).get("/glossary/", headers={"referer": "http://testserver/cookies/"})

    assert page.status_code == 400
    for said in ("The file cannot be read.", "line 1: nothing", "line 2: <b>", "Nothing was changed."):
        assert said in words(page)
    assert links(page)["Go back to where you were"] == "http://testserver/cookies/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "javascript:alert(1)", ""])
def test_the_way_back_leads_to_ourselves(monkeypatch: pytest.MonkeyPatch, elsewhere: str) -> None:
    page = failing(monkeypatch, Refused("No.")).get("/glossary/", headers={"referer": elsewhere})

    assert links(page)["Go to the home page"] == "/"
    assert "evil" not in body_of(page) and "alert" not in body_of(page)


def test_not_allowed_outside_an_act_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    assert failing(monkeypatch, NotAllowed("You may not.")).get("/glossary/").status_code == 403


@pytest.mark.parametrize(("method", "address"), [("post", "/glossary/"), ("get", "/jobs/1/cancel/"), ("put", "/")])
def test_an_address_used_in_another_way_says_so(client: Client, method: str, address: str) -> None:
    page = getattr(client, method)(address)

    assert page.status_code == 405
    assert page["Allow"]
    assert "This page cannot be used in this way" in words(page)


@pytest.fixture
def small(settings: Settings) -> Iterator[None]:
    settings.UPLOAD_LIMIT = 1_000
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000
    yield


def test_an_upload_that_is_too_large_is_refused_before_it_is_read(client: Client, small: None) -> None:
    page = client.post("/imports/new/", {"file": SimpleUploadedFile("big.csv", b"x" * (2**20 + 1_001))})

    assert page.status_code == 413
    assert "That is too large" in words(page) and "commonhold import-tickets" in words(page)


def test_a_form_that_is_too_large_says_so(acting: Any, small: None) -> None:  # noqa: F811
    page = acting("clerk").post("/meetings/new/", {"name": "x" * 3_000})

    assert page.status_code == 413
    assert "That is too large" in words(page)


def test_a_form_with_too_many_fields_is_no_fault(acting: Any) -> None:  # noqa: F811
    page = acting("clerk").post("/meetings/new/", {f"f{number}": "" for number in range(3_000)})

    assert page.status_code == 400
    assert "We could not read that" in words(page)


def test_a_broken_upload_is_no_fault(client: Client) -> None:
    page = client.generic("POST", "/imports/new/", b"nonsense", "multipart/form-data; boundary=x")

    assert page.status_code < 500


def test_an_unknown_host_is_refused_plainly(client: Client) -> None:
    page = client.get("/", headers={"host": "evil.example"})

    assert page.status_code == 400
    assert b"evil" not in page.content


def test_a_fault_has_a_page_without_a_database_and_a_number_that_the_log_has(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    page = failing(monkeypatch, ZeroDivisionError("18 Acacia Avenue")).get("/glossary/?q=Ada")
    (number,) = re.findall(r"<strong>([0-9a-f]{16})</strong>", body_of(page))

    assert page.status_code == 500
    assert "Something went wrong" in words(page)
    assert "Acacia" not in body_of(page)
    assert number in {getattr(record, "request", "") for record in caplog.records} | {
        getattr(getattr(record, "request", None), "META", {}).get("COMMONHOLD_REQUEST") for record in caplog.records
    }


def test_the_database_away_is_a_plain_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr("commonhold.web.middleware.reading", away)
    page = Client(raise_request_exception=False).get("/")

    assert page.status_code == 500
    assert "Something went wrong" in words(page)


def test_where_not_even_an_error_page_can_be_made_a_plain_one_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> HttpResponse:
        raise OperationalError

    monkeypatch.setattr(errors, "page", broken)
    page = Client(raise_request_exception=False).get("/nowhere/")

    assert page.status_code == 404
    assert "Page not found" in words(page)


@pytest.mark.parametrize("name", ["400", "403", "404", "500", saying.TOO_LARGE])
def test_a_plain_page_needs_nothing(name: str) -> None:
    request: HttpRequest = RequestFactory().get("/")
    request.META["COMMONHOLD_REQUEST"] = "<b>0123"
    page = saying.plain(request, 500, name).content.decode()

    assert page.count("<h1") == 1 and "<title>" in page and 'lang="en-GB"' in page
    assert "&lt;b&gt;0123" in page
    assert not re.search(r"\{[{%]|style=|<script|https?:", page)


def test_nobody_acts_while_the_demonstration_s_story_is_told(
    monkeypatch: pytest.MonkeyPatch,
    acting: Any,  # noqa: F811
) -> None:
    monkeypatch.setattr("commonhold.web.middleware.is_told", lambda: False)
    clerk = acting("clerk")
    page = clerk.post("/meetings/new/", {"name": WRITTEN, "kind": "joint_committee"})

    assert page.status_code == 403
    assert "The story is still being told" in words(page)
    assert WRITTEN in words(page)
    assert clerk.get("/meetings/new/").status_code == 200, "looking on is free"
    assert home.TOLD


def test_a_real_partnership_has_no_story(monkeypatch: pytest.MonkeyPatch, acting: Any, real: None) -> None:  # noqa: F811
    monkeypatch.setattr("commonhold.web.middleware.is_told", lambda: False)

    assert (
        acting("clerk").post("/meetings/new/", {"name": "Joint Committee", "kind": "joint_committee"}).status_code
        == 302
    )
