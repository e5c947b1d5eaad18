"""record() is the only writer: entries are numbered, tied, hashed, and never changed (L1, L2)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from commonhold.ledger.acts import begin, record
from commonhold.ledger.engine import merkle
from commonhold.ledger.engine.by import By
from commonhold.ledger.engine.verify_commonhold import LONGEST_LINE, hash_of_leaf, salted_digest
from commonhold.ledger.models import Because, Entry, Head, Node, Salt
from commonhold.partnership.models import ClientBody
from commonhold.refusals import Refused

NOON = datetime(2026, 7, 21, 11, 0, tzinfo=UTC)
CLERK = By(post="clerk-of-southmere", at=NOON, partner="southmere", roles=frozenset({"clerk"}))

pytestmark = pytest.mark.django_db


def subtree(level: int, index: int) -> bytes:
    if level == 0:
        return bytes(Entry.objects.get(number=index + 1).digest)
    return bytes(Node.objects.get(level=level, index=index).digest)


def body(name: str = "Crematorium Board") -> ClientBody:
    return ClientBody.objects.create(name=name, slug=name.lower().replace(" ", "-"), since=date(2020, 1, 1))


def test_entries_are_numbered_and_tied_to_what_caused_them() -> None:
    first = record(by=CLERK, kind="meeting.called")
    second = record(by=CLERK, kind="paper.submitted", because=first, facts={"pages": 3})
    third = record(by=CLERK, kind="resolution.made", because=[second, None, first, second])

    assert [second.number, third.number] == [first.number + 1, first.number + 2]
    assert (second.because, third.because) == ([first.number], [first.number, second.number])
    assert set(first.effects.values_list("entry", flat=True)) == {second.number, third.number}


def test_the_head_agrees_with_the_entries() -> None:
    for number in range(20):
        record(by=CLERK, kind="meeting.called", facts={"n": number})

    head = Head.objects.get()
    assert head.size == Entry.objects.count()
    assert head.tree.root == merkle.root(head.size, subtree)
    assert all(bytes(entry.digest) == hash_of_leaf(entry.canonical()) for entry in Entry.objects.all())


def test_an_entry_holds_digests_of_what_stands_behind_it_and_no_title() -> None:
    subject = body()
    entry = record(by=CLERK, kind="body.added", subject=subject, facts={"served": True})
    entry.refresh_from_db()

    assert entry.subject == f"clientbody/{subject.pk}"
    assert "crematorium" not in entry.canonical().decode().casefold()
    assert entry.facts["served"] is True
    salts = dict(Salt.objects.filter(entry=entry).values_list("name", "salt"))
    assert salts.keys() == subject.contents().keys() != set()
    assert dict(entry.digests) == {name: salted_digest(salts[name], v) for name, v in subject.contents().items()}
    assert entry.is_as_entered


def test_removing_a_record_with_its_salts_leaves_the_log_whole() -> None:
    """Erasure (L2): without its salt a digest means nothing, and no entry changes."""
    subject = body()
    entry = record(by=CLERK, kind="body.added", subject=subject)
    entry.salts.all().delete()
    subject.delete()
    record(by=CLERK, kind="body.erased", because=entry)

    head = Head.objects.get()
    assert head.tree.root == merkle.root(head.size, subtree)
    assert Entry.objects.get(number=entry.number).is_as_entered


ROWS = {
    "ledger_entry": ("update ledger_entry set kind = 'x'", "delete from ledger_entry"),
    "ledger_because": ("update ledger_because set cause_id = 1", "delete from ledger_because"),
    "ledger_node": ("update ledger_node set level = 9", "delete from ledger_node"),
}


@pytest.mark.parametrize("statement", [statement for statements in ROWS.values() for statement in statements])
def test_the_database_refuses_to_change_or_remove_rows_of_the_record(statement: str) -> None:
    first = record(by=CLERK, kind="meeting.called")
    record(by=CLERK, kind="meeting.called", because=first)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_what_the_models_would_do(change: str) -> None:
    entry = record(by=CLERK, kind="meeting.called")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows = Entry.objects.filter(number=entry.number)
        rows.update(kind="meeting.cancelled") if change == "update" else rows.delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.kind = "meeting.cancelled"
        entry.save()


REPLACING = {
    "sqlite": (
        "insert or replace into ledger_entry select * from ledger_entry where number = 1",
        "insert or replace into ledger_node select * from ledger_node limit 1",
    ),
    "postgresql": (
        "truncate ledger_entry cascade",
        "truncate ledger_node",
        "insert into ledger_node select * from ledger_node limit 1 on conflict (level, index) do update set level = 9",
        "merge into ledger_node n using ledger_node o on n.index = o.index when matched then delete",
    ),
}


def test_the_database_refuses_what_replaces_or_empties() -> None:
    record(by=CLERK, kind="meeting.called")
    record(by=CLERK, kind="meeting.called")
    for statement in REPLACING[connection.vendor]:
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_database_refuses_a_cause_that_is_not_earlier() -> None:
    entry = record(by=CLERK, kind="meeting.called")

    with pytest.raises(DatabaseError, match="a_cause_is_earlier"), transaction.atomic():
        Because.objects.create(entry=entry, cause=entry)


def test_an_act_that_fails_leaves_no_entry() -> None:
    before = Head.objects.get().size
    with pytest.raises(RuntimeError), transaction.atomic():
        record(by=CLERK, kind="meeting.called")
        raise RuntimeError("something later went wrong")

    assert (Head.objects.get().size, Entry.objects.count()) == (before, before)
    assert record(by=CLERK, kind="meeting.called").number == before + 1


def test_an_instant_before_the_last_entry_is_refused() -> None:
    record(by=CLERK, kind="meeting.called")
    earlier = By(post="clerk-of-southmere", at=NOON - timedelta(hours=1))

    with pytest.raises(Refused, match="nothing can be entered before that"):
        record(by=earlier, kind="meeting.called")


def test_an_act_that_began_a_moment_earlier_is_entered_at_the_instant_of_the_last() -> None:
    record(by=CLERK, kind="meeting.called")
    overlapping = By(post="clerk-of-southmere", at=NOON - timedelta(seconds=5))

    assert record(by=overlapping, kind="meeting.called").at == NOON


@time_machine.travel(NOON, tick=False)
def test_an_instant_off_the_machine_s_clock_is_refused_outside_the_demonstration() -> None:
    with pytest.raises(Refused, match="not the machine's time"):
        record(by=By(post="clerk", at=NOON + timedelta(hours=1)), kind="meeting.called")
    Head.objects.update(origin="commonhold/0123456789abcdef")
    with pytest.raises(Refused, match="not the machine's time"):
        record(by=By(post="clerk", at=NOON - timedelta(hours=1)), kind="meeting.called")
    assert record(by=CLERK, kind="meeting.called")


def test_a_demonstration_never_becomes_real_nor_the_reverse() -> None:
    assert begin(demonstration=True, at=NOON).is_demonstration
    with pytest.raises(Refused, match="holds a demonstration"):
        begin(demonstration=False, at=NOON)
    Head.objects.update(origin="commonhold/0123456789abcdef")
    with pytest.raises(Refused, match="holds a real partnership"):
        begin(demonstration=True, at=NOON)


def test_what_an_entry_cannot_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for facts in ({"share": 0.5}, {"large": 2**60}, {"digests": {}}, {"through": "x"}, {"long": "x" * LONGEST_LINE}):
        with pytest.raises(ValueError):
            record(by=CLERK, kind="meeting.called", facts=facts)
    monkeypatch.setattr(ClientBody, "contents", lambda self: {"text": "x" * LONGEST_LINE})
    with pytest.raises(ValueError, match="too large; keep them as a file"):
        record(by=CLERK, kind="body.added", subject=body())
    with pytest.raises(ValueError, match="saved"):
        record(by=CLERK, kind="body.added", subject=ClientBody(name="Nobody"))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # The head, the entry, the head again; a row of hashes at every second entry.
        ({}, 3),
        ({"because": True}, 4),
        ({"because": True, "subject": True}, 5),
    ],
)
def test_it_writes_as_little_as_can_be(
    rows: dict[str, bool], expected: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = record(by=CLERK, kind="meeting.called")
    if Head.objects.get().size % 2:
        record(by=CLERK, kind="meeting.called")
    subject = body() if "subject" in rows else None
    for finished in (0, 1):
        with django_assert_num_queries(expected + finished):
            record(by=CLERK, kind="meeting.called", because=first if "because" in rows else None, subject=subject)
