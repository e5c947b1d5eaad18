"""Several desks of several partners, with different tools, in one figure, and in lists that can be narrowed to one."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonhold.demand.models import Batch, Desk, Reckoning
from commonhold.demand.queries.knowledge import now
from commonhold.demand.queries.tickets import Filters, tickets
from tests.demand.bringing import SNAPSHOTS, bring, operator, references, snapshots
from tests.demand.conftest import Commonhold, SignIn
from tests.reading import fields, words
from tests.universe import somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
ANALYST = "service-analyst"
JIRA = (
    "Issue key,Status,Created,Resolved,Priority,Issue Type,Assignee,Custom field (Organizations),"
    "Custom field (Time to resolution)\r\n"
    "ITH-1,Resolved,01/Jun/26 8:00 AM,01/Jun/26 4:00 PM,Medium,[System] Incident,Ivo Penn,Southmere,2:30\r\n"
    "ITH-2,In Progress,02/Jun/26 8:00 AM,,High,[System] Incident,Ivo Penn,Southmere,-1:00\r\n"
)
ZAMMAD = [
    {
        "number": "1", "state": "closed", "created_at": "2026-06-01T07:00:00.000Z", "group": "Desk", "owner": "-",
        "last_close_at": "2026-06-03T07:00:00.000Z", "priority": "2 normal", "organization": "Northgate",
        "close_diff_in_min": -15,
    },
    {
        "number": "2", "state": "open", "created_at": "2026-06-04T07:00:00.000Z", "group": "Desk", "owner": "-",
        "last_close_at": None, "priority": "3 high", "organization": "Northgate", "close_diff_in_min": None,
    },
    {
        "number": "3", "state": "closed", "created_at": "2026-06-05T07:00:00.000Z", "group": "Desk", "owner": "-",
        "last_close_at": "2026-06-05T08:00:00.000Z", "priority": "2 normal", "organization": "Southmere",
        "close_diff_in_min": 200,
    },
]  # fmt: skip
JUNE = ("--from", "2026-06-01", "--to", "2026-06-30")


@pytest.fixture
def two_desks(db: None) -> None:
    bring(JIRA, "jira-sm")
    bring(json.dumps(ZAMMAD), "zammad")


def test_two_desks_of_different_tools_are_in_one_figure(two_desks: None, commonhold: Commonhold) -> None:
    said = commonhold(
        "figures", *JUNE, "--by", "partner", "--measure", "tickets_opened", "tickets_resolved", "--json"
    ).json  # fmt: skip
    assert [(one["measure"], one["scope"]["partner"], one["value"]) for one in said] == [
        ("tickets_opened", "Northgate", 2),
        ("tickets_opened", "Southmere", 3),
        ("tickets_resolved", "Northgate", 1),
        ("tickets_resolved", "Southmere", 2),
    ]
    (met,) = commonhold("figures", *JUNE, "--measure", "source_verdict_met", "--json").json
    assert (met["numerator"], met["denominator"]) == (1, 2), "tickets that are closed: Zammad's two; Jira closes none"


def test_every_reckoning_says_its_ticket_s_desk(two_desks: None) -> None:
    bring(json.dumps(ZAMMAD[:1]).replace("-15", "15"), "zammad")
    assert Reckoning.objects.count() > 5
    assert all(row.desk_id == row.ticket.desk_id for row in Reckoning.objects.select_related("ticket"))


def test_a_desk_s_list_is_entered_by_its_index(two_desks: None) -> None:
    """A desk with few tickets beside one with a million is found without reading the others."""
    with CaptureQueriesContext(connection) as asked:
        assert len(tickets(Filters(desk="zammad"), seen_by=operator(), known=now()).rows) == 3
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for one in asked.captured_queries[-2:]:
                cursor.execute(f"explain query plan {one['sql']}")
                plan = [row[-1] for row in cursor.fetchall()]
                assert any("reckonings_of_a_desk (desk_id=?)" in step for step in plan), plan
                assert not [step for step in plan if step.startswith("SCAN demand") or "B-TREE" in step], plan


def test_the_same_reference_at_two_desks_is_two_tickets(two_desks: None) -> None:
    bring(snapshots("ITH-1,New,2026-06-01 08:00,,3,Desk,"), SNAPSHOTS)
    assert references() == ["1", "2", "3", "ITH-1", "ITH-1", "ITH-2"]
    assert set(Desk.objects.values_list("name", flat=True)) == {"jira-sm", "zammad", "Council desk"}


def test_the_list_of_tickets_is_narrowed_to_a_desk(two_desks: None, sign_in: SignIn) -> None:
    client = sign_in(ANALYST)
    page = client.get("/tickets/?desk=zammad")
    assert "3 tickets" in words(page) and "ITH-1" not in words(page)
    assert "Desk: zammad" in words(page)
    assert "5 tickets" in words(client.get("/tickets/"))
    assert "there is no 'nobody'" in words(client.get("/tickets/?desk=nobody"))
    lines = b"".join(client.get("/tickets.csv?desk=jira-sm")).decode("utf-8-sig").splitlines()
    assert len(lines) == 3 and lines[0].endswith('"Desk"') and lines[1].endswith('"jira-sm"')


def test_with_one_desk_no_list_asks_which(sign_in: SignIn) -> None:
    bring(JIRA, "jira-sm")
    client = sign_in(ANALYST)
    assert "desk" not in fields(client.get("/tickets/"))
    assert "desk" not in fields(client.get("/imports/"))


def test_what_was_brought_in_is_narrowed_to_a_desk(two_desks: None, sign_in: SignIn) -> None:
    client = sign_in("client-lead-of-southmere")
    page = client.get("/imports/?desk=zammad")
    assert "Batch 2" in words(page) and "Batch 1" not in words(page)
    assert "Batch 1" in words(client.get("/imports/"))
    assert "there is no 'nobody'" in words(client.get("/imports/?desk=nobody"))
    assert Batch.objects.count() == 2


def test_another_partners_desk_tells_nothing_of_its_tickets(two_desks: None, sign_in: SignIn) -> None:
    page = words(sign_in("client-lead-of-northgate").get("/tickets/?desk=zammad"))
    assert "2 tickets" in page
    assert "No ticket that you may see" in words(sign_in("client-lead-of-northgate").get("/tickets/?desk=jira-sm"))


def test_a_partner_s_list_of_a_rare_kind_is_entered_by_the_kind(two_desks: None) -> None:
    """A kind of which there is hardly a ticket is not looked for among all tickets of a partner or a desk."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL knows which index leaves fewer rows.")
    for who, filters in (
        ("committee-member-of-southmere", Filters(kind="change")),
        (ANALYST, Filters(kind="change", desk="zammad")),
        (ANALYST, Filters(kind="change", partner="southmere")),
    ):
        with CaptureQueriesContext(connection) as asked:
            tickets(filters, seen_by=somebody(who), known=now())
        with connection.cursor() as cursor:
            cursor.execute(f"explain query plan {asked.captured_queries[-1]['sql']}")
            plan = [row[-1] for row in cursor.fetchall()]
        assert any("reckonings_of_a_kind (kind=?)" in step for step in plan), plan
