"""How the columns of a table share a page: words keep the room that they need beside numbers with words of theirs."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from commonhold.documents.engine.tables import PAGE, Column, Kind, Table

BETWEEN = "83.5% (32,344 of 38,726), between 83.5% and 83.6%"
SHARE = "83.5% (32,344 of 38,726)"


def table(*rows: tuple[str, ...], kinds: tuple[Kind, ...] = ()) -> Table:
    given_kinds = kinds or ("text", *("number" for _ in rows[0][1:]))
    return Table("Figures", tuple(Column(f"Column {at}", kind) for at, kind in enumerate(given_kinds)), rows)


@pytest.mark.parametrize(
    ("row", "shares"),
    [
        (("Resolved within target", SHARE, SHARE, SHARE), (22, 0, 0, 0)),
        (("Resolved within target", BETWEEN), (22, 0)),
        (("Resolved within target", BETWEEN, SHARE, "7"), (22, 26, 0, 0)),
        (("Resolved within target", BETWEEN, SHARE, SHARE, BETWEEN), (22, 26, 14, 14, 26)),
    ],
    ids=["numbers alone", "room enough", "one wraps", "all wrap"],
)
def test_numbers_wrap_where_words_would_have_no_room(row: tuple[str, ...], shares: tuple[int, ...]) -> None:
    assert table(row).shares() == shares


def test_what_is_short_never_wraps() -> None:
    crowded = table(("4 June 2026", BETWEEN, BETWEEN, "Within target"), kinds=("short", "number", "number", "text"))

    assert crowded.is_crowded()
    assert crowded.shares()[0] == 0


@given(some.lists(some.lists(some.text("ab 0", max_size=70), min_size=2, max_size=8), min_size=1, max_size=4))
def test_a_table_that_is_not_crowded_leaves_words_room(texts: list[list[str]]) -> None:
    wide = min(map(len, texts))
    made = table(*(tuple(row[:wide]) for row in texts))
    set_on_one_line = sum(2 + max(len(row[at]) for row in texts) for at in range(1, wide))

    if not made.is_crowded() and max(len(cell) for row in texts for cell in row[1:wide]) > 26:
        assert set_on_one_line <= PAGE
    assert len(made.shares()) == wide
