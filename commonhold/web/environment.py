"""What the settings read from the environment, and the folder and secret that stand in where it says nothing."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from commonhold.refusals import Refused

PLAN_AS_WRITTEN = "-c join_collapse_limit=4"
"""Our queries begin with the table that they narrow, so PostgreSQL need not try every order of six or seven tables: a
list of tickets was planned for up to ten milliseconds, and is for one.
"""


def home() -> Path:
    """The folder that holds evidence files, the secret and, by default, the database; made where it is missing.

    The database holds rows about tickets and digests of passwords, so one that is made is its owner's alone.
    Refused where it cannot be made.
    """
    folder = Path(os.environ.get("COMMONHOLD_HOME") or "var").absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise Refused(
            f"The folder {folder} cannot be made ({problem.strerror}). Name another one with COMMONHOLD_HOME."
        ) from None
    return folder


def secret(folder: Path, name: str) -> str:
    """A secret made once, readable by its owner alone."""
    path = folder / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii").strip()


def database(url: str | None, folder: Path) -> dict[str, object]:
    """Django's settings for a database address: `sqlite:///PATH`, `postgresql://…`, or none for SQLite in the home."""
    if not url:
        return _sqlite(str(folder / "commonhold.sqlite3"))
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path)[1:] or ":memory:")
    if parts.scheme not in ("postgresql", "postgres"):
        raise Refused(f"DATABASE_URL begins with {parts.scheme!r}; use sqlite:///PATH or postgresql://…")
    options = {"options": PLAN_AS_WRITTEN, **dict(parse_qsl(parts.query))}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(path: str) -> dict[str, object]:
    return {
        "ENGINE": "commonhold.databases.sqlite",
        "NAME": path,
        "OPTIONS": {
            "timeout": 60,
            "transaction_mode": "IMMEDIATE",
            # An entry that was shown must survive a power cut: FULL. The log written ahead lets readers be.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


def flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on")


def words(name: str, default: str) -> list[str]:
    return [word for word in os.environ.get(name, default).replace(",", " ").split() if word]
