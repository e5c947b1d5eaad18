"""Locks in the home: made empty, and readable by their owner alone."""

import stat
from pathlib import Path

from commonhold.databases.alone import lock_file


def test_a_lock_is_its_owner_s_alone(tmp_path: Path) -> None:
    with lock_file(tmp_path / "importing.lock") as file:
        assert file.writable()

    assert stat.S_IMODE((tmp_path / "importing.lock").stat().st_mode) == 0o600
