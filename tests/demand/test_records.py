"""Records of JSON, however the text comes in pieces."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.demand.engine import records
from commonhold.demand.engine.records import Twice
from commonhold.refusals import Refused
from tests.demand.reading import problems, table

SCALAR = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False).map(str)
NAME = st.text(st.characters(exclude_characters="."), min_size=1, max_size=4)
VALUE = SCALAR | st.lists(SCALAR, max_size=3) | st.dictionaries(NAME, SCALAR, max_size=3)
RECORDS = st.lists(st.dictionaries(NAME, VALUE, min_size=1, max_size=4), max_size=5)


def cut(text: str, size: int) -> Iterator[str]:
    return (text[first : first + size] for first in range(0, len(text), size))


def read(text: str, size: int = 7) -> list[records.Record]:
    return [record for record, _ in records.records(cut(text, size))]


def plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def expected(record: dict[str, Any]) -> dict[str, str]:
    found = {}
    for name, value in record.items():
        if isinstance(value, dict):
            text = value.get("display_value") or value.get("value")
            if text is not None:
                found[name] = plain(text)
            found.update({f"{name}.{inner}": plain(one) for inner, one in value.items()})
        else:
            found[name] = ", ".join(map(plain, value)) if isinstance(value, list) else plain(value)
    return found


@given(given=RECORDS, size=st.integers(1, 40), indent=st.none() | st.integers(0, 2), wrapped=st.booleans())
def test_records_are_those_that_a_whole_reading_gives_however_the_text_is_cut(
    given: list[dict[str, Any]], size: int, indent: int | None, wrapped: bool
) -> None:
    content: Any = {"count": 7, "more": None, "records": given, "last": {"a": [1]}} if wrapped else given
    text = json.dumps(content, indent=indent, ensure_ascii=False)
    assert read(text, size) == [expected(record) for record in given]
    assert read(text + "\n" + text, size) == [expected(record) for record in [*given, *given]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[{"a": 1}', "after its record 1"),
        ('[{"a": 1},', "after its record 1"),
        ('[{"a": 1},]', "Record 2 of this JSON file is no object"),
        ('[{"a": 1}] [1]', "Record 2 of this JSON file is no object"),
        ('[{"a": 1}] x', "after its record 1"),
        ('[{"a": 1} {"a": 2}]', "after its record 1"),
        ('[{"a" 1}]', "after its record 1"),
        ('{"a": 1}', "no list of records"),
        ('{"a": [1, 2]}', "no list of records"),
        ('{"a": [{"x": 1}], "b": [{"y": 1}]}', "more than one list of records: 'b' is the second"),
        ('{"a": [{"x": 1}]', "after its record 1"),
        ('[{"a": ' + "[" * 100_000 + "]" * 100_000 + "}]", "nested too deeply"),
    ],
)
def test_what_is_no_list_of_records_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(text)
    assert words in refusal.value.message


def test_numbers_and_words_stay_as_they_are_written() -> None:
    assert read('[{"a": 1.50, "b": 1e3, "c": ' + "9" * 5_000 + ', "d": true, "e": null, "f": NaN}]') == [
        {"a": "1.50", "b": "1e3", "c": "9" * 5_000, "d": "true", "e": "", "f": "NaN"}
    ]


def test_two_values_under_one_name_are_no_record_and_twice_the_same_is() -> None:
    first, second = read('[{"a": 1, "a": 2}, {"a": 1, "a": 1}]')
    assert isinstance(first, Twice)
    assert second == {"a": "1"}


def test_what_no_text_can_keep_is_listed_and_left_out() -> None:
    given = '[{"a": "x\\u0000"}, {"a": "\\ud800"}, {"a": "' + "x" * 100_001 + '"}, {"a": ""}, {"a": "good"}]'
    assert table(given) == [(5, ["good"])]
    assert [problem.line for problem in problems(given)] == [1, 2, 3]


def test_names_that_only_some_records_have_are_blank_in_the_others() -> None:
    assert table('[{"a": 1}, {"b": 2}]') == [(1, ["1", ""]), (2, ["", "2"])]
