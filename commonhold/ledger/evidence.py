"""Files kept as evidence, found by the SHA-256 of their bytes, through Django's storage (a folder, or what is set)."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage

from commonhold.refusals import Refused

IN_MEMORY = 8 * 2**20
CHUNK = 2**20


class Missing(Refused):
    """A file that the record names is not where evidence is kept."""


class Altered(Refused):
    """A file does not have the digest any more that the record names it by."""


@contextmanager
def gathered() -> Iterator[IO[bytes]]:
    """A file to write to that goes away with its block: what is written is evidence only once it is kept."""
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        yield file


def keep(file: IO[bytes]) -> str:
    """Keep the bytes of a file, read from its beginning; returns their SHA-256. What is there already stays."""
    digest = digest_of(file)
    # A process that was killed may have left only its beginning here.
    _remove_unless_whole(digest)
    if not is_kept(digest):
        file.seek(0)
        try:
            kept = default_storage.save(_place(digest), File(file))
        except BaseException:
            _remove_unless_whole(digest)
            raise
        if kept != _place(digest):  # somebody kept the same bytes a moment earlier
            default_storage.delete(kept)
    return digest


def keep_text(text: str) -> str:
    """Keep a text in UTF-8; returns the SHA-256 of its bytes."""
    return keep(BytesIO(text.encode()))


def digest_of(file: IO[bytes]) -> str:
    """The SHA-256 of a file's bytes from its beginning."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def remove(digest: str) -> None:
    """Remove a file that nothing on the record names."""
    default_storage.delete(_place(digest))


def is_kept(digest: str) -> bool:
    return default_storage.exists(_place(digest))


def _remove_unless_whole(digest: str) -> None:
    if is_kept(digest):
        with opened(digest) as kept:
            whole = digest_of(kept) == digest
        if not whole:
            remove(digest)


def opened(digest: str) -> IO[bytes]:
    """The kept file with this digest. Raises Missing where there is none."""
    if not is_kept(digest):
        raise Missing(f"The file with SHA-256 {digest} is not among the evidence kept here.")
    return default_storage.open(_place(digest), "rb")


def content(digest: str) -> bytes:
    """All of the kept file with this digest, looked at before it is shown. Raises Altered where it is another now."""
    with opened(digest) as file:
        found = file.read()
    if hashlib.sha256(found).hexdigest() != digest:
        raise Altered(f"The file that was kept with SHA-256 {digest} was altered since, so it is not shown.")
    return found


def all_digests() -> Iterator[str]:
    """The digests of all files that are kept."""
    for folder in default_storage.listdir("")[0] if default_storage.exists("") else ():
        yield from sorted(default_storage.listdir(folder)[1])


def _place(digest: str) -> str:
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError("A digest is 64 hexadecimal figures.")
    return f"{digest[:2]}/{digest}"
