"""What the start page asks before it answers: the token that only the machine's own command line shows."""

import secrets
from pathlib import Path
from typing import Final

from django.conf import settings

from commonhold.partnership.queries.partners import has_started
from commonhold.partnership.queries.people import is_demonstration

FILE: Final = "start-token"


def token_file() -> Path:
    return Path(settings.HOME) / FILE


def may_start(token: str) -> bool:
    """Whether this is the token of this installation, and there is something to start. An empty server gives nobody
    powers: the token lies in the home, readable by its owner alone, and goes with the start.
    """
    path = token_file()
    if has_started() or is_demonstration() or not path.exists():
        return False
    return secrets.compare_digest(path.read_text(encoding="ascii").strip().encode(), token.encode())
