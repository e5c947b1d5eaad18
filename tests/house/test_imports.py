"""The import contracts of docs/house.md hold, and each of them finds the violation it is there for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]

PLANTED = {
    "an app imports from one above it": (
        "commonhold/ledger/queries/entries.py",
        "from commonhold.demand import models as planted",
        "Apps build downwards",
    ),
    "an app imports from one beside it": (
        "commonhold/workdays/__init__.py",
        "from commonhold import figures as planted",
        "Apps build downwards",
    ),
    "a model imports an act": (
        "commonhold/governance/models/meeting.py",
        "from commonhold.governance.acts import meetings as planted",
        "Inside an app",
    ),
    "an act imports a task": (
        "commonhold/demand/acts/imports.py",
        "from commonhold.demand import tasks as planted",
        "Inside an app",
    ),
    "an engine imports Django": (
        "commonhold/demand/engine/mapping.py",
        "import django as planted",
        "Engines compute",
    ),
    "a view is imported by something other than its urls": (
        "commonhold/web/preparing.py",
        "from commonhold.web import views as planted",
        "A view is imported by its urls",
    ),
    "a form is imported by something other than a view": (
        "commonhold/demand/tasks.py",
        "from commonhold.demand import forms as planted",
        "A form is imported by views",
    ),
}


def lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(LINT, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_contracts_are_kept() -> None:
    result = lint(ROOT)

    assert result.returncode == 0, result.stdout


@pytest.mark.long
@pytest.mark.parametrize("case", PLANTED, ids=str)
def test_a_planted_violation_is_found(case: str, tmp_path: Path) -> None:
    file, line, contract = PLANTED[case]
    shutil.copytree(
        ROOT / "commonhold", tmp_path / "commonhold", ignore=shutil.ignore_patterns("__pycache__", "static")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / file
    planted.write_text(f"{planted.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")

    result = lint(tmp_path)

    assert result.returncode == 1
    assert f"{contract}" in result.stdout
    assert any(contract in text and "BROKEN" in text for text in result.stdout.splitlines())
