"""The page of a pack: whose it is, its files, where it was put, and what stands in its place once withdrawn."""

import pytest

from commonhold.performance.acts import publishing
from commonhold.performance.models import Pack
from tests import universe as cast
from tests.demand.conftest import SignIn
from tests.performance.conftest import queries_of
from tests.reading import body_of, links, words

pytestmark = pytest.mark.django_db

ANALYST, MEMBER, CLERK = "service-analyst", "committee-member-of-southmere", "governance-officer-of-northgate"
LEAD, OTHER = "client-lead-of-northgate", "client-lead-of-southmere"


def of(profile: str) -> Pack:
    return Pack.objects.get(profile=profile)


@pytest.mark.parametrize(
    ("profile", "open_to", "closed_to"),
    [
        ("public", ("", MEMBER, ANALYST, LEAD, OTHER), ()),
        ("northgate", (ANALYST, LEAD, CLERK), ("", OTHER, MEMBER)),
    ],
)
def test_a_pack_is_open_to_those_whom_it_is_for_and_nobody_else_learns_of_it(
    universe: cast.Committee, sign_in: SignIn, profile: str, open_to: tuple[str, ...], closed_to: tuple[str, ...]
) -> None:
    cast.publish("northgate")
    address = of(profile).get_absolute_url()

    assert {post: sign_in(post).get(address).status_code for post in open_to} == dict.fromkeys(open_to, 200)
    for post in closed_to:
        for part in ("", "pack.pdf", "figures.json"):
            assert sign_in(post).get(f"{address}{part}").status_code == 404


def test_a_board_s_pack_on_an_agenda_asks_the_public_to_sign_in(universe: cast.Committee, sign_in: SignIn) -> None:
    address = of("board").get_absolute_url()

    assert [sign_in(post).get(address).status_code for post in (MEMBER, ANALYST, LEAD, OTHER)] == [200] * 4
    for part in ("", "pack.pdf", "figures.json"):
        page = sign_in("").get(f"{address}{part}")
        assert page.status_code == 403
        assert "Sign in to do this" in words(page)
        assert "In short" not in words(page) and "5 of 6" not in words(page)


def test_it_reads_as_a_document_with_its_files(universe: cast.Committee, sign_in: SignIn) -> None:
    pack = of("board")
    page = sign_in(MEMBER).get(pack.get_absolute_url())
    seen = words(page)

    assert f"<title>{pack.title} - " in body_of(page)
    assert body_of(page).count("<h1") == 1
    for said in ("In short", "How much was asked for", "Are the partners served alike?", "How to check this pack"):
        assert said in seen
    for name in pack.files:
        assert f"{pack.get_absolute_url()}{name}" in links(page).values()
    assert pack.entry and links(page)[f"entry {pack.entry.number} of the record"]
    assert "Put before Joint Committee, 21 July 2026 ." in seen


def test_the_public_s_pack_names_no_partner_no_ticket_and_no_small_number(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    page = sign_in("").get(of("public").get_absolute_url())

    main = body_of(page).partition("<main")[2]
    assert not [one for one in ("Northgate", "Southmere", "Eastwell", "SD00") if one in main]
    assert "Open at the end Not shown" in words(page)
    assert "A group of fewer than five tickets is not shown" in words(page)


def test_a_partner_s_pack_holds_its_own_figures_beside_the_whole_service(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    cast.publish("northgate")
    seen = words(sign_in(LEAD).get(of("northgate").get_absolute_url()))

    assert "Northgate beside the whole service" in seen
    assert "Measure Northgate Whole service Tickets opened 3 8" in seen
    assert "SD0006" in seen, "the P1 ticket of its own"
    assert not [one for one in ("SD0001", "SD0002", "SD0004", "SD0005") if one in seen]


@pytest.mark.parametrize(
    ("post", "withdraws", "attaches"),
    [("", False, False), (MEMBER, False, False), (CLERK, True, True), (LEAD, True, True), (ANALYST, True, True)],
)
def test_only_those_who_may_are_offered_to_withdraw_it_or_put_it_before_a_meeting(
    universe: cast.Committee, sign_in: SignIn, post: str, withdraws: bool, attaches: bool
) -> None:
    offered = links(sign_in(post).get(of("public").get_absolute_url()))

    assert ("Withdraw it" in offered, "Put it before a meeting" in offered) == (withdraws, attaches)


@pytest.mark.parametrize("part", ["", "pack.html", "pack.pdf", "figures.json", "manifest.json"])
@pytest.mark.parametrize("post", ["", ANALYST])
def test_once_withdrawn_its_every_address_says_when_and_why(
    universe: cast.Committee, sign_in: SignIn, post: str, part: str
) -> None:
    pack = of("public")
    publishing.withdraw(by=cast.somebody("managing-director"), pack=pack, reason="A file was read in the wrong zone.")
    page = sign_in(post).get(f"{pack.get_absolute_url()}{part}")

    assert page.status_code == 410
    assert "withdrawn on 21 July 2026 at midday: A file was read in the wrong zone." in words(page)
    assert "In short" not in words(page) and "8 tickets" not in words(page)


@pytest.mark.parametrize("part", ["withdraw/", "attach/"])
def test_nothing_more_can_be_done_with_a_withdrawn_pack(universe: cast.Committee, sign_in: SignIn, part: str) -> None:
    pack = of("public")
    publishing.withdraw(by=cast.somebody("managing-director"), pack=pack, reason="Wrong.")
    client = sign_in(ANALYST)

    assert client.get(f"{pack.get_absolute_url()}{part}").status_code == 410
    assert client.post(f"{pack.get_absolute_url()}{part}", {"reason": "Again."}).status_code == 410
    assert not {"Withdraw it", "Put it before a meeting"} & set(links(client.get(pack.get_absolute_url())))


def test_a_withdrawn_board_pack_is_still_nobody_else_s(universe: cast.Committee, sign_in: SignIn) -> None:
    pack = of("board")
    publishing.withdraw(by=cast.somebody("managing-director"), pack=pack, reason="Wrong.")

    assert sign_in("").get(pack.get_absolute_url()).status_code == 404
    assert sign_in(OTHER).get(pack.get_absolute_url()).status_code == 410


@pytest.mark.parametrize("meetings", [1, 3])
@pytest.mark.parametrize(("post", "queries"), [(MEMBER, 8), (ANALYST, 8)])
def test_it_takes_as_many_queries_for_one_meeting_as_for_three(
    universe: cast.Committee, sign_in: SignIn, post: str, queries: int, meetings: int
) -> None:
    from commonhold.governance.acts import meetings as governance
    from commonhold.governance.models import Item

    clerk, pack = cast.somebody(CLERK), of("board")
    for number in range(meetings - 1):
        item = governance.add_item(
            by=clerk, meeting=universe.meeting, title=f"Item {number}", purpose=Item.Purpose.NOTE
        )
        publishing.attach(by=cast.somebody("managing-director"), pack=pack, item=item)
    client = sign_in(post)

    assert words(client.get(pack.get_absolute_url())).count("Joint Committee, 21 July 2026") == meetings
    assert queries_of(client, pack.get_absolute_url()) == queries
