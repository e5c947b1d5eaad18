"""What starts loads no more than it needs: web processes and small commands are there at once and stay small."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from commonhold import __version__
from tests.house.source import ROOT

pytestmark = pytest.mark.long

HEAVY = {"numba", "openpyxl", "vl_convert", "typst", "pikepdf", "docx", "polars", "pandas"}
SUMS = {"numpy"}
"""Pages of evidence and parity count in arrays, so a web process may load it; who counts nothing does not."""
WITHOUT_SUMS = (
    "backup",
    "export_ledger",
    "name_administrator",
    "restore",
    "serve",
    "start",
    "verify_ledger",
    "work",
)
ALL = sorted(path.stem for path in ROOT.glob("commonhold/*/management/commands/*.py") if path.stem != "__init__")


def loaded(code: str, home: Path) -> set[str]:
    """The modules that a fresh process has loaded once it has run this."""
    said = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "commonhold.web.settings", "COMMONHOLD_HOME": str(home)},
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(json.loads(said.stdout))


def test_a_web_process_starts_without_what_only_workers_need(tmp_path: Path) -> None:
    addresses = "import commonhold.web.wsgi\nfrom django.urls import resolve\nresolve('/figures/')"

    found = loaded(addresses, tmp_path)

    assert "commonhold.performance.views.figures" in found
    assert not found & HEAVY


@pytest.mark.parametrize("name", ALL)
def test_a_command_starts_without_what_it_does_not_need(name: str, tmp_path: Path) -> None:
    module = next(ROOT.glob(f"commonhold/*/management/commands/{name}.py")).relative_to(ROOT).with_suffix("")
    dotted = ".".join(module.parts)

    found = loaded(f"import django\ndjango.setup()\nimport {dotted}", tmp_path)

    assert dotted in found
    assert not found & (HEAVY | SUMS if name in WITHOUT_SUMS else HEAVY)


def test_help_is_given_whichever_way_it_is_asked_for(tmp_path: Path) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "commonhold.web.settings", "COMMONHOLD_HOME": str(tmp_path)}
    for words in ([], ["help"], ["--help"], ["figures", "--help"], ["help", "figures"]):
        done = subprocess.run(
            [sys.executable, "-m", "commonhold", *words], env=environment, cwd=ROOT, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

        assert (done.returncode, done.stderr) == (0, "")
        assert "figures" in done.stdout


def test_help_lists_our_commands_as_they_are_typed_and_says_what_each_does(tmp_path: Path) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "commonhold.web.settings", "COMMONHOLD_HOME": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-m", "commonhold", "help"], env=environment, cwd=ROOT, capture_output=True, text=True,
        check=True,
    ).stdout  # fmt: skip
    listed = [line.split()[0] for line in said.splitlines() if line.startswith("  ") and line[2] != " "]

    assert listed == sorted(name.replace("_", "-") for name in ALL)
    assert "import-tickets      Import a service desk's exports, each file wholly or not at all." in said
    assert "flush" not in said, "commands that know nothing of the record are not offered"
    assert not (tmp_path / "commonhold.sqlite3").exists()


def test_a_command_that_there_is_not_is_refused_with_the_one_that_may_be_meant(tmp_path: Path) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "commonhold.web.settings", "COMMONHOLD_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "commonhold", "import-ticket"], env=environment, cwd=ROOT, capture_output=True,
        text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert done.stderr == (
        "There is no command 'import-ticket'. Did you mean import-tickets? All are listed by: commonhold help\n"
    )
    assert not (tmp_path / "commonhold.sqlite3").exists(), "nothing is set up for it"


REFUSED = ("flush", "loaddata", "createsuperuser", "changepassword", "sqlflush", "dbshell", "shell")


@pytest.mark.parametrize("name", [*REFUSED, "remove_stale_contenttypes", "account-unsetmultipleprimaryemails"])
def test_a_command_of_django_s_that_writes_past_the_record_is_not_run(name: str, tmp_path: Path) -> None:
    code, said = ran(tmp_path, name, "--help")

    assert code == 2
    assert said.startswith(f"{name} changes the data past the record, so it is not run here. ")
    assert not (tmp_path / "commonhold.sqlite3").exists()


@pytest.mark.parametrize("words", [("migrate", "--check"), ("collectstatic", "--dry-run", "--no-input"), ("check",)])
def test_what_bringing_a_version_up_needs_is_run(words: tuple[str, ...], tmp_path: Path) -> None:
    code, said = ran(tmp_path, *words)

    assert "past the record" not in said
    assert code in (0, 1), "1 where migrations wait"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        (
            "DATABASE_URL",
            "mysql://db.example/ours",
            "DATABASE_URL begins with 'mysql'; use sqlite:///PATH or postgresql://",
        ),
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x", "The database cannot be reached: "),
        (
            "DATABASE_URL",
            "sqlite:////nowhere/at/all/x.sqlite3",
            "The database cannot be reached: unable to open",
        ),
        (
            "COMMONHOLD_HOME",
            "/proc/nowhere",
            "The folder /proc/nowhere cannot be made (No such file",
        ),
    ],
)
def test_what_the_environment_says_wrongly_is_refused_in_a_line(
    tmp_path: Path, name: str, value: str, words: str
) -> None:
    code, said = ran(tmp_path, "figures", "--json", **{name: value})

    assert (code, len(said.splitlines())) == (2, 1)
    assert said.startswith(words)


def test_a_port_that_there_is_not_is_refused(tmp_path: Path) -> None:
    code, said = ran(tmp_path, "serve", "--port", "99999")

    assert (code, said) == (2, "There is no port 99999. Choose one from 1 to 65535: --port 8000\n")


def test_the_version_is_our_own(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "commonhold", "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == f"Commonhold {__version__}\n"


def ran(home: Path, *words: str, **given: str) -> tuple[int, str]:
    """How a command ended in a home of its own without a database elsewhere, and what it said on standard error."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "commonhold.web.settings", "COMMONHOLD_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    environment |= given
    done = subprocess.run(
        [sys.executable, "-m", "commonhold", *words], env=environment, cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stderr
