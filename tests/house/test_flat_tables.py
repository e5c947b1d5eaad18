"""The columns of flat tables are a contract: the guide says each of them as the code has it, and none moves."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from commonhold.demand.queries import flat as demand
from commonhold.governance.queries import flat as governance
from commonhold.govuk.flat import AGAIN_AND_AGAIN, Column
from commonhold.performance.queries import flat as performance

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "tables.md"
TABLES = {
    "figures": (performance.COLUMNS, performance.WORDS_OF_ADDRESS),
    "tickets": (demand.COLUMNS, demand.WORDS),
    "actions": (governance.COLUMNS, governance.WORDS),
}


def section(heading: str) -> str:
    """What the guide says under a heading, up to the next of any level."""
    found = re.search(rf"^#+ {heading}$(.*?)(?=^#|\Z)", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert found, heading
    return found.group(1)


@pytest.mark.parametrize("name", TABLES)
def test_the_guide_says_each_column_with_its_type_and_unit(name: str) -> None:
    said = [line for line in section(f"Columns of {name}").splitlines() if line.startswith("| `")]

    assert said == [line_of(column) for column in TABLES[name][0]]


def line_of(column: Column) -> str:
    return f"| `{column.name}` | {column.type} | {column.unit or '-'} | {column.says} |"


@pytest.mark.parametrize("name", TABLES)
def test_the_guide_says_what_narrows_a_table_down(name: str) -> None:
    columns, words = TABLES[name]
    said = {word for line in section(name.capitalize()).splitlines() for word in words_of(line)}

    assert said == set(words)
    assert columns[0].name == "key"
    assert set(AGAIN_AND_AGAIN) <= set(re.findall(r"`(\w+)=", section("Parts")))


def words_of(line: str) -> Sequence[str]:
    first = re.match(r"\| (`[^|]*`) \|", line)
    return re.findall(r"`(\w+)(?:=\w+)?`", first.group(1)) if first else ()
