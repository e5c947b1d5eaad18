"""The PostgreSQL that tests run on: the machine's own server where it has one, not where it has clients alone."""

from pathlib import Path

import pytest

from tests import postgres


def test_a_folder_with_clients_alone_is_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "17" / "bin").mkdir(parents=True)
    (tmp_path / "17" / "bin" / "psql").touch()

    assert postgres.installed(tmp_path) is None


def test_the_newest_server_is_taken(tmp_path: Path) -> None:
    for version in ("9", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
    for version in ("9", "15"):
        (tmp_path / version / "bin" / "initdb").touch()

    assert postgres.installed(tmp_path) == tmp_path / "15" / "bin"
