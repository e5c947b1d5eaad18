"""One log over all entries: its roots are RFC 6962's; its proofs show that an entry is in it and that it only grew."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as some

from commonhold.ledger.engine import merkle
from commonhold.ledger.engine.verify_commonhold import (
    extend,
    hash_of_leaf,
    is_continued,
    is_included,
    root_of_edge,
)

# The eight leaves and their roots that Certificate Transparency's own tests publish.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
MOST = 40


# Written from the text of RFC 6962, 2.1 to 2.1.2, with nothing of ours in it.


def reference_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + reference_root(leaves[:k]) + reference_root(leaves[k:])).digest()


def reference_path(m: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*reference_path(m, leaves[:k]), reference_root(leaves[k:])]
    return [*reference_path(m - k, leaves[k:]), reference_root(leaves[:k])]


def reference_consistency(m: int, leaves: list[bytes], complete: bool = True) -> list[bytes]:
    if m == len(leaves):
        return [] if complete else [reference_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*reference_consistency(m, leaves[:k], complete), reference_root(leaves[k:])]
    return [*reference_consistency(m - k, leaves[k:], False), reference_root(leaves[:k])]


def grown(leaves: list[bytes]) -> tuple[merkle.Head, merkle.Subtree]:
    """The log of these leaves, leaf by leaf as the record grows, and its finished subtrees."""
    head, nodes = merkle.EMPTY, {}
    for leaf in leaves:
        head, finished = merkle.append(head, hash_of_leaf(leaf))
        nodes |= {(node.level, node.index): node.digest for node in finished}
    return head, lambda level, index: nodes[level, index]


MANY = [str(number).encode() for number in range(MOST)]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots(size: int) -> None:
    head, subtree = grown(LEAVES[:size])

    assert head.root.hex() == ROOTS[size - 1]
    assert merkle.root(size, subtree).hex() == ROOTS[size - 1]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle.EMPTY.root == merkle.root(0, lambda level, index: b"") == sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_every_entry_of_a_log_of_any_size_is_shown_to_be_in_it(size: int) -> None:
    head, subtree = grown(MANY[:size])
    for index in range(size):
        path = merkle.inclusion_proof(index, size, subtree)

        assert path == reference_path(index, MANY[:size])
        assert is_included(hash_of_leaf(MANY[index]), index, size, path, head.root)
        assert not is_included(hash_of_leaf(b"another"), index, size, path, head.root)
        assert not is_included(hash_of_leaf(MANY[index]), index, size, [*path, head.root], head.root)
        assert not any(
            is_included(hash_of_leaf(MANY[index]), i, size, path, head.root) for i in range(size) if i != index
        )


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_every_earlier_state_of_a_log_is_shown_to_be_its_beginning(size: int) -> None:
    head, subtree = grown(MANY[:size])
    assert head.root == reference_root(MANY[:size])
    for earlier in range(1, size + 1):
        then = reference_root(MANY[:earlier])
        proof = merkle.consistency_proof(earlier, size, subtree)

        assert merkle.root(earlier, subtree) == then
        assert proof == reference_consistency(earlier, MANY[:size])
        assert is_continued(earlier, size, proof, then, head.root)
        assert not is_continued(earlier, size, proof, sha256(then).digest(), head.root)
        assert not is_continued(earlier, size, [*proof, then], then, head.root)
        assert not any(is_continued(e, size, proof, then, head.root) for e in range(1, size + 1) if e != earlier)


@given(some.integers(2, MOST), some.data())
def test_a_proof_altered_anywhere_shows_nothing(size: int, data: some.DataObject) -> None:
    head, subtree = grown(MANY[:size])
    earlier = data.draw(some.integers(1, size - 1))
    proof = merkle.consistency_proof(earlier, size, subtree)
    place = data.draw(some.integers(0, len(proof) - 1))
    altered = [*proof[:place], sha256(proof[place]).digest(), *proof[place + 1 :]]

    assert not is_continued(earlier, size, altered, reference_root(MANY[:earlier]), head.root)
    assert not is_continued(earlier, size, proof[:place], reference_root(MANY[:earlier]), head.root)
    path = merkle.inclusion_proof(earlier, size, subtree)
    place = data.draw(some.integers(0, len(path) - 1))
    altered = [*path[:place], sha256(path[place]).digest(), *path[place + 1 :]]
    assert not is_included(hash_of_leaf(MANY[earlier]), earlier, size, altered, head.root)


@given(some.lists(some.binary(max_size=8), max_size=70))
def test_growing_by_the_edge_gives_the_same_root(leaves: list[bytes]) -> None:
    edge: list[bytes] = []
    for size, leaf in enumerate(leaves):
        extend(edge, size, hash_of_leaf(leaf))

    assert root_of_edge(edge) == reference_root(leaves)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_of_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not among"):
        merkle.inclusion_proof(index, size, lambda level, place: b"")
    assert not is_included(b"", index, size, [], b"")


@pytest.mark.parametrize(("earlier", "size"), [(0, 3), (4, 3)])
def test_there_is_no_proof_from_what_was_not(earlier: int, size: int) -> None:
    with pytest.raises(ValueError, match="not a beginning"):
        merkle.consistency_proof(earlier, size, lambda level, place: b"")
    assert not is_continued(earlier, size, [], b"", b"")


def test_a_proof_in_a_log_of_a_million_reads_some_forty_hashes() -> None:
    read: set[tuple[int, int]] = set()

    def subtree(level: int, index: int) -> bytes:
        read.add((level, index))
        return b""

    merkle.inclusion_proof(654_321, 999_999, subtree)
    assert len(read) <= 40
    read.clear()
    merkle.consistency_proof(654_321, 999_999, subtree)
    assert len(read) <= 40
