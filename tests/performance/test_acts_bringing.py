"""Readings brought, corrected and taken back: what changed, the entry it left, who is refused, what counts since."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from commonhold.ledger import evidence
from commonhold.ledger.models import Entry
from commonhold.performance.acts import bringing
from commonhold.performance.acts.bringing import Attached
from commonhold.performance.models import Delivery, SourceReading
from commonhold.performance.queries.brought import known, plan, standing_at
from commonhold.performance.queries.recomputing_readings import rebuilt
from commonhold.refusals import NotAllowed, Refused
from tests import readings
from tests.readings import bring, enter, file, given, line
from tests.universe import NOON, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("partnership")]

LEAD = "client-lead-of-southmere"


def newest() -> Entry:
    return Entry.objects.latest("number")


def standing() -> list[tuple[str, str]]:
    """What counts now, by measure and number."""
    return sorted((row.measure, row.in_words) for row in standing_at())


def test_a_file_is_brought_with_one_entry_and_kept_as_evidence() -> None:
    before = Entry.objects.count()
    done = bring(line(), line(measure="site_visits", partner="Southmere", value="412", unit="visits"))

    assert standing() == [("calls_offered", "1,200 calls"), ("site_visits", "412 visits")]
    delivery, entry = Delivery.objects.get(), newest()
    assert Entry.objects.count() == before + 1
    assert (entry.kind, entry.post, entry.subject) == ("readings.imported", "service-analyst", delivery.ref)
    assert entry.facts["new"] == 2 and entry.facts["sha256"] == delivery.sha256
    assert evidence.content(delivery.sha256).decode().count("\n") == 3
    assert (done.delivery, delivery.original_sha256) == (delivery.pk, entry.facts["original_sha256"])


def test_the_same_file_again_changes_nothing_and_leaves_no_entry() -> None:
    bring(line())
    before = Entry.objects.count()
    done = bring(line())

    assert (Entry.objects.count(), SourceReading.objects.count(), Delivery.objects.count()) == (before, 1, 1)
    assert len(done.sorted.unchanged) == 1
    assert "This very file was brought before" in done.warnings[-1]


def test_a_longer_file_brings_only_what_is_new() -> None:
    bring(line())
    done = bring(line(), line(first="2026-05-01", last="2026-05-31", value="900"))

    assert (len(done.sorted.new), len(done.sorted.unchanged)) == (1, 1)
    assert [row.line for row in SourceReading.objects.order_by("pk")] == [2, 2]


def test_one_bad_row_refuses_the_whole_file() -> None:
    with pytest.raises(Refused, match="1 row cannot be taken") as refused:
        bring(line(), line(first="2026-05-01", last="2026-05-31", partner="Westover"))

    assert "Line 3, partner: 'Westover' is no partner" in refused.value.problems[0]
    assert not SourceReading.objects.exists() and not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-06-15", "2026-07-14"), ("2026-05-15", "2026-06-01"), ("2026-06-10", "2026-06-10"),
     ("2026-05-01", "2026-07-01")],
)  # fmt: skip
def test_days_that_overlap_those_of_a_reading_that_stands_are_refused(first: str, last: str) -> None:
    bring(line())

    with pytest.raises(Refused) as refused:
        bring(line(first=first, last=last), reason="Because")

    assert "tells of 2026-06-01 to 2026-06-30, so some of its days would count twice" in refused.value.problems[0]


@pytest.mark.parametrize(
    "other",
    [
        {"partner": "Southmere"},
        {"service": "Email"},
        {"site": "Town Hall"},
        {"measure": "site_visits", "unit": "visits"},
    ],
)
def test_the_same_days_of_another_part_are_another_reading(other: dict[str, str]) -> None:
    bring(line())

    assert len(bring(line(**other)).sorted.new) == 1


def test_two_rows_of_one_file_for_the_same_days_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        bring(line(), line(value="1201"))

    assert refused.value.problems == ("Line 3, from: Its days are told by line 2 of this file already. Keep one.",)


def test_the_same_days_again_are_a_correction_that_says_why() -> None:
    bring(line())
    with pytest.raises(Refused) as refused:
        bring(line(value="1190"))
    assert "says 1,200 calls; this one says 1,190 calls. Say why it is corrected" in refused.value.problems[0]

    bring(line(value="1190"), reason="A test line was counted")

    old, new = SourceReading.objects.order_by("pk")
    assert (new.corrects, new.delivery.reason) == (old, "A test line was counted")
    assert standing() == [("calls_offered", "1,190 calls")]
    assert newest().because == [old.delivery.entry.number]  # type: ignore[union-attr]
    assert newest().facts["corrected"] == 1


def test_an_old_file_brought_again_does_not_undo_a_correction() -> None:
    bring(line())
    bring(line(value="1190"), reason="A test line was counted")
    done = bring(line())

    assert len(done.sorted.unchanged) == 1
    assert standing() == [("calls_offered", "1,190 calls")]


def test_a_reading_is_entered_with_its_evidence() -> None:
    made = enter()

    entry = newest()
    assert (entry.kind, entry.facts["reading"]) == ("reading.entered", made.pk)
    assert evidence.content(made.delivery.attached).startswith(b"%PDF")
    assert b"site_visits,Southmere,,Town Hall" in evidence.content(made.delivery.sha256)
    with pytest.raises(Refused, match="Attach what the number was taken from"):
        bringing.enter(by=somebody("service-analyst"), given=given(value=5), attached=None)


def test_a_correction_names_the_old_one_and_can_be_taken_back() -> None:
    made = enter()
    right = bringing.correct(
        by=somebody(LEAD), reading=made, given=given(**{**SAID, "value": "421"}), reason="Two digits were swapped"
    )
    assert standing() == [("site_visits", "421 visits")]
    assert newest().facts["corrects"] == made.pk

    bringing.take_back(by=somebody(LEAD), reading=right, reason="They were right")

    assert standing() == [("site_visits", "412 visits")]
    assert newest().kind == "reading.taken-back"
    assert newest().because == [right.delivery.entry.number]  # type: ignore[union-attr]
    bringing.take_back(by=somebody(LEAD), reading=made, reason="Of the wrong month")
    assert standing() == []


SAID: dict[str, Any] = {
    "measure": "site_visits", "partner": "Southmere", "site": "Town Hall", "value": "412", "unit": "visits",
}  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "reason", "words"),
    [
        ({"value": "413"}, " ", "Say why."),
        ({"value": "413"}, "x" * 1_001, "at most 1,000"),
        ({}, "Because", "Nothing in it is other than it was."),
        ({"first": "2026-06-02"}, "Because", "A correction is of the same measure"),
        ({"site": "Library", "value": "413"}, "Because", "A correction is of the same measure"),
    ],
)
def test_a_correction_that_is_none_is_refused(cells: dict[str, str], reason: str, words: str) -> None:
    made = enter()

    with pytest.raises(Refused, match=words):
        bringing.correct(by=somebody("service-analyst"), reading=made, given=given(**{**SAID, **cells}), reason=reason)


def test_what_stands_no_longer_is_neither_corrected_nor_taken_back() -> None:
    made, by = enter(), somebody("service-analyst")
    bringing.take_back(by=by, reading=made, reason="Of the wrong month")

    with pytest.raises(Refused, match="corrected or taken back before"):
        bringing.take_back(by=by, reading=made, reason="Again")
    with pytest.raises(Refused, match="corrected or taken back before"):
        bringing.correct(by=by, reading=made, given=given(**{**SAID, "value": "1"}), reason="Again")


def test_a_file_whose_readings_were_taken_back_can_be_brought_again() -> None:
    bring(line())
    bringing.take_back(by=somebody("service-analyst"), reading=SourceReading.objects.get(), reason="Too early")
    assert standing() == []

    assert len(bring(line()).sorted.new) == 1


@pytest.mark.parametrize("post", ["managing-director", "governance-officer-of-northgate", "auditor-of-eastwell-vale"])
def test_others_bring_no_readings(post: str) -> None:
    with pytest.raises(NotAllowed, match="bring readings"):
        bring(line(), by=somebody(post))
    with pytest.raises(NotAllowed, match="enter readings of this partner"):
        enter(by=somebody(post))


def test_a_client_lead_brings_readings_of_their_own_partner_alone() -> None:
    own = line(partner="Southmere")
    assert len(bring(own, by=somebody(LEAD)).sorted.new) == 1
    for other in (line(partner="Northgate"), line()):
        with pytest.raises(Refused) as refused:
            bring(other, by=somebody(LEAD))
        assert "A client lead brings readings of their own partner." in refused.value.problems[0]
    made = enter(partner="Northgate", site="Hall")
    with pytest.raises(NotAllowed):
        bringing.take_back(by=somebody(LEAD), reading=made, reason="Not ours")
    with pytest.raises(NotAllowed):
        enter(by=somebody(LEAD), partner="", value="7")


def test_what_was_known_before_stays_known() -> None:
    bring(line())
    then = known()
    bring(line(value="1190"), reason="A test line was counted")
    SourceReading.objects.latest("pk")
    bringing.take_back(by=somebody("service-analyst"), reading=SourceReading.objects.latest("pk"), reason="No")
    corrected = known(then.entry + 1)

    assert [row.in_words for row in standing_at(then.delivery)] == ["1,200 calls"]
    assert [row.in_words for row in standing_at(corrected.delivery)] == ["1,190 calls"]
    assert [row.in_words for row in standing_at(known().delivery)] == ["1,200 calls"]
    assert known(then.entry) == then
    assert known(NOON.isoformat()).entry == newest().number
    assert (known(1).delivery, known(1).entry) == (0, 0)


def test_looking_a_file_through_changes_nothing() -> None:
    found = plan(BytesIO(file(line(), line(partner="Westover"))), by=somebody("service-analyst"))

    assert ([one.line for one in found.problems], len(found.sorted.new)) == ([3], 1)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_what_was_brought(change: str) -> None:
    made = enter()

    for rows in (SourceReading.objects.filter(pk=made.pk), Delivery.objects.filter(pk=made.delivery_id)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(id=99) if change == "update" else rows._raw_delete(rows.db)


def test_a_measure_of_one_s_own_is_declared_and_fed() -> None:
    made = readings.declare()
    entry = newest()
    assert (entry.kind, entry.facts["measure"]) == ("measure.declared", "own_training_days")
    bring(line(measure="own_training_days", unit="days", value="12.5"))

    assert standing() == [("own_training_days", "12.5 days")]
    again = readings.declare(
        name=made.name, effective_from=made.effective_from.replace(month=6), reason="Half days were left out"
    )
    assert (again.version, newest().because) == (2, [entry.number])
    bring(line(measure="own_training_days", unit="days", value="3", first="2026-05-01", last="2026-05-31"))
    assert sorted(SourceReading.objects.values_list("first__month", "version")) == [(5, 1), (6, 1)]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"name": "Training Days"}, "small letters, digits and underlines"),
        ({"title": " "}, "A measure says its title"),
        ({"adding": "share"}, "says what its numerator counts"),
        ({"threshold": "after {n} and {n}"}, r"Write \{n\} once"),
        ({"threshold": "after {n} {x}"}, "other braces"),
        ({"formula": "x" * 2_001}, "at most 2,000"),
    ],
)
def test_a_measure_that_says_too_little_is_refused(said: dict[str, str], words: str) -> None:
    with pytest.raises(Refused, match=words):
        readings.declare(**said)


def test_a_measure_changes_from_a_later_day_and_says_why() -> None:
    made = readings.declare()

    with pytest.raises(Refused, match="the next begins later"):
        readings.declare(reason="Because")
    with pytest.raises(Refused, match="Say why the definition changes"):
        readings.declare(effective_from=made.effective_from.replace(month=3))
    with pytest.raises(NotAllowed, match="declare measures"):
        readings.declare(by=somebody(LEAD), name="other")


def test_the_attachment_is_given_as_it_came() -> None:
    made = bringing.enter(
        by=somebody("service-analyst"), given=given(value=9), attached=Attached("a.txt", BytesIO(b"9 calls"))
    )

    assert evidence.content(made.delivery.attached) == b"9 calls"
    assert made.delivery.attached_name == "a.txt"


def test_each_reading_is_read_by_the_version_in_force_on_its_first_day() -> None:
    readings.declare()
    readings.declare(effective_from=date(2026, 6, 1), counted_in="hours", unit="hours", reason="Hours are exact")
    first, later = {"first": "2026-05-01", "last": "2026-05-31"}, {"first": "2026-06-01"}

    bring(
        line(measure="own_training_days", unit="days", value="3", **first),
        line(measure="own_training_days", unit="hours", value="9", **later),
    )
    with pytest.raises(Refused) as refused:
        bring(line(measure="own_training_days", unit="hours", value="3", **first), reason="Hours")

    assert "own_training_days is brought in days." in refused.value.problems[0]
    assert list(SourceReading.objects.order_by("pk").values_list("version", flat=True)) == [1, 2]
    again = rebuilt(known().entry, None)
    assert [one.unit for one in again.readings.values()] == ["days", "hours"]
