"""A real partnership in a real browser: entered by its link, protected by an app without script, or by a passkey."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.partnership.cast import CALENDARS
from tests.partnership.test_signin import PASSWORD, code_for
from tests.partnership.test_start import FILE

pytestmark = [pytest.mark.browser, pytest.mark.long]
ROOT = Path(__file__).resolve().parents[2]
EMAIL = "a@example.org"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of a partnership that was just started, and its administrator's link."""
    (tmp_path / "calendars.toml").write_text(CALENDARS, encoding="utf-8")
    (tmp_path / "partnership.toml").write_text(FILE, encoding="utf-8")
    environment = {
        key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    environment |= {"COMMONHOLD_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "commonhold"]
    started = subprocess.run(
        [*command, "start", str(tmp_path / "partnership.toml"), "--json"],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # A passkey belongs to a name, so the browser comes by one, not by a number.
    address = f"http://localhost:{port}"
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            [*command, "serve", "--no-worker", "--processes", "1", "--port", str(port)],
            env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        _wait_for(f"http://127.0.0.1:{port}/health/live")
        yield address, address + json.loads(started.stdout)["links"]["Authority A"]
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(address: str) -> None:
    for _ in range(150):
        try:
            urlopen(address).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")


@pytest.fixture
def without_script(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 375, "height": 800}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def enter_by_link(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Save password").click()


def say_the_password_again(page: Page) -> None:
    if page.get_by_role("heading", name="Enter your password again").count():
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Continue").click()


def code_that_lasts(key: str) -> str:
    """The app's code, which changes every thirty seconds, when there is time left to send it."""
    while time.time() % 30 > 25:
        time.sleep(0.2)
    return code_for(key)


def test_an_app_protects_an_account_without_script(site: tuple[str, str], without_script: Page) -> None:
    address, link = site
    page = without_script
    enter_by_link(page, link)
    page.goto(f"{address}/accounts/2fa/totp/activate/")
    say_the_password_again(page)
    key = re.search(r"The key:\s*([A-Z2-7]{16,})", page.inner_text("main"))
    assert key is not None
    expect(page.get_by_role("img", name="The key as a picture")).to_be_visible()
    page.get_by_label("Code").fill(code_that_lasts(key.group(1)))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    recovery = re.findall(r"^[0-9a-f]{8,}$", page.inner_text("main"), re.MULTILINE)

    page.goto(f"{address}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code").fill(recovery[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("acting as Administrator, Authority A")).to_be_visible()


def test_a_passkey_signs_in(site: tuple[str, str], page: Page) -> None:
    address, link = site
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    _carry_a_passkey(page.context, page)
    enter_by_link(page, link)
    page.goto(f"{address}/accounts/2fa/webauthn/add/")
    say_the_password_again(page)
    assert Axe().run(page).violations_count == 0
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Sign in with it instead of a password").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{address}/accounts/2fa/webauthn/")
    expect(page.get_by_role("rowheader", name="Laptop")).to_be_visible()

    page.goto(f"{address}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{address}/accounts/login/")
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("acting as Administrator, Authority A")).to_be_visible()
    assert complaints == [], "nothing breaks the security policy or fails"


def test_without_script_no_button_is_shown_that_does_nothing(site: tuple[str, str], without_script: Page) -> None:
    without_script.goto(f"{site[0]}/accounts/login/")

    expect(without_script.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(without_script.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def _carry_a_passkey(context: BrowserContext, page: Page) -> None:
    """Give the browser a key of its own that answers at once, as if somebody had touched it."""
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
