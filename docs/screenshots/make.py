"""The pictures that the documents show, taken anew from the demonstration: `make screenshots`.

The demonstration is always the same, and what is shown of it says nothing of the day on which it is looked at. It is
told first, in `var/screenshots`, unless COMMONHOLD_DEMO_HOME names one that is told already.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

import typst
from playwright.sync_api import Page, sync_playwright

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]
ANALYST: Final = "Mei Tanaka"
QUARTER: Final = "April to June 2026"
MEASURE: Final = "/figures/within-target/?first=2025-12-01&last=2025-12-31"
LARGEST: Final = 200_000
TOLD_WITHIN: Final = 1800
STILL: Final = "The demonstration is still being told"
WIDE: Final = {"width": 1040, "height": 1400}
SMALLER: Final = 0.75
MARGIN: Final = 16
MONTH: Final = 8
"""Rows of a dispute's table that are of one month."""

sys.path.insert(0, str(ROOT))
from tests import chromium  # noqa: E402


def main() -> None:
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.launching({}))
        page = browser.new_page(base_url=address, viewport=WIDE, device_scale_factor=SMALLER)
        page.goto("/personas/")
        page.get_by_role("button", name=f"Be {ANALYST}").click()
        figures(page)
        pack(page)
        dispute(page)
        reconciliation(page)
        browser.close()
    for picture in sorted(HERE.glob("*.png")):
        print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size:,} bytes")
        assert picture.stat().st_size < LARGEST, "a picture of the documents is smaller than that"


def figures(page: Page) -> None:
    """A measure in the month in which one partner was served worse."""
    page.goto(MEASURE)
    page.evaluate("document.fonts.ready")
    below = page.get_by_role("heading", name="By priority").or_(page.get_by_role("table", name="By priority")).first
    box = below.bounding_box()
    assert box is not None
    page.screenshot(path=HERE / "figures.png", full_page=True, clip={"x": 0, "y": 0, "width": 1040, "height": box["y"]})


def dispute(page: Page) -> None:
    """What was said of a dispute that is maintained, and what it means for the figures of its newest month."""
    page.goto("/disputes/")
    page.get_by_role("row").filter(has_text="Maintained").get_by_role("link").click()
    page.evaluate("document.fonts.ready")
    said = page.get_by_role("heading", name="What was said").bounding_box()
    last = page.get_by_role("table", name="Figures of the whole service").get_by_role("row").nth(MONTH).bounding_box()
    assert said is not None
    assert last is not None
    clip = {"x": 0, "y": said["y"] - MARGIN, "width": 1040, "height": last["y"] + last["height"] - said["y"] + MARGIN}
    page.screenshot(path=HERE / "dispute.png", full_page=True, clip=clip)


def reconciliation(page: Page) -> None:
    """A partner's own figure beside ours, cause by cause."""
    page.goto("/reconcile/")
    page.get_by_role("row").filter(has_text="Eastwell Vale").get_by_role("link").first.click()
    page.evaluate("document.fonts.ready")
    below = page.get_by_role("heading", name="To send").bounding_box()
    assert below is not None
    clip = {"x": 0, "y": 0, "width": 1040, "height": below["y"] - MARGIN}
    page.screenshot(path=HERE / "reconcile.png", full_page=True, clip=clip)


def pack(page: Page) -> None:
    """The top of the first page of the boards' pack, as its PDF has it."""
    page.goto("/packs/")
    row = page.get_by_role("row").filter(has_text=QUARTER).filter(has_text="The boards")
    row.get_by_role("link").click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="The pack (PDF)").click()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(taken.value.path(), Path(folder) / "pack.pdf")
        drawing = Path(folder) / "pack.typ"
        drawing.write_text(
            "#set page(width: 210mm, height: 203mm, margin: 0pt)\n#block(width: 210mm, height: 203mm, clip: true, "
            'align(top, image("pack.pdf", page: 1, width: 210mm, height: 297mm)))\n',
            encoding="utf-8",
        )
        drawn = typst.compile(drawing, root=folder, format="png", ppi=110)
    (HERE / "pack.png").write_bytes(drawn if isinstance(drawn, bytes) else drawn[0])


@contextmanager
def served() -> Iterator[str]:
    """The demonstration, served until it is told and looked at."""
    home = os.environ.get("COMMONHOLD_DEMO_HOME") or str(ROOT / "var" / "screenshots")
    Path(home).mkdir(parents=True, exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "commonhold", "demo", "--serve", "--port", str(port)]
    with (Path(home) / "log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {"COMMONHOLD_DEMO_HOME": home}, stdout=log, stderr=log
        )
    try:
        wait_until_told(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)


def wait_until_told(address: str, server: "subprocess.Popen[bytes]") -> None:
    """Until the home page says no longer that the story is being told."""
    end = time.monotonic() + TOLD_WITHIN
    while time.monotonic() < end:
        assert server.poll() is None, "the demonstration could not be served; its log says why"
        try:
            with urlopen(f"{address}/") as answer:
                if STILL not in answer.read().decode():
                    return
        except (URLError, ConnectionError):
            pass
        time.sleep(1)
    raise AssertionError("the story was not told in time")


if __name__ == "__main__":
    main()
