"""The watched folder: files that lie under a feed's name are taken once nothing is written to them any more."""

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

from commonhold.databases.room import is_full
from commonhold.demand.acts.feeding import receive
from commonhold.demand.models import FeedVersion
from commonhold.demand.queries.feeds import current
from commonhold.ledger.engine.by import By
from commonhold.ledger.workings import working
from commonhold.refusals import Refused

FOLDER: Final = "a watched folder"
"""What an import came through whose file was taken from one."""
QUIET: Final = 60
"""Seconds for which nothing has been written to a file that is taken. One renamed into place, after it was written, is
as old as its last byte."""
ENDINGS: Final = (".csv", ".csv.gz", ".json", ".json.gz")
MOST_AT_ONCE: Final = 100


@working
def look_into_folders(*, by: By) -> int:
    """Take what lies in the folders of feeds; each file is moved to `taken` and, once read, to `done` or `refused`."""
    if not settings.FEEDS:
        return 0
    taken = 0
    for version in current().filter(stopped=False, from_folder=True):
        for path in _ready(Path(settings.FEEDS) / version.feed.name):
            taken += _take(by, version, path)
    return taken


def _ready(folder: Path) -> Iterator[Path]:
    """The files of a folder that are whole, the oldest first; links, hidden and growing files are left alone."""
    now = time.time()
    try:
        found = [entry for entry in os.scandir(folder) if _is_a_file(entry)]
    except OSError:  # there is none yet
        return
    old = [(entry.stat(follow_symlinks=False).st_mtime, entry.path) for entry in found]
    yield from (Path(path) for at, path in sorted(old)[:MOST_AT_ONCE] if now - at >= QUIET)


def _is_a_file(entry: "os.DirEntry[str]") -> bool:
    return (
        not entry.name.startswith(".")
        and entry.name.lower().endswith(ENDINGS)
        and entry.is_file(follow_symlinks=False)
        and len(entry.name) <= 200
    )


def _take(by: By, version: FeedVersion, path: Path) -> int:
    folder = path.parent / "taken"
    folder.mkdir(exist_ok=True)
    held = folder / f"{by.at:%Y%m%d-%H%M%S}-{path.name}"
    path.rename(held)
    try:
        with os.fdopen(os.open(held, os.O_RDONLY | os.O_NOFOLLOW), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise Refused("This is no file.")
            received = receive(by=by, version=version, stream=stream, through=FOLDER, name=path.name, path=str(held))
    except Refused as refusal:
        if refusal.__cause__ is not None and is_full(refusal.__cause__):
            held.rename(path)  # it stays where it was, and is looked at again
        else:
            _refuse(held, refusal.message)
        return 0
    except BaseException:
        # It was not taken in, so it is found again.
        held.rename(path)
        raise
    if not received.is_new:
        _put_aside(held, "done")
        return 0
    return 1


def _refuse(held: Path, why: str) -> None:
    refused = _put_aside(held, "refused")
    refused.with_name(f"{refused.name}.txt").write_text(f"{why}\n", encoding="utf-8")


def _put_aside(held: Path, where: str) -> Path:
    """Move a file that was taken; the instant in its name keeps it from taking the place of another."""
    folder = held.parent.parent / where
    folder.mkdir(exist_ok=True)
    return held.rename(folder / held.name)
