"""The web server and one worker as two processes of one command, started and stopped together."""

import os
import signal
import subprocess
import sys
import time
from types import FrameType

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

PATIENCE = 15
"""Seconds that a process is given to end its request or give back its job before it is killed."""


def gather_static_files() -> None:
    """Copy and name static files by their content, unless they are gathered and nothing is newer."""
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    newest = max(
        (os.path.getmtime(storage.path(path)) for finder in get_finders() for path, storage in finder.list([])),
        default=0,
    )
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)


def serve(*, host: str, port: int, processes: int, with_worker: bool) -> int:
    """Run until a signal asks to stop or one of the two ends; returns the exit code."""
    gather_static_files()
    python = [sys.executable, "-m"]
    web = [
        *python, "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(processes),
        "--blocking-threads", "1", "--log-level", "warning", "--no-ws", "commonhold.web.wsgi:application",
    ]  # fmt: skip
    running = [subprocess.Popen(web)]
    if with_worker:
        running.append(subprocess.Popen([*python, "commonhold", "work"]))
    asked: list[int] = []

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    while not asked and all(process.poll() is None for process in running):
        time.sleep(0.2)
    ended = next((process.returncode for process in running if process.poll() is not None), 0)
    _stop(running)
    return 0 if asked else ended or 1


def _stop(running: list["subprocess.Popen[bytes]"]) -> None:
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
