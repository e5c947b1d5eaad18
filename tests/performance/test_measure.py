"""The page of one measure: every grouping for those who hold a post, what was published for the public."""

import pytest

from commonhold.performance.engine.measures import MEASURES, definition
from tests import universe as cast
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.reading import body_of, links, words

pytestmark = pytest.mark.django_db

ANALYST, LEAD = "service-analyst", "client-lead-of-northgate"


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("post", ["", ANALYST])
def test_every_measure_has_a_page_with_its_title_and_formula(
    universe: cast.Committee, sign_in: SignIn, post: str, name: str
) -> None:
    page = sign_in(post).get(f"/figures/{name.replace('_', '-')}/")

    assert page.status_code == 200
    assert f"<title>{definition(name).title} - " in body_of(page).replace("&#39;", "'")
    assert definition(name).formula in words(page)
    assert links(page)["What it leaves out, and where it comes from"] == f"/measures/#{name}"


def test_it_is_split_by_every_word_and_by_partner_for_who_holds_a_post(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    seen = words(sign_in(LEAD).get("/figures/within-target/"))

    for heading in ("By partner", "By priority", "By kind", "By team", "By service", "By responsible party"):
        assert heading in seen
    assert "Responsible party Whole service Eastwell Vale Northgate Southmere Shared service 5 of 6" in seen
    assert "How it went Resolved within target June 2026, whole service, each period by itself" in seen


def test_to_the_public_it_is_the_whole_service_and_small_groups_are_not_shown(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    seen = words(sign_in("").get("/figures/within-target/"))

    assert "Whole service 5 of 6" in seen
    assert "P1 not shown" in seen and "By partner" not in seen and "Northgate" not in seen


def test_a_measure_that_no_pack_holds_says_so(universe: cast.Committee, sign_in: SignIn) -> None:
    assert "This measure is not in that pack." in words(sign_in("").get("/figures/unclosed-at-end/"))


def test_a_measure_that_there_is_not_is_not_found(universe: cast.Committee, sign_in: SignIn) -> None:
    assert sign_in(ANALYST).get("/figures/happiness/").status_code == 404


@pytest.mark.parametrize(("post", "queries"), [("", 5), (ANALYST, 9), (LEAD, 9)])
def test_it_takes_few_queries(universe: cast.Committee, sign_in: SignIn, post: str, queries: int) -> None:
    assert queries_of(sign_in(post), "/figures/tickets-resolved/") == queries
