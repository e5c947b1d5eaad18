"""What happens around every request: a log line, who acts, and plain words for a no."""

import logging
import secrets
import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme

from commonhold.govuk.pages import page
from commonhold.govuk.programs import is_by_token, said
from commonhold.ledger.engine.by import public
from commonhold.partnership.requests import POST_CHOSEN
from commonhold.refusals import NotAllowed, Refused
from commonhold.web.demo.telling import is_told
from commonhold.web.queries.who import Reading, is_a_demonstration, reading
from commonhold.web.requests import Asked, sign_in_address
from commonhold.web.saying import TOO_LARGE, plain, posted
from commonhold.web.tokens import reading_by_token

Handler = Callable[[Any], HttpResponse]
logger = logging.getLogger("commonhold.request")

WATCHED: Final = "/health/"
"""What machines ask about: answered whoever asks, and whether the database is there or not."""
BESIDE_A_FILE: Final = 2**20
"""Bytes that the other fields of a form may take."""
CHOOSING: Final = ("/personas/", "/me/post/", "/accounts/")
"""Where somebody may send a form while the demonstration's story is still being told."""


def log_line(get_response: Handler) -> Handler:
    """Write one line per request: its route, never its address, which may hold a reference or what was searched for."""

    def handle(request: Asked) -> HttpResponse:
        began = time.perf_counter()
        request.META["COMMONHOLD_REQUEST"] = number = secrets.token_hex(8)
        asked = _Counted()
        with connection.execute_wrapper(asked):
            response = get_response(request)
        took = round((time.perf_counter() - began) * 1000, 1)
        response["Server-Timing"] = f"app;dur={took}"
        by = getattr(request, "by", None)
        about = {
            "method": request.method,
            "route": request.resolver_match.route if request.resolver_match else "",
            "status": response.status_code,
            "milliseconds": took,
            "queries": asked.count,
            "request": number,
            "post": by.post if by else "",
        }
        logger.info("request", extra=about)
        return response

    return handle


class _Counted:
    """Counts the queries of a request."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


def refuse_too_large(get_response: Handler) -> Handler:
    """Refuse what is larger than any form takes before its first byte is read."""

    def handle(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.UPLOAD_LIMIT + BESIDE_A_FILE:
            return plain(request, 413, TOO_LARGE)
        return get_response(request)

    return handle


def who_acts(get_response: Handler) -> Handler:
    """Give the request its reader: who, in which post, at what instant; read once, in one query."""

    def handle(request: Asked) -> HttpResponse:
        now = timezone.now()
        if request.path.startswith(WATCHED):
            request.reading = Reading(public(now))
        elif is_by_token(request):
            found = reading_by_token(request)
            if isinstance(found, HttpResponse):
                return found
            request.reading = found
        else:
            request.reading = reading(request.user, now, request.session.get(POST_CHOSEN))
        request.by, request.posts = request.reading.by, request.reading.posts
        response = get_response(request)
        if request.by.person is not None:
            # What somebody signed in is shown is theirs: nothing between us and their browser may keep it for others.
            patch_cache_control(response, private=True)
        return response

    return handle


class SayNoPlainly:
    """A refusal becomes a page: 403 for what is not theirs to do, 404 for what is not theirs to see, else 400."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Asked) -> HttpResponse:
        if request.method == "POST" and not _may_send(request):
            title = "The story is still being told"
            return page(request, "web/still_told.html", status=403, title=title, kept=posted(request))
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            return _not_in_this_way(request, response)
        return response

    def process_exception(self, request: Asked, problem: Exception) -> HttpResponse | None:
        if is_by_token(request):
            return _said_to_a_program(problem)
        if isinstance(problem, NotAllowed):
            return _not_allowed(request, problem)
        if isinstance(problem, Refused):
            title, came_from = "This cannot be done", _way_back(request)
            return page(request, "web/refused.html", status=400, title=title, problem=problem, came_from=came_from)
        if isinstance(problem, Http404):
            return page(request, "web/not_found.html", status=404, title="Page not found")
        return None


def _said_to_a_program(problem: Exception) -> HttpResponse | None:
    """The same, to what sent a token: a sentence in place of a page."""
    match problem:
        case NotAllowed():
            return said(403, str(problem))
        case Refused():
            return said(400, str(problem))
        case Http404():
            return said(404, str(problem) or "There is nothing at this address, or it is another partner's.")
    return None


def _not_allowed(request: Asked, problem: NotAllowed) -> HttpResponse:
    signed_out = not request.user.is_authenticated
    kept = posted(request)
    return page(
        request,
        "web/not_allowed.html",
        status=403,
        title="Sign in to do this" if signed_out else "You cannot do this",
        problem=problem,
        signed_out=signed_out,
        # A form is kept on its page, so signing in goes on beside it.
        sign_in=sign_in_address(request).partition("?")[0] if kept else sign_in_address(request),
        kept=kept,
        acting=next((post.title for post in request.posts if post.slug == request.by.post), ""),
        posts=len(request.posts),
    )


def _not_in_this_way(request: Asked, response: HttpResponse) -> HttpResponse:
    """405: the address is there, but takes no form, or nothing else."""
    title = "This page cannot be used in this way"
    told = page(request, "web/not_in_this_way.html", status=405, title=title, came_from=_way_back(request))
    told["Allow"] = response["Allow"]
    return told


def _way_back(request: HttpRequest) -> str:
    """The page of ours that somebody came from, where the browser says it."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return came_from if came_from and ours and came_from != request.build_absolute_uri() else ""


def _may_send(request: Asked) -> bool:
    """In the demonstration people look on until its story is told: it writes at instants of the past."""
    return not is_a_demonstration() or request.path.startswith(CHOOSING) or is_told()
