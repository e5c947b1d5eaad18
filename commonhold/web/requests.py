"""A request as the shell's own views see it."""

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse

from commonhold.partnership import requests
from commonhold.partnership.models import Post
from commonhold.web.queries.who import Reading, is_a_demonstration


class Asked(requests.Asked):
    """A request with its reader, and all that was read along about them."""

    reading: Reading
    posts: tuple[Post, ...]


def sign_in_address(request: HttpRequest) -> str:
    """Where somebody signs in, and comes back to the page they were on."""
    address = reverse("partnership:personas" if is_a_demonstration() else "account_login")
    here = request.get_full_path()
    return f"{address}?next={quote(here)}" if here != "/" and not here.startswith(address) else address
