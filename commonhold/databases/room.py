"""A full disk, told in plain words whichever database or file met it first."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import DatabaseError

from commonhold.refusals import Refused

FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
SQLITE_FULL: Final = {"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"}
POSTGRESQL_FULL: Final = "53100"


@contextmanager
def with_room(sentence: str) -> Iterator[None]:
    """Refuse what a full disk stopped; `sentence` says what became of it."""
    try:
        yield
    except (OSError, DatabaseError) as fault:
        if not is_full(fault):
            raise
        raise Refused(f"There is no room left on the disk. {sentence}") from fault


def is_full(fault: BaseException) -> bool:
    """Whether it is a full disk that stopped something."""
    if isinstance(fault, OSError):
        return fault.errno in FULL
    cause = fault.__cause__
    if getattr(cause, "sqlite_errorname", None) in SQLITE_FULL:
        return True
    return getattr(cause, "sqlstate", None) == POSTGRESQL_FULL
