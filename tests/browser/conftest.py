"""A site of its own for each module of browser tests, and browsers in which somebody of the cast is signed in."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
Visit = Callable[..., Page]


@dataclass(frozen=True)
class Site:
    """Where it is served, the folder it lives in, and where its pages are."""

    address: str
    home: Path
    places: dict[str, Any]


def run_site(home: Path, *words: str, log: Path | None = None) -> "subprocess.Popen[bytes]":
    """One of the site's processes, on the database in that home."""
    environment = {
        key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "PYTEST_XDIST_WORKER")
    }
    environment |= {"COMMONHOLD_TEST_HOME": str(home), "PYTHONPATH": str(ROOT)}
    with (log or Path(os.devnull)).open("ab") as out:
        command = [sys.executable, "-m", "tests.browser.site", *words]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The partnership with one of everything, made once and copied for each module."""
    home = tmp_path_factory.mktemp("founded")
    log = home / "log"
    assert run_site(home, "found", log=log).wait(300) == 0, log.read_text(encoding="utf-8")[-3000:]
    return home


@pytest.fixture(scope="module")
def site(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, served with a worker until the module's tests are done."""
    home = tmp_path_factory.mktemp("site") / "home"
    shutil.copytree(founded, home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    running = [run_site(home, "serve", str(port), log=home / "web"), run_site(home, "work", log=home / "worker")]
    try:
        wait_for(f"{address}/health/ready", running[0])
        yield Site(address, home / "alone", json.loads((home / "alone" / "places.json").read_text(encoding="utf-8")))
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(30)


def wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        assert process.poll() is None, "the site has ended"
        try:
            urlopen(address).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Visit]:
    """A browser's page at the site's home; of one of the demonstration's people, where one is named."""
    contexts: list[BrowserContext] = []

    def opened(name: str = "", *, width: int = 1280, **how: Any) -> Page:
        context = browser.new_context(base_url=site.address, viewport={"width": width, "height": 800}, **how)
        contexts.append(context)
        page = context.new_page()
        page.goto("/")
        if name:
            page.get_by_role("link", name="Sign in").first.click()
            page.get_by_role("button", name=f"Be {name}").click()
        return page

    yield opened
    for context in contexts:
        context.close()
