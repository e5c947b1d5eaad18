"""Of tickets whose holds nothing proves the desk's own verdict heads, named so, ours beside it as the least (F5)."""

import html
from datetime import date

import pytest

from commonhold.demand.engine import mapping as mappings
from commonhold.figures import Span
from commonhold.partnership.engine.rules.figure_basis import FigureBasis
from commonhold.performance.acts import computing
from commonhold.performance.acts.composing import compose, profile_of
from commonhold.performance.queries import pages
from commonhold.performance.queries.periods import basis, the_period
from tests.demand.bringing import bring, events
from tests.demand.conftest import Commonhold, SignIn
from tests.reading import links, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]

ANALYST = "service-analyst"
JUNE = Span(date(2026, 6, 1), date(2026, 6, 30))
DAYS = "?first=2026-06-01&last=2026-06-30"
TABLE = mappings.parse(
    b"""
kind = "tickets"
desk = "Another desk"
time_zone = "UTC"
[columns]
reference = "ref"
state = "state"
opened_at = "opened"
resolved_at = "resolved"
closed_at = "resolved"
partner = "partner"
priority = "priority"
source_verdict = "made"
source_verdict_true = ["yes"]
[states]
"Done" = "closed"
"Waiting" = "on_hold"
""",
    "another",
)


def table(count: int, partner: str, missed: int, made: str = "yes") -> str:
    """So many tickets of a table: those that `missed` by all their open hours, resolved after two weeks or an hour."""
    rows = ["ref,state,opened,resolved,partner,priority,made"]
    for n in range(count):
        resolved = "2026-06-15T10:00" if n < missed else "2026-06-01T11:00"
        rows.append(f"{partner[:2]}{n},Done,2026-06-01T10:00,{resolved},{partner},P3,{made}")
    return "\n".join(rows) + "\n"


def logged(count: int, partner: str, missed: int) -> str:
    lines = []
    for n in range(count):
        at = "2026-06-15T10:00Z" if n < missed else "2026-06-01T11:00Z"
        lines += [f"{partner[:2]}{n},2026-06-01T10:00Z,open,P3,incident,Desk,{partner},,"]
        lines += [f"{partner[:2]}{n},{at},resolved,P3,incident,Desk,{partner},,"]
    return events(*lines)


def made_ready() -> None:
    on = basis()
    computing.make_ready(period=the_period(JUNE, on.known), on=on)


@pytest.fixture
def mixed() -> None:
    """Twenty tickets of Northgate by a table that tells nothing of holds, ten of Southmere by a log."""
    bring(table(20, "Northgate", 10), TABLE)
    bring(logged(10, "Southmere", 2))
    made_ready()


def test_on_the_pages_by_scope_and_a_figure_that_mixes_grades_says_so(mixed: None, sign_in: SignIn) -> None:
    figures = words(sign_in(ANALYST).get(f"/figures/{DAYS}"))
    measure = words(sign_in(ANALYST).get(f"/figures/within-target/{DAYS}"))

    assert "by the desk's own verdict; by our clock at least" in figures
    for seen in (figures, measure):
        assert "8 of 10" in seen, "Southmere's log tells every hold, so our clock heads"
        assert "evidence (20 of 20) by the desk's own verdict; by our clock at least 50.0%" in seen
    assert "Mixes sources that prove different things about holds" in measure
    assert words(sign_in(ANALYST).get("/")).count("Met by the desk's own verdict") == 1


def test_the_agreement_may_say_that_ours_heads(mixed: None, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "graded_none", lambda known: FigureBasis("ours").graded_none)
    assert "by our clock at least" not in words(sign_in(ANALYST).get(f"/figures/{DAYS}"))


def test_where_every_hold_is_known_the_agreement_is_not_asked_what_heads(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(known: object) -> str:
        raise AssertionError("nothing is left to decide")

    monkeypatch.setattr(pages, "graded_none", asked)
    bring(logged(10, "Southmere", 2))
    made_ready()
    client = sign_in(ANALYST)
    for address in ("/", f"/figures/{DAYS}", f"/figures/within-target/{DAYS}"):
        assert client.get(address).status_code == 200


def test_a_pack_says_by_scope_whose_verdict_it_is(mixed: None) -> None:
    on = basis()
    files = compose(period=the_period(JUNE, on.known), profile=profile_of("board"), on=on)
    text = html.unescape(files.files["pack.html"].decode())
    assert "by the desk's own verdict" in text and "by our clock at least" in text
    assert "mixes sources that prove different things about holds" in text
    assert "Nothing proves the holds of most tickets of Northgate" in text
    assert "Another desk: its files tell of not all of these days, the last until 15 June 2026" in text


def test_partners_are_compared_by_the_desks_verdict_where_doubt_decides_and_all_bear_it(
    sign_in: SignIn, commonhold: Commonhold
) -> None:
    bring(table(200, "Northgate", 100), TABLE)
    bring(table(200, "Southmere", 20, made="no").replace("SO", "SX"), TABLE)
    made_ready()
    page = sign_in(ANALYST).get(f"/parity/{DAYS}")
    seen = words(page)

    assert "so all are compared by the desk's own verdict" in seen
    assert "Basis: the desk's own verdict" in seen
    assert set(links(page)) >= {"On one basis for all", "By the service-level clock", "By the desk's own verdict"}
    said = commonhold("parity", "--from", "2026-06-01", "--to", "2026-06-30", "--json").json
    assert (said["measure"], said["basis"]) == ("source_verdict_met", "the desk's own verdict")
    by_clock = commonhold(
        "parity", "--from", "2026-06-01", "--to", "2026-06-30", "--measure", "within_target", "--json"
    ).json
    assert [one["difference"] for one in by_clock["partners"]] == ["cannot tell"] * 2


def test_where_the_desks_verdict_is_missing_too_it_cannot_be_told(sign_in: SignIn) -> None:
    bring(table(200, "Northgate", 100), TABLE)
    bring(logged(200, "Southmere", 20))
    made_ready()
    seen = words(sign_in(ANALYST).get(f"/parity/{DAYS}"))
    assert "nor can the desk's own verdict, which too few tickets bear of" in seen
    assert "cannot tell" in seen
