"""Tokens: what is made and kept, for whom one stands, when it stops being good, and who may revoke it."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as some

from commonhold.ledger.engine.by import TOKEN, By, public
from commonhold.partnership.acts import people, tokens
from commonhold.partnership.engine import tokens as engine
from commonhold.partnership.models import Appointment, Token, Told
from commonhold.partnership.permissions import sees_rows_of
from commonhold.partnership.queries import acting
from commonhold.partnership.queries.tokens import by_token, own_tokens, the_token, tokens_of
from commonhold.refusals import NotAllowed, Refused
from tests.partnership.cast import NOON, TODAY, Cast
from tests.partnership.conftest import Record
from tests.partnership.reading import Reader

NEXT_MONTH = TODAY + timedelta(days=30)
SECRET = "A" * 43


def made(by: By, **given: Any) -> tokens.Made:
    values = {"purpose": "read", "name": "Monthly workbook", "last_day": NEXT_MONTH} | given
    return tokens.make_token(by=by, **values)


def sent(text: str) -> engine.Sent:
    found = engine.parsed(text)
    assert found is not None
    return found


# The text


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize(
    "header",
    [
        f"Bearer ch_abcdefghij12_{SECRET}",
        f"bearer  ch_abcdefghij12_{SECRET} ",
        basic("anybody", f"ch_abcdefghij12_{SECRET}"),
        basic("", f"ch_abcdefghij12_{SECRET}"),
    ],
)
def test_a_token_is_found_in_a_header(header: str) -> None:
    assert engine.from_header(header) == engine.Sent("abcdefghij12", SECRET)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        f"Bearer ch_ABCDEFGHIJ12_{SECRET}",
        f"Bearer ch_abcdefghij12_{SECRET[1:]}",
        f"Bearer ch_abcdefghij12_{SECRET}A",
        f"Digest ch_abcdefghij12_{SECRET}",
        f"ch_abcdefghij12_{SECRET}",
        basic(f"ch_abcdefghij12_{SECRET}", ""),
        "Basic ====",
        "Basic é",
        "Bearer " + "A" * 10_000,
    ],
)
def test_what_is_no_token_is_none(header: str) -> None:
    assert engine.from_header(header) is None


@given(some.text(max_size=600))
def test_no_header_whatever_it_says_makes_trouble(header: str) -> None:
    for scheme in ("", "Bearer ", "Basic "):
        assert engine.from_header(scheme + header) is None


@given(some.from_regex(r"\A[A-Za-z0-9_-]{43}\Z"), some.from_regex(r"\A[A-Za-z0-9_-]{43}\Z"))
def test_only_the_same_secret_is_of_a_digest(kept: str, other: str) -> None:
    assert engine.is_of(engine.digest_of(kept), engine.Sent("abcdefghij12", other)) is (kept == other)


# Making


def test_a_token_is_made_told_of_and_entered_and_its_secret_kept_nowhere(cast: Cast, record: Record) -> None:
    text = made(cast.lead("southmere")).text
    token, entry = Token.objects.get(), record.one()

    assert (entry.kind, entry.subject, entry.post) == ("token.made", f"token/{token.pk}", "client-lead-of-southmere")
    assert entry.facts["purpose"] == "read"
    assert entry.facts["last_day"] == NEXT_MONTH.isoformat()
    assert "Monthly" not in str(entry.facts)
    secret = sent(text).secret
    assert secret not in str(Token.objects.values().get())
    assert Token.objects.get().digest == engine.digest_of(secret)
    assert [told.person for told in Told.objects.filter(subject=f"token/{token.pk}")] == [
        token.appointment.post.partner.people.get(appointments__post__slug="administrator-of-southmere")
    ]


def test_two_tokens_are_never_alike(cast: Cast) -> None:
    one, other = made(cast.lead("southmere")), made(cast.lead("southmere"))

    assert one.token.handle != other.token.handle
    assert sent(one.text).secret != sent(other.text).secret


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "  "},
        {"name": "n" * 81},
        {"last_day": TODAY - timedelta(days=1)},
        {"last_day": TODAY + timedelta(days=367)},
    ],
)
def test_what_is_no_token_is_refused(cast: Cast, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        made(cast.lead("southmere"), **wrong)
    assert not Token.objects.exists()


def test_nobody_makes_one_who_holds_no_post_or_comes_by_a_token_or_the_command_line(cast: Cast) -> None:
    lead = cast.lead("southmere")
    for by in (
        public(NOON),
        By(post="", at=NOON, person=lead.person),
        replace(lead, through=TOKEN),
        acting(None, NOON),
    ):
        with pytest.raises(NotAllowed):
            made(by)
    with pytest.raises(NotAllowed):
        made(replace(lead, post="client-lead-of-thornley"))


def test_somebody_has_so_many_tokens_and_no_more(cast: Cast) -> None:
    lead = cast.lead("southmere")
    first = made(lead).token
    for _ in range(tokens.MOST - 1):
        made(lead)
    with pytest.raises(Refused, match="at most 20"):
        made(lead)
    tokens.revoke_token(by=lead, token=first)
    made(lead)


def test_a_token_that_reads_is_for_no_feed(cast: Cast) -> None:
    assert made(cast.lead("southmere"), feed="desk").token.feed == ""
    assert made(cast.lead("southmere"), purpose="bring", feed="desk").token.for_what == "Bring a feed's files: desk"


# For whom it stands, and until when


def test_a_token_stands_for_its_maker_in_one_post_and_says_that_it_did(cast: Cast) -> None:
    lead = cast.lead("southmere")
    token = the_token(sent(made(lead).text), NOON)
    assert token is not None
    by = by_token(token, NOON)

    assert by == replace(lead, through="a token")
    assert sees_rows_of(by, "southmere")
    assert not sees_rows_of(by, "thornley")


def test_another_secret_finds_nothing_whoever_s_handle_it_names(cast: Cast) -> None:
    one, other = made(cast.lead("southmere")), made(cast.lead("thornley"))

    assert the_token(engine.Sent(one.token.handle, sent(other.text).secret), NOON) is None
    assert the_token(engine.Sent("aaaaaaaaaaaa", SECRET), NOON) is None


def ends_by_revoking(cast: Cast, token: Token) -> None:
    tokens.revoke_token(by=cast.administrator("southmere"), token=token)


def ends_with_its_appointment(cast: Cast, token: Token) -> None:
    held = token.appointment
    people.end_appointment(by=cast.administrator("southmere"), appointment=held, ends=TODAY, edition=held.edition)


def ends_with_its_account(cast: Cast, token: Token) -> None:
    assert token.appointment.person
    people.close_account(by=cast.administrator("southmere"), person=token.appointment.person)


@pytest.mark.parametrize("ending", [ends_by_revoking, ends_with_its_appointment, ends_with_its_account])
def test_a_token_ends_at_once(cast: Cast, ending: Any) -> None:
    made_one = made(cast.lead("southmere"))
    assert the_token(sent(made_one.text), NOON) is not None

    ending(cast, made_one.token)

    assert the_token(sent(made_one.text), NOON) is None


def test_a_token_is_good_through_its_last_day_and_not_after(cast: Cast) -> None:
    text = made(cast.lead("southmere"), last_day=TODAY).text

    assert the_token(sent(text), NOON + timedelta(hours=11)) is not None
    assert the_token(sent(text), NOON + timedelta(hours=12)) is None  # midnight in London is 11 in the evening, UTC


def test_a_post_that_passes_to_somebody_else_takes_no_token_along(cast: Cast) -> None:
    made_one = made(cast.lead("southmere"))
    ends_with_its_appointment(cast, made_one.token)
    by = cast.administrator("southmere")
    other = people.add_person(
        by=by, name="Iris Bell", email="iris@southmere.example", partner=cast.partner("southmere")
    )
    people.appoint(by=by, post=made_one.token.appointment.post, person=other, starts=TODAY)

    assert the_token(sent(made_one.text), NOON) is None
    assert Appointment.objects.on(TODAY).filter(post__slug="client-lead-of-southmere").count() == 1


def test_a_use_is_kept_as_a_day_and_written_once(cast: Cast) -> None:
    token = made(cast.lead("southmere")).token
    tokens.note_used(token=token, on=TODAY)
    token.refresh_from_db()
    assert token.last_used == TODAY
    with CaptureQueriesContext(connection) as queries:
        tokens.note_used(token=token, on=TODAY)
    assert not any("UPDATE" in query["sql"] for query in queries)


def test_its_maker_is_told_once_that_a_token_ends(cast: Cast) -> None:
    lead = cast.lead("southmere")
    token = made(lead, last_day=TODAY + timedelta(days=30)).token
    made(lead, last_day=TODAY + timedelta(days=10))  # made for a few days: it needs no warning
    revoked = made(lead, last_day=TODAY + timedelta(days=30)).token
    tokens.revoke_token(by=lead, token=revoked)
    service = acting("the-service", NOON)

    assert tokens.tell_of_ending(by=service) == 0
    near = replace(service, at=NOON + timedelta(days=17))
    assert [tokens.tell_of_ending(by=near) for _ in range(2)] == [1, 0]
    told = Told.objects.get(why__startswith="Your token")
    assert (told.person_id, told.subject) == (lead.person, f"token/{token.pk}")
    assert "used last never, is good until 20 August 2026" in told.why


# Revoking


def test_its_maker_and_the_administrator_of_its_partner_revoke_it_and_nobody_else(cast: Cast, record: Record) -> None:
    lead = cast.lead("southmere")
    one, other = made(lead).token, made(lead).token
    for by in (cast.lead("thornley"), cast.administrator("thornley"), replace(lead, through=TOKEN), acting(None, NOON)):
        with pytest.raises(NotAllowed):
            tokens.revoke_token(by=by, token=one)
    record.begin()
    tokens.revoke_token(by=lead, token=one)
    assert (record.one().kind, record.one().because) == ("token.revoked", [one.entry.number])
    assert not Told.objects.filter(why__contains="was revoked").exists()
    tokens.revoke_token(by=cast.administrator("southmere"), token=other)
    assert Told.objects.get(why__contains="was revoked").person_id == lead.person
    with pytest.raises(Refused, match="revoked already"):
        tokens.revoke_token(by=lead, token=one)


# Lists and pages


def test_lists_are_one_s_own_and_those_one_administers(cast: Cast) -> None:
    lead = cast.lead("southmere")
    old, new = made(lead, name="Old").token, made(lead, name="New").token
    made(cast.lead("thornley"))
    tokens.revoke_token(by=lead, token=old)

    assert [(line.token, line.state) for line in own_tokens(lead)] == [(new, "good"), (old, "revoked")]
    assert own_tokens(public(NOON)) == []
    found = tokens_of(cast.partner("southmere"), cast.administrator("southmere"))
    assert found is not None
    assert [line.token.name for line in found] == ["New", "Old"]
    assert tokens_of(cast.partner("southmere"), cast.administrator("thornley")) is None
    with CaptureQueriesContext(connection) as queries:
        own_tokens(lead)
    assert len(queries) == 1


@pytest.fixture
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.usefixtures("noon")
def test_a_token_is_made_on_a_page_shown_once_and_revoked(cast: Cast) -> None:
    reader = Reader(cast.lead("southmere"))
    answer = reader.client.post(
        "/me/tokens/make/", {"name": "Workbook", "purpose": "read", "last_day": NEXT_MONTH.isoformat()}
    )
    text = Token.objects.get().handle

    assert "no-store" in answer["Cache-Control"]
    assert f"ch_{text}_" in answer.content.decode()
    assert "ch_" + text not in reader.opens("/me/tokens/").source
    number = Token.objects.get().pk
    assert reader.opens(f"/partnership/tokens/{number}/revoke/").status == 200
    assert Reader(cast.lead("thornley")).opens(f"/partnership/tokens/{number}/revoke/").status == 404
    reader.client.post(f"/partnership/tokens/{number}/revoke/")
    assert "Revoked" in reader.opens("/me/tokens/").source


@pytest.mark.usefixtures("noon")
def test_a_wrong_form_says_so_and_makes_nothing(cast: Cast) -> None:
    reader = Reader(cast.lead("southmere"))
    answer = reader.client.post("/me/tokens/make/", {"name": "", "purpose": "everything", "last_day": "2036-01-01"})

    assert "There is a problem" in answer.content.decode()
    assert not Token.objects.exists()
    late = reader.client.post("/me/tokens/make/", {"name": "n", "purpose": "read", "last_day": "2036-01-01"})
    assert "coming year" in late.content.decode()
