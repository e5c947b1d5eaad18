"""`commonhold serve`: the web server and one worker start together and stop together, whatever ends them."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.long


class Site:
    """An installation of its own, served on a free port; `pids` are all its processes."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        ours = ("COMMONHOLD_", "DATABASE_", "DJANGO_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self.environment = {**kept, "COMMONHOLD_HOME": str(home)}
        self.process = self.start()

    def start(self) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "commonhold", "serve", "--port", str(self.port), "--processes", "1"]
        with (self.home / "log").open("w") as log:
            return subprocess.Popen(command, cwd=ROOT, env=self.environment, stderr=log, stdout=log, text=True)

    @property
    def pids(self) -> dict[int, str]:
        """The processes that live on this home, with their commands."""
        found = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    environment, command = (folder / "environ").read_bytes(), (folder / "cmdline").read_bytes()
                except OSError:
                    continue
                if f"COMMONHOLD_HOME={self.home}".encode() in environment.split(b"\0"):
                    found[int(folder.name)] = command.replace(b"\0", b" ").decode()
        return found

    def pid(self, words: str) -> int:
        return min(pid for pid, command in self.pids.items() if words in command)

    def answers(self, path: str = "/health/ready") -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    until(made.answers)
    until(lambda: any("work" in command for command in made.pids.values()))
    yield made
    for pid in made.pids:
        os.kill(pid, signal.SIGKILL)
    made.process.wait()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_when_asked(site: Site, how: signal.Signals) -> None:
    assert len(site.pids) >= 3, "this command, the web server, the worker"
    site.process.send_signal(how)

    assert site.process.wait(30) == 0
    until(lambda: not site.pids, 5)


@pytest.mark.parametrize("which", ["granian", "commonhold work"])
def test_where_one_dies_the_other_is_stopped(site: Site, which: str) -> None:
    os.kill(site.pid(which), signal.SIGKILL)

    assert site.process.wait(30) != 0
    until(lambda: not site.pids, 5)


def test_where_the_command_itself_is_killed_nothing_is_left(site: Site) -> None:
    site.process.kill()
    site.process.wait()

    until(lambda: not site.pids, 30)


def test_a_port_that_is_taken_is_said_plainly(site: Site) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "commonhold", "serve", "--port", str(site.port)],
        cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert second.returncode == 2
    assert f"Another program listens on port {site.port} already" in second.stderr
    assert "Traceback" not in second.stderr and not second.stdout
    assert site.answers(), "the first goes on"


def test_while_one_request_takes_its_time_others_are_answered(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.port)) as slow:
        head = f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nContent-Length: 100\r\n"
        slow.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode())
        time.sleep(0.5)

        assert site.answers("/health/live") and site.answers("/health/ready") and site.answers("/")


def test_pages_and_their_styles_are_served_and_logged_as_json(site: Site) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{site.port}/") as page:
        text = page.read().decode()
    style = text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]

    assert "Commonhold is ready to begin" in text
    assert site.answers(style)
    assert site.answers("/static/css/commonhold.css"), "plain pages know no digests"
    lines = (site.home / "log").read_text().splitlines()
    assert [line for line in lines if not line.startswith("{")] == [
        f"Commonhold answers on http://127.0.0.1:{site.port}"
    ]
