"""The list of tickets: who sees which, filters in the address, two orders, paging by keys, and what is taken away."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.demand.bringing import bring
from tests.demand.conftest import SignIn
from tests.demand.desk import bring_a_month, many
from tests.reading import body_of, fields, links, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
ANALYST = "service-analyst"


@pytest.fixture
def month(db: None) -> None:
    bring_a_month()


def listed(page: Any) -> list[str]:
    """The references on the page, in order."""
    return [said for said, href in links(page).items() if re.fullmatch("[A-Z]{1,2}[0-9]+", said)]


def test_before_any_file_came_it_says_where_tickets_come_from(sign_in: SignIn) -> None:
    page = sign_in(ANALYST).get("/tickets/")

    assert "No tickets to show" in words(page) and "They come in as files from the desk" in words(page)
    assert links(page)["See what was brought in"] == "/imports/"


@pytest.mark.parametrize(
    ("post", "references"),
    [
        ("", []),
        ("service-analyst", ["SD6", "SD4", "SD5", "SD3", "SD2", "SD1"]),
        ("service-manager", ["SD6", "SD4", "SD5", "SD3", "SD2", "SD1"]),
        ("managing-director", ["SD6", "SD4", "SD5", "SD3", "SD2", "SD1"]),
        ("client-lead-of-southmere", ["SD3", "SD1"]),
        ("client-lead-of-northgate", ["SD5", "SD2"]),
        ("committee-member-of-eastwell-vale", ["SD4"]),
        ("auditor-of-eastwell-vale", ["SD4"]),
        ("governance-officer-of-northgate", ["SD5", "SD2"]),
        ("administrator-of-the-shared-service", []),
    ],
)
def test_rows_are_for_those_who_run_the_service_and_of_a_partner_for_its_own_people(
    month: None, sign_in: SignIn, post: str, references: list[str]
) -> None:
    page = sign_in(post).get("/tickets/")

    assert page.status_code == 200
    assert listed(page) == references


def test_the_public_is_offered_no_filter_whose_words_would_tell_of_tickets(month: None, sign_in: SignIn) -> None:
    page = sign_in("").get("/tickets/?reference=SD1")

    assert fields(page) <= {"q"}
    assert "Networks" not in words(page) and "No tickets to show" in words(page)


@pytest.mark.parametrize(
    ("asked", "references"),
    [
        ("reference=SD", ["SD6", "SD4", "SD5", "SD3", "SD2", "SD1"]),
        ("reference=sd4", ["SD4"]),
        ("reference=D4", []),
        ("partner=southmere", ["SD3", "SD1"]),
        ("partner=none", ["SD6"]),
        ("opened_from-day=30&opened_from-month=6&opened_from-year=2026", ["SD6", "SD4"]),
        ("opened_to-day=30&opened_to-month=6&opened_to-year=2026", ["SD4", "SD5", "SD3", "SD2", "SD1"]),
        ("priority=p1", ["SD2"]),
        ("priority=none", ["SD6"]),
        ("kind=request", ["SD3"]),
        ("kind=change", ["SD6"]),
        ("state=unresolved", ["SD6", "SD4", "SD5", "SD3"]),
        ("state=on_hold", ["SD3"]),
        ("state=in_progress", ["SD5"]),
        ("state=resolved", ["SD2", "SD1"]),
        ("team=Networks", ["SD4", "SD2"]),
        ("service=Email", ["SD5", "SD1"]),
        ("category=Fault", ["SD4", "SD2", "SD1"]),
        ("breached=yes", ["SD2"]),
        ("breached=no", ["SD4", "SD5", "SD3", "SD1"]),
        ("held=yes", ["SD5", "SD3"]),
        ("held=no", ["SD6", "SD4", "SD2", "SD1"]),
        ("team=Networks&state=unresolved&partner=eastwell-vale", ["SD4"]),
    ],
)
def test_filters_stand_in_the_address(month: None, sign_in: SignIn, asked: str, references: list[str]) -> None:
    assert listed(sign_in(ANALYST).get(f"/tickets/?{asked}")) == references


def test_a_name_beyond_those_that_a_choice_offers_is_understood_in_the_address(
    month: None, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commonhold.demand.forms.tickets.OFFERED", 1)
    page = sign_in(ANALYST).get("/tickets/?service=Printing")

    assert listed(page) == ["SD3"]
    assert ">Email</option>" in body_of(page) and ">Network</option>" not in body_of(page)


def test_days_are_londons(month: None, sign_in: SignIn) -> None:
    """SD6 was opened at half past eleven in the evening, Greenwich time: it was the first of July in London."""
    page = sign_in(ANALYST).get("/tickets/?opened_from-day=1&opened_from-month=7&opened_from-year=2026")

    assert listed(page) == ["SD6"]
    assert "1 July 2026 at 12:30am" in words(page)


def test_applied_filters_are_named_and_each_is_taken_off_by_a_link(month: None, sign_in: SignIn) -> None:
    page = sign_in(ANALYST).get("/tickets/?state=unresolved&team=Networks")
    seen, offered = words(page), links(page)

    assert "State: Not resolved" in seen and "Team: Networks" in seen
    assert "?team=Networks" in offered.values() and "?state=unresolved" in offered.values()
    assert "1 ticket " in seen


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("state=pondering", "State: there is no 'pondering'"),
        ("opened_from-day=31&opened_from-month=2&opened_from-year=2026", "real date"),
        ("team=Gardening", "Team: there is no 'Gardening'"),
        ("partner=unknown", "Partner: there is no 'unknown'"),
        ("service=unknown&priority=p3", "Service: there is no 'unknown'"),
    ],
)
def test_an_address_that_makes_no_sense_is_told_so_and_shows_no_other_tickets(
    month: None, sign_in: SignIn, asked: str, said: str
) -> None:
    page = sign_in(ANALYST).get(f"/tickets/?{asked}")

    assert page.status_code == 200
    assert "No such tickets" in words(page) and said in words(page).partition("No such tickets")[2]
    assert listed(page) == []
    assert sign_in(ANALYST).get(f"/tickets.csv?{asked}").status_code == 404


def test_nothing_found_says_so_and_leads_back(month: None, sign_in: SignIn) -> None:
    page = sign_in(ANALYST).get("/tickets/?reference=XX")

    assert "No such tickets" in words(page)
    assert links(page)["See all tickets"] == "/tickets/"


def test_in_the_second_order_what_is_due_soonest_comes_first_and_what_waits_is_not_there(
    month: None, sign_in: SignIn
) -> None:
    """SD3 waits on hold, so nothing is due; SD6 has no target; SD1 and SD2 are resolved."""
    page = sign_in(ANALYST).get("/tickets/?order=due")

    assert listed(page) == ["SD5", "SD4"]
    assert "2 tickets" in words(page)


def test_each_ticket_says_how_it_stands_with_its_target(month: None, sign_in: SignIn) -> None:
    table = words(sign_in(ANALYST).get("/tickets/")).partition("Due Target")[2]

    stands = {part.split()[0]: part for part in table.split("SD")[1:]}
    assert "Missed" in stands["2"] and "Met" in stands["1"]
    assert "on hold" in stands["3"] and "running" in stands["4"] and "not set" in stands["6"]


@pytest.mark.parametrize("order", ["", "?order=due"])
def test_pages_lead_forwards_and_back_through_every_ticket_once(sign_in: SignIn, order: str) -> None:
    bring(many(60))
    client = sign_in(ANALYST)
    seen, address = [], f"/tickets/{order}"
    pages = []
    while address:
        page = client.get(address)
        pages.append(listed(page))
        seen += listed(page)
        last, address = page, onward(page, "More")
    whole = [f"M{n:04}" for n in range(60)]
    assert seen == (whole if order else whole[::-1])
    assert [len(page) for page in pages] == [25, 25, 10]

    back = client.get(onward(last, "Back"))
    first = client.get(onward(back, "Back"))
    assert (listed(back), listed(first)) == (pages[1], pages[0])
    assert onward(first, "Back") == "" and onward(first, "More")


def onward(page: Any, word: str) -> str:
    """The address that the pager's link of this word leads to; empty where there is none."""
    found = [href for words, href in links(page).items() if words.startswith(word) and "=" in href]
    return f"/tickets/{found[0]}" if found else ""


def test_a_ticket_that_comes_while_somebody_leafs_moves_no_other(sign_in: SignIn) -> None:
    bring(many(30))
    client = sign_in(ANALYST)
    second = onward(client.get("/tickets/"), "More")
    before = listed(client.get(second))

    bring(many(3, day="2026-05-05"))

    assert listed(client.get(second)) == before


@pytest.mark.parametrize("key", ["after=nonsense", "before=1-2-3-x", "after=99999999999999999999999-1", "after=%00"])
def test_a_place_that_is_none_is_the_beginning(month: None, sign_in: SignIn, key: str) -> None:
    page = sign_in(ANALYST).get(f"/tickets/?{key}")

    assert page.status_code == 200
    assert listed(page)[0] == "SD6"


def test_up_to_a_thousand_tickets_are_counted_and_more_are_not(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    bring(many(540))
    bring(many(460, day="2026-05-05").replace("\nM", "\nN"))
    assert "1,000 tickets" in words(client.get("/tickets/"))

    bring_a_month()

    assert "More than 1,000 tickets" in words(client.get("/tickets/"))
    assert "540 tickets" in words(client.get("/tickets/?reference=M"))


def test_a_part_is_answered_alone(month: None, sign_in: SignIn) -> None:
    asked = {"HX-Request": "true", "HX-Request-Type": "partial"}
    part = body_of(sign_in(ANALYST).get("/tickets/?team=Networks", headers=asked))

    assert part.lstrip().startswith('<div id="tickets">')
    assert "SD4" in part and "SD1" not in part and "<html" not in part


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_is_taken_away_as_it_is_asked_for(month: None, sign_in: SignIn, kind: str) -> None:
    page = sign_in(ANALYST).get("/tickets/?team=Networks")
    address = next(href for href in links(page).values() if f"/tickets.{kind}" in href)

    assert address == f"/tickets.{kind}?team=Networks"
    assert b"".join(sign_in(ANALYST).get(address))


def taken_away(client: Client, asked: str) -> list[dict[str, str]]:
    content = b"".join(client.get(f"/tickets.csv?{asked}"))
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_what_is_taken_away_is_what_the_list_shows_in_its_order(month: None, sign_in: SignIn) -> None:
    analyst, lead = sign_in(ANALYST), sign_in("client-lead-of-northgate")

    assert [row["Reference"] for row in taken_away(analyst, "order=due")] == ["SD5", "SD4"]
    assert [row["Reference"] for row in taken_away(lead, "")] == ["SD5", "SD2"]
    assert taken_away(sign_in(""), "") == []
    (row,) = taken_away(analyst, "reference=SD2")
    assert row["Opened"] == "2026-06-02T09:00:00+01:00"
    assert (row["Target (minutes)"], row["Used (seconds)"], row["Target missed"]) == ("240", "43200", "TRUE")


def test_a_table_of_another_kind_is_not_there(month: None, sign_in: SignIn) -> None:
    assert sign_in(ANALYST).get("/tickets.exe").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_one_ticket_or_three_take_as_many_queries(
    sign_in: SignIn, count: int, queries_of: Callable[[Client, str], int]
) -> None:
    bring(many(count))

    assert queries_of(sign_in(ANALYST), "/tickets/") == 9
