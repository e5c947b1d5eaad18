"""Every address of the site, from its resolver: the route and the name by which templates call it."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver


def every_address() -> list[tuple[str, str]]:
    return list(_walked(get_resolver().url_patterns, "", ()))


def _walked(patterns: Any, before: str, spaces: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, ":".join((*spaces, each.name or ""))
        else:
            within = (*spaces, each.namespace) if each.namespace else spaces
            yield from _walked(each.url_patterns, route, within)
