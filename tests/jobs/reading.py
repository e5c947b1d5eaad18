"""A page as it is read."""

import html
import re

from django.http import HttpResponse


def words_of(answer: HttpResponse) -> str:
    """The words of a page, in their order, without its tags."""
    text = html.unescape(re.sub(r"<[^>]*>", "", answer.content.decode()))
    return " ".join(text.split())
