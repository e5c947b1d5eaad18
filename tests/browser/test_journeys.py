"""What each of them comes for, from the first page to the last, found by the words that stand there."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.long]

HEADINGS = "reference,event_at,state,priority,kind,team,partner,service,category,source_verdict\n"
BY_A_WORKER = 60_000
"""Milliseconds that a worker's work may take on a busy machine."""


def ticket_file(folder: Path, reference: str) -> Path:
    """A desk's export: one ticket, and a row that cannot be read."""
    told = "P3,incident,Service Desk,Northgate,Printing,Fault,"
    rows = f"{reference},2026-07-06T09:00:00Z,open,{told}\n{reference},2026-07-06T11:30:00Z,resolved,{told}\n"
    wrong = f"{reference}X,yesterday,open,{told}\n"
    file = folder / "export.csv"
    file.write_text(HEADINGS + rows + wrong, encoding="utf-8")
    return file


def goes_to(page: Page, name: str) -> None:
    """By the navigation that stands on every page."""
    page.get_by_role("navigation", name="Menu").get_by_role("link", name=name, exact=True).click()


def is_at(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def reloads_until(page: Page, there: Callable[[], bool]) -> None:
    """As somebody does while a worker is at it, whether or not the browser runs scripts."""
    for _ in range(BY_A_WORKER // 500):
        if there():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"A worker's work does not show at {page.url}")


def test_a_resident_reads_what_was_resolved_and_the_record_of_it(visit: Visit) -> None:
    page = visit(width=375)
    page.get_by_role("link", name="All meetings").click()
    page.get_by_role("link", name="21 July 2026").first.click()
    expect(page.get_by_text("RESOLVED: That the Managing Director report why")).to_be_visible()
    page.get_by_role("link", name="Action 1", exact=True).click()
    expect(page.get_by_text("Find why Northgate was served worse, and put it right")).to_be_visible()
    page.get_by_role("link", name="its thread").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The thread of entry")
    page.get_by_role("link", name="RESOLVED: That the Managing Director report why", exact=False).first.click()
    expect(page.get_by_text("To hear more at the next meeting, 24 November 2026.").first).to_be_visible()


def test_a_member_goes_from_home_to_what_was_asked_its_thread_and_the_pack(visit: Visit) -> None:
    page = visit("Cllr Mary Okafor")
    page.get_by_role("link", name="what they asked for").click()
    is_at(page, "What was asked for")
    page.get_by_role("listitem").filter(has_text="Bring the reasons").get_by_role("link").first.click()
    page.get_by_role("link", name="its thread").click()
    expect(page.get_by_text("A paper was put before a meeting")).to_be_visible()
    expect(page.get_by_text("A ticket file was imported").first).to_be_visible()
    page.get_by_role("link", name="Performance pack, June 2026, for the boards").first.click()
    is_at(page, "Performance pack, June 2026, for the boards")
    expect(page.get_by_role("rowheader", name="Northgate").first).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="The pack (PDF)").click()
    assert taken.value.path().read_bytes().startswith(b"%PDF-")


def test_an_analyst_brings_a_file_and_opens_a_figure_down_to_a_ticket(visit: Visit, tmp_path: Path) -> None:
    page = visit("Mei Tanaka")
    page.get_by_role("link", name="What was brought in").click()
    page.get_by_role("button", name="Bring a ticket file").click()
    page.get_by_label("Ticket file").set_input_files(ticket_file(tmp_path, "SD0100"))
    page.get_by_label("Commonhold's own columns").check()
    page.get_by_label("Share of rows that may be left out").fill("0.5")
    page.get_by_role("button", name="Look the file through").click()
    expect(page.get_by_text("Nothing has changed yet. This is what an import would do.")).to_be_visible()
    expect(page.get_by_role("table", name="Rows left out").get_by_role("row", name="yesterday")).to_be_visible()

    page.get_by_role("button", name="Import this file").click()
    imported = page.get_by_role("link", name="batch", exact=False).filter(has_text="batch")
    expect(imported.first).to_be_visible(timeout=BY_A_WORKER)
    goes_to(page, "Tickets")
    page.get_by_text("Filter this list").click()
    page.get_by_label("Reference begins with").fill("SD0100")
    page.get_by_role("button", name="Apply filters").click()
    expect(page).to_have_url(re.compile("reference=SD0100"))
    page.get_by_role("link", name="SD0100", exact=True).click()
    expect(page.get_by_role("table", name="Interval by interval")).to_contain_text("2 hours 30 minutes")

    page.goto("/figures/?first=2026-06-01&last=2026-06-30")
    reloads_until(page, lambda: page.get_by_text("are being computed again").count() == 0)
    row = page.get_by_role("table", name="Figures of June 2026").get_by_role("row", name="Resolved within target")
    row.get_by_role("link").nth(1).click()
    is_at(page, "Resolved within target")
    expect(page.get_by_text("Evidence of a figure")).to_be_visible()
    page.get_by_role("table", name="Tickets 1 to").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Its service-level clock")).to_be_visible()


def test_the_managing_director_makes_a_pack_publishes_it_and_puts_it_before_a_meeting(visit: Visit) -> None:
    page = visit("Helen Marsh")
    goes_to(page, "Packs")
    page.get_by_role("button", name="Make a pack").click()
    for group, day in (("First day of the period", "1"), ("Last day, included", "30")):
        asked = page.get_by_role("group", name=group)
        for field, value in (("Day", day), ("Month", "6"), ("Year", "2026")):
            asked.get_by_label(field).fill(value)
    page.get_by_label("Northgate, its own figures beside the whole service's").check()
    page.get_by_role("button", name="Write it").click()
    publish = page.get_by_role("button", name="Publish it")
    expect(publish).to_be_visible(timeout=BY_A_WORKER)
    expect(page.get_by_role("heading", name="In short")).to_be_visible()
    publish.click()
    expect(page.get_by_text("Published. Its figures are frozen and on the record.")).to_be_visible()

    page.get_by_role("button", name="Put it before a meeting").click()
    page.get_by_label("Agenda item").select_option(index=1)
    page.get_by_role("button", name="Put it before this meeting").click()
    expect(page.get_by_role("link", name="Performance pack, June 2026, for Northgate", exact=True)).to_be_visible()


def test_a_clerk_records_a_resolution_with_an_update_due_and_an_action(visit: Visit) -> None:
    page = visit("Peter Lindqvist")
    goes_to(page, "Meetings")
    page.get_by_role("link", name="21 July 2026").first.click()
    page.get_by_role("link", name="Record a resolution on item 1").click()
    page.get_by_role("button", name="Record the resolution").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_label("AGREED").check()
    page.get_by_label("What was resolved?").fill("That the desk open at 7am on a trial basis.")
    page.get_by_label("At the next meeting").check()
    page.get_by_role("button", name="Record the resolution").click()
    expect(page.get_by_text("To hear more at the next meeting, 24 November 2026.").last).to_be_visible()

    page.get_by_role("link", name="Ask for an action by resolution 3 on item 1").click()
    page.get_by_label("What is to be done?").fill("Open the desk at 7am for three months")
    page.get_by_label("Who owes it?").select_option(label="Service manager")
    page.get_by_label("By which measure is its effect read?").select_option(label="Resolved within target")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("Open the desk at 7am for three months")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="24 November 2026")).to_be_visible()


def test_the_managing_director_says_what_was_done_since(visit: Visit) -> None:
    page = visit("Helen Marsh")
    page.get_by_role("link", name="what they asked for").click()
    page.get_by_role("listitem").filter(has_text="Find why Northgate").get_by_role("link").first.click()
    page.get_by_role("button", name="Give an update").click()
    page.get_by_label("What was done since?").fill("The desk that serves Northgate is whole again.")
    page.get_by_role("button", name="Give the update").click()
    expect(page.get_by_text("The desk that serves Northgate is whole again.")).to_be_visible()


def test_a_client_lead_confirms_a_rule_and_every_partner_consents_to_a_change(visit: Visit) -> None:
    proposer = visit("Nadia Rahman")
    goes_to(proposer, "Agreement")
    proposer.get_by_role("link", name="Figure basis", exact=True).click()
    proposer.get_by_role("button", name="Confirm version 1").click()
    expect(proposer.get_by_text("Confirmed for your authority.")).to_be_visible()

    goes_to(proposer, "Agreement")
    proposer.get_by_role("link", name="Targets", exact=True).click()
    proposer.get_by_role("button", name="Propose a change").click()
    text = proposer.get_by_label("Targets, in the form that a start file has")
    text.fill(text.input_value().replace("3000", "2400"))
    proposer.get_by_label("Reasons").fill("The desk can do it in four days.")
    proposer.get_by_role("button", name="Propose", exact=True).click()
    expect(proposer.get_by_text("The desk can do it in four days.")).to_be_visible()
    address = proposer.url
    proposer.get_by_role("button", name="Consent for your authority").click()
    expect(proposer.get_by_text("Your authority has consented.")).to_be_visible()
    for name in ("Tom Ashdown", "Grace Mbeki"):
        other = visit(name)
        other.goto(address)
        other.get_by_role("button", name="Consent for your authority").click()
    expect(other.get_by_text("Agreed: this was the last consent.")).to_be_visible()


def test_an_auditor_takes_the_record_away_and_verifies_it_alone(visit: Visit, tmp_path: Path) -> None:
    page = visit("Robert Quill")
    goes_to(page, "Record")
    with page.expect_download() as taken:
        page.get_by_role("link", name="The record as the public may see it").click()
    bundle = tmp_path / "record.zip"
    taken.value.save_as(bundle)
    checkpoint = tmp_path / "checkpoint"
    with page.expect_download() as kept:
        page.get_by_role("link", name="Checkpoint").click()
    kept.value.save_as(checkpoint)
    with zipfile.ZipFile(bundle) as files:
        program = Path(files.extract("verify_commonhold.py", tmp_path))
    told = subprocess.run(
        [sys.executable, "-I", str(program), str(bundle), "--checkpoint", str(checkpoint), "--json"],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert json.loads(told.stdout)["ok"], told.stdout
    assert told.returncode == 0


def test_an_administrator_gives_an_account_appoints_and_hands_over_a_link(visit: Visit) -> None:
    page = visit("Asha Patel")
    page.get_by_role("link", name="The partnership").click()
    page.get_by_role("link", name="The people you look after").click()
    page.get_by_role("button", name="Give somebody an account").click()
    page.get_by_label("Full name").fill("Kit Vale")
    page.get_by_label("Email address").fill("kit.vale@southmere.example")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("button", name="Make a link to choose a password").click()
    link = page.get_by_role("main").locator("code, input").first.inner_text()

    page.get_by_role("link", name="Kit Vale").first.click()
    page.goto("/partnership/posts/committee-member-of-southmere/appoint/")
    page.get_by_label("Somebody you look after").select_option(label="Kit Vale")
    page.get_by_label("Covers for the holder").check()
    for field, value in (("Day", "1"), ("Month", "9"), ("Year", "2026")):
        page.get_by_role("group", name="Until").get_by_label(field).fill(value)
    page.get_by_role("button", name="Appoint").click()
    expect(page.get_by_text("Appointed.")).to_be_visible()

    newcomer = visit()
    newcomer.goto(link)
    newcomer.get_by_label("Password", exact=True).fill("correct horse battery staple")
    newcomer.get_by_label("The same password again").fill("correct horse battery staple")
    newcomer.get_by_role("button", name="Save password").click()
    expect(newcomer.get_by_text("acting as Committee member, Southmere")).to_be_visible()


def presses_to(page: Page, words: str, key: str = "Enter", role: str = "link") -> None:
    """Tab until the focus is on what bears these words, see that it shows, then press."""
    wanted = page.get_by_role(role, name=words).first
    for _ in range(90):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            look = wanted.evaluate("each => { const s = getComputedStyle(each); return s.outlineStyle + s.boxShadow }")
            assert look != "nonenone", f"nobody sees that the focus is on {words}"
            page.keyboard.press(key)
            return
    raise AssertionError(f"the keyboard does not come to {words}")


def test_with_the_keyboard_alone_a_clerk_signs_in_and_adds_an_item(visit: Visit) -> None:
    page = visit()
    presses_to(page, "Sign in")
    page.wait_for_url("**/personas/**")
    presses_to(page, "Be Peter Lindqvist", role="button")
    expect(page.get_by_text("acting as Governance officer, Northgate")).to_be_visible()
    presses_to(page, "Meetings")
    is_at(page, "Meetings")
    presses_to(page, "24 November 2026")
    presses_to(page, "Add an item", role="button")
    is_at(page, "Put an item on the agenda")
    presses_to(page, "Title", key="Shift", role="textbox")
    page.keyboard.type("Recovery plan")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    presses_to(page, "Add the item", role="button")
    expect(page.get_by_role("heading", name="Recovery plan")).to_be_visible()


def test_without_javascript_a_file_becomes_figures(visit: Visit, tmp_path: Path) -> None:
    page = visit("Samir Haddad", java_script_enabled=False, width=375)
    page.goto("/imports/new/")
    page.get_by_role("button", name="Look the file through").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("Ticket file").set_input_files(ticket_file(tmp_path, "SD0200"))
    page.get_by_label("Commonhold's own columns").check()
    page.get_by_label("Share of rows that may be left out").fill("0.5")
    page.get_by_role("button", name="Look the file through").click()
    page.get_by_role("button", name="Import this file").click()
    reloads_until(page, lambda: page.get_by_text("Imported as").count() > 0)
    page.get_by_role("link", name="batch", exact=False).first.click()
    expect(page.get_by_text("Rows left out").first).to_be_visible()
    page.goto("/figures/?first=2026-06-01&last=2026-06-30")
    reloads_until(page, lambda: page.get_by_text("are being computed again").count() == 0)
    page.get_by_role("row", name="Tickets opened").get_by_role("link").nth(1).click()
    is_at(page, "Tickets opened")
    page.get_by_role("link", name="SD0001", exact=True).click()
    is_at(page, "Ticket SD0001")
