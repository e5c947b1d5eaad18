"""The page that asks whether the partners are served alike: for whoever holds a post, on either basis."""

import pytest

from commonhold.performance.acts import computing
from commonhold.performance.queries.periods import basis, the_period
from tests import universe as cast
from tests.demand.bringing import bring, events
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.reading import body_of, links, words
from tests.universe import JUNE, NOON

pytestmark = pytest.mark.django_db

ANALYST, LEADS = (
    "service-analyst",
    [f"client-lead-of-{partner}" for partner in ("southmere", "eastwell-vale", "northgate")],
)


def test_partners_are_compared_in_plain_sentences_and_a_table(universe: cast.Committee, sign_in: SignIn) -> None:
    page = sign_in(ANALYST).get("/parity/")
    seen = words(page)

    assert "<title>Are the partners served alike? - " in body_of(page)
    assert (
        "Northgate: 1 ticket missed its target where 1.0 would be expected of the whole service's results for the same "
        "mix; no other partner has work of that kind to compare it with."
    ) in seen
    assert "Missed targets, observed and expected, June 2026" in seen
    assert "Northgate 1 of 2 , June 2026: evidence (50.0%) 1 1.0 1.00 0.01 to 6.85 cannot tell" in seen
    assert "each at 98.3%" in seen and "definition within_target.v1" in seen


@pytest.mark.parametrize("lead", LEADS)
def test_every_partner_reads_the_same_words(universe: cast.Committee, sign_in: SignIn, lead: str) -> None:
    def main(post: str) -> str:
        return words(sign_in(post).get("/parity/"))

    assert main(lead) == main(ANALYST)


def test_the_public_is_told_for_whom_it_is(universe: cast.Committee, sign_in: SignIn) -> None:
    seen = words(sign_in("").get("/parity/?measure=source_verdict_met"))

    assert "Whoever holds a post sees it after signing in" in seen
    assert "Northgate" not in seen


def test_the_desk_s_verdict_is_the_other_basis_and_the_period_is_kept(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    client = sign_in(ANALYST)
    page = client.get("/parity/?first=2026-06-01&last=2026-06-30")
    other = links(page)["By the desk's own verdict"]

    assert other == "?first=2026-06-01&last=2026-06-30&measure=source_verdict_met"
    seen = words(client.get(f"/parity/{other}"))
    assert "No ticket closed in the period bears the desk's own verdict, so nothing can be compared." in seen
    assert "measure=source_verdict_met" in links(client.get(f"/parity/{other}"))["June 2026"]


def test_a_basis_that_there_is_not_is_the_clock(universe: cast.Committee, sign_in: SignIn) -> None:
    assert "Basis: the service-level clock" in words(sign_in(ANALYST).get("/parity/?measure=happiness"))


@pytest.mark.parametrize("partners", [1, 3])
def test_it_takes_as_many_queries_for_one_partner_as_for_three(
    universe: cast.Committee, sign_in: SignIn, partners: int
) -> None:
    if partners == 1:
        worked = "P3,incident,Service Desk,Northgate"
        bring(events(*(f"{row[0]},2026-07-20T08:00Z,closed,{worked}" for row in cast.WORKED)), at=NOON)
        on = basis()
        computing.make_ready(period=the_period(JUNE, on.known), on=on)
    client = sign_in(ANALYST)

    assert body_of(client.get("/parity/")).count('scope="row"') == partners
    assert queries_of(client, "/parity/") == 9
