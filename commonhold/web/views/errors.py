"""Plain words for what went wrong, where no view answered. Each page says what to do, and loses nothing (U4)."""

import logging
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_BAD_REFERER, REASON_NO_REFERER

from commonhold.govuk.pages import page
from commonhold.web.saying import TOO_LARGE, plain, posted

logger = logging.getLogger("commonhold.request")

FROM_ELSEWHERE: Final = tuple(
    reason.partition("%")[0].rstrip() for reason in (REASON_BAD_ORIGIN, REASON_BAD_REFERER, REASON_NO_REFERER)
)
"""How Django's reasons begin where a form was not sent from our own page: then nothing is sent again."""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be read: a request that is broken, or larger than a page takes."""
    if isinstance(exception, RequestDataTooBig):
        return plain(request, 413, TOO_LARGE)
    return plain(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _within(request, 403, "web/not_allowed.html", title="You cannot do this")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _within(request, 404, "web/not_found.html", title="Page not found")


def fault(request: HttpRequest) -> HttpResponse:
    """Something is wrong with us: a page that needs neither the database nor a template."""
    return plain(request, 500)


def form_not_sent(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is no longer good, mostly after signing in elsewhere: it can be sent again as it was."""
    ours = not reason.startswith(FROM_ELSEWHERE)
    return _within(
        request,
        403,
        "web/form_not_sent.html",
        title="Your form was not sent",
        kept=posted(request) if ours else None,
        ours=ours,
    )


def _within(request: HttpRequest, status: int, template: str, **context: Any) -> HttpResponse:
    """A page of the site, or a plain one where not even that can be made."""
    if not hasattr(request, "by"):
        return plain(request, status)
    try:
        return page(request, template, status=status, **context)
    except Exception:
        logger.exception("no page for what went wrong")
        return plain(request, status)
