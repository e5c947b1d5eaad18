"""A backup: database, evidence and the home's secrets in one archive, and back, verified both times."""

import os
import re
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import IO, Final

from django.conf import settings

from commonhold.databases.copying import copy_in, copy_out, refuse_unfit
from commonhold.demand.models import Batch
from commonhold.govuk.formats import plural
from commonhold.ledger import evidence
from commonhold.ledger.engine import merkle
from commonhold.ledger.engine.verify_commonhold import hash_of_leaf, root_of_edge
from commonhold.ledger.models import Entry, Head
from commonhold.partnership.models import RuleVersion
from commonhold.performance.models import Comparator, Delivery, Pack
from commonhold.refusals import Refused

SECRETS: Final = ("secret", "people.key")
"""Files of the home that belong to the data: the session secret, and the key that people in tickets are replaced by."""
MISSING: Final = "missing-evidence.txt"
"""In a backup: the digests of evidence that the record names and that was not there to be carried along."""
DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Carried:
    """What a backup carries: how many entries, all verified, and the evidence that the record names and nobody has."""

    entries: int
    missing: tuple[str, ...]

    @property
    def words(self) -> str:
        """What is to be said of evidence that is gone; nothing where all of it is there."""
        if not self.missing:
            return ""
        return (
            f"Evidence is missing: {plural(len(self.missing), 'file')} that the record names, by SHA-256: "
            + ", ".join(self.missing)
        )


def back_up(target: Path) -> Carried:
    """Write a backup to a file that is not there yet, with what there is; says what is not."""
    if target.exists():
        raise Refused(f"{target} is there already. Name a file that is not, or remove it first.")
    if not target.absolute().parent.is_dir():
        raise Refused(f"There is no folder {target.absolute().parent}. Make it first.")
    entries = verified()
    half = target.with_name(f"{target.name}.part")
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".backup-") as name:
        copy_out(Path(name))
        missing = tuple(sorted(_named() - set(evidence.all_digests())))
        try:
            descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with (
                os.fdopen(descriptor, "wb") as file,
                tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive,
            ):
                archive.add(name, "database")
                _add(archive, MISSING, BytesIO("".join(f"{digest}\n" for digest in missing).encode()))
                for secret in SECRETS:
                    if (settings.HOME / secret).exists():
                        archive.add(settings.HOME / secret, f"home/{secret}")
                for digest in evidence.all_digests():
                    with evidence.opened(digest) as kept:
                        _add(archive, f"evidence/{digest}", kept)
            half.replace(target)
        finally:
            half.unlink(missing_ok=True)
    return Carried(entries, missing)


def restore(source: Path) -> Carried:
    """Fill an empty database and home from a backup; record and evidence are verified before they stand."""
    if not source.is_file():
        raise Refused(f"There is no file {source}.")
    with tempfile.TemporaryDirectory(dir=settings.HOME, prefix=".restore-") as name:
        folder = Path(name)
        _unpack(source, folder)
        try:
            refuse_unfit(folder / "database")
            _refuse_altered_evidence(folder)
            lacking = _said_to_be_missing(folder)
        except Refused as refusal:
            raise Refused(f"{refusal} Nothing was changed.") from None
        for path in _evidence(folder):
            with path.open("rb") as file:
                evidence.keep(file)
        try:
            copy_in(folder / "database", check=lambda: _check(lacking))
        except Refused as refusal:
            raise Refused(f"{refusal} The database stays empty.") from None
        for secret in SECRETS:
            if (folder / "home" / secret).exists():
                (folder / "home" / secret).replace(settings.HOME / secret)
                (settings.HOME / secret).chmod(0o600)
    return Carried(Head.objects.get().size, tuple(sorted(lacking)))


def verified() -> int:
    """Recompute the log from its entries; returns how many there are. Refuses a log that its head contradicts."""
    head, tree = Head.objects.get(), merkle.EMPTY
    # Somebody may add an entry while these are read.
    for entry in Entry.objects.filter(number__lte=head.size).order_by("number").iterator(chunk_size=5_000):
        tree, _ = merkle.append(tree, hash_of_leaf(entry.canonical()))
    if (tree.size, tree.root) != (head.size, root_of_edge(head.tree.edge)):
        raise Refused(f"The record does not verify: {tree.size} entries were found, its head tells of {head.size}.")
    return tree.size


def _check(lacking: frozenset[str]) -> None:
    """Of what was restored: nobody adds to it meanwhile, so there is nothing beyond its head either, and all the
    evidence that it names is there, but for what was gone already when the backup was made.
    """
    if Entry.objects.count() > verified():
        raise Refused("The record does not verify: there are entries that its head does not tell of.")
    if gone := sorted(_named() - lacking - set(evidence.all_digests())):
        raise Refused(
            f"The record names {plural(len(gone), 'file')} of evidence that this backup lacks, such as {gone[0]}."
        )


def _named() -> set[str]:
    """The digests of the evidence that the record rests on: ticket files with what read them, packs, pages of rules,
    readings with what they were taken from.
    """
    rows = chain(
        Batch.objects.taken().values_list("sha256", "mapping_digest", "partners_digest"),
        Pack.objects.values_list("html", "pdf", "figures", "manifest", "body", "tables", "update_html", "update_pdf"),
        RuleVersion.objects.values_list("file"),
        Delivery.objects.values_list("sha256", "attached"),
        Comparator.objects.values_list("attached"),
    )
    return {digest for row in rows for digest in row if digest}


def _said_to_be_missing(folder: Path) -> frozenset[str]:
    """The evidence that was gone already when the backup was made."""
    if not (folder / MISSING).is_file():
        raise Refused("This is not a whole backup of Commonhold: it does not say what evidence was missing.")
    return frozenset((folder / MISSING).read_text(encoding="ascii", errors="replace").split())


def _add(archive: tarfile.TarFile, name: str, file: IO[bytes]) -> None:
    about = tarfile.TarInfo(name)
    about.size = file.seek(0, os.SEEK_END)
    file.seek(0)
    archive.addfile(about, file)


def _unpack(source: Path, folder: Path) -> None:
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(folder, filter="data")
    except (tarfile.TarError, EOFError, OSError, zlib.error) as problem:
        raise Refused(f"{source} is not a whole backup of Commonhold ({problem}). Nothing was changed.") from None
    if not (folder / "database").is_dir():
        raise Refused(f"{source} is not a backup of Commonhold. Nothing was changed.")


def _evidence(folder: Path) -> Iterator[Path]:
    yield from sorted((folder / "evidence").glob("*"))


def _refuse_altered_evidence(folder: Path) -> None:
    for path in _evidence(folder):
        if not path.is_file() or not DIGEST.fullmatch(path.name):
            raise Refused(f"This backup holds {path.name} among its evidence, which is no digest.")
        with path.open("rb") as file:
            if evidence.digest_of(file) != path.name:
                raise Refused(f"The evidence file {path.name} in this backup was altered.")
