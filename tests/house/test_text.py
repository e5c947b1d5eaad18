"""What no file of the project may hold: addresses of package registries, paths of a machine, how it is developed."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOSTS = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|npmjs\.org|--(extra-)?index-url|--find-links", re.I)
PATHS = re.compile(r"(?<![\w.])/(root|home/\w+|Users/\w+|work)/")
ALLOWED = {"tests/house/test_text.py"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\n") if name and name not in ALLOWED and (ROOT / name).is_file()]


def holding(pattern: "re.Pattern[str]") -> list[str]:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in pattern.finditer(text)]
    return found


def test_no_file_names_a_registry() -> None:
    assert holding(HOSTS) == []


def test_no_file_names_a_path_of_a_machine() -> None:
    assert holding(PATHS) == []
