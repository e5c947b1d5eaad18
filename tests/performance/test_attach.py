"""The page on which a pack is put before a meeting: where it can be put, what is cited, and for whom."""

from datetime import date

import pytest

from commonhold.governance.acts import meetings
from commonhold.governance.models import Item, Meeting, Paper
from commonhold.performance.models import Pack
from tests import universe as cast
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.reading import body_of, words

pytestmark = pytest.mark.django_db

ANALYST, CLERK, LEAD = "service-analyst", "governance-officer-of-northgate", "client-lead-of-southmere"


def address(profile: str = "public") -> str:
    return f"{Pack.objects.get(profile=profile).get_absolute_url()}attach/"


def add_item(title: str = "Performance", day: date = date(2026, 11, 24)) -> Item:
    meeting = Meeting.objects.get(day=day)
    return meetings.add_item(by=cast.somebody(CLERK), meeting=meeting, title=title, purpose=Item.Purpose.NOTE)


def test_it_offers_items_of_meetings_to_come_and_of_late_where_it_is_not_yet(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    add_item()
    page = sign_in(ANALYST).get(address("board"))

    assert "<title>Put a pack before a meeting - " in body_of(page)
    assert "What a paper cites is open to everybody." in words(page)
    assert "Joint Committee, 24 November 2026, Item 1: Performance" in words(page)
    assert "Update report and performance pack" not in words(page), "it is before that one already"


@pytest.mark.parametrize("post", [ANALYST, CLERK, LEAD])
def test_it_is_put_before_the_meeting_with_its_figures_cited(
    universe: cast.Committee, sign_in: SignIn, post: str
) -> None:
    item = universe.item
    done = sign_in(post).post(address(), {"item": item.pk}, follow=True)

    assert "The pack is before the meeting, with its figures cited." in body_of(done)
    assert "Performance pack, June 2026, for the public" in words(done)
    assert [one.title for one in Paper.objects.get(title__endswith="for the public").citations.all()] == [
        "Resolved within target", "Tickets opened", "Half were resolved within", "Open for more than 30 days",
    ]  # fmt: skip


def test_where_there_is_no_meeting_it_says_so(universe: cast.Committee, sign_in: SignIn) -> None:
    page = sign_in(ANALYST).get(address("board"))

    assert "No meeting to put it before" in words(page)


@pytest.mark.parametrize("given", [{"item": ""}, {"item": "0"}, {"item": "x"}])
def test_no_item_is_no_paper(universe: cast.Committee, sign_in: SignIn, given: dict[str, str]) -> None:
    page = sign_in(ANALYST).post(address(), given)

    assert "There is a problem" in words(page)
    assert Paper.objects.count() == 1


def test_before_an_item_where_it_is_already_it_is_not_put_again(universe: cast.Committee, sign_in: SignIn) -> None:
    page = sign_in(ANALYST).post(address("board"), {"item": universe.item.pk})

    assert page.status_code == 200 and Paper.objects.count() == 1


@pytest.mark.parametrize(("post", "status"), [("", 403), ("committee-member-of-southmere", 403)])
def test_it_is_for_those_who_bring_papers(universe: cast.Committee, sign_in: SignIn, post: str, status: int) -> None:
    client = sign_in(post)

    assert client.get(address()).status_code == status
    assert client.post(address(), {"item": universe.item.pk}).status_code == status
    assert Paper.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_it_takes_as_many_queries_for_one_item_as_for_three(
    universe: cast.Committee, sign_in: SignIn, rows: int
) -> None:
    for number in range(rows - 1):
        add_item(f"Item {number}")
    client = sign_in(ANALYST)

    assert words(client.get(address())).count("Joint Committee, ") == rows
    assert queries_of(client, address()) == 6
