"""An entry has one byte form (RFC 8785), the same to every program that follows the standard."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as some

from commonhold.ledger.engine.verify_commonhold import LARGEST_WHOLE_NUMBER, canonical, parse_canonical

TEXT = some.text(some.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = some.recursive(
    some.none() | some.booleans() | some.integers(-LARGEST_WHOLE_NUMBER, LARGEST_WHOLE_NUMBER) | TEXT,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_it_agrees_with_another_program(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(VALUES)
def test_it_reads_back_as_the_same_value(value: object) -> None:
    assert parse_canonical(canonical(value)) == value


@given(VALUES, some.booleans())
def test_any_other_form_of_the_same_value_is_refused(value: object, ascii_only: bool) -> None:
    other = json.dumps(value, ensure_ascii=ascii_only, indent=1).encode()
    if other != canonical(value):
        with pytest.raises(ValueError, match="one form"):
            parse_canonical(other)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        # RFC 8785, 3.2.2: what is escaped and what is not.
        ('\u20ac$\u000f\nA\'B"\\\\"/', '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        ({"literals": [None, True, False]}, '{"literals":[null,true,false]}'),
        # RFC 8785, 3.2.3: keys in the order of UTF-16, in which a smiling face comes before a Hebrew letter's form.
        (
            {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7},
            '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":3}',
        ),
        (-0, "0"),
        (2**53 - 1, "9007199254740991"),
        ((1, [2]), "[1,[2]]"),
    ],
)
def test_the_standard_s_own_examples(value: object, expected: str) -> None:
    assert canonical(value) == expected.encode()


@pytest.mark.parametrize("value", [0.5, 2**53, -(2**53), float("nan"), {1: "a"}, b"x", "\ud800", {"\udfff": 1}])
def test_what_has_no_one_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical(value)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"1.0", "not whole"),
        (b"1e400", "not whole"),
        (b"NaN", "not whole"),
        (b"9" * 5_000, "too large"),
        (b"-9007199254740992", "too large"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"\xff", "not UTF-8"),
        (b'"\\ud800"', "not UTF-8"),
        (b"", "not JSON"),
        (b'{"a":1,"a":1}', "one form"),
        (b'{"b":1,"a":1}', "one form"),
        (b' {"a":1}', "one form"),
        (b"-0", "one form"),
        (b'"\\u00e9"', "one form"),
        (b'"a\nb"', "not JSON"),
    ],
)
def test_a_line_in_another_form_is_refused_in_words(line: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_canonical(line)
