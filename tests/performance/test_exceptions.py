"""The page of exceptions: the same counts for whoever holds a post, rows by the usual rule, nothing for others."""

import pytest
from django.test import Client

from commonhold.demand.acts.finding_exceptions import find_exceptions
from commonhold.demand.models import Batch
from commonhold.performance.acts import computing
from commonhold.performance.queries.periods import basis, the_period
from tests.demand.bringing import bring, events
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.reading import body_of, sheets_of, words
from tests.universe import JUNE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("universe")]
AT = "/exceptions/?first=2026-06-01&last=2026-06-30"
ANALYST, LEAD = "service-analyst", "client-lead-of-northgate"


@pytest.fixture(autouse=True)
def found(universe: object) -> None:
    """Two tickets with an exception of Northgate, and one of Southmere."""
    lines = []
    for number, partner in enumerate(("Northgate", "Northgate", "Southmere")):
        told = f"P3,incident,Networks,{partner},Network,Fault"
        lines += [
            f"X{number},2026-06-0{number + 1}T08:00Z,open,{told}",
            f"X{number},2026-06-0{number + 1}T09:00Z,closed,{told}",
            f"X{number},2026-06-1{number + 1}T09:00Z,in_progress,{told}",
        ]
    bring(events(*lines))
    for batch in Batch.objects.taken():
        find_exceptions(batch=batch.number)
    on = basis()
    computing.make_ready(period=the_period(JUNE, on.known), on=on)


def rows(client: Client, address: str = AT) -> set[str]:
    page = body_of(client.get(address)).partition('id="list"')[2]
    return {f"X{number}" for number in range(3) if f">X{number}<" in page}


def test_counts_stand_beside_how_many_were_opened_and_rows_are_for_the_partner_concerned(sign_in: SignIn) -> None:
    ours, theirs = (words(sign_in(post).get(AT)) for post in (ANALYST, LEAD))

    assert "Closed and at work again 0 2 1 3" in ours and "Closed and at work again 0 2 1 3" in theirs
    opened = " ".join(ours.replace(", June 2026: evidence", "").split()).partition("Tickets opened in the same days")[2]
    assert opened.split()[:8:2] == ["2", "5", "4", "11"] or opened.startswith(" 2 5 4 11"), opened[:120]
    assert rows(sign_in(ANALYST)) == {"X0", "X1", "X2"}
    assert rows(sign_in(LEAD)) == {"X0", "X1"}
    assert rows(sign_in("auditor-of-eastwell-vale")) == set()


def test_the_public_reads_the_rules_and_no_more(sign_in: SignIn) -> None:
    page = words(sign_in("").get(AT))

    assert "within one minute with 20 tickets or more of the same team" in page
    assert "Sign in to see it" in page and "Northgate" not in page
    assert sign_in("").get(AT.replace("/exceptions/", "/exceptions.csv")).status_code == 404


@pytest.mark.parametrize(
    ("more", "listed"),
    [
        ("&partner=southmere", {"X2"}),
        ("&kind=reopened", {"X0", "X1", "X2"}),
        ("&kind=held", set()),
        ("&team=Networks", {"X0", "X1", "X2"}),
        ("&team=Nobody", set()),
        ("&after=0-0", set()),
        ("&after=nonsense", {"X0", "X1", "X2"}),
        ("&after=99999999999999999999-1", {"X0", "X1", "X2"}),
    ],
)
def test_the_rows_are_narrowed_down(sign_in: SignIn, more: str, listed: set[str]) -> None:
    assert rows(sign_in(ANALYST), AT + more) == listed


def test_what_makes_no_sense_is_said(sign_in: SignIn) -> None:
    assert "No such exceptions" in words(sign_in(ANALYST).get(AT + "&kind=weather"))
    assert sign_in(ANALYST).get(AT.replace("/exceptions/", "/exceptions.csv") + "&kind=weather").status_code == 404
    assert "Nothing is known of" in words(sign_in(ANALYST).get("/exceptions/?first=1990-01-01&last=1990-01-31"))


def test_they_are_taken_away_with_their_rule(sign_in: SignIn) -> None:
    mine = b"".join(sign_in(LEAD).get(AT.replace("/exceptions/", "/exceptions.csv"))).decode()

    assert mine.count("\r\n") == 3 or mine.count("\n") == 3
    assert "X2" not in mine and "was at work again afterwards" in mine


def test_as_many_queries_for_one_as_for_three(sign_in: SignIn) -> None:
    client = sign_in(ANALYST)

    assert queries_of(client, AT + "&partner=southmere") == queries_of(client, AT)


def test_it_says_where_something_is_not_looked_at_yet(sign_in: SignIn) -> None:
    assert "exceptions are being looked for" in words(sign_in(ANALYST).get(AT)), "no worker ran here"


def test_the_counts_are_taken_as_numbers_beside_tickets_opened(sign_in: SignIn) -> None:
    about, table = sheets_of(sign_in(LEAD).get(AT + "&take=counts.xlsx"))
    assert about["Period"] == "2026-06-01 to 2026-06-30" and isinstance(about["Known at entry"], int) and about["As of"]
    assert {type(row["Exceptions"]) for row in table} == {type(row["Tickets opened in the same days"]) for row in table}
    whole = [row for row in table if row["Of"] == "Whole service"]
    kinds = {row["Kind"]: row["Exceptions"] for row in whole}
    assert kinds == {kind: sum(row["Exceptions"] for row in table if row["Kind"] == kind) / 2 for kind in kinds}
    assert sign_in("").get(AT + "&take=counts.xlsx").status_code == 404
