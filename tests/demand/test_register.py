"""The register of P1 and key incidents: what stands in it for whom, what is counted, its filters and downloads."""

import csv
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from commonhold.demand.acts import putting_right
from commonhold.demand.engine.incidents.counting import Counts
from commonhold.demand.models import Ticket
from commonhold.demand.queries.knowledge import now
from commonhold.demand.queries.register.listing import Line, Wanted, every, last_year, register
from commonhold.ledger.engine.by import public
from tests import incidents
from tests.demand.bringing import bring, events, ticket
from tests.demand.conftest import SignIn
from tests.demand.desk import bring_a_month
from tests.reading import body_of, words
from tests.universe import NOON, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
AT = "/incidents/"
ANALYST = "service-analyst"
GONE_BY = "No such incidents"


@pytest.fixture(autouse=True)
def month(db: None) -> None:
    bring_a_month()
    bring(
        events(
            "SD7,2026-06-20T08:00Z,open,P1,incident,Service Desk,Southmere,Email,Fault",
            "SD7,2026-06-20T09:00Z,resolved,P1,incident,Service Desk,Southmere,Email,Fault",
            "SD8,2026-06-21T08:00Z,open,P1,incident,Southmere Applications,Southmere,Housing,Fault",
        )
    )


def wanted() -> Wanted:
    return Wanted(*last_year(now(), NOON))


def counted(by: str = ANALYST) -> dict[str | None, tuple[int, int, int, int]]:
    found = register(wanted(), seen_by=somebody(by), known=now()).counts
    return {one.party: (one.opened, one.met, one.missed, one.running) for one in found}


def test_a_p1_without_an_account_says_so_and_leads_to_its_ticket(sign_in: SignIn) -> None:
    page = sign_in(ANALYST).get(AT)

    assert words(page).count("Not written up yet") >= 3
    assert ticket("SD2").get_absolute_url() in body_of(page)
    assert "1 of 3 within target" in words(page)


def test_each_partner_sees_its_own_tickets_and_everybody_the_counts_of_all(sign_in: SignIn) -> None:
    page = sign_in("client-lead-of-northgate").get(AT)

    assert "SD2" in words(page)
    assert "SD7" not in words(page)
    assert "1 of 3 within target" in words(page)


def test_the_public_reads_what_is_signed_off_without_tickets_partners_or_counts(sign_in: SignIn) -> None:
    assert "Nothing is signed off yet" in words(sign_in("").get(AT))
    signed = incidents.signed_off(incidents.opened(ticket("SD2")))

    page = sign_in("").get(AT)

    assert str(signed.incident.pk) in words(page) and "The network of Northgate failed" in words(page)
    assert "3 hours 55 minutes" in words(page), "from detected to restored"
    main = words(page)
    assert "SD2" not in main and "within target" not in main
    assert "partner" not in body_of(page).split("<main")[1].split("<form")[1].split("</form>")[0]


def test_counts_are_by_who_was_responsible_and_leave_out_what_figures_do() -> None:
    assert counted() == {"service": (3, 1, 2, 0)}
    incidents.signed_off(incidents.opened(ticket("SD2")), party="authority: Southmere")
    assert counted() == {"service": (2, 1, 1, 0), "authority: Southmere": (1, 0, 1, 0)}
    assert counted("client-lead-of-northgate") == counted()
    putting_right.exclude(by=somebody(ANALYST), ticket=ticket("SD7"), reason="A rehearsal.")
    assert counted() == {"service": (1, 0, 1, 0), "authority: Southmere": (1, 0, 1, 0)}
    assert register(wanted(), seen_by=public(NOON), known=now()).counts == []


def test_several_tickets_of_one_incident_are_one_line_and_each_is_counted(sign_in: SignIn) -> None:
    made = incidents.opened(ticket("SD2"), ticket("SD7"))

    page = sign_in("client-lead-of-northgate").get(AT)

    assert f"Incident {made.pk}" in words(page)
    assert "1 ticket of other partners" in words(page)
    assert counted() == {"service": (3, 1, 2, 0)}


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("?partner=eastwell-vale", set(), {"SD1", "SD2", "SD7", "SD8"}),
        ("?written=no", {"SD2", "SD7", "SD8"}, {"SD1"}),
        ("?written=yes", {"SD1"}, {"SD2", "SD7", "SD8"}),
        ("?key=on", {"SD1"}, {"SD2", "SD7", "SD8"}),
        ("?party=supplier: Calldale", {"SD1"}, {"SD2", "SD7"}),
        ("?party=service", {"SD2", "SD7"}, {"SD1"}),
        ("?opened_from=2026-06-20", {"SD7", "SD8"}, {"SD1", "SD2"}),
        ("?opened_to=2026-06-02", {"SD1", "SD2"}, {"SD7", "SD8"}),
    ],
)
def test_the_register_is_narrowed_down(sign_in: SignIn, query: str, shown: set[str], hidden: set[str]) -> None:
    incidents.signed_off(incidents.opened(ticket("SD1"), is_key=True, reason="The election."))
    page = body_of(sign_in(ANALYST).get(AT + query)).split('id="register"')[1]

    assert {reference for reference in (*shown, *hidden) if f">{reference}<" in page} == shown


def test_what_makes_no_sense_in_the_address_is_said(sign_in: SignIn) -> None:
    for query in ("?partner=atlantis", "?written=perhaps", "?opened_from=2026-13-01", "?party=x"):
        assert GONE_BY in words(sign_in(ANALYST).get(AT + query)), query
    assert sign_in("").get("/incidents.csv?party=x").status_code == 404
    for query in ("?start=999999999999999", "?opened_to=9999-12-31", "?opened_from=0001-01-01&opened_to=0001-01-02"):
        assert sign_in(ANALYST).get(AT + query).status_code == 200, query


def test_it_is_taken_away_as_it_is_shown(sign_in: SignIn) -> None:
    incidents.signed_off(incidents.opened(ticket("SD2")))

    mine = b"".join(sign_in(ANALYST).get("/incidents.csv")).decode()
    everybodys = b"".join(sign_in("").get("/incidents.csv")).decode()

    assert mine.count("\n") == 4 and "SD7" in mine
    assert everybodys.count("\n") == 2 and "SD2" not in everybodys and "Calldale" in everybodys


def test_it_is_read_in_pages_in_either_order(sign_in: SignIn) -> None:
    lines = (f"M{n:02},2026-05-{1 + n:02}T09:00Z,open,P1,incident,Networks,Southmere,Network,Fault" for n in range(28))
    bring(events(*lines))
    client = sign_in(ANALYST)

    first, second = client.get(AT + "?order=oldest"), client.get(AT + "?order=oldest&start=25")

    assert "31 incidents" in words(first)
    assert ">M00<" in body_of(first) and ">M27<" not in body_of(first)
    assert ">M27<" in body_of(second) and ">SD8<" in body_of(second)
    assert "start=25" in body_of(first)


def _many() -> None:
    """Forty tickets, three of a day opened at one instant, most of them resolved after nought to five hours."""
    rest = "P1,incident,Networks,Southmere,Network,Fault"
    opened = [f"M{n:02},2026-05-{1 + n // 3:02}T09:00Z,open,{rest}" for n in range(40)]
    resolved = [f"M{n:02},2026-05-{1 + n // 3:02}T{9 + n * 5 % 6:02}:00Z,resolved,{rest}" for n in range(40) if n % 7]
    bring(events(*opened, *resolved))


@pytest.mark.parametrize("order", ["newest", "oldest", "longest"])
def test_whatever_the_place_a_page_goes_on_as_the_whole_register_does(order: str) -> None:
    """Several opened at one instant, and incidents at the beginning, at the end and among the tickets."""
    _many()
    for reference in ("M00", "M10", "M11", "M20", "M39", "SD8"):
        incidents.opened(ticket(reference))
    incidents.opened(ticket("M30"), ticket("M02"))
    asked, seen_by, known = replace(wanted(), order=order), somebody(ANALYST), now()
    everything = [_told(line) for line in every(asked, seen_by=seen_by, known=known)]

    assert len(everything) == 42
    for start in range(len(everything) + 2):
        found = register(asked, seen_by=seen_by, known=known, start=start)
        assert [_told(line) for line in found.lines] == everything[start : start + 25]
        assert found.older == (start + 25 if start + 25 < len(everything) else None)


def test_the_longest_stands_first_whatever_it_is_and_what_lasts_still_stands_last() -> None:
    _many()
    incidents.opened(ticket("M00"), ticket("M01"))
    incidents.signed_off(incidents.opened(ticket("M10"), ticket("M11")))
    asked, seen_by, known = replace(wanted(), order="longest"), somebody(ANALYST), now()

    minutes = [line.minutes for line in every(asked, seen_by=seen_by, known=known)]

    lasted = [one for one in minutes if one is not None]
    assert 235 in lasted, "of the account: from detected to restored"
    assert lasted == sorted(lasted, reverse=True) and max(lasted) > 235 > min(lasted)
    assert None in minutes and minutes[len(lasted) :] == [None] * (len(minutes) - len(lasted))
    other = every(replace(asked, order="newest"), seen_by=seen_by, known=known)
    assert sorted(lasted) == sorted(line.minutes for line in other if line.minutes is not None)


def test_the_order_by_length_is_said_and_kept_in_the_address(sign_in: SignIn) -> None:
    _many()
    client = sign_in(ANALYST)

    first = client.get(AT + "?order=longest&party=service&opened_to=2026-06-30")

    assert "What lasts still" in words(first)
    assert "What lasts still" not in words(client.get(AT))
    for kept in ("order=longest", "party=service", "opened_to=2026-06-30", "start=25"):
        assert kept in body_of(first).split('id="list"')[1], kept
    taken = csv.DictReader(b"".join(client.get("/incidents.csv?order=longest")).decode("utf-8-sig").splitlines())
    lasted = [int(line["Minutes by the calendar"] or -1) for line in taken]
    assert lasted == sorted(lasted, reverse=True)


def _told(line: Line) -> tuple[int | None, tuple[str, ...]]:
    return line.incident and line.incident.pk, tuple(row.ticket.reference for row in line.tickets)


def test_as_many_queries_for_one_incident_as_for_three(
    sign_in: SignIn, queries_of: Callable[[Client, str], int]
) -> None:
    client = sign_in(ANALYST)
    incidents.signed_off(incidents.opened(ticket("SD2")))
    one = queries_of(client, AT)
    incidents.signed_off(incidents.opened(ticket("SD7")))
    incidents.signed_off(incidents.opened(ticket("SD1"), is_key=True, reason="So."))

    assert queries_of(client, AT) == one


def test_counts_say_what_the_list_of_tickets_says_of_each() -> None:
    found = register(wanted(), seen_by=somebody(ANALYST), known=now()).counts

    assert found == [Counts("service", 3, 1, 2, 0, 0)]
    assert Ticket.objects.count() == 8


def test_days_are_of_london(sign_in: SignIn) -> None:
    bring(events("SD9,2026-06-24T23:30Z,open,P1,incident,Networks,Southmere,Network,Fault"))

    page = sign_in(ANALYST).get(AT + "?opened_from=2026-06-25&opened_to=2026-06-25")

    assert ">SD9<" in body_of(page)
