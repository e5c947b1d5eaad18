"""Mappings written out as files, and two of them compared."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonhold.demand.engine import comparing
from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine.mapping import BUILT_IN, HOLD_REASONS, STATES
from commonhold.demand.engine.mapping_toml import as_toml
from tests.demand.bringing import SNAPSHOTS

LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))
WORD = st.text(LETTERS, min_size=1, max_size=12).map(mappings.tidy)


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_file_that_is_written_gives_a_built_in_mapping_again(name: str) -> None:
    found = mappings.built_in(name)
    assert mappings.parse(as_toml(found).encode(), name) == found


@given(
    states=st.dictionaries(WORD.filter(bool), st.sampled_from([*STATES, "ignore"]), min_size=1, max_size=4),
    reasons=st.dictionaries(WORD.filter(bool), st.sampled_from(HOLD_REASONS), max_size=3),
    missing=st.frozensets(WORD, max_size=3),
    left_out=st.dictionaries(WORD.filter(bool), st.frozensets(WORD, max_size=3), max_size=2),
    heading=WORD.filter(bool),
    unit=st.sampled_from(["minutes", "seconds", "hours"]),
)
def test_the_file_that_is_written_gives_any_mapping_again(
    states: dict[str, str], reasons: dict[str, str], missing: frozenset[str], left_out: dict[str, frozenset[str]],
    heading: str, unit: str,
) -> None:  # fmt: skip
    found = replace(
        SNAPSHOTS, states=states, hold_reasons=reasons, missing=missing | {""}, leave_out=left_out, held_unit=unit,
        columns=SNAPSHOTS.columns | {"category": heading},
    )  # fmt: skip
    assert mappings.parse(as_toml(found).encode(), "council") == found


def test_two_mappings_are_compared_word_by_word() -> None:
    later = replace(
        SNAPSHOTS,
        version=9,
        states={"New": "in_progress", "Waiting": "on_hold", "Gone": "cancelled"},
        dates=("iso", "%d/%m/%Y"),
        columns={ours: theirs for ours, theirs in SNAPSHOTS.columns.items() if ours != "team"},
        optional=SNAPSHOTS.optional - {"team"},
    )
    told = [(one.part, one.word, one.before, one.after) for one in comparing.differences(SNAPSHOTS, later)]
    assert told == [
        ("The file", "Dates", "iso", "iso, %d/%m/%Y"),
        (
            "The file", "Columns that may be missing", "held_minutes, priority, resolved_at, team",
            "held_minutes, priority, resolved_at",
        ),
        ("Columns", "team", "team", ""),
        ("States", "Done", "resolved", ""),
        ("States", "Gone", "", "cancelled"),
        ("States", "New", "open", "in_progress"),
    ]  # fmt: skip
    assert comparing.differences(SNAPSHOTS, replace(SNAPSHOTS, version=2)) == []
