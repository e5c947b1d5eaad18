"""What somebody sees first: how to begin, or how the service does and what waits for them."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from commonhold.govuk.pages import page, wants_part
from commonhold.partnership import queries as partnership
from commonhold.partnership.requests import signed_in
from commonhold.web.demo.telling import telling
from commonhold.web.queries.home import home as found
from commonhold.web.queries.search import LONGEST, search
from commonhold.web.queries.waiting import owed
from commonhold.web.queries.who import is_a_demonstration, name_of_partnership
from commonhold.web.requests import Asked, sign_in_address

TOLD = 3


@require_safe
def home(request: Asked) -> HttpResponse:
    name = name_of_partnership(request.reading)
    demonstration = is_a_demonstration()
    if name == "Commonhold" and not demonstration:
        return page(request, "web/beginning.html", title="Commonhold is ready to begin")
    acting = next((post.title for post in request.reading.posts if post.slug == request.by.post), "")
    told = telling() if demonstration else None
    response = page(
        request, "web/home.html", part="telling", title=name, found=found(request.by), acting=acting, told=told
    )
    if wants_part(request) and told is None:
        # The story has come to its end: not only the part that htmx asks for has changed.
        response["HX-Refresh"] = "true"
    return response


@require_safe
def me(request: Asked) -> HttpResponse:
    """My posts, what waits for me, and how I sign in."""
    person = signed_in(request)
    if person is None:
        return redirect(sign_in_address(request))
    return page(
        request,
        "web/me.html",
        title="My page",
        person=person,
        posts=request.posts,
        acting_in=request.by.post,
        owed=owed(request.by),
        told=partnership.told(person, request.by, most=TOLD),
    )


@require_safe
def searched(request: Asked) -> HttpResponse:
    """What a text finds in every app."""
    text = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:LONGEST]
    groups = search(text, request.by, only=request.GET.get("in", ""))
    title = f"Search for {text}" if text else "Search"
    return page(request, "web/search.html", title=title, asked=text, groups=groups, only=request.GET.get("in", ""))
