"""Proofs about the record read some forty hashes, in one query, and hold against its checkpoint."""

import pytest
from pytest_django import DjangoAssertNumQueries

from commonhold.ledger import queries
from commonhold.ledger.engine.verify_commonhold import is_continued, is_included, parse_checkpoint
from commonhold.ledger.models import Entry
from tests.ledger.acting import entry

pytestmark = pytest.mark.django_db


def test_every_entry_is_shown_to_be_in_the_log_of_every_later_size() -> None:
    for _ in range(20):
        entry()
        head = queries.head()
        checkpoint = parse_checkpoint(queries.checkpoint().encode())
        assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (head.origin, head.size, head.tree.root)
        for each in Entry.objects.all():
            proof = queries.inclusion(each.number, head)
            assert proof.leaf == bytes(each.digest)
            assert is_included(proof.leaf, proof.index, proof.size, proof.path, checkpoint.root)


def test_every_earlier_checkpoint_is_shown_to_be_the_beginning() -> None:
    kept = {}
    for _ in range(20):
        entry()
        head = queries.head()
        kept[head.size] = head.tree.root

    for size, root in kept.items():
        assert is_continued(size, head.size, queries.consistency(size, head), root, head.tree.root)


def test_there_is_no_proof_of_an_entry_that_is_not_there() -> None:
    head = queries.head()
    with pytest.raises(ValueError, match="not among"):
        queries.inclusion(head.size + 1, head)
    with pytest.raises(ValueError, match="not a beginning"):
        queries.consistency(head.size + 1, head)


def test_a_proof_takes_one_query(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(40):
        last = entry()
    head = queries.head()
    with django_assert_max_num_queries(1):
        queries.inclusion(last.number - 17, head)
    with django_assert_max_num_queries(1):
        queries.consistency(last.number - 18, head)
