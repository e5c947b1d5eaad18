"""Settings come from the environment, and the guide lists each of them."""

import re
from pathlib import Path

import pytest
from django.db import connection

from commonhold.refusals import Refused
from commonhold.web import environment

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r"""(?:environ(?:\.get\(|\[)|flag\(|words\()\s*"([A-Z_]+)"|"([A-Z_]+)" in os\.environ""")
NOT_SETTINGS = {"DJANGO_SETTINGS_MODULE"}


def read_from_the_environment() -> set[str]:
    """The variables that the product reads, wherever it does."""
    found = set()
    for path in (ROOT / "commonhold").glob("**/*.py"):
        found |= {one or other for one, other in READ.findall(path.read_text(encoding="utf-8"))}
    return found - NOT_SETTINGS


def test_the_guide_lists_every_setting_and_no_other() -> None:
    page = (ROOT / "docs" / "guide" / "running.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.M))

    assert listed == read_from_the_environment()


@pytest.mark.parametrize("word", ["1", "true", "YES", "on"])
def test_a_flag_is_on(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMONHOLD_TLS", word)

    assert environment.flag("COMMONHOLD_TLS")


@pytest.mark.parametrize("word", ["", "0", "no", "off", "perhaps"])
def test_a_flag_is_off(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMONHOLD_TLS", word)

    assert not environment.flag("COMMONHOLD_TLS")


def test_words_are_separated_by_spaces_or_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMONHOLD_HOSTS", "a.example, b.example  c.example,")

    assert environment.words("COMMONHOLD_HOSTS", "") == ["a.example", "b.example", "c.example"]


def test_options_of_a_connection_may_be_named_instead_of_ours(tmp_path: Path) -> None:
    named = environment.database("postgresql://me@/ours?options=-c%20jit%3Doff", tmp_path)

    assert named["OPTIONS"] == {"options": "-c jit=off"}


@pytest.mark.django_db
def test_postgresql_plans_our_queries_in_few_orders() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no such setting.")
    with connection.cursor() as cursor:
        cursor.execute("show join_collapse_limit")

        assert cursor.fetchone() == ("4",)


def test_a_database_is_named_by_its_address(tmp_path: Path) -> None:
    postgresql = environment.database("postgresql://me:a%40b@db.example:5433/ours?sslmode=require", tmp_path)
    socket = environment.database("postgresql://me@/ours?host=/run/postgresql", tmp_path)

    assert (postgresql["HOST"], postgresql["PORT"], postgresql["NAME"]) == ("db.example", "5433", "ours")
    assert (postgresql["USER"], postgresql["PASSWORD"]) == ("me", "a@b")
    assert postgresql["OPTIONS"] == {"sslmode": "require", "options": environment.PLAN_AS_WRITTEN}
    assert (socket["HOST"], socket["PORT"]) == ("/run/postgresql", "")
    assert environment.database(None, tmp_path)["NAME"] == str(tmp_path / "commonhold.sqlite3")
    assert environment.database("sqlite:////srv/our%20data.sqlite3", tmp_path)["NAME"] == "/srv/our data.sqlite3"


def test_another_database_is_refused_with_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="use sqlite:///PATH or postgresql://"):
        environment.database("mysql://db.example/ours", tmp_path)


def test_a_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    first = environment.secret(tmp_path, "secret")

    assert environment.secret(tmp_path, "secret") == first
    assert len(first) > 50
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_home_that_is_made_is_its_owner_s_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMONHOLD_HOME", str(tmp_path / "new"))

    assert environment.home().stat().st_mode & 0o777 == 0o700


def test_a_home_that_is_there_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there").chmod(0o750)
    monkeypatch.setenv("COMMONHOLD_HOME", str(tmp_path / "there"))

    assert environment.home().stat().st_mode & 0o777 == 0o750
