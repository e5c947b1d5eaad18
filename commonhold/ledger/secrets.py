"""Secrets of the home that go with the data: made once, readable by their owner alone."""

import os
import secrets
from pathlib import Path

from django.conf import settings

from commonhold.ledger.durable import sync, sync_folder

PEOPLE = "people.key"


def people_key() -> bytes:
    """The key by which people in tickets are replaced (D1); carried by backups, given to a partner on request.

    The file holds its 32 bytes as 64 hexadecimal digits; the key is the bytes, not that text.
    """
    path: Path = settings.HOME / PEOPLE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
        sync(file)
    sync_folder(path.parent)
    return people_key()
