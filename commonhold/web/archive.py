"""A backup: database, evidence and the home's secrets in one archive, and back, verified both times."""

import hashlib
import os
import tarfile
import tempfile
from pathlib import Path
from typing import IO

from django.conf import settings

from commonhold.databases.copying import copy_in, copy_out
from commonhold.ledger import evidence
from commonhold.ledger.engine import merkle
from commonhold.ledger.engine.verify_commonhold import hash_of_leaf, root_of_edge
from commonhold.ledger.models import Entry, Head
from commonhold.refusals import Refused

SECRETS = ("secret", "people.key")
"""Files of the home that belong to the data: the session secret, and the key that people in tickets are replaced by."""


def back_up(target: Path) -> int:
    """Write a backup to a file that is not there yet; returns the number of entries of its record."""
    if target.exists():
        raise Refused(f"{target} is there already. Name a file that is not, or remove it first.")
    half = target.with_name(f"{target.name}.part")
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".backup-") as name:
        copy_out(Path(name))
        with tarfile.open(half, "w:gz", compresslevel=1) as archive:
            archive.add(name, "database")
            for secret in SECRETS:
                if (settings.HOME / secret).exists():
                    archive.add(settings.HOME / secret, f"home/{secret}")
            for digest in evidence.all_digests():
                with evidence.opened(digest) as file:
                    _add(archive, f"evidence/{digest}", file)
    half.replace(target)
    return Head.objects.get().size


def restore(source: Path) -> int:
    """Fill an empty database and home from a backup; returns the number of entries, all of them verified."""
    if not source.is_file():
        raise Refused(f"There is no file {source}.")
    with tempfile.TemporaryDirectory(dir=settings.HOME, prefix=".restore-") as name:
        folder = Path(name)
        _unpack(source, folder)
        _refuse_altered_evidence(folder)
        copy_in(folder / "database")
        for secret in SECRETS:
            if (folder / "home" / secret).exists():
                (folder / "home" / secret).replace(settings.HOME / secret)
                (settings.HOME / secret).chmod(0o600)
        for path in sorted((folder / "evidence").glob("*")):
            with path.open("rb") as file:
                evidence.keep(file)
    return verified()


def verified() -> int:
    """Recompute the log from the stored entries; returns how many there are. Refuses a log that its head contradicts."""
    head, tree = Head.objects.get(), merkle.EMPTY
    for entry in Entry.objects.order_by("number").iterator(chunk_size=5_000):
        tree, _ = merkle.append(tree, hash_of_leaf(entry.canonical()))
    if (tree.size, tree.root) != (head.size, root_of_edge(head.tree.edge)):
        raise Refused(f"The record does not verify: {tree.size} entries were found, its head tells of {head.size}.")
    return tree.size


def _add(archive: tarfile.TarFile, name: str, file: IO[bytes]) -> None:
    about = tarfile.TarInfo(name)
    about.size = file.seek(0, os.SEEK_END)
    file.seek(0)
    archive.addfile(about, file)


def _unpack(source: Path, folder: Path) -> None:
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(folder, filter="data")
    except (tarfile.TarError, EOFError, OSError) as problem:
        raise Refused(f"{source} is not a whole backup of Commonhold ({problem}). Nothing was changed.") from None
    if not (folder / "database").is_dir():
        raise Refused(f"{source} is not a backup of Commonhold. Nothing was changed.")


def _refuse_altered_evidence(folder: Path) -> None:
    for path in (folder / "evidence").glob("*"):
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != path.name:
                raise Refused(f"The evidence file {path.name} in this backup was altered. Nothing was changed.")
