"""Disputes through their life: raised, answered, settled; what each step leaves, and who is refused."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404

from commonhold.demand.acts import accepting, disputing, putting_right
from commonhold.demand.acts.importing import begin, sweep
from commonhold.demand.engine.disputed import Class
from commonhold.demand.models import Batch, Correction, Dispute, DisputeState, DisputeStep, Party, Reckoning
from commonhold.demand.queries import disputed_tickets
from commonhold.demand.queries import disputes as queries
from commonhold.ledger.models import Entry
from commonhold.partnership.models import Told
from commonhold.refusals import NotAllowed, Refused
from tests.demand.bringing import bring, events, known, operator, ticket
from tests.demand.disputes import (
    HEADINGS,
    LEAD,
    MANAGER,
    OTHER,
    WHY,
    bring_holds,
    held,
    june,
    lead,
    of_class,
    of_ticket,
)
from tests.universe import NOON, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]
SAID = "We looked at the supplier's log."
SUPPLIER = "supplier: Net Works Ltd"


@pytest.fixture(autouse=True)
def desk(db: None) -> None:
    bring_holds()
    Party.objects.create(kind=Party.Kind.SUPPLIER, name="Net Works Ltd")


def last() -> Entry:
    entry = Entry.objects.order_by("number").last()
    assert entry is not None
    return entry


def facts() -> dict[str, Any]:
    return {name: value for name, value in last().facts.items() if name != "digests"}


def state(dispute: Dispute) -> DisputeState:
    return queries.state_of(dispute)


def test_a_ticket_is_disputed_and_that_is_one_entry_without_words() -> None:
    before = Entry.objects.count()
    dispute = of_ticket()

    assert Entry.objects.count() == before + 1
    assert (last().kind, last().subject, last().post) == ("dispute.raised", dispute.ref, LEAD)
    assert facts() == {"fact": "hold", "of": "ticket"}
    assert (dispute.about, dispute.said, dispute.state) == ("Ticket S1", "Every hold counts", "open")
    assert Told.objects.filter(subject=dispute.ref, person__appointments__post__slug=MANAGER).exists()
    assert known("S1").held > 0, "a dispute changes nothing by itself"


@pytest.mark.parametrize(
    ("fact", "value", "wanted", "touches", "about"),
    [
        ("hold", "awaiting supplier", {"reason": "awaiting_supplier"}, 3, ", on hold awaiting supplier"),
        ("hold", "no reason given", {"reason": "not_given"}, 1, ", on hold with no reason given"),
        ("hold", "every hold", {"partner": "southmere"}, 4, "of Southmere"),
        ("priority", "P2", {"partner": "southmere"}, 4, "of Southmere"),
        ("priority", "P3", {"priority": "p2", "team": "Networks"}, 2, ", P2, team Networks"),
        ("partner", "Northgate", {"reason": "awaiting_supplier"}, 2, ", on hold awaiting supplier"),
        ("partner", "none", {}, 7, ""),
        ("kind", "request", {"resolved_from": date(2026, 6, 4)}, 6, ", resolved from 4 June 2026"),
        ("kind", "request", {"resolved_to": date(2026, 6, 1)}, 1, ", resolved until 1 June 2026"),
        ("responsible", SUPPLIER, {"partner": "northgate"}, 2, "of Northgate"),
    ],
)  # fmt: skip
def test_a_class_is_counted_and_said_in_words(
    fact: str, value: str, wanted: dict[str, Any], touches: int, about: str
) -> None:
    dispute = of_class(fact, value, wanted=june(**wanted))

    whose, comma, rest = about.partition(", ")
    assert dispute.about == f"Tickets {whose + ' ' if whose else ''}opened in June 2026{comma}{rest}"
    assert dispute.tickets == touches
    assert disputed_tickets.touched(dispute, Batch.objects.known()).count() == touches
    assert Class.from_json(dispute.conditions or {}) == june(**wanted)


def test_what_is_left_out_of_figures_is_in_no_class_and_not_disputed() -> None:
    putting_right.exclude(by=operator(), ticket=ticket("S1"), reason="A storm")

    assert of_class().tickets == 2
    with pytest.raises(Refused, match="left out of every figure"):
        of_ticket("S1")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"fact": "weather"}, "Say what is disputed"),
        ({"fact": "team", "value": "Networks"}, "Say what is disputed"),
        ({"fact": "priority", "value": "P9"}, "'P9' is no priority"),
        ({"fact": "priority", "value": "P3"}, "This is so of S1 as it stands"),
        ({"fact": "partner", "value": "Atlantis"}, "There is no partner called"),
        ({"fact": "partner", "value": "Southmere"}, "This is so of S1 as it stands"),
        ({"fact": "kind", "value": "incident"}, "This is so of S1 as it stands"),
        ({"value": "awaiting change"}, "has no such hold whose time does not count"),
        ({"reference": "S5"}, "has no such hold whose time does not count"),
        ({"value": "always"}, "says of no hold that its time counts"),
        ({"fact": "responsible", "value": "The weather"}, "answers for a team"),
        ({"reason": "  "}, "Say why"),
        ({"reason": "a" * 2_001}, "at most 2,000 characters"),
        ({"reason": "nul\x00l"}, "null character"),
    ],
)
def test_a_dispute_of_nothing_is_refused(given: dict[str, Any], words: str) -> None:
    before = Entry.objects.count()

    with pytest.raises(Refused, match=words):
        of_ticket(**given)
    assert Entry.objects.count() == before


def test_of_no_ticket_or_of_both_is_refused() -> None:
    by = lead()
    for given in ({}, {"ticket": ticket("S1"), "wanted": june()}):
        with pytest.raises(Refused, match="Say of which ticket"):
            disputing.raise_dispute(by=by, fact="hold", value="every hold", reason=WHY, **given)


@pytest.mark.parametrize(
    ("fact", "value", "wanted", "words"),
    [
        (
            "hold",
            "awaiting change",
            {"reason": "awaiting_change", "partner": "southmere"},
            "No ticket of this class would be another one",
        ),
        ("priority", "P2", {"priority": "p2", "partner": "southmere"}, "No ticket of this class would be another one"),
        ("hold", "every hold", {"reason": "awaiting_supplier"}, "those of its hold reason, or every one"),
        ("priority", "P2", {"partner": "atlantis"}, "There is no partner 'atlantis'"),
    ],
)
def test_a_class_of_no_tickets_is_refused(fact: str, value: str, wanted: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        of_class(fact, value, wanted=june(**wanted))


def test_of_others_tickets_a_refusal_does_not_tell_none_from_some() -> None:
    assert of_class("priority", "P2", wanted=june(priority="p2")).tickets == 0


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((date(2026, 6, 2), date(2026, 6, 1)), "must not be before the first"),
        ((date(2025, 6, 1), date(2026, 6, 2)), "within 366 days at most"),
        ((date(9999, 12, 1), date(9999, 12, 31)), "from the year 1900 to the year 2999"),
        ((date(1, 1, 1), date(1, 1, 2)), "from the year 1900 to the year 2999"),
        ((date(2026, 6, 1), date(2026, 6, 2), None, date.max), "from the year 1900 to the year 2999"),
    ],
)
def test_days_that_make_no_class_are_refused(days: tuple[date, ...], words: str) -> None:
    with pytest.raises(Refused, match=words):
        Class(*days)


def test_twice_the_same_is_refused_and_another_partner_may_say_it_too() -> None:
    first = of_ticket()
    of_class()

    with pytest.raises(Refused, match=f"Dispute {first.pk} of Southmere stands"):
        of_ticket()
    with pytest.raises(Refused, match="You dispute this already"):
        of_class()
    assert of_class(by=OTHER).partner.name == "Northgate"
    assert of_ticket(value="awaiting supplier").pk, "another hold is another dispute"


def test_so_many_stand_at_once_of_one_partner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disputing, "MOST_STANDING", 2)
    first, _ = of_ticket(), of_class()
    with pytest.raises(Refused, match="2 disputes of Southmere stand, as many as can at once"):
        of_ticket("S2")
    assert of_class(by=OTHER).pk, "another partner's are its own"
    disputing.withdraw(by=lead(), dispute=first)
    assert of_ticket("S2").pk
    with pytest.raises(Refused, match="as many as can at once"):
        disputing.reopen(by=lead(), dispute=first, words="We found it.")


def test_a_partner_disputes_no_row_that_it_does_not_see() -> None:
    with pytest.raises(Http404):
        of_ticket("N1")


@pytest.mark.parametrize("post", ["service-analyst", MANAGER, "governance-officer-of-northgate"])
def test_who_speaks_for_no_partner_raises_none(post: str) -> None:
    with pytest.raises(NotAllowed):
        of_ticket(by=post)
    assert not Dispute.objects.exists()


def test_declined_it_stands_and_the_partner_alone_says_what_becomes_of_it() -> None:
    dispute = of_ticket()
    step = disputing.decline(by=somebody(MANAGER), dispute=dispute, words=SAID)

    assert state(dispute) == "declined" and queries.contested() == [dispute]
    assert (last().kind, last().subject) == ("dispute.declined", step.ref)
    assert [cause.cause_id for cause in last().causes.all()] == [dispute.entry.number]  # type: ignore[union-attr]
    with pytest.raises(NotAllowed):
        disputing.maintain(by=lead(OTHER), dispute=dispute, words=SAID)
    with pytest.raises(NotAllowed):
        disputing.settle(by=somebody(MANAGER), dispute=dispute)

    disputing.maintain(by=lead(), dispute=dispute, words="The log is of another ticket.")
    assert (state(dispute), last().kind) == ("maintained", "dispute.maintained") and queries.contested() == [dispute]
    disputing.decline(by=somebody(MANAGER), dispute=dispute, words="We looked again.")
    disputing.settle(by=lead(), dispute=dispute)
    assert (state(dispute), last().kind) == ("settled", "dispute.settled") and queries.contested() == []


def test_withdrawn_and_raised_again_with_a_reason() -> None:
    dispute = of_ticket()
    disputing.withdraw(by=lead(), dispute=dispute)
    assert (state(dispute), last().kind) == ("withdrawn", "dispute.withdrawn")
    with pytest.raises(Refused, match="Say why it is raised again"):
        disputing.reopen(by=lead(), dispute=dispute, words=" ")
    again = of_ticket()
    with pytest.raises(Refused, match=f"Dispute {again.pk} of Southmere stands"):
        disputing.reopen(by=lead(), dispute=dispute, words="We found it.")
    disputing.withdraw(by=lead(), dispute=again)
    disputing.reopen(by=lead(), dispute=dispute, words="We found it.")
    assert (state(dispute), last().kind) == ("open", "dispute.reopened")


def test_steps_out_of_order_are_refused() -> None:
    dispute, officer = of_ticket(), somebody(MANAGER)
    for act in (disputing.maintain, disputing.reopen):
        with pytest.raises(Refused):
            act(by=lead(), dispute=dispute, words="Now.")
    with pytest.raises(Refused, match="settled once it is answered"):
        disputing.settle(by=lead(), dispute=dispute)
    with pytest.raises(Refused, match="Nothing was put right"):
        disputing.take_back(by=officer, dispute=dispute, words="Now.")
    with pytest.raises(NotAllowed):
        disputing.decline(by=lead(), dispute=dispute, words="Ours.")
    with pytest.raises(NotAllowed):
        disputing.accept(by=lead(), dispute=dispute, words="Ours.")
    disputing.withdraw(by=lead(), dispute=dispute)
    for answer in (disputing.decline, disputing.accept):
        with pytest.raises(Refused, match="not open to an answer"):
            answer(by=officer, dispute=dispute, words="Late.")


def test_accepted_each_ticket_is_corrected_by_one_entry() -> None:
    dispute = of_class()
    before = Entry.objects.count()
    step = disputing.accept(by=somebody(MANAGER), dispute=dispute, words=SAID)

    assert Entry.objects.count() == before + 1
    assert (last().kind, last().subject) == ("tickets.corrected", f"batch/{step.batch}")
    assert facts() == {"batch": step.batch, "fact": "hold"}
    assert [cause.cause_id for cause in last().causes.all()] == [dispute.entry.number]  # type: ignore[union-attr]
    assert step.entry == last()
    assert state(dispute) == "accepted" and queries.contested() == []
    made = Correction.objects.filter(made_in=step.batch)
    assert sorted(row.ticket.reference for row in made) == ["N1", "S1", "S2"]
    assert {row.reason for row in made} == {f"Dispute {dispute.pk} of Southmere, accepted: {SAID}"}
    assert known("S1").held == known("N1").held == 0 and known("S3").held > 0


def test_an_accepted_class_is_what_each_ticket_corrected_by_itself_is() -> None:
    dispute = of_class("priority", "P1", wanted=june(partner="southmere"))
    with transaction.atomic():
        disputing.accept(by=somebody(MANAGER), dispute=dispute, words=SAID)
        together = reckonings()
        transaction.set_rollback(True)
    for reference in ("S1", "S2", "S3", "S4", "S5"):
        putting_right.correct(by=operator(), ticket=ticket(reference), fact="priority", value="P1", reason=WHY)
    assert reckonings() == together


def reckonings() -> dict[str, dict[str, Any]]:
    """Everything known of each ticket but under which number, and since which batch."""
    rows = Reckoning.objects.filter(known_until=None).values()
    names = {row.pk: row.reference for row in {one.ticket for one in Reckoning.objects.select_related("ticket")}}
    return {
        names[row["ticket_id"]]: {name: value for name, value in row.items() if name not in ("id", "known_from")}
        for row in rows
    }


def test_taken_back_all_is_as_it_was_and_the_dispute_is_open_again() -> None:
    before = reckonings()
    dispute = of_class()
    step = disputing.accept(by=somebody(MANAGER), dispute=dispute, words=SAID)
    back = disputing.take_back(by=somebody(MANAGER), dispute=dispute, words="The log was of another week.")

    assert reckonings() == before and state(dispute) == "open"
    assert (last().kind, last().subject) == ("corrections.undone", f"batch/{back.batch}")
    assert facts() == {"batch": back.batch}
    assert [cause.cause_id for cause in last().causes.all()] == [step.entry.number]  # type: ignore[union-attr]


def test_one_correction_of_an_accepted_class_is_undone_by_itself() -> None:
    dispute = of_class()
    disputing.accept(by=somebody(MANAGER), dispute=dispute, words=SAID)
    putting_right.undo(by=operator(), what=ticket("S1").corrections.get())

    assert known("S1").held > 0 and known("S2").held == 0
    disputing.take_back(by=somebody(MANAGER), dispute=dispute, words="All of it.")
    assert known("S2").held > 0
    with pytest.raises(Refused, match="Nothing was put right"):
        disputing.take_back(by=somebody(MANAGER), dispute=dispute, words="Again.")


def test_a_correction_that_stood_gives_way_to_the_accepted_dispute() -> None:
    putting_right.correct(by=operator(), ticket=ticket("S1"), fact="priority", value="P4", reason=WHY)
    dispute = of_ticket(fact="priority", value="P2")
    disputing.accept(by=somebody(MANAGER), dispute=dispute, words=SAID)

    assert known("S1").get_priority_display() == "P2"
    assert ticket("S1").corrections.filter(undone_in=None).count() == 1


def standing(reference: str) -> list[tuple[str, int, str]]:
    rows = ticket(reference).corrections.filter(undone_in=None).order_by("fact")
    return list(rows.values_list("fact", "value", "reason"))


def test_what_gave_way_to_an_accepted_dispute_stands_again_when_that_is_undone() -> None:
    corrected = putting_right.correct(by=operator(), ticket=ticket("S1"), fact="priority", value="P4", reason=WHY)
    before, stood = reckonings(), standing("S1")
    first, second = of_ticket(fact="priority", value="P2"), of_ticket(fact="priority", value="P1")
    for dispute in (first, second):
        disputing.accept(by=somebody(MANAGER), dispute=dispute, words=SAID)
    assert known("S1").get_priority_display() == "P1"

    with pytest.raises(Refused, match="Nothing was put right"):
        disputing.take_back(by=somebody(MANAGER), dispute=first, words="Not so.")
    disputing.take_back(by=somebody(MANAGER), dispute=second, words="Not so.")
    assert known("S1").get_priority_display() == "P2" and state(first) == "accepted"
    disputing.take_back(by=somebody(MANAGER), dispute=first, words="Not so.")
    assert (reckonings(), standing("S1")) == (before, stood)
    again = ticket("S1").corrections.get(undone_in=None)
    assert (again.post, again.at, again.first_in) == (corrected.post, corrected.at, corrected.made_in)
    putting_right.undo(by=operator(), what=again)
    assert known("S1").get_priority_display() == "P3" and standing("S1") == []


def test_one_correction_of_an_accepted_dispute_gives_its_place_back_too() -> None:
    putting_right.correct(by=operator(), ticket=ticket("S1"), fact="priority", value="P4", reason=WHY)
    disputing.accept(by=somebody(MANAGER), dispute=of_class("priority", "P1", wanted=june()), words=SAID)
    putting_right.undo(by=operator(), what=ticket("S1").corrections.get(undone_in=None))

    assert known("S1").get_priority_display() == "P4" and known("S2").get_priority_display() == "P1"


def test_reopened_after_it_was_accepted_it_is_undone_before_the_service_stands_by_the_fact() -> None:
    dispute, officer = of_class(), somebody(MANAGER)
    disputing.accept(by=officer, dispute=dispute, words=SAID)
    disputing.reopen(by=lead(), dispute=dispute, words="There are more.")

    assert queries.opened(queries.the_dispute(dispute.pk, seen_by=officer), seen_by=officer).may_take_back
    with pytest.raises(Refused, match="so the service does not stand by the fact"):
        disputing.decline(by=officer, dispute=dispute, words="We stand by it.")
    disputing.take_back(by=officer, dispute=dispute, words="The log was of another week.")
    assert state(dispute) == "open" and known("S1").held > 0
    disputing.decline(by=officer, dispute=dispute, words="We stand by it.")
    assert state(dispute) == "declined"


def test_what_was_put_right_is_undone_of_a_dispute_that_ended() -> None:
    dispute, officer = of_class(), somebody(MANAGER)
    disputing.accept(by=officer, dispute=dispute, words=SAID)
    disputing.settle(by=lead(), dispute=dispute)
    disputing.take_back(by=officer, dispute=dispute, words="The log was of another week.")
    assert state(dispute) == "open"

    disputing.accept(by=officer, dispute=dispute, words=SAID)
    disputing.reopen(by=lead(), dispute=dispute, words="No.")
    disputing.withdraw(by=lead(), dispute=dispute)
    disputing.take_back(by=officer, dispute=dispute, words="It was withdrawn.")
    assert state(dispute) == "withdrawn" and known("S1").held > 0


def settled(of: Class) -> Dispute:
    """A dispute of a class that was accepted and settled."""
    dispute = of_class("priority", "P1", wanted=of)
    disputing.accept(by=somebody(MANAGER), dispute=dispute, words=SAID)
    disputing.settle(by=lead(), dispute=dispute)
    return dispute


def another(reference: str) -> None:
    bring(events(*held(reference, "awaiting_supplier"), headings=HEADINGS))


def test_undone_a_dispute_goes_on_in_a_later_one_of_the_very_same() -> None:
    wanted = june(partner="southmere")
    first = settled(wanted)
    another("S9")
    later = of_class("priority", "P1", wanted=wanted)
    made = disputing.take_back(by=somebody(MANAGER), dispute=first, words="We looked again.")

    assert (state(first), made.later) == (DisputeState.JOINED, later)
    assert made.title == f"Undone; goes on in dispute {later.pk}"
    assert last().kind == "corrections.undone"
    assert [one.pk for one in queries.contested()] == [later.pk], "the partner's word stands once"
    assert disputed_tickets.touched(later, Batch.objects.known()).count() == 6, "and of all its tickets"
    assert any("says the very same" in told.why for told in Told.objects.all())
    with pytest.raises(Refused, match=f"Dispute {later.pk} of Southmere stands"):
        disputing.reopen(by=lead(), dispute=first, words="Again.")
    disputing.withdraw(by=lead(), dispute=later)
    disputing.reopen(by=lead(), dispute=first, words="Again.")
    assert [one.pk for one in queries.contested()] == [first.pk]


def test_undone_it_is_open_again_beside_a_later_one_of_something_else() -> None:
    first = settled(june(partner="southmere"))
    another("S9")
    later = of_class("priority", "P2", wanted=june(partner="southmere"))
    disputing.take_back(by=somebody(MANAGER), dispute=first, words="We looked again.")
    assert [one.pk for one in queries.contested()] == [first.pk, later.pk]


def test_withdrawn_and_undone_it_stays_withdrawn_beside_the_very_same() -> None:
    wanted = june(partner="southmere")
    first = settled(wanted)
    disputing.reopen(by=lead(), dispute=first, words="Again.")
    disputing.withdraw(by=lead(), dispute=first)
    another("S9")
    of_class("priority", "P1", wanted=wanted)
    made = disputing.take_back(by=somebody(MANAGER), dispute=first, words="We looked again.")
    assert (state(first), made.later) == (DisputeState.WITHDRAWN, None)


# As a worker does it


def by_a_worker(dispute: Dispute, progress: Any = lambda *_: None) -> DisputeStep:
    return accepting.accept_asked_for(
        by=somebody(MANAGER),
        dispute=dispute.pk,
        words=SAID,
        clock=lambda: NOON,
        progress=progress,
        waiting=lambda: None,
    )


def undone_by_a_worker(dispute: Dispute, step: DisputeStep, progress: Any = lambda *_: None) -> DisputeStep | None:
    return accepting.take_back_asked_for(
        by=somebody(MANAGER),
        dispute=dispute.pk,
        step=step.pk,
        words="We looked again.",
        clock=lambda: NOON,
        progress=progress,
        waiting=lambda: None,
    )


@pytest.mark.parametrize(
    ("fact", "value", "wanted"),
    [
        ("hold", "awaiting supplier", {"reason": "awaiting_supplier"}),
        ("hold", "every hold", {}),
        ("priority", "P1", {}),
        ("partner", "Northgate", {"partner": "southmere"}),
        ("responsible", SUPPLIER, {}),
    ],
)
def test_a_worker_makes_of_it_what_one_transaction_does(fact: str, value: str, wanted: dict[str, Any]) -> None:
    for reference in ("S1", "S2"):
        putting_right.correct(by=operator(), ticket=ticket(reference), fact="priority", value="P2", reason="So it was.")
    putting_right.correct(by=operator(), ticket=ticket("S1"), fact="hold", value="awaiting supplier", reason="So.")
    dispute, before = of_class(fact, value, wanted=june(**wanted)), reckonings()
    first = disputing.accept(by=somebody(MANAGER), dispute=dispute, words=SAID)
    accepted, corrected = reckonings(), told_of_corrections()
    disputing.take_back(by=somebody(MANAGER), dispute=dispute, words="We looked again.")
    assert reckonings() == before

    step = by_a_worker(dispute)
    assert (reckonings(), told_of_corrections()) == (accepted, corrected)
    assert (last().kind, step.batch) == ("tickets.corrected", Batch.objects.known()) and first.batch is not None
    assert by_a_worker(dispute).pk == step.pk, "twice changes nothing"
    undone = undone_by_a_worker(dispute, step)
    assert undone is not None and reckonings() == before and last().kind == "corrections.undone"
    assert undone_by_a_worker(dispute, step) is None


def told_of_corrections() -> list[tuple[str, str, int]]:
    rows = Correction.objects.filter(undone_in=None).order_by("ticket__reference", "fact", "value")
    return list(rows.values_list("ticket__reference", "fact", "value"))


def as_readers_see() -> tuple[Any, ...]:
    """What is known of each ticket, what stands corrected, and the last batch known."""
    known_now = Batch.objects.known()
    rows = Reckoning.objects.known(known_now).order_by("ticket").values_list("pk", "ticket", "priority", "due_at")
    return list(rows), told_of_corrections(), known_now


class Stopped(BaseException):
    """The process ends."""


def test_stopped_half_way_nobody_sees_anything_and_a_worker_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(putting_right, "AT_ONCE", 2)
    dispute = of_class("priority", "P1")
    before, entry, seen = as_readers_see(), last(), []

    def progress(share: float, _: str) -> None:
        seen.append(share)
        assert as_readers_see() == before and state(dispute) == DisputeState.OPEN, "all of it, or nothing"
        if share and len(seen) < 3:
            raise Stopped

    def die(**_: Any) -> None:
        """A kill gives nobody time to sweep."""

    with monkeypatch.context() as killed, pytest.raises(Stopped):
        killed.setattr(accepting, "give_up", die)
        by_a_worker(dispute, progress)
    assert Batch.objects.filter(state=Batch.State.GATHERING).count() == 1 and last() == entry
    assert as_readers_see() == before

    step = by_a_worker(dispute, progress)
    assert step.batch == Batch.objects.known() and not Batch.objects.filter(state=Batch.State.GATHERING).exists()
    assert Entry.objects.filter(number__gt=entry.number).count() == 1
    assert Correction.objects.filter(made_in=step.batch).count() == 3 and Reckoning.objects.count() == 10


def test_withdrawn_while_clocks_were_read_nothing_is_put_right() -> None:
    dispute, before = of_class("priority", "P1"), reckonings()

    def withdraw(share: float, _: str) -> None:
        if not share:
            disputing.withdraw(by=lead(), dispute=dispute)

    with pytest.raises(Refused, match="accepted, settled or withdrawn"):
        by_a_worker(dispute, withdraw)
    assert reckonings() == before and not Batch.objects.filter(state=Batch.State.GATHERING).exists()
    assert not Correction.objects.exists() and last().kind == "dispute.withdrawn"


def test_what_was_swept_meanwhile_is_not_taken_over() -> None:
    dispute = of_class("priority", "P1")
    tickets = disputed_tickets.to_put_right(dispute)
    batch = begin(kind=Batch.Kind.CORRECTION, at=NOON)
    sweep(batch=batch)
    with pytest.raises(Refused, match="stopped and swept"):
        disputing.accept_as_read(by=somebody(MANAGER), dispute=dispute, words=SAID, tickets=tickets, batch=batch)
    with pytest.raises(NotAllowed):
        disputing.accept_as_read(by=lead(), dispute=dispute, words=SAID, tickets=tickets, batch=batch)


def test_a_ticket_of_which_it_is_so_already_is_not_touched() -> None:
    batch = Batch.objects.known
    for dispute in (of_class(), of_class("responsible", SUPPLIER, wanted=june())):
        assert disputed_tickets.touched(dispute, batch()).count() == dispute.tickets > 0
        disputing.accept(by=somebody(MANAGER), dispute=dispute, words=SAID)
        assert not disputed_tickets.touched(dispute, batch()).exists()
        said = SUPPLIER if dispute.fact == "responsible" else "awaiting supplier"
        again = of_class(dispute.fact, said, by=OTHER, wanted=Class.from_json(dispute.conditions or {}))
        assert again.tickets == 0


def test_who_answers_already_for_a_team_is_not_claimed_of_its_tickets() -> None:
    with pytest.raises(Refused, match="No ticket of this class would be another one"):
        of_class("responsible", "The shared service", wanted=june(partner="southmere"))
    putting_right.correct(by=operator(), ticket=ticket("S1"), fact="responsible", value=SUPPLIER, reason=WHY)
    assert of_class("responsible", "The shared service", wanted=june()).tickets == 1


def test_a_dispute_that_touches_nothing_any_longer_is_accepted_without_a_batch() -> None:
    dispute = of_ticket(fact="priority", value="P2")
    putting_right.correct(by=operator(), ticket=ticket("S1"), fact="priority", value="P2", reason=WHY)
    batch = Batch.objects.known()
    step = disputing.accept(by=somebody(MANAGER), dispute=dispute, words=SAID)

    assert (last().kind, last().subject, facts()) == ("dispute.accepted", step.ref, {})
    assert (Batch.objects.known(), step.batch, state(dispute)) == (batch, None, "accepted")
    assert step.title == "Accepted; nothing was left to put right" and queries.contested() == []
    assert queries.owed(somebody(MANAGER)) == []


def test_more_tickets_become_known_and_the_class_takes_them_in() -> None:
    dispute = of_class()
    bring(events(*held("S6", "awaiting_supplier"), headings=HEADINGS))

    assert dispute.tickets == 3 and disputed_tickets.touched(dispute, Batch.objects.known()).count() == 4


def test_what_stood_at_an_entry_is_told_from_what_stands() -> None:
    dispute = of_ticket()
    raised = last().number
    disputing.decline(by=somebody(MANAGER), dispute=dispute, words=SAID)
    answered = last().number
    other = of_class()
    disputing.accept(by=somebody(MANAGER), dispute=other, words=SAID)

    assert queries.contested_at(raised - 1) == []
    assert [(one.pk, one.state) for one in queries.contested_at(raised)] == [(dispute.pk, "open")]
    assert [(one.pk, one.state) for one in queries.contested_at(answered)] == [(dispute.pk, "declined")]
    assert [one.pk for one in queries.contested_at(answered + 1)] == [dispute.pk, other.pk]
    assert [one.pk for one in queries.contested_at(answered + 2)] == [dispute.pk]
    assert queries.contested() == [dispute]


def test_the_disputes_of_a_ticket_are_those_that_count_it() -> None:
    one, of_all, elsewhere = of_ticket("S1"), of_class(), of_class("priority", "P1", wanted=june(partner="northgate"))
    batch = Batch.objects.known()
    found = {
        reference: [dispute.pk for dispute in disputed_tickets.of_ticket(known(reference), batch, seen_by=lead())]
        for reference in ("S1", "S2", "S3", "N1")
    }

    assert found == {"S1": [of_all.pk, one.pk], "S2": [of_all.pk], "S3": [], "N1": [elsewhere.pk, of_all.pk]}
    for reference, numbers in found.items():
        assert numbers == [
            dispute.pk
            for dispute in (elsewhere, of_all, one)
            if disputed_tickets.touched(dispute, batch).filter(ticket__reference=reference).exists()
        ]


CLASSES: tuple[dict[str, Any], ...] = (
    {}, {"partner": "southmere"}, {"partner": "none"}, {"priority": "p2"}, {"priority": "none"}, {"kind": "incident"},
    {"kind": "change"}, {"team": "Networks"}, {"team": "Elsewhere"}, {"service": "Email"}, {"desk": "Elsewhere"},
    {"resolved_from": date(2026, 6, 4)}, {"resolved_to": date(2026, 6, 3)}, {"opened_to": date(2026, 6, 1)},
    {"opened_from": date(2026, 6, 2)}, {"resolved_from": date(2026, 6, 4), "resolved_to": date(2026, 6, 4)},
    {"reason": "awaiting_supplier"}, {"reason": "not_given"}, {"reason": "awaiting_customer", "partner": "northgate"},
)  # fmt: skip


def test_a_ticket_s_disputes_are_those_whose_conditions_count_it_whatever_the_class() -> None:
    bring(
        events(
            "X1,2026-06-01T22:59Z,open,,,request,,,,",
            "X1,2026-06-01T23:30Z,on_hold,awaiting_supplier,P2,request,Networks,,Email,Fault",
            "X2,2026-05-31T23:00Z,open,,P2,change,Networks,Northgate,,",
            "X2,2026-06-03T23:00Z,resolved,,P2,change,Networks,Northgate,,",
            headings=HEADINGS,
        )
    )
    raised = []
    days = {"opened_from": date(2026, 6, 1), "opened_to": date(2026, 6, 30)}
    for given in CLASSES:
        wanted = Class(**{**days, **given})
        for fact, value in (("hold", ""), ("priority", "P1"), ("kind", "incident"), ("partner", "Southmere")):
            said = value or (str(wanted.reason).replace("_", " ") if wanted.reason else "every hold")
            try:
                raised.append(of_class(fact, "no reason given" if said == "not given" else said, wanted=wanted))
            except Refused:
                continue
    batch = Batch.objects.known()
    assert len(raised) > 60
    for row in Reckoning.objects.known(batch).select_related("ticket__desk"):
        found = {one.pk for one in disputed_tickets.of_ticket(row, batch, seen_by=lead())}
        assert found == {one.pk for one in raised if disputed_tickets.touched(one, batch).filter(pk=row.pk).exists()}, (
            row.ticket.reference
        )


def test_the_rows_are_append_only() -> None:
    dispute = of_ticket()
    with pytest.raises(DatabaseError), transaction.atomic():
        Dispute.objects.filter(pk=dispute.pk).update(reason="Another")


def test_what_waits_for_whom() -> None:
    dispute = of_ticket()
    assert [one.url for one in queries.owed(somebody(MANAGER))] == [dispute.get_absolute_url()]
    assert queries.owed(lead()) == []
    assert [one.url for one in queries.awaited(lead())] == [dispute.get_absolute_url()]
    assert queries.awaited(somebody(MANAGER)) == queries.awaited(lead(OTHER)) == []
    disputing.decline(by=somebody(MANAGER), dispute=dispute, words=SAID)
    assert queries.owed(somebody(MANAGER)) == [] and queries.owed(lead(OTHER)) == []
    assert queries.awaited(lead()) == [] and len(queries.awaited(somebody(MANAGER))) == 1
    assert [one.url for one in queries.owed(lead())] == [dispute.get_absolute_url()]
