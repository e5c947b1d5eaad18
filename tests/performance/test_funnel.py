"""The page of control limits: partners, services and teams, for whoever holds a post, with its pictures and tables."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from commonhold.performance.acts import computing
from commonhold.performance.models import Period
from commonhold.performance.queries.periods import basis, the_period
from tests import universe as cast
from tests.demand.bringing import bring, events
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.reading import body_of, links, words
from tests.universe import JUNE, NOON

pytestmark = pytest.mark.django_db
ANALYST, LEAD = "service-analyst", "client-lead-of-northgate"
PARTNERS = {"Eastwell Vale": 0, "Northgate": 12, "Southmere": 2}
"""Of thirty tickets of each, how many miss their target."""


@pytest.fixture
def many(universe: cast.Committee) -> cast.Committee:
    """Ninety more tickets of June, of three partners, two services and two teams; many of Northgate's are late."""
    lines = []
    for partner, late in PARTNERS.items():
        for n in range(30):
            opened = datetime(2026, 6, 1 + n % 19, 9, tzinfo=UTC)
            ends = opened + timedelta(days=11 if n < late else 0, hours=1)
            name = f"{partner[0]}{n:03}"
            about = f"P3,incident,{('Networks', 'Service Desk')[n % 2]},{partner},{('Email', 'Printing')[n % 3 == 0]}"
            lines += [f"{name},{opened.isoformat()},open,{about}", f"{name},{ends.isoformat()},resolved,{about}"]
    bring(events(*lines), at=NOON)
    on = basis()
    computing.make_ready(period=the_period(JUNE, on.known), on=on)
    return universe


def test_partners_are_shown_within_limits_with_a_picture_and_a_table(many: cast.Committee, sign_in: SignIn) -> None:
    page = sign_in(ANALYST).get("/parity/funnel/")
    seen, body = words(page), body_of(page)

    assert "<title>Control limits - " in body
    assert "fewer than chance explains among 3 compared at once, each at 98.3%." in seen
    assert "Northgate" in seen and "Below the 99.8% limits" in seen
    assert "more than chance explains among 3 compared at once" in seen, "like for like as well"
    assert body.count('role="img"') == 4, "each plot for a page and for a phone"
    assert "The same figures are in the table." in body


@pytest.mark.parametrize(("of", "names"), [("service", ("Email", "Printing")), ("team", ("Networks", "Service Desk"))])
def test_services_and_teams_apart(many: cast.Committee, sign_in: SignIn, of: str, names: tuple[str, str]) -> None:
    page = sign_in(ANALYST).get(f"/parity/funnel/?of={of}&first=2026-06-01&last=2026-06-30")
    seen = words(page)

    assert all(name in seen for name in names)
    assert "None of the 2 lies further out than chance explains" in seen
    assert any("/evidence/" in address for address in links(page).values())
    assert "of=" in links(page)["June 2026"], "another period keeps what is shown"


def test_what_has_few_tickets_is_left_out_and_said_so(many: cast.Committee, sign_in: SignIn) -> None:
    seen = words(sign_in(ANALYST).get("/parity/funnel/?of=service"))

    assert "1 service left out: with fewer than 20 tickets, or beyond the 50 with the most." in seen


@pytest.mark.parametrize("table", ["shares", "ratios"])
def test_its_tables_are_taken_with_exact_values(many: cast.Committee, sign_in: SignIn, table: str) -> None:
    answer = sign_in(ANALYST).get(f"/parity/funnel/?take={table}.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    assert [row["Partner"] for row in rows] == list(PARTNERS)
    by = {row["Partner"]: row for row in rows}
    value = "Share" if table == "shares" else "Ratio"
    low, high = float(by["Northgate"]["95% limit, low"]), float(by["Northgate"]["95% limit, high"])
    assert not low <= float(by["Northgate"][value]) <= high


def test_every_partner_reads_the_same_and_the_public_for_whom_it_is(many: cast.Committee, sign_in: SignIn) -> None:
    read = [words(sign_in(post).get("/parity/funnel/")) for post in (LEAD, "client-lead-of-southmere", ANALYST)]
    assert read[0] == read[1] == read[2]
    public = sign_in("").get("/parity/funnel/")
    assert "Whoever holds a post sees it after signing in" in words(public) and "Northgate" not in words(public)
    assert sign_in("").get("/parity/funnel/?take=shares.csv").status_code == 404


def test_of_few_tickets_it_says_that_there_is_nothing_to_hold_within_limits(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    assert "Fewer than two services have tickets enough" in words(sign_in(ANALYST).get("/parity/funnel/?of=service"))


@pytest.mark.parametrize("address", ["/parity/funnel/", "/parity/"])
def test_a_period_kept_in_an_older_form_is_offered_to_be_computed_again(
    many: cast.Committee, sign_in: SignIn, address: str
) -> None:
    Period.objects.update(program="0.0.1, extract 1", extract=b"of old")

    assert "Not computed yet" in words(sign_in(ANALYST).get(f"{address}?first=2026-06-01&last=2026-06-30"))


@pytest.mark.parametrize("address", ["?of=nobody", "?measure=happiness", "?first=2026-07-01&last=2026-06-01", "?of="])
def test_what_there_is_not_is_what_the_page_chooses(many: cast.Committee, sign_in: SignIn, address: str) -> None:
    assert sign_in(ANALYST).get(f"/parity/funnel/{address}").status_code == 200


@pytest.mark.parametrize("of", ["partner", "service"])
def test_it_takes_at_most_twelve_queries(many: cast.Committee, sign_in: SignIn, of: str) -> None:
    assert queries_of(sign_in(ANALYST), f"/parity/funnel/?of={of}") <= 12
