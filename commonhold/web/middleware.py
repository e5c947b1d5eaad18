"""What happens around every request: a log line, who acts, and plain words for a no."""

import logging
import secrets
import time
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from commonhold.govuk.pages import page
from commonhold.ledger.engine.by import By
from commonhold.partnership.queries import reader
from commonhold.refusals import NotAllowed, Refused

Handler = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger("commonhold.request")

POST_CHOSEN = "acting"
"""The session's key for the post that somebody who holds several has chosen."""


class Asked(HttpRequest):
    """A request as views see it: with the reader it comes from."""

    by: By


def log_line(get_response: Handler) -> Handler:
    """Write one line per request: method, path without its query, status, time."""

    def handle(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        request.META["COMMONHOLD_REQUEST"] = number = secrets.token_hex(8)
        response = get_response(request)
        took = round((time.perf_counter() - began) * 1000, 1)
        response["Server-Timing"] = f"app;dur={took}"
        by = getattr(request, "by", None)
        logger.info(
            "request",
            extra={
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "milliseconds": took,
                "request": number,
                "post": by.post if by else "",
            },
        )
        return response

    return handle


def who_acts(get_response: Handler) -> Handler:
    """Give the request its reader: who, in which post, at what instant."""

    def handle(request: HttpRequest) -> HttpResponse:
        person = request.user if request.user.is_authenticated else None
        request.by = reader(person, timezone.now(), request.session.get(POST_CHOSEN))  # type: ignore[attr-defined]
        return get_response(request)

    return handle


class SayNoPlainly:
    """A refusal becomes a page: 403 for what is not theirs to do, 404 for what is not theirs to see, else 400."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, NotAllowed):
            return page(request, "web/not_allowed.html", status=403, problem=problem)
        if isinstance(problem, Refused):
            return page(request, "web/refused.html", status=400, problem=problem)
        if isinstance(problem, Http404):
            return page(request, "web/not_found.html", status=404)
        return None
