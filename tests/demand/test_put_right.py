"""The list of what was put right: everybody's count, the partners' list, paging, and who may undo what."""

from collections.abc import Callable

import pytest
from django.test import Client

from commonhold.demand.acts import putting_right as acts
from commonhold.demand.queries import putting_right as queries
from tests.demand.bringing import ticket
from tests.demand.conftest import SignIn
from tests.demand.desk import bring_a_month
from tests.reading import body_of, links, words
from tests.universe import somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
ANALYST = "service-analyst"


@pytest.fixture(autouse=True)
def month(db: None) -> None:
    bring_a_month()


def put_right(count: int = 1) -> None:
    """As many corrections and exclusions: of SD1 to SD3."""
    by = somebody(ANALYST)
    for n in range(1, count + 1):
        acts.correct(by=by, ticket=ticket(f"SD{n}"), fact="priority", value="P4", reason=f"Reason {n}.")
        acts.exclude(by=by, ticket=ticket(f"SD{n}"), reason=f"Ground {n}.")


def test_an_empty_list_says_so(sign_in: SignIn) -> None:
    seen = words(sign_in(ANALYST).get("/put-right/"))

    assert "No corrections" in seen and "No tickets are left out" in seen


def test_the_public_reads_how_many_stand_and_nothing_more(sign_in: SignIn) -> None:
    put_right(2)
    seen = words(sign_in("").get("/put-right/"))

    assert "Facts of tickets that stand corrected 2" in seen and "Tickets left out of figures 2" in seen
    assert "SD1" not in seen and "Reason" not in seen


@pytest.mark.parametrize("post", [ANALYST, "committee-member-of-eastwell-vale", "client-lead-of-northgate"])
def test_every_partner_reads_every_correction_with_its_reason(sign_in: SignIn, post: str) -> None:
    put_right()
    seen = words(sign_in(post).get("/put-right/"))

    for said in ("SD1 Priority P4 Reason 1. Service analyst batch 2", "SD1 Ground 1. Service analyst batch 3"):
        assert said in seen, seen


def test_a_ticket_leads_to_its_page_for_those_who_may_open_it(sign_in: SignIn) -> None:
    put_right()

    assert "SD1" in links(sign_in("client-lead-of-southmere").get("/put-right/"))
    assert "SD1" not in links(sign_in("client-lead-of-northgate").get("/put-right/"))


def test_who_may_put_right_may_undo(sign_in: SignIn) -> None:
    put_right()

    assert "Undo" in body_of(sign_in("client-lead-of-southmere").get("/put-right/"))
    for post in ("client-lead-of-northgate", "managing-director"):
        assert "Undo" not in body_of(sign_in(post).get("/put-right/"))


def test_what_was_undone_stays_in_the_list_and_says_so(sign_in: SignIn) -> None:
    put_right()
    acts.undo(by=somebody(ANALYST), what=ticket("SD1").corrections.get())
    page = sign_in(ANALYST).get("/put-right/")

    assert "undone in batch 4" in words(page)
    assert links(page)["batch 4"] == "/imports/4/"


def test_each_list_is_read_a_page_at_a_time(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 1)
    put_right(2)
    client = sign_in(ANALYST)
    first = client.get("/put-right/")
    assert "Reason 2." in words(first) and "Reason 1." not in words(first)

    second = client.get("/put-right/" + links(first)["Older corrections"])

    assert "Reason 1." in words(second) and "Ground 2." in words(second)


@pytest.mark.parametrize("count", [1, 3])
def test_one_of_each_or_three_take_as_many_queries(
    sign_in: SignIn, count: int, queries_of: Callable[[Client, str], int]
) -> None:
    put_right(count)

    assert queries_of(sign_in(ANALYST), "/put-right/") == 10
    assert queries_of(sign_in(""), "/put-right/") == 3
