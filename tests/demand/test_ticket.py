"""The page of a ticket: who may open it, its facts, its clock interval by interval, its history, what was put right."""

from collections.abc import Callable
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from django.test import Client

from commonhold.demand.acts import putting_right
from commonhold.demand.queries import ticket as queries
from tests.demand.bringing import SNAPSHOTS, bring, events, snapshots, ticket
from tests.demand.conftest import Commonhold, SignIn
from tests.demand.desk import bring_a_month
from tests.reading import links, words
from tests.universe import somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
ANALYST = "service-analyst"


@pytest.fixture
def month(db: None) -> None:
    bring_a_month()


def at(reference: str) -> str:
    found = ticket(reference)
    return f"/tickets/{found.desk_id}/{found.reference}/"


@pytest.mark.parametrize(
    ("post", "status"),
    [
        ("", 404),
        ("service-analyst", 200),
        ("service-manager", 200),
        ("managing-director", 200),
        ("client-lead-of-southmere", 200),
        ("committee-member-of-southmere", 200),
        ("client-lead-of-northgate", 404),
        ("auditor-of-eastwell-vale", 404),
        ("administrator-of-the-shared-service", 404),
    ],
)
def test_it_is_there_for_its_partner_and_for_those_who_run_the_service(
    month: None, sign_in: SignIn, post: str, status: int
) -> None:
    assert sign_in(post).get(at("SD1")).status_code == status


def test_a_ticket_that_is_none_is_not_there(month: None, sign_in: SignIn) -> None:
    assert sign_in(ANALYST).get("/tickets/1/SD99/").status_code == 404
    assert sign_in(ANALYST).get("/tickets/99/SD1/").status_code == 404


def test_its_facts(month: None, sign_in: SignIn) -> None:
    seen = words(sign_in(ANALYST).get(at("SD1")))

    for said in (
        "canonical Ticket SD1", "State Resolved", "Partner Southmere", "Priority P3", "Kind Incident",
        "Team Service Desk", "Service Email", "Category Fault", "Opened 1 June 2026 at 9am",
        "Resolved 1 June 2026 at 1pm", "Closed not closed", "Desk's own verdict none given",
    ):  # fmt: skip
        assert said in seen, said


def test_its_clock_interval_by_interval(month: None, sign_in: SignIn) -> None:
    """On hold from eleven on Monday until four on Tuesday; what is known reaches to half past midnight."""
    seen = words(sign_in(ANALYST).get(at("SD5")))

    assert "3 hours used of 30 hours: running" in seen
    assert "Due 3 July 2026 at 3pm . Read as of 1 July 2026 at 12:30am" in seen
    clock = seen.partition("Interval by interval")[2].partition("Its history")[0]
    for line in (
        "29 June 2026 at 10am 29 June 2026 at 11am Open Service Desk P3 1 hour 1 hour",
        "29 June 2026 at 11am 30 June 2026 at 4pm On hold Service Desk P3 0 minutes 1 hour",
        "In progress Service Desk P3 2 hours 3 hours",
    ):
        assert line in clock, clock


def test_why_nothing_counted_is_said_where_the_state_does_not_say_it(sign_in: SignIn) -> None:
    """On Monday evening, after the office has closed."""
    bring(
        events("SD1,2026-06-01T19:00Z,open,P3", "SD1,2026-06-01T20:00Z,on_hold,P3", "SD1,2026-06-01T21:00Z,resolved,P3")
    )
    clock = words(sign_in(ANALYST).get(at("SD1"))).partition("Interval by interval")[2]

    assert "Open: outside the hours of office-hours" in clock
    assert "On hold no team" in clock


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("SD1", "4 hours used of 30 hours: target met"),
        ("SD2", "12 hours used of 4 hours: target missed at 2 June 2026 at 1pm"),
        ("SD3", "1 hour used of 30 hours: on hold"),
        ("SD4", "running"),
        ("SD6", "No target is in force for it"),
    ],
)
def test_how_it_stands_with_its_target(month: None, sign_in: SignIn, reference: str, said: str) -> None:
    assert said in words(sign_in(ANALYST).get(at(reference)))


def test_its_history_leads_to_the_lines_that_tell_it(month: None, sign_in: SignIn) -> None:
    page = sign_in(ANALYST).get(at("SD3"))

    history = words(page).partition("Its history, as its desk tells it")[2]
    assert "10 June 2026 at 9am Open P3 Service Desk batch 1, line 6" in history
    assert "10 June 2026 at 10am On hold P3 Service Desk batch 1, line 7" in history
    assert links(page)["batch 1, line 6"] == "/imports/1/"


def test_a_table_of_tickets_proves_less_and_the_page_says_so(sign_in: SignIn) -> None:
    bring(snapshots("C1,Waiting,2026-06-01T10:00:00,,3,Desk,"), SNAPSHOTS)
    seen = words(sign_in(ANALYST).get(at("C1")))

    assert "Its desk's file says nothing of holds, so this is the most that can have been used" in seen
    assert "not said On hold" in seen, "nobody knows since when"


# Opened on a Monday at ten and resolved on the Friday of the week after: 264 hours, of which 90 were open.
TOTALS = {
    "C1": (240, "24 hours used of 30 hours: target met", "0 minutes can have been used at least and 24 hours at most"),
    "C2": (200, "64 hours used of 30 hours: target missed", "Whether it missed its target cannot be told"),
    "C3": (1, "90 hours used of 30 hours: target missed", "89 hours can have been used at least and 90 hours at most"),
}


@pytest.mark.parametrize("reference", TOTALS)
def test_a_total_of_holds_proves_what_figures_take_it_to_prove(
    sign_in: SignIn, commonhold: Commonhold, reference: str
) -> None:
    days = "2026-06-01T10:00:00,2026-06-12T10:00:00"
    bring(snapshots(*(f"{name},Done,{days},3,Desk,{told[0] * 60}" for name, told in TOTALS.items())), SNAPSHOTS)
    client = sign_in(ANALYST)
    page = words(client.get(at(reference)))
    _, stands, bounds = TOTALS[reference]

    assert stands in page and bounds in page
    assert ("cannot be told" in page) == (reference == "C2")
    missed = "target missed" in stands
    listed = words(client.get(f"/tickets/?reference={reference}")).partition("Target")[2]
    assert ("Missed" in listed, "Met" in listed) == (missed, not missed)
    assert (reference in links(client.get("/tickets/?breached=yes"))) == missed
    assert (reference in links(client.get("/tickets/?breached=no"))) != missed
    said = commonhold("clock", "--ticket", reference, "--json")
    assert (said.json["elapsed_working_minutes"], said.json["breached"]) == (int(stands.split()[0]) * 60, missed)
    assert "how long it was on hold and not when" in said.err


def test_what_was_put_right_stands_above_the_facts(month: None, sign_in: SignIn) -> None:
    by = somebody(ANALYST)
    putting_right.correct(by=by, ticket=ticket("SD1"), fact="priority", value="P2", reason="Logged by mistake.")
    putting_right.exclude(by=by, ticket=ticket("SD1"), reason="A test of the monitoring.")
    page = sign_in(ANALYST).get(at("SD1"))

    assert "Priority put right to P2: Logged by mistake." in words(page)
    assert "left out of every figure: A test of the monitoring." in words(page)
    assert "Leave it out of figures" not in links(page)


@pytest.mark.parametrize(
    ("post", "may"),
    [
        ("service-analyst", True),
        ("client-lead-of-southmere", True),
        ("committee-member-of-southmere", False),
        ("managing-director", False),
    ],
)
def test_buttons_are_there_for_those_who_may_put_it_right(month: None, sign_in: SignIn, post: str, may: bool) -> None:
    offered = links(sign_in(post).get(at("SD1")))

    assert ("Correct a fact" in offered, "Leave it out of figures" in offered) == (may, may)


def test_a_long_history_shows_its_end_and_counts_what_came_before(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 3)
    states = ("open", "on_hold") * 5
    bring(events(*(f"SD1,2026-06-01T{8 + n:02}:00Z,{state},P3" for n, state in enumerate(states))))
    seen = words(sign_in(ANALYST).get(at("SD1")))

    assert "earlier intervals not shown; all of them are counted" in seen
    assert "7 earlier lines of its history not shown" in seen


def test_a_reference_may_hold_a_slash(sign_in: SignIn) -> None:
    bring(events("2026/06/1,2026-06-01T08:00Z,open,P3"))
    client = sign_in(ANALYST)
    page = client.get(links(client.get("/tickets/"))["2026/06/1"])

    assert "Ticket 2026/06/1" in words(page)
    assert client.get(links(page)["Correct a fact"]).status_code == 200


@pytest.mark.parametrize(
    "reference",
    [
        "A1/correct",
        "A1/exclude",
        ".",
        "..",
        "A1/../B1",
        "A1//B1",
        "/A1",
        "A1/",
        "A1?b=c",
        "A1#top",
        "A%2F1",
        "A 1",
        "A\\1",
    ],
)  # fmt: skip
def test_whatever_a_desk_calls_a_ticket_its_page_and_forms_are_its_own(sign_in: SignIn, reference: str) -> None:
    bring(events("A1,2026-06-01T08:00Z,open,P3", f"{reference},2026-06-02T08:00Z,open,P3"))
    client = sign_in(ANALYST)
    page = client.get(as_browsers_read(links(client.get("/tickets/"))[reference]))

    assert f"Ticket {reference} How old the desks' files are" in words(page) and "State Open" in words(page)
    for button, title in (("Correct a fact", "Correct a fact of"), ("Leave it out of figures", "Leave")):
        form = client.get(as_browsers_read(links(page)[button]))
        assert f"{title} {reference}" in words(form)
        assert as_browsers_read(links(form)[f"Ticket {reference}"]) == as_browsers_read(page.request["PATH_INFO"])


def as_browsers_read(address: str) -> str:
    """An address as a browser asks for it: without what follows a number sign, one step up for each two dots."""
    return urldefrag(urljoin("http://testserver/tickets/", address)).url.removeprefix("http://testserver")


@pytest.mark.parametrize("reference", ["SD1", "INC0012345", "2026/06/1", "ÄÖ-1", "A1/correct"])
def test_a_plain_reference_stands_in_the_address(sign_in: SignIn, reference: str) -> None:
    bring(events(f"{reference},2026-06-01T08:00Z,open,P3"))
    address = links(sign_in(ANALYST).get("/tickets/"))[reference]

    assert unquote(address) == f"/tickets/{ticket(reference).desk_id}/{reference}/"
    assert sign_in(ANALYST).get(f"/tickets/{ticket(reference).pk}/")["Location"] == address


@pytest.mark.parametrize("lines", [1, 3])
def test_one_line_of_history_or_three_take_as_many_queries(
    sign_in: SignIn, lines: int, queries_of: Callable[[Client, str], int]
) -> None:
    told = (f"SD1,2026-06-01T{8 + n:02}:00Z,in_progress,P3,incident,Team {n}" for n in range(lines))
    bring(events(*told, "SD2,2026-06-02T08:00Z,open"))

    assert queries_of(sign_in(ANALYST), at("SD1")) == 11
