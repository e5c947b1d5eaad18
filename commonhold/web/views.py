"""The pages of the shell itself: home, health, and the plain pages for what went wrong."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.views.decorators.http import require_safe

from commonhold.govuk.pages import page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return page(request, "web/home.html")


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"live": True})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers as well; 503 while it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select size from ledger_head")
            entries = cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"ready": False, "why": "the database does not answer"}, status=503)
    return JsonResponse({"ready": entries is not None, "entries": entries[0] if entries else None})


def _plain(status: int) -> HttpResponse:
    # No page of the site: its layout asks the database who is reading, and the database may be what is wrong.
    return HttpResponse(loader.render_to_string(f"web/plain_{status}.html"), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(404)


def fault(request: HttpRequest) -> HttpResponse:
    return _plain(500)
