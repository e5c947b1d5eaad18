"""The forms by which a fact is corrected and a ticket left out of figures, and undoing either from the list."""

import pytest

from commonhold.demand.models import Correction, Exclusion
from tests.demand.bringing import everything, known, ticket
from tests.demand.conftest import SignIn
from tests.demand.desk import bring_a_month
from tests.reading import body_of, fields, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
LEAD = "client-lead-of-southmere"


@pytest.fixture(autouse=True)
def month(db: None) -> None:
    bring_a_month()


def at(reference: str, what: str) -> str:
    return f"/put-right/tickets/{ticket(reference).pk}/{what}/"


@pytest.mark.parametrize("what", ["correct", "exclude"])
@pytest.mark.parametrize(
    ("post", "status"),
    [("", 404), ("client-lead-of-northgate", 404), ("managing-director", 403), ("service-analyst", 200), (LEAD, 200)],
)
def test_who_sees_the_form_may_use_it(sign_in: SignIn, what: str, post: str, status: int) -> None:
    before = everything(("django_session", "partnership_person"))
    client = sign_in(post)

    assert client.get(at("SD1", what)).status_code == status
    if status != 200:
        assert client.post(at("SD1", what), {"reason": "So be it."}).status_code == status
        assert everything(("django_session", "partnership_person")) == before


def test_a_correction_is_entered_and_the_ticket_says_so(sign_in: SignIn) -> None:
    client = sign_in(LEAD)
    form = client.get(at("SD1", "correct"))
    assert "As it stands: partner Southmere; priority P3; kind Incident; team Service Desk; service Email." in words(
        form
    )

    told = {"fact": "priority", "value": "p2", "reason": "Logged by mistake."}
    page = client.post(at("SD1", "correct"), told, follow=True)

    assert "The correction counts in every figure from now on." in words(page)
    assert "Priority put right to P2: Logged by mistake." in words(page)
    assert known("SD1").get_priority_display() == "P2"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"reason": ""}, ("What is wrong", "What should it be", "Why")),
        ({"fact": "priority", "value": "P9", "reason": "So."}, ("'P9' is no priority. It is one of",)),
        ({"fact": "priority", "value": "P3", "reason": "So."}, ("nothing to put right",)),
        ({"fact": "team", "value": "Gardening", "reason": "So."}, ("There is no team called 'Gardening'",)),
        ({"fact": "service", "value": "Email", "reason": "  "}, ("Why",)),
        ({"fact": "kind", "value": "request", "reason": "x" * 1_001}, ("1000",)),
    ],
)
def test_what_makes_no_sense_is_said_at_the_form_and_what_was_written_stays(
    sign_in: SignIn, told: dict[str, str], said: tuple[str, ...]
) -> None:
    page = sign_in(LEAD).post(at("SD1", "correct"), told)
    seen = words(page)

    assert page.status_code == 200 and seen.startswith("There is a problem")
    for part in said:
        assert part in seen.partition("Correct a fact")[0], seen
    for value in told.values():
        assert value.strip() in body_of(page)
    assert not Correction.objects.exists()


def test_a_ticket_is_left_out_and_counts_again(sign_in: SignIn) -> None:
    client = sign_in(LEAD)
    page = client.post(at("SD1", "exclude"), {"reason": "A test of the monitoring."}, follow=True)
    assert "left out of every figure: A test of the monitoring." in words(page)
    assert "left out of figures" in words(client.get("/tickets/?reference=SD1"))

    again = client.post(at("SD1", "exclude"), {"reason": "Twice."})
    assert "This ticket is left out of figures already." in words(again)

    undone = client.post(f"/put-right/exclusions/{Exclusion.objects.get().pk}/undo/", follow=True)
    assert "Undone: what counted before counts again." in words(undone)
    assert not known("SD1").excluded


def test_undoing_is_for_those_who_may_put_right_and_by_a_button_alone(sign_in: SignIn) -> None:
    told = {"fact": "priority", "value": "P2", "reason": "Logged by mistake."}
    sign_in(LEAD).post(at("SD1", "correct"), told)
    address = f"/put-right/corrections/{Correction.objects.get().pk}/undo/"

    assert sign_in("").post(address).status_code in (403, 404)
    assert sign_in("client-lead-of-northgate").post(address).status_code == 403
    assert sign_in(LEAD).get(address).status_code == 405
    assert known("SD1").get_priority_display() == "P2"
    sign_in(LEAD).post(address)
    assert known("SD1").get_priority_display() == "P3"
    assert sign_in(LEAD).post(address).status_code < 500, "twice is told, no fault"
    assert sign_in(LEAD).post("/put-right/corrections/999/undo/").status_code == 404


def test_both_forms_ask_for_a_reason(sign_in: SignIn) -> None:
    client = sign_in(LEAD)

    assert {"fact", "value", "reason"} <= fields(client.get(at("SD1", "correct")))
    assert {"reason"} <= fields(client.get(at("SD1", "exclude")))
