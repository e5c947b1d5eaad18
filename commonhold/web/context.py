"""What every page of the site knows: the partnership's name, whether it is a demonstration, who reads, where to go."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from commonhold.govuk.shell import Link, Reader, Shell, marked
from commonhold.web.queries.who import Reading, is_a_demonstration, name_of_partnership
from commonhold.web.requests import sign_in_address

NAVIGATION = (
    Link("Home", "/"),
    Link("Meetings", "/meetings/"),
    Link("Actions", "/actions/"),
    Link("Tickets", "/tickets/"),
    Link("The week", "/week/"),
    Link("Figures", "/figures/"),
    Link("Packs", "/packs/"),
    Link("Agreement", "/agreement/"),
    Link("Record", "/record/"),
)
FOOTER = (
    Link("The partnership", "/partnership/"),
    Link("Measures", "/measures/"),
    Link("P1 and key incidents", "/incidents/"),
    Link("What was brought in", "/imports/"),
    Link("Tables for Excel and Power BI", "/tables/"),
    Link("Jobs", "/jobs/"),
    Link("Glossary", "/glossary/"),
    Link("Accessibility", "/accessibility/"),
    Link("Cookies", "/cookies/"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame of the page. Pages that say what went wrong may have no reader, and then know none of it."""
    known: Reading | None = getattr(request, "reading", None)
    if known is None:
        return {}
    return {
        "shell": Shell(
            partnership=name_of_partnership(known),
            demonstration=is_a_demonstration(),
            navigation=marked(NAVIGATION, request.path),
            footer=FOOTER,
            reader=_reader(request, known),
            sign_in=sign_in_address(request),
            sign_out=reverse("account_logout"),
            # Its own page has a larger one.
            search=reverse("search") if request.path != reverse("search") else "",
        )
    }


def _reader(request: HttpRequest, known: Reading) -> Reader | None:
    if not request.user.is_authenticated:
        return None
    acting = next((post.title for post in known.posts if post.slug == known.by.post), "")
    chooser = reverse("partnership:choose_post") if len(known.posts) > 1 else ""
    return Reader(name=request.user.name, post=acting, page=reverse("me"), posts=chooser, news=known.news)
