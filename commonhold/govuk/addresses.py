"""What stands in an address beside its path."""

from typing import Final

from django.http import HttpRequest

DIGITS: Final = 15
"""More than any number here has, and few enough that every database and every sum takes it."""


def number_in(request: HttpRequest, name: str) -> int | None:
    """A whole number in the query of an address; None where there is none that makes sense."""
    return whole_number(request.GET.get(name, ""))


def whole_number(text: str) -> int | None:
    """The number that plain digits say, as a key or a place in a list is written; None for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else None
