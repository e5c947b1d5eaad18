"""The page of a period's figures: what the public sees of it, and what those who hold a post."""

from datetime import date

import pytest

from commonhold.figures import Span
from commonhold.jobs.models import Job
from commonhold.performance.acts import computing, publishing
from commonhold.performance.models import Pack
from commonhold.performance.queries.periods import basis, the_period
from tests import universe as cast
from tests.demand.bringing import bring, events
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.reading import body_of, fields, links, words
from tests.universe import NOON

pytestmark = pytest.mark.django_db

ANALYST, MEMBER, LEAD = "service-analyst", "committee-member-of-southmere", "client-lead-of-northgate"
MAY = Span(date(2026, 5, 1), date(2026, 5, 31))


def test_the_public_sees_what_was_published_and_where(universe: cast.Committee, sign_in: SignIn) -> None:
    page = sign_in("").get("/figures/")
    seen, pack = words(page), Pack.objects.get(profile="public")

    assert page.status_code == 200
    assert "<title>Figures - Three Boroughs Shared ICT Service</title>" in body_of(page)
    assert "June 2026 , as published in Performance pack, June 2026, for the public" in seen
    assert "Tickets opened 8 tickets" in seen
    assert "Resolved within target 83.3%" not in seen and "5 of 6" in seen, "few are led by their counts (F1)"
    assert links(page)[pack.title] == pack.get_absolute_url()


def test_to_the_public_small_numbers_and_partners_are_not_shown(universe: cast.Committee, sign_in: SignIn) -> None:
    seen = words(sign_in("").get("/figures/"))

    assert "Tickets open not shown , June 2026: evidence : a group of fewer than five tickets" in seen
    assert "Tickets not yet closed" not in seen
    for partner in ("Northgate", "Southmere", "Eastwell Vale"):
        assert partner not in seen


@pytest.mark.parametrize("post", [ANALYST, MEMBER, LEAD])
def test_whoever_holds_a_post_sees_every_measure_and_partner(
    universe: cast.Committee, sign_in: SignIn, post: str
) -> None:
    page = sign_in(post).get("/figures/")
    seen = words(page)

    assert "Measure Whole service Eastwell Vale Northgate Southmere" in seen
    assert seen.count(": evidence") >= 21 * 4
    assert "Tickets not yet closed 8 tickets" in seen
    assert "/evidence/performance/2026-06-01..2026-06-30/within_target.v1?partner=Northgate&amp;as_of=" in body_of(page)
    assert links(page)["Resolved within target"] == "/figures/within-target/?first=2026-06-01&last=2026-06-30"


def test_another_period_is_chosen_and_computed_by_a_worker(universe: cast.Committee, sign_in: SignIn) -> None:
    client = sign_in(LEAD)
    page = client.get("/figures/?first=2026-06-10&last=2026-06-20")
    assert "Not computed yet" in words(page) and {"first", "last"} <= fields(page)

    asked = client.post("/figures/compute/", {"first": "2026-06-10", "last": "2026-06-20"})

    job = Job.objects.get(name="performance.compute")
    assert (asked.status_code, asked.url) == (302, job.get_absolute_url())
    assert "being computed" in words(client.get(job.get_absolute_url()))
    cast.compute(Span(date(2026, 6, 10), date(2026, 6, 20)))
    assert "10 to 20 June 2026 , read as of 20 June 2026 at 11:59pm" in words(
        client.get("/figures/?first=2026-06-10&last=2026-06-20")
    )


@pytest.mark.parametrize(
    "given", [{}, {"first": "yesterday", "last": "today"}, {"first": "2026-06-02", "last": "2026-06-01"}]
)
def test_days_that_make_no_sense_are_refused_in_plain_words(
    universe: cast.Committee, sign_in: SignIn, given: dict[str, str]
) -> None:
    refused = sign_in(LEAD).post("/figures/compute/", given)

    assert refused.status_code == 400
    assert "Name the first and the last day of the period." in words(refused)


def test_the_public_may_not_have_figures_computed(universe: cast.Committee, sign_in: SignIn) -> None:
    client = sign_in("")

    assert "Another period" not in words(client.get("/figures/"))
    assert client.post("/figures/compute/", {"first": "2026-06-10", "last": "2026-06-20"}).status_code == 403
    assert not Job.objects.filter(name="performance.compute").exists()


def test_where_the_last_day_is_before_the_first_the_form_says_so(universe: cast.Committee, sign_in: SignIn) -> None:
    page = sign_in(ANALYST).get("/figures/?first=2026-06-20&last=2026-06-10")

    assert "The last day must not be before the first" in words(page)
    assert "June 2026 , read as of" in words(page), "and the page shows what it shows without days"


def test_days_of_which_no_file_tells_are_said_to_be_unknown(universe: cast.Committee, sign_in: SignIn) -> None:
    for days, said in (
        ("first=2027-01-01&last=2027-01-31", "January 2027"),
        ("first=2010-04-01&last=2010-06-30", "2010"),
    ):
        page = words(sign_in(ANALYST).get(f"/figures/?{days}"))

        assert "Nothing is known of" in page and f"{said} The files that were brought in do not tell" in page
        assert "Compute them" not in page


def test_days_that_were_not_published_are_said_to_be_so(universe: cast.Committee, sign_in: SignIn) -> None:
    page = sign_in("").get("/figures/?first=2026-05-01&last=2026-05-31")

    assert "Nothing is published of May 2026" in words(page)
    assert links(page)["See the packs"] == "/packs/"


def test_figures_that_a_later_file_overtook_say_so(universe: cast.Committee, sign_in: SignIn) -> None:
    bring(events("SD0007,2026-06-23T12:00:00Z,resolved,P3,incident,Service Desk,Northgate"), at=NOON)

    assert "More has become known since; these figures are being computed again." in words(
        sign_in(ANALYST).get("/figures/")
    )


def test_of_other_days_too(universe: cast.Committee, sign_in: SignIn) -> None:
    cast.compute(Span(date(2026, 6, 10), date(2026, 6, 20)))
    bring(events("SD0007,2026-06-23T12:00:00Z,resolved,P3,incident,Service Desk,Northgate"), at=NOON)
    page = sign_in(LEAD).get("/figures/?first=2026-06-10&last=2026-06-20")

    assert "More has become known since; these figures are being computed again." in words(page)


def test_a_withdrawn_pack_s_figures_are_gone_for_the_public(universe: cast.Committee, sign_in: SignIn) -> None:
    pack = Pack.objects.get(profile="public")
    publishing.withdraw(by=cast.somebody("managing-director"), pack=pack, reason="The wrong quarter.")

    assert "Nothing is published yet" in words(sign_in("").get("/figures/"))


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("post", "queries"), [("", 5), (ANALYST, 9), (LEAD, 9)])
def test_it_takes_as_many_queries_for_one_period_as_for_three(
    universe: cast.Committee, sign_in: SignIn, post: str, queries: int, rows: int
) -> None:
    bring(events(*(f"SM{n},2026-0{n}-20T08:00Z,open,P3,incident,Desk,Southmere" for n in (4, 5))), at=NOON)
    on = basis()
    for span in (MAY, Span(date(2026, 4, 1), date(2026, 4, 30)))[: rows - 1]:
        period = the_period(span, on.known)
        computing.make_ready(period=period, on=on)
        files = publishing.compose(period=period, profile=publishing.profile_of("public"), on=on)
        publishing.publish(by=cast.somebody("managing-director"), files=files)
    client = sign_in(post)

    assert body_of(client.get("/figures/")).count('<li><a class="govuk-link" href="?first=') == rows
    assert queries_of(client, "/figures/") == queries
