"""How programs are answered where there is no table to give them: one sentence of plain text, or two."""

from typing import Final

from django.http import HttpRequest, HttpResponse

CHALLENGE: Final = 'Bearer realm="Commonhold", Basic realm="Commonhold", charset="UTF-8"'
"""What may be sent to be let in: a token, in either of two ways."""
WAIT: Final = 300
"""Seconds after which something that is not ready, or not answered now, may be asked for again."""


def said(status: int, words: str) -> HttpResponse:
    """An answer in plain words."""
    response = HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    if status == 401:
        response["WWW-Authenticate"] = CHALLENGE
    if status in (202, 429, 503):
        response["Retry-After"] = str(WAIT)
    return response


SENT: Final = "COMMONHOLD_TOKEN"
"""Where the middleware marks a request that a program sent with a token; no header of a request is called so."""


def is_by_token(request: HttpRequest) -> bool:
    """Whether a program sent this, with a token or with what it takes for one."""
    return SENT in request.META


def wants_a_page(request: HttpRequest) -> bool:
    """Whether a browser asks, which can show a page: programs ask for no HTML, or send a token."""
    return "text/html" in request.headers.get("Accept", "") and not is_by_token(request)
