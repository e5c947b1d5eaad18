"""Requests that carry a token: what each is answered, what it leaves behind, and what no token and no cookie opens."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from commonhold.partnership.acts import tokens
from commonhold.partnership.engine.tokens import written
from commonhold.partnership.models import Token
from commonhold.web import tokens as web
from tests.flat import read, rows_of
from tests.universe import NOON, TODAY, browser_of, somebody

pytestmark = pytest.mark.usefixtures("universe", "db", "noon")


@pytest.fixture(autouse=True)
def no_attempts_yet(settings: Settings) -> Iterator[None]:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    yield
    cache.clear()


def token(post: str = "client-lead-of-southmere", purpose: str = "read", **given: Any) -> str:
    by = somebody(post)
    last_day = TODAY + timedelta(days=30)
    return tokens.make_token(by=by, purpose=purpose, name="Workbook", last_day=last_day, **given).text


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def basic(text: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"excel:{text}".encode()).decode()}


@pytest.mark.parametrize("address", ["/", "/me/", "/tickets/", "/record/", "/me/tokens/", "/jobs/", "/figures/"])
def test_a_page_for_people_takes_no_token(address: str) -> None:
    answer = Client().get(address, headers=bearer(token()))

    assert (answer.status_code, answer["Content-Type"]) == (403, "text/plain; charset=utf-8")
    assert "not taken at this address" in answer.content.decode()


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic bm9uc2Vuc2U=", "Negotiate abc"])
def test_what_is_no_good_token_is_401_in_plain_words(header: str) -> None:
    answer = Client().get("/tables/figures.csv", headers={"Authorization": header})

    assert answer.status_code == 401
    assert 'Basic realm="Commonhold"' in answer["WWW-Authenticate"]
    assert "make another" in answer.content.decode()


def test_a_password_that_a_proxy_asks_for_is_no_token_and_keeps_nobody_out() -> None:
    proxy = {"Authorization": "Basic " + base64.b64encode(b"council:open sesame").decode()}

    assert Client().get("/figures/", headers=proxy).status_code == 200
    assert Client().get("/tables/", headers=proxy | {"Accept": "text/html"}).status_code == 200
    assert browser_of("client-lead-of-southmere").get("/me/", headers=proxy).status_code == 200


def test_one_who_is_signed_in_and_sends_a_token_is_asked_by_the_token_alone() -> None:
    """No page that somebody has open can have a browser send a request with their session and a token of another."""
    browser = browser_of("client-lead-of-southmere")
    assert browser.get("/me/").status_code == 200

    answer = browser.get("/tables/tickets.csv", headers={"Authorization": "Bearer nonsense"})
    form = browser.post("/me/tokens/make/", {"name": "n", "purpose": "read"}, headers=bearer(token()))

    assert answer.status_code == 401
    assert form.status_code == 403
    assert Token.objects.count() == 1


@pytest.mark.parametrize("sent", [bearer, basic])
def test_a_table_is_read_by_a_token_as_its_post_may(sent: Any) -> None:
    lead = read(Client().get("/tables/tickets.csv", headers=sent(token())))
    director = read(Client().get("/tables/tickets.csv", headers=sent(token("managing-director"))))

    assert {row["partner"] for row in rows_of(lead)} == {"Southmere"}
    assert {row["partner"] for row in rows_of(director)} == {"Southmere", "Eastwell Vale", "Northgate"}


def test_a_token_of_another_partner_sees_nothing_of_this_one_s() -> None:
    answer = read(Client().get("/tables/tickets.csv?partner=northgate", headers=bearer(token())))

    assert (answer.status_code, answer["Content-Type"]) == (403, "text/plain; charset=utf-8")
    assert "its people" in answer.content.decode()


def test_a_program_is_told_of_its_mistakes_in_a_sentence() -> None:
    for address, status in (("/tables/tickets.csv?size=0", 400), ("/tables/tickets.ods", 404)):
        answer = Client().get(address, headers=bearer(token()))
        assert (answer.status_code, answer["Content-Type"]) == (status, "text/plain; charset=utf-8")
        assert "<" not in answer.content.decode()


def test_a_token_for_another_purpose_reads_no_table() -> None:
    answer = Client().get("/tables/tickets.csv", headers=bearer(token(purpose="bring")))

    assert answer.status_code == 403
    assert "one purpose" in answer.content.decode()


def test_a_token_that_was_revoked_or_is_past_reads_no_more() -> None:
    text = token()
    assert read(Client().get("/tables/tickets.csv", headers=bearer(text))).status_code == 200
    tokens.revoke_token(by=somebody("client-lead-of-southmere"), token=Token.objects.get())

    assert Client().get("/tables/tickets.csv", headers=bearer(text)).status_code == 401


def test_no_session_is_made_and_no_cookie_set() -> None:
    before = Session.objects.count()
    answer = Client().get("/", headers=basic(token()))

    assert Session.objects.count() == before
    assert not answer.cookies


def test_a_workbook_with_a_wrong_token_locks_itself_out_and_no_other() -> None:
    wrong = written("abcdefghij12", "A" * 43)
    for _ in range(web.MOST_OF_ONE):
        assert Client().get("/", headers=bearer(wrong)).status_code == 401
    answer = Client().get("/", headers=bearer(wrong))

    assert (answer.status_code, answer["Retry-After"]) == (429, "300")
    assert Client().get("/", headers=bearer(token())).status_code == 403


def test_an_address_that_tries_many_tokens_is_heard_no_more() -> None:
    for number in range(web.MOST_OF_ALL):
        Client().get("/", headers=bearer(written(f"{number:012}", "A" * 43)))

    assert Client().get("/", headers=bearer(token())).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.7").get("/", headers=bearer(token())).status_code == 403


def test_a_use_is_marked_by_its_day() -> None:
    Client().get("/", headers=bearer(token()))

    assert Token.objects.get().last_used == NOON.date()
