"""Checkpoints are C2SP notes, unsigned or signed with Ed25519; a key that was given must have signed (L3)."""

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as some

from commonhold.ledger.engine.verify_commonhold import (
    DASH,
    answer,
    checkpoint_text,
    is_signed,
    key_id,
    parse_checkpoint,
    parse_key,
)
from tests.ledger.logs import Log, log_of, verified

ROOT = bytes(range(32))
NAME = "commonhold/0123456789abcdef"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = KEY.public_key().public_bytes_raw()


def signed(log: Log, *, key: Ed25519PrivateKey = KEY, name: str = NAME, as_key: bytes = PUBLIC) -> bytes:
    note = log.checkpoint()
    signature = key_id(name, as_key) + key.sign(note[:-1].encode())
    return f"{note}{DASH} {name} {base64.b64encode(signature).decode()}\n".encode()


def export_with(checkpoint: bytes) -> bytes:
    return log_of(3).export(**{"checkpoints/3.txt": checkpoint})


def test_a_checkpoint_is_three_lines_and_a_blank_one() -> None:
    text = checkpoint_text("commonhold/ab", 12, ROOT)

    assert text == "commonhold/ab\n12\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n"
    read = parse_checkpoint(text.encode())
    assert (read.origin, read.size, read.root, read.signatures) == ("commonhold/ab", 12, ROOT, ())


def test_the_example_of_the_standard_is_read() -> None:
    read = parse_checkpoint(
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "\u2014 example.com/behind-the-sofa "
        "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n".encode()
    )

    assert (read.origin, read.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert [(s.name, s.key_id.hex(), len(s.signature)) for s in read.signatures] == [
        ("example.com/behind-the-sofa", "033de0ae", 64)
    ]


@pytest.mark.parametrize("change", [lambda t: t.replace("\n", "\r\n"), lambda t: "\ufeff" + t, lambda t: t.strip()])
def test_a_checkpoint_that_passed_through_windows_is_read(change: object) -> None:
    text = change(checkpoint_text("commonhold/ab", 12, ROOT))

    assert parse_checkpoint(text.encode()).text == checkpoint_text("commonhold/ab", 12, ROOT)[:-1].encode()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "on a line of its own"),
        ("a\n1\n", "on a line of its own"),
        ("a\n01\nAA==\n", "not a size"),
        ("a\n-1\nAA==\n", "not a size"),
        (f"a\n{'9' * 99}\nAA==\n", "not a size"),
        ("a\n1\nAA==\n", "not a root"),
        ("a\n1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\n", "not a root"),
        ("a\n1\n\u00e9\n", "not a root"),
        (checkpoint_text("a", 1, ROOT) + "- a AAAA\n", "not a signature"),
        (checkpoint_text("a", 1, ROOT) + f"{DASH} a ???\n", "not a signature"),
        (checkpoint_text("a", 1, ROOT) + f"{DASH} a+b AAAAAAAA\n", "not a signature"),
        ("a\t\n1\nAA==\n", "control characters"),
        ("a" * 70_000, "too large"),
    ],
)
def test_what_is_not_a_checkpoint_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_checkpoint(text.encode())
    with pytest.raises(ValueError, match="UTF-8"):
        parse_checkpoint(b"\xff\xfe")


# RFC 8032, 7.1, tests 1 to 3: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_published_signatures(public: str, message: str, signature: str) -> None:
    assert is_signed(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


@settings(max_examples=25, deadline=None)
@given(some.binary(min_size=32, max_size=32), some.binary(max_size=100), some.integers(0, 511), some.booleans())
def test_it_accepts_what_another_program_signed_and_nothing_else(
    seed: bytes, message: bytes, bit: int, in_key: bool
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert is_signed(public, message, signature)

    altered = bytearray(public if in_key else signature)
    altered[bit // 8 % len(altered)] ^= 1 << bit % 8
    assert not is_signed(*((bytes(altered), message, signature) if in_key else (public, message, bytes(altered))))
    assert not is_signed(public, message + b"?", signature)


@pytest.mark.parametrize(
    ("public", "signature"),
    [
        (b"\xff" * 32, bytes(64)),  # y is not below p
        ((2).to_bytes(32, "little"), bytes(64)),  # not on the curve
        ((1 | 1 << 255).to_bytes(32, "little"), bytes(64)),  # x would be minus nought
        (PUBLIC, b"\xff" * 64),  # s is not below the order of the group
        (PUBLIC, b""),
        (b"", bytes(64)),
    ],
)
def test_malformed_keys_and_signatures_are_no_signature(public: bytes, signature: bytes) -> None:
    assert not is_signed(public, b"", signature)


@pytest.mark.parametrize(
    "data",
    [
        PUBLIC,
        PUBLIC.hex().encode(),
        base64.b64encode(PUBLIC) + b"\n",
        KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        f"{NAME}+{key_id(NAME, PUBLIC).hex()}+{base64.b64encode(bytes([1]) + PUBLIC).decode()}\n".encode(),
    ],
)
def test_a_public_key_is_read_in_any_usual_form(data: bytes) -> None:
    assert parse_key(NAME, data) == PUBLIC


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not an Ed25519"),
        (b"\xff\xfe", "not a public key"),
        (base64.b64encode(bytes(31)), "not an Ed25519"),
        (b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "not an Ed25519"),
        (f"other+00000000+{base64.b64encode(bytes([1]) + PUBLIC).decode()}".encode(), "not a key of"),
        (f"{NAME}+00000000+{base64.b64encode(bytes([4]) + PUBLIC).decode()}".encode(), "not an Ed25519"),
    ],
)
def test_what_is_not_a_public_key_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_key(NAME, data)


def test_a_known_key_of_another_program_verifies_its_note() -> None:
    """The note of Go's golang.org/x/mod/sumdb/note, which the C2SP format comes from."""
    key = parse_key("PeterNeumann", b"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    line = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )

    assert line[:4] == key_id("PeterNeumann", key)
    assert is_signed(key, text, line[4:])


def test_a_signed_export_verifies_with_the_key_and_without() -> None:
    export = export_with(signed(log_of(3)))

    assert verified(export, None, **{NAME: PUBLIC}).ok
    report = verified(export)
    assert report.ok
    assert "no key was given, so the signatures under the checkpoint were not checked." in report.notes


def test_a_missing_or_wrong_signature_is_a_problem_where_a_key_is_given() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)

    def problem(checkpoint: bytes, key: bytes = PUBLIC) -> str:
        return verified(export_with(checkpoint), None, **{NAME: key}).problems[0].problem

    assert problem(log_of(3).checkpoint().encode()) == f"The export's checkpoint is not signed by {NAME}."
    assert "signed by another key" in problem(signed(log_of(3)), key=other.public_key().public_bytes_raw())
    assert "is wrong" in problem(signed(log_of(3), key=other))
    assert "not signed by" in problem(signed(log_of(3), name="somebody"))


def test_a_kept_checkpoint_with_a_wrong_signature_is_a_problem() -> None:
    forged = parse_checkpoint(signed(log_of(2), key=Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)))
    report = verified(export_with(signed(log_of(3))), {"kept.txt": forged}, **{NAME: PUBLIC})

    assert [str(problem) for problem in report.problems] == [f"The signature of {NAME} under kept.txt is wrong."]


def test_files_given_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    export, bad = tmp_path / "record.zip", tmp_path / "bad.txt"
    export.write_bytes(log_of(3).export())
    bad.write_text("nothing")

    for checkpoints, keys, why in (
        ([str(bad)], [], "bad.txt cannot be used: a checkpoint is"),
        ([str(tmp_path / "none")], [], "none cannot be read: No such file"),
        ([], [f"a={bad}"], "bad.txt cannot be used: it is not"),
        ([], ["a"], "write a key as NAME=FILE"),
        ([], ["a="], "write a key as NAME=FILE"),
    ):
        with pytest.raises(ValueError, match=why):
            answer(str(export), checkpoints, keys, as_json=False)
