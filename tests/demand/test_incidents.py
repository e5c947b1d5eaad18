"""What changes the register of grave incidents: what stands afterwards, the entry, who is refused."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from commonhold.demand.acts.register import opening, remarks, striking, telling, writing
from commonhold.demand.models import Incident, IncidentDraft, IncidentTicket, Remark, Telling, WriteUp
from commonhold.demand.queries.register.standing import incident_of
from commonhold.governance.queries import holders_of
from commonhold.ledger.engine.by import By, public
from commonhold.ledger.models import Entry
from commonhold.partnership.models import Post, Told
from commonhold.refusals import NotAllowed, Refused
from commonhold.web.demo import founding
from tests import incidents
from tests.demand.bringing import ticket
from tests.demand.desk import bring_a_month
from tests.universe import NOON, somebody

pytestmark = pytest.mark.django_db
WHY = "Elections were under way."


@pytest.fixture(scope="module", autouse=True)
def brought(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A partnership with a month of tickets: SD2 is a P1 of Northgate."""
    with django_db_blocker.unblock(), transaction.atomic():
        founding.found()
        bring_a_month()
        yield
        transaction.set_rollback(True)


def entry() -> Entry:
    return Entry.objects.order_by("-number")[0]


def manager() -> By:
    return somebody("service-manager")


def director() -> By:
    return somebody("managing-director")


def lead(partner: str = "northgate") -> By:
    return somebody(f"client-lead-of-{partner}")


def opened(*references: str, **given: Any) -> Incident:
    return incidents.opened(*(ticket(reference) for reference in references or ("SD2",)), **given)


def test_an_incident_is_opened_from_a_p1_and_its_entry_says_no_ticket() -> None:
    made = opened()

    assert incident_of(ticket("SD2")) == made
    assert entry().kind == "incident.opened"
    assert entry().facts["tickets"] == 1
    assert "SD2" not in str(entry().plain)
    assert Entry.objects.get(number=entry().because[0]).kind == "tickets.imported"


def test_what_is_no_p1_is_a_key_incident_with_the_reason() -> None:
    with pytest.raises(Refused, match="None of these tickets is a P1"):
        opened("SD1")
    with pytest.raises(Refused, match="Say why it is a key incident"):
        opened("SD1", is_key=True, reason="  ")

    made = opened("SD1", "SD5", is_key=True, reason=WHY)

    assert made.is_key
    assert made.flags.get().reason == WHY
    assert WHY not in str(entry().plain)


def test_a_ticket_is_part_of_one_incident() -> None:
    first = opened()
    with pytest.raises(Refused, match=f"SD2 is part of incident {first.pk} already"):
        opened()
    second = opened("SD1", is_key=True, reason=WHY)
    with pytest.raises(Refused, match="already"):
        opening.add_ticket(by=manager(), incident=second, ticket=ticket("SD2"))

    striking.strike_incident(by=manager(), incident=first, reason="The same outage as the other.")
    opening.add_ticket(by=manager(), incident=second, ticket=ticket("SD2"))

    assert entry().kind == "incident.ticket-added"
    assert incident_of(ticket("SD2")) == second


def test_a_ticket_is_taken_out_but_not_the_last_one() -> None:
    made = opened("SD2", "SD5")
    (first, second) = made.tickets.all()

    striking.take_out_ticket(by=manager(), ticket=second, reason="Another fault.")

    assert entry().kind == "incident.ticket-taken-out"
    assert incident_of(ticket("SD5")) is None
    with pytest.raises(Refused, match="its only ticket"):
        striking.take_out_ticket(by=manager(), ticket=first, reason="Another fault.")
    with pytest.raises(Refused, match="has been done already"):
        striking.take_out_ticket(by=manager(), ticket=second, reason="Another fault.")


def test_a_key_incident_is_flagged_with_the_reason_and_the_flag_is_taken_back() -> None:
    made = opened()

    opening.flag(by=manager(), incident=made, is_key=True, reason=WHY)
    assert entry().kind == "incident.flagged"
    with pytest.raises(Refused, match="already"):
        opening.flag(by=manager(), incident=made, is_key=True, reason=WHY)
    opening.flag(by=manager(), incident=made, is_key=False, reason="Nobody voted that day.")

    assert entry().kind == "incident.unflagged"
    assert [flag.is_key for flag in made.flags.all()] == [True, False]
    assert not Incident.objects.get(pk=made.pk).is_key


def test_a_draft_is_workings_and_an_older_edition_is_refused() -> None:
    made, before = opened(), entry()

    assert incidents.drafted(made) == 1
    with pytest.raises(Refused, match="Somebody saved a change"):
        writing.keep_draft(by=manager(), incident=made, account=incidents.account(title="Mine"), edition=0)
    kept = writing.keep_draft(by=manager(), incident=made, account=incidents.account(title="Mine"), edition=1)

    assert (kept.edition, kept.account.title) == (2, "Mine")
    assert entry() == before


def test_what_is_signed_off_stands_on_the_record_without_its_words() -> None:
    made = opened()
    service = incidents.resident_service()

    signed = incidents.signed_off(made, services=(service.service_id,))

    assert (signed.number, signed.result, signed.services) == (1, "missed", ["Reporting a missed bin"])
    assert signed.partners == ["Northgate"]
    assert [(one.reference, one.minutes, one.used, one.target) for one in signed.tickets] == [("SD2", 720, 720, 240)]
    assert Incident.objects.get(pk=made.pk).title == "The network of Northgate failed"
    assert entry().kind == "incident.written-up"
    assert set(entry().digests) == {"public", "closed", "clocked"}
    assert not any(word in str(entry().plain) for word in ("network", "Calldale", "SD2", "northgate"))


def test_the_partners_hit_are_told_and_nobody_else() -> None:
    signed = incidents.signed_off(opened())

    northgate = holders_of(Post.objects.get(slug="client-lead-of-northgate"), NOON)
    assert [row.person for row in Told.objects.filter(subject=signed.ref)] == northgate


def test_a_later_account_names_the_one_before_and_says_why() -> None:
    made = opened()
    first = incidents.signed_off(made)
    with pytest.raises(Refused, match="Say why this account takes the place"):
        incidents.signed_off(made, title="Better")

    second = incidents.signed_off(made, reason="The supplier found another cause.", title="Best")

    assert (second.number, second.instead_of) == (2, first)
    assert entry().facts["instead_of"] == first.ref
    assert first.entry is not None and first.entry.number in entry().because
    with pytest.raises(Refused, match="is signed off as it stands"):
        writing.sign_off(by=director(), incident=made, edition=IncidentDraft.objects.get().edition, reason="Again.")


def test_an_account_that_lacks_something_or_was_changed_since_is_not_signed_off() -> None:
    made = opened()
    with pytest.raises(Refused, match="Nothing is written"):
        writing.sign_off(by=director(), incident=made, edition=0)
    edition = incidents.drafted(made, cause="", lesson="")
    with pytest.raises(Refused, match="lacks the cause, the lesson"):
        writing.sign_off(by=director(), incident=made, edition=edition)
    edition = incidents.drafted(Incident.objects.get(pk=made.pk))
    with pytest.raises(Refused, match="Somebody saved a change after you read"):
        writing.sign_off(by=director(), incident=made, edition=edition - 1)

    assert not WriteUp.objects.exists()


def test_of_an_account_entered_in_error_the_one_before_stands_again() -> None:
    made = opened()
    incidents.signed_off(made)
    second = incidents.signed_off(made, reason="More is known.", title="Another title")

    striking.strike_write_up(by=director(), write_up=second, reason="It named a person.")

    assert entry().kind == "write-up.entered-in-error"
    assert Incident.objects.get(pk=made.pk).title == "The network of Northgate failed"
    assert second.contents_seen_by(public(NOON)) == {} or WriteUp.shown().get(pk=second.pk).struck
    assert WriteUp.shown().get(pk=second.pk).contents_seen_by(public(NOON)) == {}
    striking.strike_write_up(by=director(), write_up=WriteUp.objects.get(number=1), reason="It too.")
    assert Incident.objects.get(pk=made.pk).title == ""


def test_the_public_reads_of_an_account_what_is_public_and_no_answer_tells_of_more() -> None:
    made = opened()
    bare = incidents.signed_off(made, closed="")
    full = incidents.signed_off(made, reason="More is known.", closed="A secret.")

    assert WriteUp.shown().get(pk=full.pk).contents_seen_by(public(NOON)).keys() == {"public"}
    entries = [Entry.objects.filter(subject=row.ref).get() for row in (bare, full)]
    assert [set(found.digests) for found in entries] == [{"public", "closed", "clocked"}] * 2
    assert "secret" not in str(WriteUp.shown().get(pk=full.pk).contents_seen_by(public(NOON)))


def test_who_was_told_is_logged_and_struck_out() -> None:
    made = opened()
    told_at = datetime(2026, 6, 2, 8, 20, tzinfo=UTC)

    line = telling.log(by=manager(), incident=made, audience="Members", channel="e-mail", told_at=told_at, words="Out.")

    assert (entry().kind, entry().subject) == ("incident.told", line.ref)
    striking.strike_telling(by=manager(), telling=line, reason="That was another day.")
    assert entry().kind == "telling.entered-in-error"
    with pytest.raises(Refused, match="in the time to come"):
        telling.log(by=manager(), incident=made, audience="A", channel="b", told_at=NOON + timedelta(minutes=1))
    with pytest.raises(Refused, match="Say who was told"):
        telling.log(by=manager(), incident=made, audience=" ", channel="b", told_at=told_at)


def test_a_partner_remarks_and_is_answered() -> None:
    made = opened()

    said = remarks.remark(by=lead(), incident=made, words="We were told too late.")
    assert entry().kind == "incident.remarked"
    assert Told.objects.filter(subject=said.ref).count() == len(
        holders_of(Post.objects.get(slug="service-manager"), NOON)
    )
    reply = remarks.answer(by=manager(), remark=said, words="The list was old.")

    assert entry().kind == "incident.answered"
    assert set(entry().because) == {made.entry.number, said.entry.number} if made.entry and said.entry else False
    assert reply.contents_seen_by(public(NOON)) == {}
    with pytest.raises(Refused, match="This is an answer itself"):
        remarks.answer(by=manager(), remark=reply, words="No.")
    striking.strike_remark(by=lead(), remark=said, reason="Said of another incident.")
    assert entry().kind == "remark.entered-in-error"


def test_nothing_more_is_entered_of_an_incident_that_was_an_error() -> None:
    made = opened()
    incidents.drafted(made)
    striking.strike_incident(by=director(), incident=made, reason="A rehearsal.")
    assert entry().kind == "incident.entered-in-error"

    tries: list[Callable[[], object]] = [
        lambda: incidents.drafted(made),
        lambda: opening.flag(by=manager(), incident=made, is_key=True, reason=WHY),
        lambda: opening.add_ticket(by=manager(), incident=made, ticket=ticket("SD5")),
        lambda: telling.log(by=manager(), incident=made, audience="A", channel="b", told_at=NOON),
        lambda: remarks.remark(by=lead(), incident=made, words="So."),
        lambda: writing.sign_off(by=director(), incident=made, edition=1),
    ]
    for do in tries:
        with pytest.raises(Refused, match="entered in error"):
            do()


def test_who_may_do_what() -> None:
    made = opened()
    edition = incidents.drafted(made)
    said = remarks.remark(by=lead(), incident=made, words="So.")
    line = telling.log(by=manager(), incident=made, audience="A", channel="b", told_at=NOON)
    member, clerk = somebody("committee-member-of-northgate"), somebody("governance-officer-of-northgate")
    refused: list[tuple[Callable[[By], object], tuple[By, ...]]] = [
        (
            lambda by: opening.open_incident(by=by, tickets=[ticket("SD1")], is_key=True, reason=WHY),
            (lead(), member, clerk, public(NOON)),
        ),
        (lambda by: opening.add_ticket(by=by, incident=made, ticket=ticket("SD5")), (lead(), clerk)),
        (lambda by: opening.flag(by=by, incident=made, is_key=True, reason=WHY), (lead(), public(NOON))),
        (
            lambda by: writing.keep_draft(by=by, incident=made, account=incidents.account(), edition=edition),
            (lead(), member),
        ),
        (
            lambda by: writing.sign_off(by=by, incident=made, edition=edition),
            (somebody("service-analyst"), lead(), public(NOON)),
        ),
        (lambda by: remarks.remark(by=by, incident=made, words="x"), (manager(), member, clerk, public(NOON))),
        (lambda by: remarks.answer(by=by, remark=said, words="x"), (lead(), member)),
        (lambda by: striking.strike_incident(by=by, incident=made, reason="x"), (somebody("service-analyst"), lead())),
        (lambda by: striking.strike_telling(by=by, telling=line, reason="x"), (lead(), public(NOON))),
        (
            lambda by: striking.strike_remark(by=by, remark=said, reason="x"),
            (manager(), lead("southmere"), public(NOON)),
        ),
    ]
    before = entry()
    for act, readers in refused:
        for by in readers:
            with pytest.raises(NotAllowed):
                act(by)
    assert entry() == before


@pytest.mark.parametrize("model", [IncidentTicket, Telling, Remark, WriteUp])
def test_the_database_itself_lets_nobody_change_what_stands(model: Any) -> None:
    made = opened()
    telling.log(by=manager(), incident=made, audience="A", channel="b", told_at=NOON)
    remarks.remark(by=lead(), incident=made, words="So.")
    incidents.signed_off(made)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'update "{model._meta.db_table}" set post = post')
