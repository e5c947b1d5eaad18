"""The Chromium that browser tests drive: the machine's own; nothing is downloaded."""

import os
import shutil
from typing import Any, Final

import pytest

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW: Final = (
    "No Chromium was found, so the tests in a browser were left out. Install one with `apt-get install chromium` "
    "(Debian, Ubuntu), `dnf install chromium` (Fedora) or `brew install --cask chromium` (macOS), and run them again."
)


def path() -> str | None:
    """Where the machine has one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def needs_one(item: pytest.Item) -> None:
    """Leave a browser test out where there is no browser; where the project is checked for others, fail."""
    if item.get_closest_marker("browser") is None or path() is not None:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(HOW, pytrace=False)
    pytest.skip(HOW)


def launching(arguments: dict[str, Any]) -> dict[str, Any]:
    """How it is launched: quietly, and without a sandbox only where the tests run as root, which has none."""
    quiet = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return {**arguments, "executable_path": path(), "args": [*quiet, *as_root]}
