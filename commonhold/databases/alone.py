"""One process at a time at something, whatever happens to the process: the lock goes with it.

An advisory lock of the connection on PostgreSQL; on SQLite, which serves one machine, a locked file in the home. What
is one at a time only until a transaction ends is `in_turn`.
"""

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection


class Taken(Exception):
    """Somebody else is at it."""


def lock_file(path: Path | str) -> IO[str]:
    """An empty file to lock, made readable by its owner alone where it is not there."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w")


@contextmanager
def alone(at: str, *, wait: bool = True) -> Iterator[None]:
    """Be the only one at this until the block ends. Raises Taken where somebody else is and we do not wait."""
    if connection.vendor == "postgresql":
        with _advisory_lock(zlib.crc32(at.encode()), wait):
            yield
        return
    with lock_file(settings.HOME / f"{at}.lock") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Taken(at) from None
        yield


def in_turn(at: str) -> None:
    """Wait until nobody else is at this, and be the only one at it until this transaction ends.

    On SQLite a transaction has waited for every other one as it began.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [zlib.crc32(at.encode())])


@contextmanager
def _advisory_lock(number: int, wait: bool) -> Iterator[None]:
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("select pg_advisory_lock(%s)", [number])
        else:
            cursor.execute("select pg_try_advisory_lock(%s)", [number])
            if not cursor.fetchone()[0]:
                raise Taken(number)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [number])
