"""The pack in a real browser: no accessibility violation, no sideways scrolling, the right drawing for the width."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from commonhold.documents.html import whole_html
from tests.documents.drawings import drawn
from tests.documents.sample import pack

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 375])
def test_the_pack_reads_well_at_this_width(width: int, tmp_path: Path, browser: Browser) -> None:
    file = tmp_path / "pack.html"
    file.write_text(whole_html(pack(), drawn), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800}, java_script_enabled=True)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("request", lambda request: problems.append(request.url) if request.url != file.as_uri() else None)
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    report = Axe().run(page)
    wide = page.locator(".doc-picture--wide svg").first.is_visible()
    narrow = page.locator(".doc-picture--narrow svg").first.is_visible()
    across = page.evaluate("document.documentElement.scrollWidth")
    page.close()

    assert report.violations_count == 0, report.generate_report()
    assert across <= width
    assert (wide, narrow) == (width == 1280, width == 375)
    assert [problem for problem in problems if not problem.startswith("data:")] == []
