"""The gallery in a browser: accessible, whole at 375 pixels, within its security policy, with script and without."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

PAGES = ["/", "/form/", "/wrong/", "/bare/", "/late/"]
WIDTHS = {"desktop": 1280, "telephone": 375}


@pytest.fixture(params=WIDTHS, ids=str)
def at_width(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": WIDTHS[request.param], "height": 800})
    yield context.new_page()
    context.close()


@pytest.fixture
def without_script(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 375, "height": 800}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_whole(at_width: Page, address: str, path: str) -> None:
    complaints: list[str] = []
    at_width.on("console", lambda message: complaints.append(message.text))
    at_width.on("pageerror", lambda error: complaints.append(str(error)))
    at_width.goto(f"{address}{path}")

    found = Axe().run(at_width)

    assert found.violations_count == 0, found.generate_report()
    assert complaints == [], "nothing breaks the security policy or fails"
    assert at_width.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing is cut off"


def test_the_typeface_is_ours_and_is_there(page: Page, address: str) -> None:
    page.goto(f"{address}/bare/")

    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"Source Sans 3\"'))")
    assert "Source Sans 3" in page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")


def test_everything_can_be_reached_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/bare/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Take up in the plan")).to_be_focused()


def test_a_table_that_is_too_wide_scrolls_by_keyboard(at_width: Page, address: str) -> None:
    at_width.goto(address)
    region = at_width.get_by_role("region", name="Tickets")

    region.focus()
    expect(region).to_be_focused()

    if at_width.viewport_size == {"width": 375, "height": 800}:
        # A busy browser may take the first stroke before it has painted what scrolls.
        for _ in range(50):
            at_width.keyboard.press("ArrowRight")
            if at_width.evaluate("document.querySelector('.ch-table').scrollLeft > 0"):
                return
            at_width.wait_for_timeout(50)
        raise AssertionError("it does not scroll")


def test_the_menu_folds_on_a_telephone(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.goto(address)
    meetings = page.get_by_role("link", name="Meetings")

    expect(meetings).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(meetings).to_be_visible()
    context.close()


def test_without_script_everything_is_there(without_script: Page, address: str) -> None:
    without_script.goto(address)

    expect(without_script.get_by_role("link", name="Meetings")).to_be_visible()
    expect(without_script.get_by_role("button", name="Menu")).to_be_hidden()
    without_script.get_by_text("Filter these tickets").click()
    without_script.get_by_label("Reference").fill("INC7")
    without_script.get_by_role("button", name="Apply filters").click()
    assert "reference=INC7" in without_script.url
    without_script.get_by_role("link", name="Older").click()
    assert without_script.url == f"{address}/?older=1"


def test_without_script_a_form_comes_back_as_it_was_filled_in(without_script: Page, address: str) -> None:
    without_script.goto(f"{address}/form/")
    without_script.get_by_label("Title").fill("Desk recovery")
    without_script.get_by_role("button", name="Record the resolution").click()

    expect(without_script.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(without_script.get_by_label("Title")).to_have_value("Desk recovery")


def test_the_error_summary_is_read_first_and_leads_to_the_fields(page: Page, address: str) -> None:
    page.goto(f"{address}/wrong/")

    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Update due must be a real date").click()
    expect(page.get_by_role("textbox", name="Day")).to_be_focused()


def test_a_list_goes_on_without_the_rest_of_the_page(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate("window.sameDocument = document.querySelector('#results').dataset.old = 'yes'")

    with page.expect_response(lambda answer: "older=1" in answer.url) as answered:
        page.get_by_role("link", name="Older").click()

    assert answered.value.text().startswith('<section id="results">')
    expect(page.locator("#results:not([data-old]) [data-govuk-button-init]")).to_have_count(1)
    expect(page.locator("#results")).to_have_count(1)
    page.wait_for_url("**/?older=1")
    assert page.evaluate("window.sameDocument")


def test_what_changed_is_told_and_has_the_focus(page: Page, address: str) -> None:
    page.goto(address)

    page.get_by_role("link", name="Older").focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/?older=1")
    expect(page.locator("#results")).to_be_focused()
    expect(page.locator("#ch-told")).to_have_text("Tickets")


def test_filters_are_applied_without_the_rest_of_the_page(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate("window.sameDocument = true")
    page.get_by_text("Filter these tickets").click()
    page.get_by_label("Reference").fill("INC7")

    page.get_by_role("button", name="Apply filters").click()

    page.wait_for_url("**reference=INC7**")
    assert page.evaluate("window.sameDocument")


def test_progress_looks_again_by_itself(page: Page, address: str) -> None:
    page.goto(address)

    expect(page.get_by_text("12,400 of 51,000")).to_be_visible()
    expect(page.get_by_text("51,000 of 51,000")).to_be_visible(timeout=8_000)
    expect(page.get_by_role("link", name="See how far it is now")).to_have_count(0)


def test_a_whole_page_is_shown_as_one_even_where_a_part_was_asked_for(page: Page, address: str) -> None:
    page.goto(f"{address}/late/")

    page.get_by_role("link", name="Look").click()

    page.wait_for_url("**/bare/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in again")


def test_a_whole_page_that_answers_what_was_sent_is_shown_too(page: Page, address: str) -> None:
    page.goto(f"{address}/late/")

    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in again")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
