"""The list of residents' services: what is listed, put right and taken off, and who may."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from commonhold.demand.acts import residents
from commonhold.demand.queries.register.residents import last_texts, residents_services
from commonhold.ledger.engine.by import public
from commonhold.ledger.models import Entry
from commonhold.refusals import NotAllowed, Refused
from commonhold.web.demo import founding
from tests.demand.conftest import SignIn
from tests.incidents import resident_service
from tests.reading import words
from tests.universe import NOON, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def founded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        founding.found()
        yield
        transaction.set_rollback(True)


def kind() -> str:
    return Entry.objects.order_by("-number")[0].kind


def test_a_service_is_listed_put_right_and_taken_off_and_keeps_its_earlier_names() -> None:
    lead = somebody("client-lead-of-northgate")
    text = resident_service("Missed bins")
    assert kind() == "resident-service.listed"

    residents.correct(
        by=lead, text=text, name="Reporting a missed bin", about="", reason="As residents say.", edition=1
    )
    assert kind() == "resident-service.corrected"
    residents.end(by=lead, text=text, reason="Bins are collected by another authority.")
    assert kind() == "resident-service.ended"

    (one,) = residents_services()
    assert (one.now.name, one.now.is_listed) == ("Reporting a missed bin", False)
    assert [before.name for before in one.before] == ["Reporting a missed bin", "Missed bins"]
    assert [found.number for found in last_texts()] == [3]


def test_what_makes_no_sense_is_refused() -> None:
    lead = somebody("client-lead-of-northgate")
    text = resident_service("Council tax")
    with pytest.raises(Refused, match="There is a residents' service called Council tax already"):
        resident_service("council  TAX")
    with pytest.raises(Refused, match="Give the service a name"):
        resident_service(" ")
    with pytest.raises(Refused, match="Nothing is different"):
        residents.correct(by=lead, text=text, name=text.name, about=text.about, reason="So.", edition=1)
    with pytest.raises(Refused, match="Say why"):
        residents.end(by=lead, text=text, reason=" ")
    residents.correct(by=lead, text=text, name="Paying council tax", about="", reason="So.", edition=1)
    with pytest.raises(Refused, match="Somebody saved a change"):
        residents.correct(by=lead, text=text, name="Tax", about="", reason="So.", edition=1)


def test_who_may_keep_the_list() -> None:
    for by in (public(NOON), somebody("committee-member-of-northgate"), somebody("auditor-of-eastwell-vale")):
        with pytest.raises(NotAllowed):
            residents.add(by=by, name="Libraries")


def test_everybody_reads_the_list_and_the_form_keeps_what_was_entered(sign_in: SignIn) -> None:
    assert "No residents' service is listed" in words(sign_in("").get("/residents-services/"))
    client = sign_in("client-lead-of-northgate")

    page = client.post("/residents-services/add/", {"name": "Libraries", "about": "Books."}, follow=True)
    assert "Libraries" in words(page)
    again = client.post("/residents-services/add/", {"name": "libraries", "about": "More books."})
    assert "called Libraries already" in words(again)
    assert "More books." in again.content.decode()
    assert "Libraries" in words(sign_in("").get("/residents-services/"))
    assert client.get("/residents-services/99999999999999999999/correct/").status_code == 404
