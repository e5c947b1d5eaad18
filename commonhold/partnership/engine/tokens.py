"""Tokens as text: how one is written, what is kept of it, and where it stands in a request (RFC 6750, RFC 7617).

A token is a handle, by which it is found, and a secret of 256 bits; of the secret a digest is kept. Nobody can guess a
number as long as that, so a plain SHA-256 guards it as well as a slow hash would, and answers at once.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final

WRITTEN: Final = re.compile(r"ch_([a-z0-9]{12})_([A-Za-z0-9_-]{43})", re.ASCII)
LONGEST_HEADER: Final = 500
LONGEST_LIFE: Final = 366
"""Days for which a token is good at most."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A token as it came: its handle and its secret."""

    handle: str
    secret: str


def written(handle: str, secret: str) -> str:
    """The text that is shown once and sent with every request."""
    return f"ch_{handle}_{secret}"


def parsed(text: str) -> Sent | None:
    """The parts of a token's text; None where it is no such text."""
    found = WRITTEN.fullmatch(text.strip())
    return Sent(*found.groups()) if found else None


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()


def is_of(digest: str, sent: Sent) -> bool:
    """Whether the secret that was sent is the one that is kept, told in a time that says nothing of either."""
    return hmac.compare_digest(digest, digest_of(sent.secret))


def from_header(header: str) -> Sent | None:
    """The token in the value of an Authorization header: after Bearer, or as the password of Basic."""
    scheme, _, rest = header.strip().partition(" ")
    if len(header) > LONGEST_HEADER:
        return None
    if scheme.lower() == "bearer":
        return parsed(rest)
    return parsed(_password(rest)) if scheme.lower() == "basic" else None


def _password(pair: str) -> str:
    """The password of user and password in base64; whatever the user is called."""
    try:
        return base64.b64decode(pair.strip(), validate=True).decode("ascii").partition(":")[2]
    except ValueError:  # not ASCII, or not base64
        return ""
