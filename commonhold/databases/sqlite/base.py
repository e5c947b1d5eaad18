"""Django's SQLite, with writers that queue for their turn.

SQLite lets waiting writers look again now and then, ten times a second at last, and whoever just wrote may go first
again: of eight busy processes one waited nine seconds for a turn. Here who waits stands in line at a file's lock, and
only the first in line looks at the database, often. The lock goes with its process, however that ends.
"""

import fcntl
import sqlite3
import time

from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite

from commonhold.databases.alone import lock_file

BETWEEN_LOOKS = 0.001


class DatabaseWrapper(SQLite):
    """A connection that takes the writer's place in its turn."""

    def _start_transaction_under_autocommit(self) -> None:
        if self.is_in_memory_db() or self.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
            self._begin_plainly()
            return
        seconds = self.settings_dict["OPTIONS"]["timeout"]
        end = time.monotonic() + seconds
        with lock_file(f"{self.settings_dict['NAME']}-queue") as line:
            fcntl.flock(line, fcntl.LOCK_EX)
            self.connection.execute("pragma busy_timeout = 0")
            try:
                while not self._begins():
                    if time.monotonic() > end:
                        self._begin_plainly()  # one look more, for Django's own error
                        return
                    time.sleep(BETWEEN_LOOKS)
            finally:
                self.connection.execute(f"pragma busy_timeout = {int(seconds * 1000)}")

    def _begin_plainly(self) -> None:
        super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out

    def _begins(self) -> bool:
        try:
            self.connection.execute("begin immediate")
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True
