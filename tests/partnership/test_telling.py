"""Telling people: a line on their page always, an e-mail where the installation sends any and the person wants it."""

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from pytest_django import Settings

from commonhold.jobs.engine import Running
from commonhold.jobs.models import Job
from commonhold.ledger.engine.by import public
from commonhold.partnership.acts import people, telling
from commonhold.partnership.models import Person, Told
from commonhold.partnership.queries import told
from commonhold.partnership.tasks import send_told
from commonhold.refusals import NotAllowed
from tests.partnership.cast import NOON, Cast, person
from tests.partnership.conftest import Record
from tests.partnership.reading import Reader


@pytest.fixture
def real(cast: Cast) -> Cast:
    """People with addresses that somebody reads; nothing told so far."""
    Person.objects.update(persona=False)
    Told.objects.all().delete()
    return cast


def running() -> Running:
    return Running(
        job=1,
        task="partnership.send_told",
        attempt=1,
        asked_by=public(NOON),
        clock=lambda: NOON,
        report=lambda *_: None,
    )


def test_one_is_told_once_and_not_of_what_one_did(real: Cast, record: Record) -> None:
    ada, dora = person("Ada King"), person("Dora Lund")
    telling.tell(by=real.lead("southmere"), people=[ada, dora, ada], subject=ada, why="Something happened.")

    assert list(Told.objects.values_list("person__name", "to_send")) == [("Ada King", False)]
    assert record.new() == []


def test_nothing_is_asked_of_workers_without_an_email_server(real: Cast) -> None:
    telling.tell(by=real.lead("southmere"), people=[person("Ada King")], subject=person("Ada King"), why="X.")

    assert not Job.objects.exists()


def test_an_email_is_sent_once(real: Cast, settings: Settings) -> None:
    settings.TELL_BY_EMAIL = True
    for _ in range(2):
        telling.tell(by=real.lead("southmere"), people=[person("Ada King")], subject=person("Ada King"), why="X.")

    assert Job.objects.filter(name="partnership.send_told").count() == 1
    assert send_told(running()) == "2 sent"
    assert send_told(running()) == "0 sent"
    assert [message.to for message in mail.outbox] == [["ada.king@southmere.example"]] * 2
    assert mail.outbox[0].subject == "Commonhold: X."


class Broken(BaseEmailBackend):
    """A server that takes no message."""

    def send_messages(self, messages: object) -> int:
        raise OSError("no answer")


def test_what_was_not_sent_waits_for_the_next_try(real: Cast, settings: Settings) -> None:
    settings.TELL_BY_EMAIL = True
    telling.tell(by=real.lead("southmere"), people=[person("Ada King")], subject=person("Ada King"), why="X.")
    settings.EMAIL_BACKEND = "tests.partnership.test_telling.Broken"
    with pytest.raises(OSError, match="no answer"):
        send_told(running())

    assert Told.objects.get().sent_at is None


def test_who_wants_no_email_and_who_is_a_persona_gets_none(real: Cast, settings: Settings) -> None:
    settings.TELL_BY_EMAIL = True
    telling.prefer(by=real.administrator("southmere"), told_by_email=False)
    Person.objects.filter(name="Ezra Holt").update(persona=True)
    both = [person("Ada King"), person("Ezra Holt")]
    telling.tell(by=real.lead("southmere"), people=both, subject=both[0], why="X.")

    assert not Told.objects.filter(to_send=True).exists()
    assert Told.objects.count() == 2


def test_who_is_nobody_prefers_nothing(real: Cast) -> None:
    for act in (
        lambda: telling.prefer(by=public(NOON), told_by_email=False),
        lambda: telling.note_seen(by=public(NOON), numbers=[1]),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_one_marks_only_one_s_own_lines(real: Cast) -> None:
    telling.tell(by=real.lead("southmere"), people=[person("Ada King")], subject=person("Ada King"), why="X.")
    number = Told.objects.get().pk
    telling.note_seen(by=real.lead("thornley"), numbers=[number])
    assert told(person("Ada King"), real.administrator("southmere"))[0].is_new
    telling.note_seen(by=real.administrator("southmere"), numbers=[number])
    assert not told(person("Ada King"), real.administrator("southmere"))[0].is_new


def test_the_preference_is_on_the_page_where_email_is_sent(real: Cast, settings: Settings) -> None:
    reader = Reader(real.administrator("southmere"))
    assert "sends no email" in reader.opens("/me/told/").words
    settings.TELL_BY_EMAIL = True
    assert "Tell me by email as well" in reader.opens("/me/told/").words
    reader.sends("/me/told/")
    assert Person.objects.get(name="Ada King").told_by_email is False


def test_a_forgotten_password_is_answered_by_email_where_it_is_sent(real: Cast, settings: Settings) -> None:
    settings.TELL_BY_EMAIL = True
    dora = person("Dora Lund")
    dora.set_password("correct horse battery staple")
    dora.save()
    Reader().sends("/accounts/password/reset/", email=dora.email)
    Reader().sends("/accounts/password/reset/", email="nobody@southmere.example")

    first = next(message for message in mail.outbox if message.to == [dora.email])
    assert "/accounts/password/reset/key/" in first.body


def test_a_closed_account_is_told_nothing(real: Cast) -> None:
    people.close_account(by=real.administrator("southmere"), person=person("Dora Lund"))
    telling.tell(by=real.lead("thornley"), people=[person("Dora Lund")], subject=person("Dora Lund"), why="X.")

    assert not Told.objects.exists()
