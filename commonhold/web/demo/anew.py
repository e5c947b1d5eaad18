"""Beginning the demonstration anew: its home is removed, and nothing that is not a demonstration's ever is."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from commonhold.refusals import Refused


def remove(home: Path) -> None:
    """Remove a demonstration with everything that was entered in it. Refuses a folder that holds anything else."""
    if not home.exists():
        return
    database = home / "commonhold.sqlite3"
    if any(home.iterdir()) and not (database.exists() and _is_demonstration(database)):
        raise Refused(f"{home} does not hold a demonstration, so it is not removed.")
    shutil.rmtree(home)


def _is_demonstration(database: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            row = connection.execute("select origin from ledger_head").fetchone()
    except sqlite3.DatabaseError:
        return False
    return row is not None and str(row[0]).endswith("-DEMONSTRATION")
