"""What the base page is told about the site and its reader: plain values that a context processor makes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Link:
    """An address with its words; `hint` says more where there is room for it."""

    text: str
    href: str
    hint: str = ""
    current: bool = False
    active: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is signed in, the post they act in, where they change post or leave, and how much they were told and have
    not seen.
    """

    name: str
    post: str = ""
    page: str = ""
    posts: str = ""
    news: int = 0


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of every page. It has a default for everything: a page that says what went wrong knows none of it."""

    partnership: str = "Commonhold"
    demonstration: bool = False
    navigation: tuple[Link, ...] = ()
    footer: tuple[Link, ...] = ()
    reader: Reader | None = None
    sign_in: str = ""
    sign_out: str = ""
    search: str = ""
    notice: str = ""


def marked(links: Iterable[Link], path: str) -> tuple[Link, ...]:
    """The links, with the nearest one that `path` is or lies under marked; the home page only as itself."""
    given = tuple(links)
    fits = [link.href for link in given if path == link.href or (link.href != "/" and path.startswith(link.href))]
    nearest = max(fits, key=len, default=None)
    return tuple(replace(link, current=path == link.href, active=link.href == nearest) for link in given)
