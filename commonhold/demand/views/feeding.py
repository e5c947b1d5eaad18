"""PUT /feeds/NAME: a program brings a feed's file, by a token."""

from django.conf import settings
from django.http import HttpResponse
from django.http.request import UnreadablePostError
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from commonhold.databases.room import is_full
from commonhold.demand.acts import feeding
from commonhold.demand.permissions import brings_to
from commonhold.demand.queries.feeds import current
from commonhold.govuk.formats import instant
from commonhold.govuk.programs import is_by_token, said
from commonhold.ledger.engine.by import TOKEN
from commonhold.partnership.requests import Asked, takes_token
from commonhold.refusals import Refused

NOT_THIS_FEED = "There is no feed {name} that this token may bring files of. Its page says which posts may."
MISSING = "Send a token that brings this feed's files, as the guide says under 'Tokens'."


# A token is no cookie: no page that somebody has open can have one sent, so there is nothing for CSRF to guard.
@csrf_exempt
@takes_token("bring")
@require_http_methods(["PUT", "GET", "HEAD"])
def bring(request: Asked, name: str) -> HttpResponse:
    if request.method != "PUT" and not is_by_token(request):
        return redirect("demand:feed", name)
    if request.by.through != TOKEN:
        return said(401, MISSING)
    version = current().filter(feed__name=name).first()
    feed = request.token.feed
    if version is None or feed not in ("", name) or not brings_to(request.by, version):
        return said(403, NOT_THIS_FEED.format(name=name))
    if request.method != "PUT":
        return said(200, f"This token may bring files of the feed {name}: send one by PUT to this address.")
    problem = _unreadable(request)
    if problem is not None:
        return problem
    try:
        received = feeding.receive(by=request.by, version=version, stream=Whole(request), through=TOKEN)
    except Refused as refusal:
        no_room = refusal.__cause__ is not None and is_full(refusal.__cause__)
        return said(507 if no_room else 400, refusal.message)
    return _answered(request, received)


class Whole:
    """The body of a request, refused where less of it came than was said."""

    def __init__(self, request: Asked) -> None:
        self._request = request
        self._left = int(request.META["CONTENT_LENGTH"])

    def read(self, size: int = -1, /) -> bytes:
        try:
            piece = self._request.read(size)
        except UnreadablePostError:
            piece = b""
        if not piece and self._left:
            raise Refused("The file did not come whole: its end is missing. Send it again.")
        self._left -= len(piece)
        return piece


def _unreadable(request: Asked) -> HttpResponse | None:
    """Why a request cannot be read as one whole file, where it cannot."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        return said(
            411, "Say how long the file is: send it with Content-Length, not in pieces. curl --upload-file does."
        )
    if int(length) > settings.UPLOAD_LIMIT:
        return said(413, f"The file is larger than {settings.UPLOAD_LIMIT:,} bytes, the most that is taken. Pack it.")
    return None


def _answered(request: Asked, received: feeding.Received) -> HttpResponse:
    row = received.file
    address = request.build_absolute_uri(row.get_absolute_url())
    if received.is_new:
        words = f"Received: {row.size:,} bytes, SHA-256 {row.sha256}. It is imported as soon as it is its turn."
        response = said(202, f"{words} What becomes of it stands at {address}")
    else:
        words = f"This very file came already, on {instant(row.at)}, and was not taken again."
        response = said(200, f"{words} What became of it stands at {address}")
    response["Location"] = address
    return response
