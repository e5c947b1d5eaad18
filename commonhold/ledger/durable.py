"""Files that survive a power cut as entries do: what has its name is whole and on the disk, folder and all."""

import os
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, Final

from django.core.files.storage import FileSystemStorage, default_storage

BEGUN: Final = ".begun-"
"""How the name of a file starts that is still being written."""


class DurableFiles(FileSystemStorage):
    """Django's folder of files, for those named by their content: each gets its name once it is on the disk."""

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        make_folder(path.parent)
        # Beside the folders, so that nothing lists a file that was begun.
        with NamedTemporaryFile(dir=self.location, prefix=BEGUN, delete=False) as file:
            try:
                for chunk in content.chunks():
                    file.write(chunk)
                if self.file_permissions_mode is not None:
                    os.fchmod(file.fileno(), self.file_permissions_mode)
                sync(file)
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink()
                raise
        sync_folder(path.parent)
        return name


def forget_begun(before: datetime) -> int:
    """Remove what processes that were killed had begun to write before then; returns how many files."""
    folder = default_storage.location if isinstance(default_storage, DurableFiles) else None
    begun = Path(folder).glob(f"{BEGUN}*") if folder else ()
    left = [path for path in begun if path.stat().st_mtime < before.timestamp()]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def sync(file: IO[Any]) -> None:
    """Return once what was written to a file is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def make_folder(folder: Path) -> None:
    """Make a folder, and those it is in, unless they are there."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Return once the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
