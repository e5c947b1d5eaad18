"""Installations of their own for tests of whole commands: a home and a database, on SQLite or on the PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.jobs.installation import ROOT, Installation, installation


@contextmanager
def place(folder: Path) -> Iterator[Installation]:
    """An empty home and database, of the kind that the suite runs on, with the product's own settings."""
    folder.mkdir(parents=True, exist_ok=True)
    socket = os.environ.get("PGHOST") if os.environ.get("COMMONHOLD_TEST_DATABASE") == "postgresql" else None
    with installation(folder, Path(socket) if socket else None) as made:
        made.environment["DJANGO_SETTINGS_MODULE"] = "commonhold.web.settings"
        yield made


def program(here: Installation, module: str) -> None:
    """Run one of the tests' own programs there."""
    subprocess.run([sys.executable, "-m", module], cwd=ROOT, env=here.environment, check=True, capture_output=True)


def said(here: Installation, *arguments: str) -> tuple[int, str]:
    """How a command ended there, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "commonhold", *arguments],
        cwd=ROOT, env=here.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr
