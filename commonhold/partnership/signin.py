"""How sign-in (django-allauth) is fitted to the partnership: accounts come by invitation, never by signing up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from commonhold.partnership.models import Person


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up: an administrator of a partner makes the account of each of its people."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The email address and the password do not go together",
        "incorrect_password": "This is not your password",
        "too_many_login_attempts": "Too many attempts. Wait five minutes, then try again",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # Without an e-mail server nothing waits for one: the administrator hands links over.
        if settings.TELL_BY_EMAIL:
            super().send_mail(template_prefix, email, context)


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Authenticator apps, recovery codes and passkeys."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "The code is not right. Wait for the next one and enter that",
    }

    def build_totp_svg(self, url: str) -> str:
        """The picture that an app reads, to stand within a page: no XML declaration, and described in words."""
        _, _, picture = super().build_totp_svg(url).partition("<svg")
        return f'<svg role="img" aria-label="The key as a picture for your authenticator app"{picture}'


def key_for(person: Person) -> str:
    """The key of a link by which a person chooses a password: worth nothing once used, or after some days."""
    return f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"


def path_of(key: str) -> str:
    """The address, without its host, that a key opens."""
    number, _, token = key.partition("-")
    return reverse("account_reset_password_from_key", kwargs={"uidb36": number, "key": token})
