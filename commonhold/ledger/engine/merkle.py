"""The Merkle log (RFC 6962): one hash over all entries, and short proofs that an entry is in it or that it only grew.

Hashes of finished subtrees are written once, by level and position; the open edge is the list of subtrees that wait
for their right-hand side, largest first. A proof reads some forty of them whatever the size of the log.
"""

from collections.abc import Callable
from dataclasses import dataclass

from commonhold.ledger.engine.verify_commonhold import hash_of_nodes, root_of_edge

Subtree = Callable[[int, int], bytes]
"""(level, index) to the hash of the finished subtree over leaves [index * 2**level, (index + 1) * 2**level)."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A subtree whose leaves are all there: its hash never changes again."""

    level: int
    index: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The size of the log and its open edge: one hash for each one-bit of the size, largest subtree first."""

    size: int
    edge: tuple[bytes, ...]

    @property
    def root(self) -> bytes:
        return root_of_edge(self.edge)


EMPTY = Head(0, ())


def append(head: Head, leaf: bytes) -> tuple[Head, list[Finished]]:
    """The head after one more leaf, and the subtrees that this leaf finished (the leaf itself, level 0, included)."""
    index, digest = head.size, leaf
    edge = list(head.edge)
    finished = [Finished(0, index, digest)]
    level = 0
    while index & 1:
        digest = hash_of_nodes(edge.pop(), digest)
        index >>= 1
        level += 1
        finished.append(Finished(level, index, digest))
    return Head(head.size + 1, (*edge, digest)), finished


def root(size: int, subtree: Subtree) -> bytes:
    """The root over the first `size` leaves."""
    return _hash_of_range(0, size, subtree)


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The path that shows leaf `index` (from 0) is among the first `size` (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError(f"Leaf {index} is not among the first {size}.")
    return _path(index, 0, size, subtree)


def consistency_proof(earlier: int, size: int, subtree: Subtree) -> list[bytes]:
    """The nodes that show the log of `earlier` entries is the beginning of that of `size` (RFC 6962, 2.1.2)."""
    if not 0 < earlier <= size:
        raise ValueError(f"A log of {earlier} entries is not a beginning of one of {size}.")
    return [] if earlier == size else _subproof(earlier, 0, size, True, subtree)


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def _hash_of_range(start: int, count: int, subtree: Subtree) -> bytes:
    if count & (count - 1) == 0 and count:
        level = count.bit_length() - 1
        return subtree(level, start >> level)
    if count == 0:
        return root_of_edge(())
    left = _split(count)
    return hash_of_nodes(_hash_of_range(start, left, subtree), _hash_of_range(start + left, count - left, subtree))


def _path(index: int, start: int, count: int, subtree: Subtree) -> list[bytes]:
    if count == 1:
        return []
    left = _split(count)
    if index < left:
        return [*_path(index, start, left, subtree), _hash_of_range(start + left, count - left, subtree)]
    return [*_path(index - left, start + left, count - left, subtree), _hash_of_range(start, left, subtree)]


def _subproof(earlier: int, start: int, count: int, whole: bool, subtree: Subtree) -> list[bytes]:
    if earlier == count:
        return [] if whole else [_hash_of_range(start, count, subtree)]
    left = _split(count)
    if earlier <= left:
        return [
            *_subproof(earlier, start, left, whole, subtree),
            _hash_of_range(start + left, count - left, subtree),
        ]
    return [
        *_subproof(earlier - left, start + left, count - left, False, subtree),
        _hash_of_range(start, left, subtree),
    ]
