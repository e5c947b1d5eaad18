"""record() is the only writer: entries are numbered, tied, hashed, and never changed (L1, L2)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from commonhold.ledger.acts import record
from commonhold.ledger.engine import merkle
from commonhold.ledger.engine.by import By
from commonhold.ledger.engine.verify_commonhold import hash_of_leaf
from commonhold.ledger.models import Entry, Head, Node
from commonhold.refusals import Refused

NOON = datetime(2026, 7, 21, 11, 0, tzinfo=UTC)
CLERK = By(post="clerk-of-southmere", at=NOON, partner="southmere", roles=frozenset({"clerk"}))

pytestmark = pytest.mark.django_db


def subtree(level: int, index: int) -> bytes:
    if level == 0:
        return bytes(Entry.objects.get(number=index + 1).digest)
    return bytes(Node.objects.get(level=level, index=index).digest)


def test_entries_are_numbered_and_tied_to_what_caused_them() -> None:
    first = record(by=CLERK, kind="meeting.called")
    second = record(by=CLERK, kind="paper.submitted", because=first, facts={"pages": 3})

    assert second.number == first.number + 1
    assert second.because == [first.number]
    assert list(first.effects.values_list("entry", flat=True)) == [second.number]


def test_the_head_agrees_with_the_entries() -> None:
    for number in range(20):
        record(by=CLERK, kind="meeting.called", facts={"n": number})

    head = Head.objects.get()
    assert head.size == Entry.objects.count()
    assert head.tree.root == merkle.root(head.size, subtree)
    assert all(bytes(entry.digest) == hash_of_leaf(entry.canonical()) for entry in Entry.objects.all())


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_an_entry(change: str) -> None:
    entry = record(by=CLERK, kind="meeting.called")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows = Entry.objects.filter(number=entry.number)
        rows.update(kind="meeting.cancelled") if change == "update" else rows.delete()


def test_an_instant_before_the_last_entry_is_refused() -> None:
    record(by=CLERK, kind="meeting.called")
    earlier = By(post="clerk-of-southmere", at=NOON - timedelta(hours=1))

    with pytest.raises(Refused, match="nothing can be entered before that"):
        record(by=earlier, kind="meeting.called")


def test_an_act_that_began_a_moment_earlier_is_entered_at_the_instant_of_the_last() -> None:
    record(by=CLERK, kind="meeting.called")
    overlapping = By(post="clerk-of-southmere", at=NOON - timedelta(seconds=5))

    assert record(by=overlapping, kind="meeting.called").at == NOON
