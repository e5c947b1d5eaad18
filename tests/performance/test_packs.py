"""The list of packs: to each reader those that are for them, withdrawn ones marked, drafts for who publishes."""

import pytest

from commonhold.performance.acts import publishing
from commonhold.performance.models import Pack
from tests import universe as cast
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.reading import body_of, links, words
from tests.universe import JUNE, NOON

pytestmark = pytest.mark.django_db

ANALYST, LEAD, OTHER = "service-analyst", "client-lead-of-northgate", "client-lead-of-southmere"


@pytest.mark.parametrize(
    ("post", "shown"),
    [
        ("", {"The public"}),
        (ANALYST, {"The public", "The boards", "Northgate"}),
        (LEAD, {"The public", "The boards", "Northgate"}),
        (OTHER, {"The public", "The boards"}),
    ],
)
def test_packs_are_for_those_whom_they_are_for(
    universe: cast.Committee, sign_in: SignIn, post: str, shown: set[str]
) -> None:
    cast.publish("northgate")
    page = sign_in(post).get("/packs/")

    assert "<title>Performance packs - " in body_of(page)
    assert {name.removeprefix("June 2026 , ") for name in links(page) if name.startswith("June")} == shown


def test_a_withdrawn_pack_stays_in_the_list_and_says_so(universe: cast.Committee, sign_in: SignIn) -> None:
    pack = Pack.objects.get(profile="public")
    publishing.withdraw(by=cast.somebody("managing-director"), pack=pack, reason="The wrong quarter.")
    seen = words(sign_in("").get("/packs/"))

    assert "June 2026 , The public The public 21 July 2026 at midday Withdrawn" in seen
    assert "Stands" not in seen


def test_drafts_are_listed_for_who_publishes(universe: cast.Committee, sign_in: SignIn) -> None:
    by = cast.somebody("service-manager")
    made = publishing.ask_for_draft(by=by, first=JUNE.first, last=JUNE.last, profile="northgate")
    page = sign_in(ANALYST).get("/packs/")

    assert links(page)["A pack being written"] == made.get_absolute_url()
    assert "forgotten after a week" in words(page)
    publishing.write_draft(draft=made)
    assert "Performance pack, June 2026, for Northgate" in links(sign_in(ANALYST).get("/packs/"))
    for post in ("", LEAD, "governance-officer-of-northgate"):
        page = sign_in(post).get("/packs/")
        assert "Not published yet" not in words(page) and "Make a pack" not in links(page)


def test_they_go_on_page_by_page(universe: cast.Committee, sign_in: SignIn) -> None:
    pack = Pack.objects.get(profile="public")
    for number in range(25):
        Pack.objects.create(**_copied(pack, f"Another {number}"))
    client = sign_in("")
    first, second = client.get("/packs/"), client.get("/packs/?start=25")

    assert body_of(first).count('scope="row"') == body_of(second).count('scope="row"') + 24 == 25
    assert "?start=25" in links(first).values()
    assert client.get("/packs/?start=-1").status_code == client.get("/packs/?start=x").status_code == 200


def _copied(pack: Pack, title: str) -> dict[str, object]:
    names = ("first", "last", "profile", "as_of", "known_at", "html", "pdf", "figures", "manifest", "body", "post")
    return {"title": title, "at": NOON, **{name: getattr(pack, name) for name in names}}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("post", "queries"), [("", 3), (ANALYST, 6), (LEAD, 5)])
def test_it_takes_as_many_queries_for_one_pack_as_for_three(
    universe: cast.Committee, sign_in: SignIn, post: str, queries: int, rows: int
) -> None:
    for number in range(rows - 1):
        Pack.objects.create(**_copied(Pack.objects.get(profile="public", title__contains="June"), f"Another {number}"))
    client = sign_in(post)

    assert body_of(client.get("/packs/")).count('scope="row"') == rows + (post != "")
    assert queries_of(client, "/packs/") == queries
