"""Corrections and exclusions of source data (F6), and that what was known before stays known (F7)."""

import json
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from commonhold.demand.acts import importing, putting_right
from commonhold.demand.models import Batch, Correction, Reckoning, State
from commonhold.demand.queries.putting_right import corrections, exclusions, standing
from commonhold.ledger.engine.by import By, public
from commonhold.ledger.models import Entry
from commonhold.partnership.acts import people
from commonhold.partnership.queries import acting
from commonhold.refusals import NotAllowed, Refused
from commonhold.web.demo import founding
from tests.demand import elsewhere
from tests.demand.bringing import bring, events, everything, known, ticket
from tests.universe import NOON, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def brought(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A partnership with two tickets, one of Southmere and one of Northgate."""
    with django_db_blocker.unblock(), transaction.atomic():
        founding.found()
        bring(
            events(
                "SD1,2026-06-01T08:00Z,open,P3,incident,Service Desk,Southmere,Email,Fault",
                "SD1,2026-06-01T12:00Z,resolved,P3,incident,Service Desk,Southmere,Email,Fault",
                "SD2,2026-06-01T08:00Z,open,P1,incident,Networks,Northgate,Network,Fault",
            )
        )
        yield
        transaction.set_rollback(True)


def analyst() -> By:
    return somebody("service-analyst")


def lead(partner: str) -> By:
    return somebody(f"client-lead-of-{partner}")


def entry() -> Entry:
    found = Entry.objects.order_by("number").last()
    assert found is not None
    return found


def correct(reference: str = "SD1", fact: str = "priority", value: str = "P2", by: By | None = None) -> Correction:
    reason = "The desk logged it wrongly."
    return putting_right.correct(by=by or analyst(), ticket=ticket(reference), fact=fact, value=value, reason=reason)


def test_a_correction_counts_from_now_on_and_what_was_known_before_stays() -> None:
    before = Batch.objects.known()

    made = correct()

    assert known("SD1").get_priority_display() == "P2"
    assert known("SD1", before).get_priority_display() == "P3"
    assert (known("SD1", before).target, known("SD1").target) == (1800, 600), "its clock is read by the target of P2"
    assert made.made_in == Batch.objects.known() == before + 1
    assert Reckoning.objects.known(made.made_in).filter(ticket=made.ticket).count() == 1


def test_a_correction_leaves_one_entry_that_says_which_fact_and_nothing_of_the_ticket() -> None:
    count = Entry.objects.count()

    correct()

    made = entry()
    assert Entry.objects.count() == count + 1
    assert (made.kind, made.facts["fact"], made.facts["batch"]) == ("ticket.corrected", "priority", 2)
    assert "SD1" not in str(made.plain) and "wrongly" not in str(made.plain)


def test_what_was_corrected_to_what_and_why_stands_behind_the_entry() -> None:
    made = correct()

    batch = Batch.objects.get(number=made.made_in)
    put = batch.contents()["report"]["put_right"]
    assert put == {
        "desk": "canonical",
        "reference": "SD1",
        "fact": "priority",
        "value": "P2",
        "reason": "The desk logged it wrongly.",
    }
    assert entry().digests.keys() == {"report", "warnings"}
    assert batch.contents_seen_by(public(NOON)) == {}
    assert batch.contents_seen_by(lead("northgate"))["report"]["put_right"] == put, "listed to all partners (F6)"


@pytest.mark.parametrize(
    ("fact", "value", "now"),
    [
        ("priority", "p1", "P1"),
        ("kind", "Service request", "Service request"),
        ("partner", "Northgate", "Northgate"),
        ("team", "Networks", "Networks"),
        ("service", "none", "None"),
    ],
)
def test_every_fact_that_figures_are_split_by_can_be_put_right(fact: str, value: str, now: str) -> None:
    correct(fact=fact, value=value)

    row = known("SD1")
    said = {"priority": row.get_priority_display(), "kind": row.get_kind_display()}
    assert str(said.get(fact, getattr(row, fact))) == now


def test_a_ticket_is_put_right_to_no_authority_that_is_not_a_party() -> None:
    people.add_partner(by=acting(None, NOON), name="Ashvale")

    with pytest.raises(Refused, match="There is no partner called 'Ashvale'"):
        correct(fact="partner", value="Ashvale")


@pytest.mark.parametrize(
    ("fact", "value", "why"),
    [
        ("priority", "P9", "'P9' is no priority. It is one of NONE, P1, P2, P3, P4, P5"),
        ("partner", "Ashvale", "There is no partner called 'Ashvale'"),
        ("colour", "red", "colour cannot be corrected. What can is partner, team, service, priority, kind"),
        ("priority", "P3", "The priority of SD1 is P3 as it stands, so there is nothing to put right"),
        ("partner", "Southmere", "is Southmere as it stands"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(fact: str, value: str, why: str) -> None:
    before = everything()

    with pytest.raises(Refused, match=why):
        correct(fact=fact, value=value)

    assert everything() == before


def test_a_correction_without_a_reason_is_refused() -> None:
    with pytest.raises(Refused, match="Say why"):
        putting_right.correct(by=analyst(), ticket=ticket("SD1"), fact="priority", value="P2", reason="  ")
    with pytest.raises(Refused, match="at most 1,000 characters"):
        putting_right.exclude(by=analyst(), ticket=ticket("SD1"), reason="why " * 400)


def test_a_fact_is_corrected_once_until_that_is_undone() -> None:
    correct()

    with pytest.raises(Refused, match="stands corrected already"):
        correct(value="P1")


def test_a_correction_stands_when_the_desk_tells_of_the_ticket_again() -> None:
    correct()

    bring(events("SD1,2026-06-03T09:00Z,reopened,P3,incident,Service Desk,Southmere,Email,Fault"))

    assert (known("SD1").get_priority_display(), known("SD1").state) == ("P2", State.REOPENED)


def test_undoing_lets_the_desk_s_own_word_count_again() -> None:
    made = correct()
    corrected_in = entry()

    putting_right.undo(by=analyst(), what=made)

    undone = entry()
    assert known("SD1").get_priority_display() == "P3"
    assert known("SD1", made.made_in).get_priority_display() == "P2"
    assert (undone.kind, undone.because) == ("correction.undone", [corrected_in.number])
    with pytest.raises(Refused, match="undone before"):
        putting_right.undo(by=analyst(), what=Correction.objects.get())


def test_a_ticket_left_out_stays_in_lists_and_counts_in_no_figure() -> None:
    made = putting_right.exclude(by=analyst(), ticket=ticket("SD1"), reason="A duplicate of SD2.")

    assert (entry().kind, known("SD1").excluded, known("SD1", 1).excluded) == ("ticket.excluded", True, False)
    with pytest.raises(Refused, match="left out of figures already"):
        putting_right.exclude(by=analyst(), ticket=ticket("SD1"), reason="Again.")

    putting_right.undo(by=analyst(), what=made)

    assert (entry().kind, known("SD1").excluded) == ("exclusion.undone", False)


def test_the_commands_answer_with_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    def said(*arguments: str) -> object:
        call_command(*arguments, "--acting", "service-analyst", "--json")
        return json.loads(capsys.readouterr().out)

    assert said("correct", "SD1", "--set", "priority=P2", "--reason", "Logged wrongly") == {
        "ticket": "SD1",
        "fact": "priority",
        "value": "P2",
        "undone": False,
    }
    assert said("correct", "SD1", "--undo", "priority") == {
        "ticket": "SD1",
        "fact": "priority",
        "value": None,
        "undone": True,
    }
    assert said("exclude", "SD1", "--reason", "A test") == {"ticket": "SD1", "left_out": True}
    assert said("exclude", "SD1", "--undo") == {"ticket": "SD1", "left_out": False}


class TestWhoMay:
    def test_those_who_bring_files(self) -> None:
        for post in ("service-analyst", "service-manager"):
            made = correct(by=somebody(post))
            putting_right.undo(by=somebody(post), what=made)

    def test_a_client_lead_of_its_own_partner_s_tickets_alone(self) -> None:
        made = correct(by=lead("southmere"))

        with pytest.raises(NotAllowed, match="undo what was put right of this ticket"):
            putting_right.undo(by=lead("northgate"), what=made)
        with pytest.raises(NotAllowed, match="correct facts of this ticket"):
            correct("SD2", by=lead("southmere"))
        with pytest.raises(NotAllowed, match="leave this ticket out of figures"):
            putting_right.exclude(by=lead("southmere"), ticket=ticket("SD2"), reason="Not ours.")
        putting_right.undo(by=lead("southmere"), what=made)

    def test_a_ticket_given_to_another_partner_is_then_the_other_s_to_put_right(self) -> None:
        made = correct(fact="partner", value="Northgate", by=lead("southmere"))

        with pytest.raises(NotAllowed):
            putting_right.undo(by=lead("southmere"), what=made)
        putting_right.undo(by=lead("northgate"), what=made)
        assert str(known("SD1").partner) == "Southmere"

    @pytest.mark.parametrize(
        "post", ["managing-director", "committee-member-of-southmere", "governance-officer-of-northgate"]
    )
    def test_others_may_not(self, post: str) -> None:
        with pytest.raises(NotAllowed):
            correct(by=somebody(post))

    def test_the_public_may_not(self) -> None:
        with pytest.raises(NotAllowed):
            correct(by=public(NOON))


def test_nothing_is_put_right_while_a_file_is_being_gathered() -> None:
    with elsewhere.importing(), pytest.raises(Refused, match="Tickets are being imported"):
        correct()


def test_what_a_killed_import_left_is_swept_before_anything_is_put_right() -> None:
    left = importing.begin(kind=Batch.Kind.FILE, at=NOON)
    Reckoning.objects.filter(ticket__reference="SD2").update(known_until=left.number)

    made = correct()

    assert made.made_in == left.number, "its number is free again"
    assert known("SD2").known_until is None


def test_a_correction_that_fails_leaves_nothing() -> None:
    before = everything()

    with pytest.raises(Refused), transaction.atomic():
        correct()
        raise Refused("Something else was wrong.")

    assert everything() == before


def test_the_list_says_who_may_open_and_undo_what() -> None:
    correct(by=lead("southmere"))
    putting_right.exclude(by=lead("northgate"), ticket=ticket("SD2"), reason="A test.")

    (mine,) = corrections(seen_by=lead("southmere")).rows
    (other,) = exclusions(seen_by=lead("southmere")).rows
    assert (mine.value, mine.may_open, mine.may_undo) == ("P2", True, True)
    assert (other.row.reason, other.may_open, other.may_undo) == ("A test.", False, False)
    assert (standing().corrections, standing().exclusions) == (1, 1)
