"""Numbers in addresses are plain digits, few enough for any database; anything else says nothing."""

import pytest
from django.test import RequestFactory

from commonhold.govuk.addresses import number_in, whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("12", 12), ("007", 7), ("9" * 15, 10**15 - 1)])
def test_plain_digits_are_a_number(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1.5", " 1", "1_000", "1,000", "\u0663", "\u00b2", "9" * 16, "\x00", "one"]
)
def test_anything_else_is_none(text: str) -> None:
    assert whole_number(text) is None


def test_a_number_is_found_in_the_query_of_an_address() -> None:
    request = RequestFactory().get("/record/", {"older": "12", "newer": "later"})

    assert [number_in(request, name) for name in ("older", "newer", "page")] == [12, None, None]
