"""The web server and one worker as two processes of one command, started and stopped together."""

import contextlib
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from commonhold.refusals import Refused

LAST_PORT = 65_535
PATIENCE = 15
"""Seconds that a process is given to end its request or give back its job before it is killed."""

THREADS = 3
"""Requests that one web process answers at a time, each with a database connection of its own. Two may take long, as
one with a file to look through does; pages are answered beside them. More at a time would share one core, and each
take as much longer."""

IDLE = 600
"""Seconds that a thread is kept without a request, the most there can be: its connection goes when it does."""

SIGNAL_OF_PARENT_S_DEATH = 1
"""PR_SET_PDEATHSIG of prctl(2), which Linux alone has."""


_libc = ctypes.CDLL(None)


def gather_static_files() -> None:
    """Copy and name static files by their content, unless they are gathered and nothing is newer."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    newest = max(
        (Path(storage.path(path)).stat().st_mtime for finder in get_finders() for path, storage in finder.list([])),
        default=0.0,
    )
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)


def serve(*, host: str, port: int, processes: int, with_worker: bool) -> int:
    """Run until a signal asks to stop or one of the two ends; returns the exit code."""
    refuse_taken_port(host, port)
    gather_static_files()
    python = [sys.executable, "-m"]
    web = [
        *python, "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(processes),
        "--blocking-threads", str(THREADS), "--blocking-threads-idle-timeout", str(IDLE), "--log-level", "warning",
        "--no-ws", "--workers-kill-timeout", str(PATIENCE - 5),
        "commonhold.web.wsgi:application",
    ]  # fmt: skip
    asked: list[int] = []

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    running = [_started(web)]
    try:
        if with_worker:
            running.append(_started([*python, "commonhold", "work"]))
        while not asked and all(process.poll() is None for process in running):
            time.sleep(0.2)
        ended = next((process.returncode for process in running if process.poll() is not None), 0)
    finally:
        _stop(running)
    return 0 if asked else ended or 1


def refuse_taken_port(host: str, port: int) -> None:
    """Refuse an address that another program listens on, or that this machine does not have, before anything starts."""
    if not 0 <= port <= LAST_PORT:
        raise Refused(f"There is no port {port}. Choose one from 1 to {LAST_PORT}: --port 8000")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise Refused(_why_not(problem, host, port)) from None


def _why_not(problem: OSError, host: str, port: int) -> str:
    match problem.errno:
        case errno.EADDRINUSE:
            return f"Another program listens on port {port} already. Stop it, or choose another port: --port {port + 1}"
        case errno.EACCES:
            return f"Port {port} is for the machine's administrator. Choose one above 1023: --port 8000"
        case _:
            return f"This machine cannot listen on {host}:{port} ({problem.strerror}). Choose another --host or --port."


def _started(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    # A group of its own: a Ctrl+C in the terminal comes to us alone, and nothing of the group is left behind.
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_end_with_parent)  # noqa: S603


def _end_with_parent() -> None:
    """Ask to be told to stop when the process that started this one dies, however it dies."""
    if sys.platform == "linux":
        _libc.prctl(SIGNAL_OF_PARENT_S_DEATH, signal.SIGTERM)


def _stop(running: Sequence["subprocess.Popen[bytes]"]) -> None:
    for process in running:
        if process.poll() is None:
            process.terminate()
    end = time.monotonic() + PATIENCE
    _say_again(running[0], end)
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, end - time.monotonic()))
        _end_group(process)


def _say_again(web: "subprocess.Popen[bytes]", end: float) -> None:
    """Ask the web server and its processes to stop until they do: one that is only starting does not hear it yet."""
    while web.poll() is None and time.monotonic() < end:
        with contextlib.suppress(subprocess.TimeoutExpired):
            web.wait(1)
            return
        os.killpg(web.pid, signal.SIGTERM)


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill whatever is left of a process's group: itself where it would not end, its children where it was killed."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
