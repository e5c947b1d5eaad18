"""Pages as somebody reads them: their words, without the marks between."""

import re
from html import unescape

from django.test import Client

from tests import universe


def reader(post: str | None) -> Client:
    """Somebody signed in who holds this post, or the public."""
    return universe.browser_of(post or "")


def words(client: Client, address: str) -> str:
    """What the main part of a page says, on one line."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address} answered {answer.status_code}"
    return text_of(answer.content.decode().partition("<main")[2].partition("</main>")[0])


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition(">")[2])).split())
