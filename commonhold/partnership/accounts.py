"""How sign-in (django-allauth) is fitted to the partnership: accounts come by invitation, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up: an administrator of a partner makes the account of each of its people."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
