"""A request as views see it: with the reader it comes from."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.contrib.auth.models import AnonymousUser

from commonhold.ledger import requests
from commonhold.partnership.models import Person, Token

View = TypeVar("View", bound=Callable[..., Any])

POST_CHOSEN: Final = "acting"
"""The session's key for the post that somebody who holds several has chosen."""


class Asked(requests.Asked):
    """A request with its reader, with whoever is signed in, and with the token that a program sent."""

    user: Person | AnonymousUser
    token: Token
    """The one that it was sent with; there where it was sent with one."""


def takes_token(purpose: str) -> Callable[[View], View]:
    """Mark a view as one that answers to tokens of this purpose; a token is refused at every other."""

    def mark(view: View) -> View:
        view.takes_token = purpose  # type: ignore[attr-defined]  # the mark that the middleware looks for
        return view

    return mark


def signed_in(request: Asked) -> Person | None:
    """Whoever is signed in, with or without a post."""
    return request.user if isinstance(request.user, Person) else None
