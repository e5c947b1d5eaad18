"""How long the record is, its root, and short proofs about it; each reads some forty hashes, in one query."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import F, PositiveSmallIntegerField, Value

from commonhold.ledger.engine import merkle
from commonhold.ledger.engine.verify_commonhold import checkpoint_text
from commonhold.ledger.models import Entry, Head, Node

Place = tuple[int, int]
Proof = TypeVar("Proof")


@dataclass(frozen=True, slots=True)
class Inclusion:
    """What shows that an entry is in the log: its hash, its place from 0, and the hashes beside its way to the root."""

    index: int
    size: int
    leaf: bytes
    path: tuple[bytes, ...]
    root: bytes


def head() -> Head:
    """How long the log is now, and its open edge."""
    return Head.objects.get(pk=1)


def checkpoint(of: Head | None = None) -> str:
    """The unsigned checkpoint of the log as it is now (C2SP tlog-checkpoint)."""
    at = of or head()
    return checkpoint_text(at.origin, at.size, at.tree.root)


def inclusion(number: int, of: Head) -> Inclusion:
    """The proof that the entry of this number is in the log of this head. Raises ValueError where it cannot be."""
    path, leaf = _read(lambda hashes: (merkle.inclusion_proof(number - 1, of.size, hashes), hashes(0, number - 1)))
    return Inclusion(number - 1, of.size, leaf, tuple(path), of.tree.root)


def consistency(earlier: int, of: Head) -> list[bytes]:
    """The proof that the first `earlier` entries are the beginning of the log of this head."""
    return _read(lambda hashes: merkle.consistency_proof(earlier, of.size, hashes))


def _read(prove: Callable[[merkle.Subtree], Proof]) -> Proof:
    """What `prove` makes of the log's hashes: asked once for the places it will look at, then given what is there."""
    places: set[Place] = set()

    def note(level: int, index: int) -> bytes:
        places.add((level, index))
        return b""

    prove(note)
    hashes = dict(_hashes(places))
    return prove(lambda level, index: hashes[level, index])


def _hashes(places: Iterable[Place]) -> Iterable[tuple[Place, bytes]]:
    joined = Node.objects.filter(pk__in=[place for place in places if place[0]])
    leaves = Entry.objects.filter(number__in=[index + 1 for level, index in places if not level])
    nought = Value(0, output_field=PositiveSmallIntegerField())
    both = joined.values_list("level", "index", "digest").union(
        leaves.order_by().values_list(nought, F("number") - 1, "digest"), all=True
    )
    for level, index, digest in both:
        yield (level, index), bytes(digest)
