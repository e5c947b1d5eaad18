"""Whether the process answers, and whether the database does: what a load balancer or a monitor asks."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"live": True})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers as well and holds a record; 503 while it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select size from ledger_head")
            entries = cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"ready": False, "why": "the database does not answer"}, status=503)
    if entries is None:
        return JsonResponse({"ready": False, "why": "the database is not set up"}, status=503)
    return JsonResponse({"ready": True, "entries": entries[0]})
