"""Writers on SQLite queue for their turn: none is overtaken for ever, and who waits too long is told."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from commonhold.databases.sqlite.base import DatabaseWrapper

pytestmark = pytest.mark.django_db


def connect(path: Path, timeout: float) -> DatabaseWrapper:
    settings = connections["default"].settings_dict
    options = {"timeout": timeout, "transaction_mode": "IMMEDIATE", "init_command": "pragma journal_mode=wal"}
    made = DatabaseWrapper({**settings, "NAME": str(path), "OPTIONS": options, "CONN_HEALTH_CHECKS": False}, "queue")
    made.inc_thread_sharing()
    return made


@pytest.fixture
def other(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody else who writes, with SQLite's own means."""
    connection = sqlite3.connect(tmp_path / "x.sqlite3", isolation_level=None, check_same_thread=False)
    connection.executescript("pragma journal_mode=wal; create table t (who text)")
    yield connection
    connection.close()


def write(connection: BaseDatabaseWrapper, who: str) -> None:
    connections["queue"] = connection
    try:
        with transaction.atomic(using="queue"), connection.cursor() as cursor:
            cursor.execute("insert into t values (%s)", [who])
    finally:
        del connections["queue"]


def test_a_writer_waits_for_another_s_transaction(tmp_path: Path, other: sqlite3.Connection) -> None:
    waiting = connect(tmp_path / "x.sqlite3", timeout=20)
    other.execute("begin immediate")
    began = time.monotonic()
    threading.Timer(0.2, other.execute, ["commit"]).start()
    write(waiting, "a")

    assert time.monotonic() - began >= 0.2
    assert other.execute("select who from t").fetchall() == [("a",)]
    assert waiting.connection.execute("pragma busy_timeout").fetchone() == (20_000,)
    waiting.close()


def test_a_writer_that_waited_too_long_is_told_and_can_try_again(tmp_path: Path, other: sqlite3.Connection) -> None:
    waiting = connect(tmp_path / "x.sqlite3", timeout=0.1)
    other.execute("begin immediate")
    with pytest.raises(OperationalError, match="database is locked"):
        write(waiting, "a")
    other.execute("rollback")
    write(waiting, "a")

    assert other.execute("select who from t").fetchall() == [("a",)]
    waiting.close()


def test_a_reader_does_not_queue(tmp_path: Path, other: sqlite3.Connection) -> None:
    reader = connect(tmp_path / "x.sqlite3", timeout=0.1)
    other.execute("begin immediate")
    with reader.cursor() as cursor:
        assert cursor.execute("select count(*) from t").fetchone() == (0,)
    other.execute("rollback")
    reader.close()
