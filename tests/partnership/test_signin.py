"""Signing in: by password, by password and app, by persona in a demonstration only; limits; and what is not there."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import Resolver404, resolve
from pytest_django import Settings

from commonhold.ledger.models import Head
from commonhold.partnership.acts import people
from commonhold.partnership.models import Person
from commonhold.partnership.signin import path_of
from tests.partnership.cast import Cast, person
from tests.partnership.conftest import Record
from tests.partnership.reading import Page, Reader

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def within_one_code() -> Iterator[None]:
    """The clock stands still, or an app's code could be another one by the time it is checked."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def no_attempts_yet(settings: Settings) -> Iterator[None]:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def kit(cast: Cast) -> Person:
    """Somebody real, with an account and no password yet."""
    return people.add_person(
        by=cast.administrator("southmere"), name="Kit Vale", email="kit@southmere.example",
        partner=cast.partner("southmere"),
    )  # fmt: skip


@pytest.fixture
def link(cast: Cast, kit: Person) -> str:
    return path_of(people.make_link(by=cast.administrator("southmere"), person=kit))


def choose(reader: Reader, link: str, password: str = PASSWORD) -> Page:
    page = reader.opens(link)
    path = page.answer["Location"] if page.status == 302 else link
    return reader.sends(path, follow=False, password1=password, password2=password)


def signs_in(reader: Reader, password: str = PASSWORD, email: str = "kit@southmere.example") -> Page:
    return reader.sends("/accounts/login/", follow=False, login=email, password=password)


def is_signed_in(reader: Reader) -> bool:
    return "_auth_user_id" in reader.client.session


def test_a_link_chooses_a_password_and_opens_the_account_once(link: str, kit: Person) -> None:
    reader = Reader()
    assert choose(reader, link).status == 302
    assert is_signed_in(reader)

    again = Reader().opens(link)
    assert again.headings == ["This link does not work any more"]
    later = Reader()
    assert signs_in(later).status == 302
    assert is_signed_in(later)


def test_a_new_link_or_an_address_put_right_does_not_leave_the_old_key_open(cast: Cast, kit: Person, link: str) -> None:
    people.correct_person(
        by=cast.administrator("southmere"), person=kit, name="Kit Vale", email="kit.vale@southmere.example", edition=1
    )
    assert Reader().opens(link).headings == ["This link does not work any more"]


@pytest.mark.parametrize("password", ["short", "password1234", "kit@southmere.example"])
def test_a_weak_password_is_refused_with_words(link: str, password: str) -> None:
    page = choose(Reader(), link, password)

    assert page.errors.startswith("There is a problem")
    assert page.headings == ["Choose a password"]


def test_a_wrong_password_says_neither_which_was_wrong(link: str) -> None:
    choose(Reader(), link)
    known = signs_in(Reader(), "not the password at all")
    unknown = signs_in(Reader(), PASSWORD, "nobody@southmere.example")

    assert known.errors == unknown.errors
    assert "do not go together" in known.errors


def test_a_closed_account_does_not_sign_in_and_its_session_ends(cast: Cast, link: str, kit: Person) -> None:
    reader = Reader()
    choose(reader, link)
    people.close_account(by=cast.administrator("southmere"), person=kit)

    assert reader.opens("/me/told/").status == 302
    other = Reader()
    signs_in(other)
    assert not is_signed_in(other)


def test_attempts_are_limited(link: str) -> None:
    choose(Reader(), link)
    said = [signs_in(Reader(), "not the password at all") for _ in range(12)]

    assert "Too many attempts" in said[-1].words
    assert "Too many attempts" in signs_in(Reader(), PASSWORD).words


def test_nobody_signs_up_and_nobody_changes_addresses_past_an_act(link: str) -> None:
    reader = Reader()
    choose(reader, link)

    for path in ("/accounts/signup/", "/accounts/confirm-email/", "/accounts/confirm-email/x/"):
        assert reader.opens(path).status == 404
    for path in ("/accounts/3rdparty/", "/accounts/social/connections/"):
        with pytest.raises(Resolver404):
            resolve(path)
    assert reader.sends("/accounts/email/", action_add="", email="x@y.example").status == 405


def test_without_an_email_server_the_page_sends_one_to_the_administrator(kit: Person) -> None:
    page = Reader().opens("/accounts/password/reset/")
    assert "Ask your authority's administrator for a link" in page.words
    Reader().sends("/accounts/password/reset/", email=kit.email)
    assert mail.outbox == []


# An authenticator app


def code_for(secret: str, ahead: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead)))


@pytest.fixture
def protected(link: str) -> tuple[Reader, str]:
    """Kit, signed in, with an authenticator app set up without JavaScript; and the app's key."""
    reader = Reader()
    choose(reader, link)
    page = reader.opens("/accounts/2fa/totp/activate/")
    if page.status == 302:
        reader.sends(page.answer["Location"], password=PASSWORD)
        page = reader.opens("/accounts/2fa/totp/activate/")
    secret = re.search(r"The key:\s*([A-Z2-7]{16,})", page.words).group(1)
    assert '<svg role="img"' in page.source
    assert "data:" not in page.source
    done = reader.sends("/accounts/2fa/totp/activate/", code=code_for(secret))
    assert done.headings == ["Recovery codes"]
    return reader, secret


def test_an_app_is_set_up_by_typing_its_key(protected: tuple[Reader, str]) -> None:
    page = protected[0].opens("/accounts/2fa/")

    assert "Authenticator app Set" in page.words
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).count() == 1


def test_who_has_an_app_is_asked_for_its_code(protected: tuple[Reader, str]) -> None:
    cache.clear()  # a code is good once; the one of this half minute was used when the app was set up
    reader = Reader()
    assert signs_in(reader).answer["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(reader)
    assert reader.opens("/accounts/2fa/authenticate/").headings == ["Enter a code"]
    wrong = reader.sends("/accounts/2fa/authenticate/", code="000000")
    assert "The code is not right" in wrong.errors
    reader.sends("/accounts/2fa/authenticate/", follow=False, code=code_for(protected[1]))
    assert is_signed_in(reader)


def test_a_recovery_code_signs_in_once(protected: tuple[Reader, str]) -> None:
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    for expected in (True, False):
        reader = Reader()
        signs_in(reader)
        reader.sends("/accounts/2fa/authenticate/", follow=False, code=codes[0])
        assert is_signed_in(reader) is expected


def test_a_lost_phone_is_helped_by_the_administrator(cast: Cast, kit: Person, protected: tuple[Reader, str]) -> None:
    people.remove_second_factors(by=cast.administrator("southmere"), person=kit)
    reader = Reader()
    signs_in(reader)

    assert is_signed_in(reader)


OURS = {
    "/accounts/2fa/": "How your account is protected",
    "/accounts/2fa/totp/deactivate/": "Remove your authenticator app",
    "/accounts/2fa/recovery-codes/": "Recovery codes",
    "/accounts/2fa/recovery-codes/generate/": "Make new recovery codes",
    "/accounts/2fa/webauthn/": "Passkeys",
    "/accounts/2fa/webauthn/add/": "Add a passkey",
    "/accounts/2fa/reauthenticate/": "Enter a code",
    "/accounts/reauthenticate/": "Enter your password again",
    "/accounts/password/change/": "Change your password",
    "/accounts/logout/": "Sign out",
    "/accounts/inactive/": "This account is closed",
    "/accounts/password/reset/done/": "Look into your email",
    "/accounts/password/reset/key/done/": "Your password is saved",
}


def test_every_page_of_sign_in_is_ours(protected: tuple[Reader, str]) -> None:
    for path, heading in OURS.items():
        page = protected[0].opens(path)
        assert page.headings == [heading], path
        assert heading in page.title, path
        assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=", page.source), path


def test_the_codes_can_be_taken_away(protected: tuple[Reader, str]) -> None:
    answer = protected[0].opens("/accounts/2fa/recovery-codes/download/").answer
    assert "attachment" in answer["Content-Disposition"]
    assert answer.content.decode().startswith("Commonhold recovery codes.")


def test_a_passkey_is_asked_for_with_what_the_browser_needs(protected: tuple[Reader, str]) -> None:
    page = protected[0].opens("/accounts/2fa/webauthn/add/")

    assert 'data-passkey="create"' in page.source
    assert "publicKey" in page.source
    options = Client().get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    assert "request_options" in options.json() or options.status_code == 302


def test_a_password_is_changed_and_other_sessions_end(protected: tuple[Reader, str]) -> None:
    reader, _ = protected
    other = Reader()
    signs_in(other)
    new = "another horse battery staple"
    reader.sends("/accounts/password/change/", oldpassword=PASSWORD, password1=new, password2=new)

    assert Person.objects.get(name="Kit Vale").check_password(new)


def test_signing_in_leaves_no_entry(cast: Cast, link: str, record: Record) -> None:
    record.begin()
    choose(Reader(), link)
    signs_in(Reader())

    assert record.new() == []


# Personas


def test_a_persona_is_picked_with_one_button(cast: Cast) -> None:
    reader = Reader()
    page = reader.opens("/personas/")
    assert "Be Dora Lund" in page.words
    reader.sends("/personas/", follow=False, person=person("Dora Lund").pk, next="/agreement/")

    assert is_signed_in(reader)
    assert "Dora Lund" in reader.opens("/agreement/").words


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "me", "1"]
)
def test_the_next_page_is_one_of_ours(cast: Cast, wanted: str) -> None:
    page = Reader().sends("/personas/", follow=False, person=person("Dora Lund").pk, next=wanted)
    assert page.answer["Location"] == "/"


@pytest.mark.parametrize("entered", [{"person": "0"}, {"person": "x"}, {}])
def test_nobody_is_nobody(cast: Cast, entered: dict[str, Any]) -> None:
    assert Reader().sends("/personas/", **entered).status == 404


def test_somebody_real_is_not_a_persona(kit: Person) -> None:
    reader = Reader()
    assert reader.sends("/personas/", person=kit.pk).status == 403
    assert not is_signed_in(reader)


def test_a_real_partnership_has_no_personas(cast: Cast, real_log: Head) -> None:
    reader = Reader()
    assert reader.opens("/personas/").status == 404
    assert reader.sends("/personas/", person=person("Dora Lund").pk).status == 404
    assert not is_signed_in(reader)
