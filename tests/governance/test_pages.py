"""The pages of meetings and actions: what everybody reads, and what a clerk can do there."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commonhold.governance.acts import actions, meetings, minutes, papers
from commonhold.governance.models import Action, Body, Item, Meeting, Resolution, Update
from tests import factories
from tests.factories import CLERK
from tests.reading import body_of, fields, links, words

pytestmark = pytest.mark.django_db
Acting = Callable[..., Client]
HERE = "/meetings/joint-committee/2026-07-21/"


def test_before_there_is_a_body_the_page_says_who_begins(client: Client) -> None:
    seen = words(client.get("/meetings/"))

    assert "No body is entered yet" in seen
    assert "governance officer of any partner" in seen


def test_meetings_to_come_stand_before_those_that_were_held(client: Client) -> None:
    body, today = factories.body(), timezone.localdate()
    for days in (-30, 40, 10):
        factories.meeting(body, today + timedelta(days=days))
    page = client.get("/meetings/")
    seen = body_of(page)
    order = [(today + timedelta(days=days)).isoformat() for days in (10, 40, -30)]

    assert sorted(order, key=seen.index) == order
    assert "To come" in words(page) and "Held" in words(page)


def test_a_body_without_meetings_says_so(client: Client) -> None:
    factories.body()

    assert "No meeting is called yet" in words(client.get("/meetings/joint-committee/"))


def test_a_meeting_shows_its_agenda_and_what_came_of_it(client: Client) -> None:
    item = factories.item(title="Update report")
    factories.paper(item, "Performance pack, June 2026", figures=2)
    resolution = factories.resolution(item, "That calls be answered sooner.", due="next_meeting")
    action = factories.action(resolution, "Answer calls sooner")
    page = client.get(HERE)
    seen = words(page)

    for said in (
        "Joint Committee, 21 July 2026", "21 July 2026 at 10am", "Town Hall", "1. Update report", "To consider",
        "Performance pack, June 2026", "2 figures it cites", "92.4%", "Joint Committee RESOLVED : That calls",
        "To hear more at the next meeting", "Owed by Managing Director",
    ):  # fmt: skip
        assert said in seen, said
    assert links(page)[f"Action {action.pk}"] == action.get_absolute_url()
    assert f'href="/record/entries/{resolution.entry.number}/thread/"' in body_of(page)
    assert "/evidence/performance/2026-06-01..2026-06-30/within_target.v1?" in body_of(page)


def test_what_was_taken_back_stays_in_sight_struck_out_with_the_reason(client: Client) -> None:
    item = factories.item(title="Any other business")
    paper, resolution = factories.paper(item), factories.resolution(item, "That it be so.")
    minutes.strike_resolution(by=CLERK, resolution=resolution, reason="Entered twice.")
    papers.withdraw(by=factories.ANALYST, paper=paper, reason="The wrong quarter.")
    meetings.withdraw_item(by=CLERK, item=item, reason="Nothing was brought.")
    page = client.get(HERE)

    for said in ("<s>Any other business</s>", "<s>That it be so.</s>", "<s>Performance pack</s>"):
        assert said in body_of(page)
    for said in ("Entered twice.", "The wrong quarter.", "Nothing was brought."):
        assert said in words(page)
    assert "92.4%" not in words(page), "a withdrawn paper's figures are shown no longer"


def test_a_correction_shows_both_texts(client: Client) -> None:
    item = factories.item(title="Perfomance pack")
    meetings.correct_item(by=CLERK, item=item, title="Performance pack", purpose="note", edition=1)
    seen = words(client.get(HERE))

    assert "Title: Performance pack (before: Perfomance pack )" in seen
    assert "Purpose: To note (before: To consider )" in seen


def test_a_meeting_that_was_called_off_says_why(client: Client) -> None:
    meeting = factories.meeting()
    meetings.call_off(by=CLERK, meeting=meeting, reason="Snow.")

    assert "Called off on 21 July 2026 : Snow." in words(client.get(HERE))
    assert "Called off" in words(client.get("/meetings/"))


def test_a_clerk_records_a_meeting_from_beginning_to_end(acting: Acting) -> None:
    clerk, owner = acting("clerk"), factories.post()
    today = timezone.localdate() - timedelta(days=1)
    clerk.post("/meetings/new/", {"name": "Joint Committee", "kind": "joint_committee"})
    day = {"day-day": today.day, "day-month": today.month, "day-year": today.year}
    clerk.post("/meetings/joint-committee/call/", {**day, "starts": "6:30 pm", "place": "Town Hall"})
    here = f"/meetings/joint-committee/{today}/"
    clerk.post(f"{here}items/add/", {"title": "Update report", "purpose": "consider"})
    said = {"word": "resolved", "text": "That calls be answered sooner.", "due": "next_meeting"}
    clerk.post(f"{here}items/1/resolve/", said)
    asked = {"text": "Answer calls", "owner": owner.pk, "measure": "within_target", "partner": "Northgate"}
    last = clerk.post(f"{here}items/1/resolutions/1/ask/", asked, follow=True)

    assert Meeting.objects.get().starts == time(18, 30)
    action = Action.objects.get()
    assert (action.owner, action.measure, action.scope) == (owner, "within_target", {"partner": "Northgate"})
    assert "Its effect is read by Resolved within target, partner Northgate" in words(last)
    assert links(last)["See the figures of Resolved within target"] == "/figures/within-target/"


def test_whoever_owes_an_action_gives_an_update_and_closes_it_with_a_paper(acting: Acting) -> None:
    owner = factories.post()
    action = factories.action(owner=owner)
    paper = factories.paper(action.resolution.item, "What was done")
    director = acting("managing_director", slug=owner.slug, partner=None)

    assert links(director.get(f"/actions/{action.pk}/"))["Give an update"] == f"/actions/{action.pk}/update/"
    refused = director.post(f"/actions/{action.pk}/update/", {"words": "Two posts are filled.", "closes": "on"})
    assert "An action closes only with evidence" in words(refused)
    assert "Two posts are filled." in body_of(refused), "nothing entered is lost"
    told = {"words": "Two posts are filled.", "paper": paper.pk, "closes": "on"}
    closed = director.post(f"/actions/{action.pk}/update/", told, follow=True)
    assert "State Closed" in words(closed)
    assert "Shown by What was done" in words(closed)
    assert "Give an update" not in links(closed)


def test_the_list_of_actions_is_narrowed_by_owner_and_state(client: Client) -> None:
    item = factories.item()
    mine = factories.action(factories.resolution(item), "Answer calls")
    other = factories.action(factories.resolution(item), "Buy chairs", factories.post("Client lead", "client-lead"))
    factories.update(mine, paper=factories.paper(item), closes=True)

    assert "Buy chairs" in words(client.get("/actions/")) and "Answer calls" not in words(client.get("/actions/"))
    closed = words(client.get("/actions/?state=closed"))
    assert "Answer calls" in closed and "State: Closed" in closed
    assert "No such actions" in words(client.get("/actions/?owner=managing-director"))
    assert other.owner.title in words(client.get("/actions/?owner=client-lead"))


def test_two_clerks_see_both_texts_before_one_replaces_the_other(acting: Acting) -> None:
    item = factories.item(title="Update report")
    meetings.correct_item(by=CLERK, item=item, title="The other's title", purpose="consider", edition=1)
    clerk = acting("clerk")
    mine = {"title": "My title", "purpose": "consider", "edition": 1}
    shown = clerk.post(f"{HERE}items/1/correct/", mine)

    assert "Somebody saved a change after you opened this page" in words(shown)
    assert "The other's title" in words(shown) and "My title" in body_of(shown)
    clerk.post(f"{HERE}items/1/correct/", {**mine, "edition": 2})
    assert Item.objects.get().title == "My title"


FORMS = (
    "/meetings/new/",
    "/meetings/joint-committee/correct/",
    "/meetings/joint-committee/call/",
    f"{HERE}correct/",
    f"{HERE}call-off/",
    f"{HERE}items/add/",
    f"{HERE}items/1/correct/",
    f"{HERE}items/1/withdraw/",
    f"{HERE}items/1/resolve/",
    f"{HERE}items/1/resolutions/1/error/",
    f"{HERE}items/1/resolutions/1/ask/",
    f"{HERE}papers/%(paper)s/withdraw/",
    "/actions/%(action)s/update/",
    "/actions/%(action)s/correct/",
    "/actions/%(action)s/error/",
    "/actions/%(action)s/updates/%(update)s/error/",
)


@pytest.fixture
def numbers() -> dict[str, int]:
    """A little of everything that the forms are about."""
    item = factories.item()
    paper = factories.paper(item)
    action = factories.action(factories.resolution(item))
    return {"paper": paper.pk, "action": action.pk, "update": factories.update(action).pk}


@pytest.mark.parametrize("address", FORMS)
def test_a_form_is_for_clerks_and_says_what_is_missing(acting: Acting, numbers: dict[str, int], address: str) -> None:
    where = address % numbers
    assert Client().get(where).status_code == 403
    clerk = acting("clerk")

    assert fields(clerk.get(where)) - {"csrfmiddlewaretoken", "q"}
    wrong = clerk.post(where, {"sent": "yes"})
    assert wrong.status_code == 200
    assert "There is a problem" in words(wrong)


@pytest.mark.parametrize("address", FORMS)
def test_the_public_cannot_send_a_form(client: Client, numbers: dict[str, int], address: str) -> None:
    answer = client.post(address % numbers, {"reason": "A good reason, in some words of my own."})

    assert answer.status_code == 403
    assert "Sign in to do this" in words(answer)


@pytest.mark.parametrize(
    ("address", "made"),
    [
        (f"{HERE}call-off/", Meeting),
        (f"{HERE}items/1/withdraw/", Item),
        (f"{HERE}items/1/resolutions/1/error/", Resolution),
        ("/actions/%(action)s/error/", Action),
        ("/actions/%(action)s/updates/%(update)s/error/", Update),
    ],
)
def test_taking_back_asks_why(acting: Acting, address: str, made: type) -> None:
    item = factories.item()
    if made in (Resolution, Action, Update):
        action = factories.action(factories.resolution(item))
        number = factories.update(action).pk
        address = address % {"action": action.pk, "update": number}
    clerk = acting("clerk")
    answer = clerk.post(address, {"reason": "It was a mistake."}, follow=True)

    assert answer.status_code == 200
    assert "It was a mistake." in words(answer)


@pytest.mark.parametrize(
    "address",
    [
        "/meetings/nobody/", "/meetings/joint-committee/2026-13-01/", "/meetings/joint-committee/2026-07-22/",
        f"{HERE}items/9/correct/", f"{HERE}items/1/resolutions/9/ask/", f"{HERE}papers/9/withdraw/", "/actions/9/",
        "/actions/9/update/", "/actions/99999999999999999999/",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(acting: Acting, address: str) -> None:
    factories.item()

    assert acting("clerk").get(address).status_code == 404


@pytest.mark.parametrize("query", ["?before=today", "?start=x", "?start=-5", "?state=none", "?owner=%00", "?start=9"])
def test_an_address_that_makes_no_sense_still_answers(client: Client, query: str) -> None:
    factories.action()

    assert client.get(f"/actions/{query}").status_code == 200
    assert client.get(f"/meetings/{query}").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_take_as_many_queries_for_one_row_as_for_three(acting: Acting, rows: int) -> None:
    meeting = factories.meeting(factories.body())
    for _ in range(rows):
        item = factories.item(meeting)
        paper = factories.paper(item, figures=rows)
        action = factories.action(factories.resolution(item, due="next_meeting"))
        for _ in range(rows):
            factories.update(action, paper=paper)
            actions.correct_action(
                by=CLERK, action=action, text=f"{action.text}!", owner=action.owner, edition=action.edition
            )
            action.refresh_from_db()
    for number in range(rows - 1):
        factories.body(f"Board {number}")
    clerk = acting("clerk")
    counts = {}
    for address in ("/meetings/", "/meetings/joint-committee/", HERE, "/actions/", f"/actions/{action.pk}/"):
        clerk.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert clerk.get(address).status_code == 200
        counts[address] = len(asked)

    assert counts == {
        "/meetings/": 6, "/meetings/joint-committee/": 8, HERE: 12, "/actions/": 8, f"/actions/{action.pk}/": 10
    }  # fmt: skip


def test_there_is_a_page_for_every_body(client: Client) -> None:
    for name in ("Joint Committee", "Joint Management Board"):
        factories.body(name)
    page = client.get("/meetings/")

    assert {links(page)[body.name] for body in Body.objects.all()} == {
        "/meetings/joint-committee/", "/meetings/joint-management-board/"
    }  # fmt: skip
