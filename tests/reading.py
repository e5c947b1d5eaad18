"""What a page says, for tests: its words without tags, its links and its forms."""

import html
import io
import re
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from openpyxl import load_workbook


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


def sheets_of(response: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A spreadsheet that was taken away: what its first sheet says, and the rows of its table by their headings."""
    content = b"".join(response.streaming_content)
    book = load_workbook(io.BytesIO(content))
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    headings, *rows = ([cell.value for cell in row] for row in book["Table"].iter_rows())
    return about, [dict(zip(headings, row, strict=True)) for row in rows]
