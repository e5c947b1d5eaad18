"""A quarter's end in small: a file comes by its feed, figures lie open, a partner queries, officers explain, the pack
is published, and an auditor draws a sample of the tickets behind a figure.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Visit
from tests.browser.test_journeys import BY_A_WORKER, HEADINGS, goes_to, is_at, reloads_until

pytestmark = [pytest.mark.browser, pytest.mark.long]

DAYS = ("2026-06-23", "2026-06-29")
"""No week from Monday to Sunday: nobody computes these days unless they are asked for."""
WEEK = f"first={DAYS[0]}&last={DAYS[1]}"
TOLD = "P3,incident,Service Desk,Eastwell Vale,Printing,Fault,"
ROWS = "".join(
    f"SD08{number:02},2026-06-2{3 + number % 5}T08:00:00Z,open,{TOLD}\n"
    f"SD08{number:02},2026-06-2{8 if number < 6 else 3 + number % 5}T16:30:00Z,resolved,{TOLD}\n"
    for number in range(12)
)
WHY = "Six printers waited for a part that the supplier did not have."


def enters(page: Page, group: str, day: str) -> None:
    year, month, date = day.split("-")
    asked = page.get_by_role("group", name=group)
    for field, value in (("Day", date), ("Month", month), ("Year", year)):
        asked.get_by_label(field).fill(value)


def test_from_a_feed_to_a_published_pack_and_an_auditor_s_sample(visit: Visit, site: Site) -> None:
    analyst = visit("Mei Tanaka")
    analyst.goto("/me/tokens/make/")
    analyst.get_by_label("Name").fill("Nightly export")
    analyst.get_by_label("Bring a feed's files").check()
    enters(analyst, "Last day", "2026-12-31")
    analyst.get_by_role("button", name="Make the token").click()
    token = analyst.get_by_role("main").locator("code").first.inner_text()

    sent = analyst.request.put(
        f"{site.address}/feeds/service-desk",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "text/csv"},
        data=(HEADINGS + ROWS).encode(),
    )
    assert sent.status == 202, sent.text()
    analyst.goto("/feeds/service-desk/")
    reloads_until(analyst, lambda: analyst.get_by_text("Imported").count() > 0)

    director = visit("Helen Marsh")
    director.goto(f"/figures/?{WEEK}")
    director.get_by_role("button", name="Compute them").click()
    director.goto(f"/figures/?{WEEK}")
    reloads_until(director, lambda: director.get_by_role("table", name="Figures of 23 to 29 June 2026").count() > 0)
    goes_to(director, "Packs")
    director.get_by_role("link", name="reports on periods").click()
    director.get_by_role("button", name="Open a report on a period").click()
    enters(director, "First day of the period", DAYS[0])
    enters(director, "Last day, included", DAYS[1])
    director.get_by_role("button", name="Open the report").click()
    is_at(director, "Report on 23 to 29 June 2026")
    report = director.url

    lead = visit("Tom Ashdown")
    lead.goto(f"/figures/?{WEEK}")
    expect(lead.get_by_text("Every partner can query these figures until they are published")).to_be_visible()
    row = lead.get_by_role("table", name="Figures of 23 to 29 June 2026").get_by_role("row", name="Tickets opened")
    row.get_by_role("link").nth(1).click()
    lead.get_by_role("link", name="Query this figure").click()
    lead.get_by_label("What is doubtful about it?").fill("Are the twelve printers in?")
    lead.get_by_role("button", name="Query it").click()
    is_at(lead, "Query of Eastwell Vale: Tickets opened")

    analyst.goto(lead.url)
    analyst.get_by_role("button", name="Answer it").click()
    analyst.get_by_label("The figure stands").check()
    analyst.get_by_label("Answer").fill("All twelve are.")
    analyst.get_by_role("button", name="Answer it").click()
    expect(analyst.get_by_text("All twelve are.")).to_be_visible()

    manager = visit("Samir Haddad")
    manager.goto(report)
    part = manager.get_by_role("listitem").filter(has_text="Resolved within target:")
    part.get_by_role("link", name="Explain it").click()
    manager.get_by_label("Why is it so?").fill(WHY)
    manager.get_by_role("button", name="Sign off").click()
    expect(manager.get_by_text(WHY).first).to_be_visible()
    lead.reload()
    lead.get_by_role("button", name="It is settled").click()
    lead.get_by_role("button", name="It is settled").click()
    expect(lead.get_by_text("The query is settled.")).to_be_visible()

    goes_to(director, "Packs")
    director.get_by_role("button", name="Make a pack").click()
    enters(director, "First day of the period", DAYS[0])
    enters(director, "Last day, included", DAYS[1])
    director.get_by_label("the service as a whole, and each partner").check()
    director.get_by_role("button", name="Write it").click()
    publish = director.get_by_role("button", name="Publish it")
    expect(publish).to_be_visible(timeout=BY_A_WORKER)
    expect(director.get_by_text(f"Why: {WHY}").first).to_be_visible()
    publish.click()
    expect(director.get_by_text("Published. Its figures are frozen and on the record.")).to_be_visible()

    auditor = visit("Robert Quill")
    auditor.goto(director.url)
    auditor.get_by_role("row", name="Tickets opened").first.get_by_role("link").first.click()
    expect(auditor.get_by_text("Evidence of a figure")).to_be_visible()
    auditor.get_by_role("link", name="draw a sample").click()
    auditor.get_by_label("How many tickets?").fill("5")
    auditor.get_by_label("Seed").fill("2026-IT-04")
    auditor.get_by_role("button", name="Draw it, on the record").click()
    drawn = auditor.get_by_role("table", name="The sample, in the order drawn").get_by_role("link")
    expect(drawn).to_have_count(5)
    reference = drawn.first.inner_text()
    drawn.first.click()
    is_at(auditor, f"Ticket {reference}")
