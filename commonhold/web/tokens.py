"""Requests that carry a token: whom they stand for, where they are taken, and what is said where they are not.

Such a request is no browser's: its cookies are not read, so it neither rests on a session nor makes one, and no page
that somebody has open can have it sent.
"""

from collections.abc import Callable
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from commonhold.govuk.programs import SENT, WAIT, said
from commonhold.partnership.acts import tokens
from commonhold.partnership.engine.tokens import from_header
from commonhold.partnership.queries.tokens import by_token, the_token
from commonhold.partnership.queries.who import day_of
from commonhold.web.queries.who import Reading
from commonhold.web.requests import Asked

Handler = Callable[[Any], HttpResponse]

TAKEN_AT: Final = ("/tables/", "/feeds/")
"""How addresses begin that are for programs: whatever is sent there to be let in by is a token, or a wrong one."""
WINDOW: Final = WAIT
"""Seconds over which wrong tokens are counted."""
MOST_OF_ONE: Final = 10
"""Times that one token may be wrong, from one address, within them: a workbook that is left alone locks itself out."""
MOST_OF_ALL: Final = 100
"""Wrong tokens that may come from one address within them, whatever their handles."""

WRONG: Final = (
    "This token is not good: it is not written whole, was revoked, is past its last day, or its maker no longer holds "
    "the post. Sign in, open 'My tokens' and make another."
)
MISSING: Final = "Send a token: as 'Authorization: Bearer TOKEN', or as the password of HTTP Basic, whatever the user."
TOO_MANY: Final = (
    "Too many wrong tokens came from this address. Put the token right, wait five minutes, then try again."
)
NOT_HERE: Final = "A token is not taken at this address: it is for the addresses of tables and of feeds."


def without_cookies(get_response: Handler) -> Handler:
    """Take the cookies from a request that carries a token, before anything reads them.

    Elsewhere than where tokens are taken, what is no token is left alone: a proxy before the site may ask people for a
    password of its own, which their browsers then send with every request.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        header = request.headers.get("Authorization")
        of_a_program = request.path.startswith(TAKEN_AT) and "text/html" not in request.headers.get("Accept", "")
        if header is not None and (of_a_program or from_header(header)):
            request.META[SENT] = "yes"
            request.META.pop("HTTP_COOKIE", None)
            request.__dict__["COOKIES"] = {}
        return get_response(request)

    return handle


def reading_by_token(request: Asked) -> Reading | HttpResponse:
    """The reader that a request's token stands for, or the answer to one that is not good."""
    now = timezone.now()
    sent = from_header(request.headers["Authorization"])
    counted = _counted(request, sent.handle if sent else "")
    if any(cache.get(key, 0) >= most for key, most in counted.items()):
        return said(429, TOO_MANY)
    token = the_token(sent, now) if sent else None
    if token is None:
        for key in counted:
            cache.add(key, 0, WINDOW)
            _add_one(key)
        return said(401, WRONG)
    tokens.note_used(token=token, on=day_of(now))
    request.token = token
    return Reading(by_token(token, now), (token.appointment.post,))


class WhereTokensAreTaken:
    """Refuses a token at every address but those whose view says that it takes one, for this purpose."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        token = getattr(request, "token", None)
        if token is None:
            return None
        purpose = getattr(view, "takes_token", "")
        if purpose == token.purpose:
            return None
        if not purpose:
            return said(403, NOT_HERE)
        return said(403, f"This token is good for one purpose: {token.get_purpose_display().lower()}. Make another.")


def _counted(request: HttpRequest, handle: str) -> dict[str, int]:
    """Under which names wrong tokens are counted, and how many there may be."""
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:  # nobody told the address
        address = ""
    return {f"token:{address}:{handle}": MOST_OF_ONE, f"token:{address}": MOST_OF_ALL}


def _add_one(key: str) -> None:
    try:
        cache.incr(key)
    except ValueError:  # it lapsed in this moment
        cache.add(key, 1, WINDOW)
