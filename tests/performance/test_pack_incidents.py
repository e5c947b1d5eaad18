"""What a pack tells of P1 and key incidents, and what P2 and P3 tickets were about, for each audience."""

import json
from typing import Any

import pytest

from commonhold.demand.acts.register import opening, striking, telling
from commonhold.demand.models import Incident, Ticket
from commonhold.ledger.models import Entry
from commonhold.performance.acts import publishing
from commonhold.performance.acts.composing import Files, compose, profile_of
from commonhold.performance.queries.periods import basis, the_period
from tests import incidents
from tests import universe as cast
from tests.demand.conftest import SignIn
from tests.reading import links, words
from tests.universe import JUNE, somebody

pytestmark = pytest.mark.django_db


def composed(profile: str = "board", known_at: int | None = None) -> Files:
    on = basis(known_at)
    return compose(period=the_period(JUNE, on.known), profile=profile_of(profile), on=on, known_at=known_at)


def text(files: Files) -> str:
    class Page:
        content = files.files["body.html"]

    page: Any = Page()
    return words(page)


def opened() -> Incident:
    incidents.plan()
    return incidents.opened(Ticket.objects.get(reference="SD0006"))


def test_what_is_not_written_up_is_said_with_counts_first(universe: cast.Committee) -> None:
    boards, everybodys = text(composed()), text(composed("public"))

    assert "The shared service's own: 0 of 1 within target." in boards
    assert "1 P1 ticket not written up yet: SD0006." in boards
    assert "No account of an incident of this period is signed off." in boards
    assert "Not every P1 ticket of the period is in a signed-off account yet." in everybodys
    assert "SD0006" not in everybodys and "within target." not in everybodys.split("what happened")[1][:400]


def test_each_audience_reads_its_own_wording(universe: cast.Committee) -> None:
    service = incidents.resident_service()
    incidents.signed_off(opened(), services=(service.service_id,))
    boards, everybodys, others = (text(composed(profile)) for profile in ("board", "public", "southmere"))

    for said in (
        "The network of Northgate failed",
        "Reporting a missed bin",
        "A switch failed",
        "after 3 hours 55 min",
    ):
        assert said in boards and said in everybodys, said
    closed = ("Calldale's engineer left the spare", "Partners hit", "0 of 2 told in time or not due yet; 2 not told.")
    for said in closed:
        assert said in boards, said
        assert said not in everybodys, said
    assert "not written up yet" not in boards
    assert "Answered for by others, shown apart: 0 of 1 within target." in boards
    assert "A switch failed" not in others, "it did not hit Southmere"
    assert "A switch failed" in text(composed("northgate"))


def test_a_draft_is_in_no_pack_and_neither_is_what_was_struck(universe: cast.Committee) -> None:
    made = opened()
    incidents.drafted(made)

    assert "A switch failed" not in text(composed())


def test_the_files_are_the_same_again_and_name_the_accounts_that_they_rest_on(universe: cast.Committee) -> None:
    signed = incidents.signed_off(opened())
    entry = Entry.objects.get(subject=signed.ref)

    first, again = composed(), composed()

    assert first.digests == again.digests
    assert json.loads(first.files["figures.json"])["accounts"] == [
        {"incident": signed.incident_id, "account": signed.ref, "entry": entry.number}
    ]
    pack = publishing.publish(by=somebody("managing-director"), files=composed("northgate"))
    assert pack.entry is not None and entry.number in pack.entry.because


@pytest.mark.parametrize("profile", ["public", "board", "northgate"])
def test_at_an_entry_the_accounts_stand_that_stood_then(universe: cast.Committee, profile: str) -> None:
    made = opened()
    first = incidents.signed_off(made)
    then = Entry.objects.latest("number").number
    before = composed(profile, then)
    incidents.signed_off(made, reason="More is known.", cause="A fuse blew.")
    telling.log(
        by=somebody("service-manager"), incident=made, audience="Client leads", channel="e-mail",
        told_at=incidents.DETECTED,
    )  # fmt: skip
    opening.flag(by=somebody("service-analyst"), incident=made, is_key=True, reason="The council met.")

    assert composed(profile, then).files == before.files
    assert "A switch failed" in text(before) and "A fuse blew" in text(composed(profile))
    assert json.loads(before.files["figures.json"])["accounts"][0]["account"] == first.ref
    assert "No account of an incident of this period is signed off." in text(composed(profile, first_entry(made) - 1))


def first_entry(made: Incident) -> int:
    return Entry.objects.get(subject=made.ref, kind="incident.opened").number


def test_at_an_entry_an_incident_stands_that_was_struck_out_since_but_not_for_the_public(
    universe: cast.Committee,
) -> None:
    made = opened()
    incidents.signed_off(made)
    then = Entry.objects.latest("number").number
    striking.strike_incident(by=somebody("managing-director"), incident=made, reason="It was another network.")

    assert "A switch failed" in text(composed("board", then))
    assert "A switch failed" not in text(composed("public", then)), "withdrawn from everybody (L6)"
    assert "A switch failed" not in text(composed("board"))


def test_closed_wording_changes_no_byte_of_the_public_pack(universe: cast.Committee) -> None:
    made = opened()
    incidents.signed_off(made, closed="")
    without = text(composed("public"))
    incidents.signed_off(made, reason="More is known.", closed="A secret.")

    assert text(composed("public")).split("entry")[0] == without.split("entry")[0]
    assert "secret" not in text(composed("public"))


def test_the_top_categories_of_p2_and_p3_open_onto_their_tickets(universe: cast.Committee, sign_in: SignIn) -> None:
    boards = text(composed())

    assert "Top categories of P2, June 2026" in boards and "Top categories of P3, June 2026" in boards
    assert "Fault 5" in boards
    page = sign_in("service-analyst").get("/categories/?first=2026-06-01&last=2026-06-30")
    assert "Top categories of P3, June 2026" in words(page)
    listed = sign_in("service-analyst").get(links(page)["Fault , P3"])
    assert "5 tickets" in words(listed)
    evidence = next(href for text, href in links(page).items() if text.startswith("5"))
    assert sign_in("service-analyst").get(evidence).status_code == 200


def test_the_public_reads_categories_as_published_and_none_that_is_small(
    universe: cast.Committee, sign_in: SignIn
) -> None:
    page = sign_in("").get("/categories/")

    assert page.status_code == 200
    assert "Top categories of P2" not in words(page), "one ticket"
