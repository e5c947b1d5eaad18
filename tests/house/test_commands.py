"""Commands: no two apps have one of the same name, each has help with an example, and a page in the guide."""

import re
from pathlib import Path

import pytest

from tests.house.source import PACKAGE, ROOT

COMMANDS = sorted(path for path in PACKAGE.glob("*/management/commands/*.py") if path.stem != "__init__")


def twice(commands: list[Path]) -> set[str]:
    names = [path.stem for path in commands]
    return {name for name in names if names.count(name) > 1}


def test_no_two_apps_have_a_command_of_the_same_name() -> None:
    assert twice(COMMANDS) == set()
    assert twice([*COMMANDS, PACKAGE / "governance" / "management" / "commands" / "clock.py"]) == {"clock"}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.stem)
def test_a_command_s_help_has_an_example(command: Path) -> None:
    assert "Example" in command.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.stem)
def test_a_command_has_its_page_in_the_guide(command: Path) -> None:
    page = ROOT / "docs" / "guide" / "commands" / f"{command.stem.replace('_', '-')}.md"

    assert page.is_file()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.stem)
def test_a_command_acts_so_that_its_entries_say_so(command: Path) -> None:
    """`on_the_command_line` is the one way in which a command says who acts (D4)."""
    assert re.findall(r"\b(?:acting|by_of|By)\(", command.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.stem)
def test_a_command_leaves_checking_the_settings_to_commonhold_check(command: Path) -> None:
    """They take longer than a small command does; only who serves pages looks at their addresses first."""
    assert ("requires_system_checks" in command.read_text(encoding="utf-8")) is (command.stem != "serve")
