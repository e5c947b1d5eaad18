"""An incident's page and its forms: what each reader sees, and that nothing entered is lost."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from commonhold.demand.acts.register import remarks, striking, telling
from commonhold.demand.models import Incident, WriteUp
from commonhold.demand.queries.owed import owed
from tests import incidents
from tests.demand.bringing import ticket
from tests.demand.conftest import SignIn
from tests.demand.desk import bring_a_month
from tests.reading import body_of, fields, links, sheets_of, words
from tests.universe import somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
MANAGER = "service-manager"
DIRECTOR = "managing-director"
LEAD = "client-lead-of-northgate"


@pytest.fixture(autouse=True)
def month(db: None) -> None:
    bring_a_month()


@pytest.fixture
def incident() -> Incident:
    return incidents.opened(ticket("SD2"))


def at(incident: Incident, what: str = "") -> str:
    return f"/incidents/{incident.pk}/{what}"


def test_a_p1_is_entered_from_its_ticket_s_page(sign_in: SignIn) -> None:
    client = sign_in(MANAGER)
    page = client.get(ticket("SD2").get_absolute_url())
    assert "Not written up yet" in words(page)

    made = client.post(links(page)["Enter it in the register of incidents"], {"into": ""}, follow=True)

    assert "It is in the register." in words(made)
    again = client.get(ticket("SD2").get_absolute_url())
    assert "Part of Incident" in words(again) and "Enter it in the register" not in words(again)
    assert client.get(f"/incidents/of-ticket/{ticket('SD2').pk}/").status_code == 302


def test_another_ticket_is_entered_with_its_reason_or_into_an_incident(sign_in: SignIn, incident: Incident) -> None:
    client, address = sign_in(MANAGER), f"/incidents/of-ticket/{ticket('SD5').pk}/"

    assert "None of these tickets is a P1" in words(client.post(address, {"into": ""}))
    refused = client.post(address, {"into": incident.pk, "is_key": "on", "reason": "So."})
    assert "Leave the flag and its reason out" in words(refused)
    assert "So." in body_of(refused)
    assert f"Incident {incident.pk}" in words(client.post(address, {"into": incident.pk}, follow=True))
    assert incident.tickets.count() == 2


def test_the_account_is_written_kept_read_and_signed_off(sign_in: SignIn, incident: Incident) -> None:
    client = sign_in(MANAGER)
    form = client.get(at(incident, "write-up/"))
    assert "SD2 opened 2 June 2026 at 9am , resolved 2 June 2026 at 9pm" in words(form)
    assert 'value="9am"' in body_of(form), "it begins with what the ticket tells"

    read = client.post(at(incident, "write-up/"), written(), follow=True)

    assert "Kept. It is a draft until it is signed off." in words(read)
    assert "Detected 5 minutes after SD2 was opened." in words(read)
    assert "Before it can be signed off" not in words(read)
    stands = client.post(at(incident, "sign-off/"), {"edition": 1}, follow=True)
    assert "Signed off. It stands on the record." in words(stands)
    assert "The network failed" in words(stands)
    assert "11 hours 5 minutes" in words(stands)
    assert WriteUp.objects.get().account.party == "supplier: Cables Ltd"


def written(**changes: Any) -> dict[str, Any]:
    north = str(incidents.account().partners[0])
    said = {
        "title": "The network failed", "happened": "Nobody could work.", "detected_day": "2026-06-02",
        "detected_time": "9:05am", "restored_day": "2026-06-02", "restored_time": "8:10pm", "partners": [north],
        "cause": "A cable.", "party": "another supplier", "supplier": "Cables Ltd", "legacy": "no",
        "lesson": "Two cables.", "closed": "The engineer was late.", "edition": 0,
    }  # fmt: skip
    return said | changes


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"restored_time": "9am"}, "restored after the incident was detected"),
        ({"detected_time": ""}, "When it was detected: give both the day and the time."),
        ({"supplier": ""}, "Enter the name of the supplier"),
        ({"detected_day": "2026-03-29", "detected_time": "1:30am"}, "the clocks went forward"),
        ({"detected_day": "2027-01-01", "restored_day": "2027-01-02"}, "in the time to come"),
        ({"partners": ["999"]}, "Select one of the choices given"),
        ({"edition": ""}, "Open the page again"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_written(
    sign_in: SignIn, incident: Incident, changes: dict[str, Any], said: str
) -> None:
    page = sign_in(MANAGER).post(at(incident, "write-up/"), written(**changes))

    assert said in words(page)
    assert "Nobody could work." in body_of(page) and "The engineer was late." in body_of(page)


def test_of_two_people_at_once_the_later_sees_both_texts(sign_in: SignIn, incident: Incident) -> None:
    client = sign_in(MANAGER)
    client.post(at(incident, "write-up/"), written(title="Mine first"))

    page = client.post(at(incident, "write-up/"), written(title="Mine later"))

    assert "Somebody saved a change after you opened this page" in words(page)
    assert "Mine first" in words(page) and "Mine later" in body_of(page)
    client.post(at(incident, "write-up/"), written(title="Mine later", edition=1))
    assert Incident.objects.get().draft.account.title == "Mine later"


def test_an_unfinished_account_says_what_it_lacks_and_cannot_be_signed_off(sign_in: SignIn, incident: Incident) -> None:
    client = sign_in(DIRECTOR)

    read = client.post(at(incident, "write-up/"), written(cause="", lesson=""), follow=True)

    assert "Before it can be signed off it needs the cause and the lesson." in words(read)
    assert "edition" not in fields(read)
    assert "lacks the cause, the lesson" in words(client.post(at(incident, "sign-off/"), {"edition": 1}))


def test_the_closed_face_never_shows_to_the_public(sign_in: SignIn, incident: Incident) -> None:
    assert sign_in("").get(at(incident)).status_code == 404
    incidents.signed_off(incident, closed="A secret word.")
    remarks.remark(by=somebody(LEAD), incident=incident, words="A remark for posts.")
    telling.log(
        by=somebody(MANAGER), incident=incident, audience="Members", channel="e-mail",
        told_at=datetime(2026, 6, 16, 12, tzinfo=UTC),
    )  # fmt: skip
    everybodys = body_of(sign_in("").get(at(incident)))

    for closed in ("A secret word", "SD2", "Partners hit", "A remark for posts", "Members", "Service analyst"):
        assert closed not in everybodys.split("<main")[1].split("</main>")[0], closed
    assert "A switch failed" in everybodys
    assert "A secret word." in words(sign_in("committee-member-of-southmere").get(at(incident)))

    incidents.signed_off(incident, reason="Less is closed.", closed="")
    without = body_of(sign_in("").get(at(incident)))
    assert len(without) == len(everybodys.replace("Write-up 1", "Write-up 2")), "no answer tells whether any is closed"


def test_what_was_entered_in_error_is_withdrawn_from_everybody_at_once(sign_in: SignIn, incident: Incident) -> None:
    signed = incidents.signed_off(incident)
    striking.strike_write_up(by=somebody(DIRECTOR), write_up=signed, reason="It named a person.")

    withdrawn = words(sign_in("").get(at(incident)))
    assert "What was said of this incident is withdrawn." in withdrawn
    assert "A switch failed" not in withdrawn and "named a person" not in withdrawn and "Northgate" not in withdrawn
    assert "It named a person." in words(sign_in(LEAD).get(at(incident)))
    incidents.signed_off(Incident.objects.get(), title="Again")
    striking.strike_incident(by=somebody(DIRECTOR), incident=incident, reason="A rehearsal.")
    page = words(sign_in("").get(at(incident)))
    assert "what was said of it is withdrawn" in page and "A switch failed" not in page and "rehearsal" not in page


def test_each_partner_sees_its_own_tickets_of_it(sign_in: SignIn) -> None:
    made = incidents.opened(ticket("SD2"), ticket("SD1"))

    page = words(sign_in(LEAD).get(at(made)))

    assert "SD2" in page and "SD1" not in page
    assert "1 ticket of other partners is part of it." in page


def test_who_was_told_is_held_against_the_plan(sign_in: SignIn, incident: Incident) -> None:
    client = sign_in(MANAGER)
    assert "No communication plan was in force then" in words(client.get(at(incident)))
    incidents.plan()
    incidents.signed_off(incident)
    said = {"planned": "Managing Director", "channel": "telephone", "day": "2026-06-16", "time": "12:25pm"}

    page = client.post(at(incident, "told/add/"), said, follow=True)

    assert "0 of 2 told in time or not due yet; 1 late, 1 not told." in words(page)
    assert "Late by 5 minutes" in words(page)
    assert "communication plan v1" in words(page) and "in hours" in words(page)
    assert "Say who was told" in words(client.post(at(incident, "told/add/"), said | {"planned": ""}))


def test_a_remark_is_made_answered_and_struck_out(sign_in: SignIn, incident: Incident) -> None:
    page = sign_in(LEAD).post(at(incident, "remarks/add/"), {"words": "We were told too late."}, follow=True)
    assert "1 remark not answered yet." in words(page)
    answer = links(sign_in(MANAGER).get(at(incident)))
    address = next(href for text, href in answer.items() if text.startswith("Answer"))

    page = sign_in(MANAGER).post(address, {"words": "The list was old."}, follow=True)

    assert "The list was old." in words(page) and "not answered yet" not in words(page)
    mine = incident.remarks.earliest("pk")
    struck = sign_in(LEAD).post(at(incident, f"remark/{mine.pk}/entered-in-error/"), {"reason": "Slip."}, follow=True)
    assert "Entered in error Slip." in words(struck)
    assert sign_in(MANAGER).get(at(incident, f"remark/{mine.pk}/entered-in-error/")).status_code == 403


def test_strange_addresses_are_not_found(sign_in: SignIn, incident: Incident) -> None:
    client = sign_in(DIRECTOR)
    for address in (
        "/incidents/0/", "/incidents/99999999999999999999999/", at(incident, "weather/1/entered-in-error/"),
        at(incident, "ticket/99999999999999999999/entered-in-error/"), at(incident, "sign-off/"),
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address


def test_a_ticket_is_added_by_its_reference(sign_in: SignIn, incident: Incident) -> None:
    client = sign_in(MANAGER)

    assert "There is no ticket 'SD99'" in words(client.post(at(incident, "tickets/add/"), {"reference": "SD99"}))
    assert "SD5" in words(client.post(at(incident, "tickets/add/"), {"reference": "SD5"}, follow=True))


def test_as_many_queries_for_one_ticket_as_for_three(
    sign_in: SignIn, incident: Incident, queries_of: Callable[[Client, str], int]
) -> None:
    client = sign_in(MANAGER)
    incidents.signed_off(incident)
    one = queries_of(client, at(incident))
    for reference in ("SD5", "SD1"):
        client.post(at(incident, "tickets/add/"), {"reference": reference})

    assert queries_of(client, at(incident)) == one


def test_it_is_found_by_its_title_once_that_is_known(sign_in: SignIn, incident: Incident) -> None:
    assert "network of Northgate failed" not in words(sign_in("").get("/search/?q=network of"))
    incidents.signed_off(incident)
    assert "The network of Northgate failed" in words(sign_in("").get("/search/?q=network of"))


def test_what_waits_is_said_to_those_whose_it_is(sign_in: SignIn) -> None:
    def waits(post: str) -> list[str]:
        return [one.title for one in owed(somebody(post))]

    assert waits(MANAGER) == waits("service-analyst") == ["1 P1 ticket of the last year is not written up"]
    made = incidents.opened(ticket("SD2"))
    assert waits(MANAGER) == waits(LEAD) == []
    incidents.drafted(made)
    assert waits(MANAGER) == waits(DIRECTOR) == [f"Read and sign off the account of Incident {made.pk}"]
    assert waits("service-analyst") == []
    incidents.signed_off(made)
    said = remarks.remark(by=somebody(LEAD), incident=made, words="We were told too late.")
    asked = f"Answer Northgate's remark on Incident {made.pk}: The network of Northgate failed"
    assert waits(MANAGER) == waits("service-analyst") == [asked]
    remarks.answer(by=somebody(MANAGER), remark=said, words="The list was old.")
    assert waits(MANAGER) == waits(DIRECTOR) == []
    assert asked not in words(sign_in(MANAGER).get("/me/"))


def test_its_tickets_and_who_was_told_are_taken_in_minutes(sign_in: SignIn, incident: Incident) -> None:
    about, table = sheets_of(sign_in(MANAGER).get(at(incident, "?take=parts.xlsx")))
    assert isinstance(about["Known at entry"], int) and about["As of"]
    assert [row["Ticket"] for row in table] == ["SD2"] and "Put right" not in table[0]
    for heading in ("By the calendar (minutes)", "On the clock (minutes)", "Target (minutes)"):
        assert table[0][heading] is None or isinstance(table[0][heading], int), heading
    assert sign_in("").get(at(incident, "?take=parts.xlsx")).status_code == 404
