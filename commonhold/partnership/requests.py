"""A request as views see it: with the reader it comes from."""

from typing import Final

from django.contrib.auth.models import AnonymousUser

from commonhold.ledger import requests
from commonhold.partnership.models import Person

POST_CHOSEN: Final = "acting"
"""The session's key for the post that somebody who holds several has chosen."""


class Asked(requests.Asked):
    """A request with its reader, and with whoever is signed in."""

    user: Person | AnonymousUser


def signed_in(request: Asked) -> Person | None:
    """Whoever is signed in, with or without a post."""
    return request.user if isinstance(request.user, Person) else None
