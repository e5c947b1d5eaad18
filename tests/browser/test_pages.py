"""Every page in a real browser, in the role that sees most: axe finds nothing, wide and narrow, and nothing is cut off.

Each page is loaded once; what unfolds is unfolded before it is looked at.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site
from tests.house.pages import BESIDE, PAGES

pytestmark = [pytest.mark.browser, pytest.mark.long]
WIDTHS = (1280, 375)
LOOKED_AT = [
    number for number, (_, page) in enumerate((*PAGES.items(), *BESIDE)) if page.best_reader and not page.is_file
]
NAMES = [name for name, _ in (*PAGES.items(), *BESIDE)]
VIOLATIONS = {"resultTypes": ["violations"]}
UNFOLDED = "document.querySelectorAll('details').forEach(each => each.open = true)"


@pytest.fixture(scope="module")
def windows(site: Site, browser: Browser) -> Iterator[dict[str, Page]]:
    """A window for each of the cast."""
    opened = {}
    for role in ("public", *site.places["sessions"]):
        context = browser.new_context(base_url=site.address)
        if session := site.places["sessions"].get(role):
            context.add_cookies([{"name": "sessionid", "value": session, "url": site.address}])
        opened[role] = context.new_page()
    yield opened
    for page in opened.values():
        page.context.close()


@pytest.mark.parametrize("number", LOOKED_AT, ids=lambda number: NAMES[number])
def test_a_page_is_accessible_and_whole_wide_and_narrow(number: int, site: Site, windows: dict[str, Page]) -> None:
    place = site.places["places"][number]
    page = windows[place["reader"]]
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    answer = page.goto(place["address"])
    assert answer is not None and answer.status in (200, 410)
    page.evaluate(UNFOLDED)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page, options=VIOLATIONS)

        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing is cut off"
    ours = [words for words in complaints if f"status of {answer.status}" not in words]
    assert ours == [], "nothing breaks the security policy or fails"
