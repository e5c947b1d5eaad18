"""What every page of the site knows: the partnership's name, whether it is a demonstration, who reads, where to go."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from commonhold.govuk.shell import Link, Reader, Shell, marked
from commonhold.partnership.models import Post
from commonhold.partnership.queries import is_demonstration, partnership

NAVIGATION = (
    Link("Home", "/"),
    Link("Meetings", "/meetings/"),
    Link("Tickets", "/tickets/"),
    Link("Figures", "/figures/"),
    Link("Packs", "/packs/"),
    Link("Agreement", "/agreement/"),
    Link("Record", "/record/"),
)
FOOTER = (
    Link("Partners", "/partnership/"),
    Link("Measures", "/measures/"),
    Link("Jobs", "/jobs/"),
    Link("Glossary", "/glossary/"),
    Link("Accessibility", "/accessibility/"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame of the page. Pages that say what went wrong have no reader, and ask the database for nothing."""
    by = getattr(request, "by", None)
    if by is None:
        return {}
    known = partnership()
    return {
        "shell": Shell(
            partnership=known.name if known else "Commonhold",
            demonstration=told_of_a_demonstration(),
            navigation=marked(NAVIGATION, request.path),
            footer=FOOTER,
            reader=_reader(request),
            sign_in=reverse("partnership:personas") if told_of_a_demonstration() else reverse("account_login"),
            sign_out=reverse("account_logout"),
        )
    }


@cache
def told_of_a_demonstration() -> bool:
    """Whether the log's origin says so; it never changes, so it is asked for once in a process."""
    return is_demonstration()


def _reader(request: HttpRequest) -> Reader | None:
    if not request.user.is_authenticated:
        return None
    posts: list[Post] = getattr(request, "posts", [])
    acting = next((post.title for post in posts if post.slug == request.by.post), "")
    chooser = reverse("partnership:choose_post") if len(posts) > 1 else ""
    return Reader(name=request.user.name, post=acting, page=reverse("me"), posts=chooser)
