"""What a page says, for tests: its words without tags, its links and its forms."""

import html
import re
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase


def words(response: HttpResponse | HttpResponseBase) -> str:
    """What the page says within its main part, without tags."""
    body = body_of(response)
    main = body[body.index("<main") :] if "<main" in body else body
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


def body_of(response: Any) -> str:
    text: str = response.content.decode()
    return text


def links(response: Any) -> dict[str, str]:
    """The addresses that the page's links lead to, by their words."""
    found = re.findall(r'<a\b[^>]*href="([^"]*)"[^>]*>(.*?)</a>', body_of(response), re.S)
    return {" ".join(re.sub(r"<[^>]*>", " ", text).split()): html.unescape(href) for href, text in found}


def fields(response: Any) -> set[str]:
    """The names of what the forms of the page ask for."""
    return set(re.findall(r'<(?:input|select|textarea)\b[^>]*\bname="([^"]+)"', body_of(response)))
