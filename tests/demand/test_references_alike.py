"""Many tickets whose references begin alike are listed in their order, found by their index, and none twice."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from commonhold.demand.queries.found import tickets as found
from tests.demand.bringing import HEADINGS, bring, operator
from tests.reading import links, words
from tests.universe import browser_of, founding

MANY = 1_010


@pytest.fixture(scope="module", autouse=True)
def alike(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A thousand and ten tickets, the higher the reference the later the ticket was opened."""
    with django_db_blocker.unblock(), transaction.atomic():
        founding.found()
        lines = [
            f"SD{n + 1:04},2026-06-{1 + n // 100:02}T08:{n % 60:02}:00Z,open,P3,incident,Desk,Southmere,Mail,Fault"
            for n in range(MANY)
        ]
        bring("\n".join((HEADINGS, *lines, "")))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def analyst(db: None) -> Client:
    return browser_of("service-analyst")


def references(client: Client, address: str) -> list[str]:
    return re.findall(r"SD\d{4}", words(client.get(address)))


def test_more_than_a_thousand_are_listed_in_the_order_of_their_references_page_by_page(analyst: Client) -> None:
    first = analyst.get("/tickets/?reference=SD")

    assert "More than 1,000 tickets, listed in the order of their references" in words(first)
    assert references(analyst, "/tickets/?reference=SD") == [f"SD{n:04}" for n in range(1, 26)]
    second = "/tickets/" + links(first)["More"].removeprefix("/tickets/")
    assert references(analyst, second) == [f"SD{n:04}" for n in range(26, 51)]
    back = "/tickets/" + links(analyst.get(second))["Back"].removeprefix("/tickets/")
    assert references(analyst, back) == [f"SD{n:04}" for n in range(1, 26)]


@pytest.mark.parametrize("name", ["after", "before"])
@pytest.mark.parametrize("key", ["%00-5", "SD%0000-5", "S" * 5_000 + "-5", "-", "", "SD0025", f"SD0025-{9**40}"])
def test_a_place_in_the_list_that_no_reference_is_says_nothing(analyst: Client, name: str, key: str) -> None:
    address = f"/tickets/?reference=SD&{name}={key}"

    assert references(analyst, address) == [f"SD{n:04}" for n in range(1, 26)]


def test_fewer_are_listed_in_the_order_that_was_asked_for(analyst: Client) -> None:
    assert references(analyst, "/tickets/?reference=SD000") == [f"SD{n:04}" for n in range(9, 0, -1)]
    assert "listed in the order" not in words(analyst.get("/tickets/?reference=SD000"))


def test_small_letters_find_what_desks_write_in_capitals(analyst: Client) -> None:
    assert references(analyst, "/tickets/?reference=sd0007") == ["SD0007"]


def test_a_search_reads_no_ticket_but_those_it_finds(db: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert [one.title[:6] for one in found("sd0007", operator())] == ["SD0007"]

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"explain query plan {asked[-1]['sql']}")
            plan = [row[-1] for row in cursor.fetchall()]
        assert not [step for step in plan if step.startswith("SCAN")]


@pytest.mark.parametrize("narrowed", ["opened_to=2016-03-31", "opened_from=2030-01-01"])
def test_a_list_in_which_nothing_stands_is_not_looked_for_among_all_that_is_known(
    analyst: Client, narrowed: str
) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert "No such tickets" in words(analyst.get(f"/tickets/?{narrowed}"))

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for query in (one["sql"] for one in asked if 'FROM "demand_reckoning"' in one["sql"]):
                cursor.execute(f"explain query plan {query}")
                assert not [step for *_, step in cursor.fetchall() if "reckonings_of_a_batch" in step]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL weighs its indexes by what they hold.")
@pytest.mark.parametrize(
    ("address", "by_partner"),
    [
        ("/tickets/", True),
        ("/tickets/?opened_from=2026-06-02", True),
        ("/tickets/?held=no", True),
        ("/tickets/?reference=SD00", False),
        ("/tickets/?state=unresolved", False),
        ("/tickets/?order=due", False),
        ("/tickets/?breached=yes", False),
        ("/tickets/?team=Desk", False),
        ("/search/?q=SD0007", False),
        ("/tickets/1/SD0007/", False),
    ],
)
def test_a_partner_s_own_readers_look_through_all_its_tickets_only_where_nothing_leaves_few(
    db: None, address: str, by_partner: bool
) -> None:
    client = browser_of("client-lead-of-southmere")
    with CaptureQueriesContext(connection) as asked:
        assert "SD0" in words(client.get(address))

    used = set()
    with connection.cursor() as cursor:
        for query in (one["sql"] for one in asked if '"demand_reckoning"."known_from"' in one["sql"]):
            cursor.execute(f"explain query plan {query}")
            used |= {step for *_, step in cursor.fetchall() if "demand_reckoning" in step}
    assert used
    assert [step for step in used if "reckonings_of_a_partner" in step] == sorted(used if by_partner else [])
